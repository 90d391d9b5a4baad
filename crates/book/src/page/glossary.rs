//! Links the first use of each of the field's terms on a page to its entry in
//! the glossary, so that no author has to remember to.
//!
//! The glossary is `glossary.md`, a list of definitions. Other forms of a term
//! stand in a comment at the end of its definition: `<!-- also: polled, polls -->`.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};
use regex::Regex;

use super::markdown::events;
use super::scan::Page;

/// The page's file name; its headings are the ids that terms link to.
const FILE: &str = "glossary.md";

static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?P<term>\S.*)\n: (?P<definition>(?:.*\n)+?)(?:\n|\z)")
        .expect("a valid pattern")
});
static ALSO: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<!--\s+also:\s+(.*?)\s+-->").expect("a valid pattern"));

/// The terms of a book; none when it has no glossary.
#[derive(Debug, Default)]
pub(super) struct Glossary {
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    id: String,
    forms: Regex,
}

impl Glossary {
    /// The page that has them.
    pub(super) fn page(pages: &[Page]) -> Option<&Page> {
        pages.iter().find(|page| page.path.ends_with(FILE))
    }

    /// Reads the glossary among the pages.
    pub(super) fn of(pages: &[Page]) -> Self {
        let terms = Self::page(pages).map_or_else(Vec::new, |page| {
            let entries = ENTRY.captures_iter(&page.text);
            entries
                .filter_map(|e| Term::new(&e["term"], &e["definition"]))
                .collect()
        });
        Self { terms }
    }

    /// The first use of each term in the prose of `page`, with the Markdown
    /// that links it. Headings, code and what is a link already are passed
    /// over.
    pub(super) fn links(&self, page: &Page) -> Vec<(Range<usize>, String)> {
        if page.path.ends_with(FILE) {
            return Vec::new();
        }
        let prose = prose(&page.text);
        let up = "../".repeat(page.url.matches('/').count());
        let mut links: Vec<(Range<usize>, String)> = Vec::new();
        for term in &self.terms {
            let uses = prose.iter().filter_map(|range| {
                let text = &page.text[range.clone()];
                let mut found = term.forms.find_iter(text);
                let found = found.find(|found| stands_alone(text, found.range()))?;
                Some(range.start + found.start()..range.start + found.end())
            });
            let free = |range: &Range<usize>| {
                links
                    .iter()
                    .all(|(taken, _)| taken.end <= range.start || range.end <= taken.start)
            };
            if let Some(range) = uses.into_iter().find(free) {
                let word = &page.text[range.clone()];
                let link = format!("[{word}]({up}{FILE}#{})", term.id);
                links.push((range, link));
            }
        }
        links
    }
}

impl Term {
    fn new(term: &str, definition: &str) -> Option<Self> {
        let also = ALSO.captures(definition).map_or(String::new(), |c| {
            c[1].split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let mut forms: Vec<String> = also.split(", ").chain([term]).map(regex::escape).collect();
        forms.retain(|form| !form.is_empty());
        let id = term.to_lowercase().replace(' ', "-");
        let forms = Regex::new(&format!(r"(?i)\b(?:{})\b", forms.join("|"))).ok()?;
        Some(Self { id, forms })
    }
}

/// Whether a word is no part of a hyphenated one: `stream` in `tokio-stream`
/// and `cancel` in `cancel-safe` mean something else.
fn stands_alone(text: &str, word: Range<usize>) -> bool {
    !text[..word.start].ends_with('-') && !text[word.end..].starts_with('-')
}

/// The bytes of running text: no heading, no code, no link.
fn prose(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut passed_over = 0_usize;
    for (event, range) in events(text) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Link { .. } | Tag::CodeBlock(_)) => {
                passed_over += 1;
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Link | TagEnd::CodeBlock) => {
                passed_over = passed_over.saturating_sub(1);
            }
            Event::Text(_) if passed_over == 0 => ranges.push(range),
            _ => {}
        }
    }
    ranges
}
