//! What one page takes from another, so that no sentence is written twice and
//! each keeps the mark of its check: a part between two anchors, and the rules.

use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use regex::Regex;

use super::scan::Page;

static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^<!-- (ANCHOR|ANCHOR_END): (\S+) -->\n?").expect("a valid pattern")
});
static RULE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^admonish rule title="([^"]*)"$"#).expect("a valid pattern"));
static OWN_LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\(#").expect("a valid pattern"));

/// A box with a rule.
pub(super) struct Rule {
    pub(super) title: String,
    /// The bytes of what it says.
    pub(super) body: Range<usize>,
}

/// The page that is the file `file` of the folder `src`.
pub(super) fn page<'a>(pages: &'a [Page], file: &str) -> Option<&'a Page> {
    let path = Path::new("src").join(file);
    pages.iter().find(|page| page.path == path)
}

/// The bytes between the two anchors of this name.
pub(super) fn part(page: &Page, name: &str) -> Option<Range<usize>> {
    let place = |kind: &str| {
        let mut all = ANCHOR.captures_iter(&page.text);
        let found = all.find(|found| &found[1] == kind && &found[2] == name)?;
        found.get(0).map(|whole| whole.range())
    };
    let (start, end) = (place("ANCHOR")?.end, place("ANCHOR_END")?.start);
    (start <= end).then_some(start..end)
}

/// The names of a page's anchors.
pub(super) fn anchors(page: &Page) -> Vec<&str> {
    let all = ANCHOR.captures_iter(&page.text);
    let starts = all.filter(|found| &found[1] == "ANCHOR");
    starts
        .filter_map(|found| Some(found.get(2)?.as_str()))
        .collect()
}

/// The bytes of all anchors, which no reader sees.
pub(super) fn comments(page: &Page) -> impl Iterator<Item = Range<usize>> {
    ANCHOR.find_iter(&page.text).map(|found| found.range())
}

/// The boxes with rules.
pub(super) fn rules(page: &Page) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut is_open = false;
    for (event, range) in Parser::new_ext(&page.text, Options::all()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let title = RULE.captures(&info).map(|found| found[1].to_owned());
                is_open = title.is_some();
                rules.extend(title.map(|title| Rule {
                    title,
                    body: range.end..range.end,
                }));
            }
            Event::Text(_) if is_open => {
                if let Some(Rule { body, .. }) = rules.last_mut() {
                    *body = body.start.min(range.start)..range.end;
                }
            }
            Event::End(_) => is_open = false,
            _ => {}
        }
    }
    rules
}

/// Text of `page` for another page: what links to a place of its own page
/// leads there still.
pub(super) fn moved(page: &Page, text: &str) -> String {
    let there = format!("]({}#", page.url.replace(".html", ".md"));
    OWN_LINK.replace_all(text, there.as_str()).into_owned()
}
