//! Turns a scanned page into the Markdown that mdBook renders.

use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::calls;
use super::claims::{self, Claim};
use super::glossary::Glossary;
use super::listing;
use super::mark::{self, Mark};
use super::scan::{Page, Pointer, Target};
use super::taken;
use super::tasks;
use super::timeline;
use super::verdicts;
use crate::evidence::Record;
use crate::inventory::{Call, Inventory};

/// What pages became, with all that it depends on beside the inventory. To be
/// thrown away with that.
#[derive(Default)]
pub struct Expanded {
    around: Option<(Around, Arc<Glossary>)>,
    pages: HashMap<PathBuf, Done>,
    list: Option<(Vec<Claim>, String)>,
}

/// What every page may depend on: the evidence, and what is said of one page on
/// another.
#[derive(PartialEq)]
struct Around {
    record: Record,
    glossary: Option<String>,
    pages: Vec<Seen>,
}

/// A page as the others see it.
#[derive(PartialEq)]
struct Seen {
    path: PathBuf,
    url: String,
    title: String,
    lists_claims: bool,
    lists_calls: bool,
    programs: Vec<String>,
}

/// A page that was expanded.
struct Done {
    of: Vec<String>,
    text: String,
    claims: Vec<Claim>,
}

impl Expanded {
    /// Keeps what it has only if nothing around the pages has changed. Returns
    /// the terms of the glossary.
    fn keep_among(&mut self, around: Around, pages: &[Page]) -> Arc<Glossary> {
        if let Some((before, glossary)) = &self.around
            && *before == around
        {
            return glossary.clone();
        }
        let glossary = Arc::new(Glossary::of(pages));
        *self = Self {
            around: Some((around, glossary.clone())),
            ..Self::default()
        };
        glossary
    }
}

impl Seen {
    fn of(page: &Page) -> Self {
        let programs = page.pointers.iter().filter_map(Pointer::shown_program);
        Self {
            path: page.path.clone(),
            url: page.url.clone(),
            title: page.title.clone(),
            lists_claims: lists_claims(page),
            lists_calls: page.pointers.iter().any(|p| p.target == Target::Calls),
            programs: programs.map(str::to_owned).collect(),
        }
    }
}

fn lists_claims(page: &Page) -> bool {
    page.pointers.iter().any(|p| p.target == Target::Claims)
}

/// What a page is made of: its own text, and those of the pages that it takes from.
fn texts<'a>(page: &'a Page, pages: &'a [Page]) -> Vec<&'a str> {
    let taken = page.pointers.iter().filter_map(|pointer| {
        let (Target::Rules(file) | Target::Taken(file, _)) = &pointer.target else {
            return None;
        };
        Some(taken::page(pages, file)?.text.as_str())
    });
    std::iter::once(page.text.as_str()).chain(taken).collect()
}

/// Expands pages one by one and remembers what they claim, for the list that
/// `{{#claims}}` becomes. Give it pages that the audit has passed.
pub struct Expander<'a> {
    inventory: &'a Inventory,
    record: &'a Record,
    before: &'a mut Expanded,
    /// The page with the list of claims, relative to the site.
    list: Option<String>,
    claims: Vec<Claim>,
    /// How many marks the present page has so far.
    marks: usize,
    /// How many timelines the present page has so far.
    timelines: usize,
}

impl<'a> Expander<'a> {
    /// An expander that has seen no page yet, but has those of `before`.
    pub fn new(inventory: &'a Inventory, record: &'a Record, before: &'a mut Expanded) -> Self {
        Self {
            inventory,
            record,
            before,
            list: None,
            claims: Vec::new(),
            marks: 0,
            timelines: 0,
        }
    }

    /// All pages, in their order. The list of claims knows every page,
    /// wherever in the book it stands.
    pub fn expand_all(mut self, pages: &[Page]) -> Vec<String> {
        self.list = pages
            .iter()
            .find(|page| lists_claims(page))
            .map(|page| page.url.clone());
        let around = Around {
            record: self.record.clone(),
            glossary: Glossary::page(pages).map(|page| page.text.clone()),
            pages: pages.iter().map(Seen::of).collect(),
        };
        let glossary = self.before.keep_among(around, pages);
        let mut texts = vec![String::new(); pages.len()];
        for wanted in [false, true] {
            for (page, text) in pages.iter().zip(&mut texts) {
                if lists_claims(page) == wanted {
                    *text = self.expand_once(page, &glossary, pages);
                }
            }
        }
        texts
    }

    /// As [`Self::expand`] does; the list of claims depends on all pages.
    fn expand_once(&mut self, page: &Page, glossary: &Glossary, pages: &[Page]) -> String {
        if lists_claims(page) {
            return self.expand(page, glossary, pages);
        }
        let of = texts(page, pages);
        if let Some(done) = self.before.pages.get(&page.path)
            && done.of == of
        {
            self.claims.extend_from_slice(&done.claims);
            return done.text.clone();
        }
        let first = self.claims.len();
        let text = self.expand(page, glossary, pages);
        let done = Done {
            of: of.into_iter().map(str::to_owned).collect(),
            text: text.clone(),
            claims: self.claims[first..].to_vec(),
        };
        self.before.pages.insert(page.path.clone(), done);
        text
    }

    fn expand(&mut self, page: &Page, glossary: &Glossary, pages: &[Page]) -> String {
        (self.marks, self.timelines) = (0, 0);
        let mut replacements = glossary.links(page);
        // A term in the name that a directive gives is none.
        let is_prose = |range: &Range<usize>| {
            let mut pointers = page.pointers.iter();
            !pointers.any(|pointer| pointer.range.contains(&range.start))
        };
        replacements.retain(|(range, _)| is_prose(range));
        replacements.extend(taken::comments(page).map(|range| (range, String::new())));
        for pointer in page.pointers.iter() {
            let replacement = self.replacement(page, pointer, pages);
            replacements.push(match pointer.target {
                Target::Mark(_) => after_its_word(page, pointer, &replacement),
                _ => (pointer.range.clone(), replacement),
            });
        }
        replaced(page, 0..page.text.len(), replacements)
    }

    /// Text of `from` as `page` shows it, with marks of its own.
    fn taken(&mut self, page: &Page, from: &Page, range: Range<usize>) -> String {
        let pointers = from.pointers.iter();
        let marks = pointers.filter(|pointer| range.contains(&pointer.range.start));
        let replacements = marks.filter_map(|pointer| {
            let mark = self.mark(page, pointer.cited_check()?);
            Some(after_its_word(from, pointer, &mark))
        });
        let replacements = replacements.collect();
        taken::moved(from, &replaced(from, range, replacements))
    }

    /// What the rules of `from` say, as items of a list.
    fn rules(&mut self, page: &Page, from: &Page) -> String {
        let file = from.path.file_name().unwrap_or_default().display();
        let rules = taken::rules(from).into_iter().map(|rule| {
            let body = self.taken(page, from, rule.body);
            let body: Vec<&str> = body.lines().collect();
            format!("- **[{}]({file}).** {}\n", rule.title, body.join(" "))
        });
        rules.collect()
    }

    fn replacement(&mut self, page: &Page, pointer: &Pointer, pages: &[Page]) -> String {
        let inventory = self.inventory;
        match &pointer.target {
            Target::Example(name) => {
                let mark = self.claim(page, &format!("outputs::{name}"), String::new());
                let timeline = self.timeline(page, name);
                listing::example(name, &inventory.examples[name], &mark, timeline)
            }
            Target::Listing(name) => listing::listing(name, &inventory.examples[name]),
            Target::Output(name) => {
                let mark = self.claim(page, &format!("outputs::{name}"), String::new());
                let timeline = self.timeline(page, name);
                listing::output(name, &inventory.examples[name], &mark, timeline)
            }
            Target::Part(name, anchor) => listing::part(name, &inventory.examples[name], anchor),
            Target::CompileFail(name) => {
                let mark = self.claim(page, &format!("compile_fail::{name}"), String::new());
                listing::compile_fail(name, &inventory.compile_fail[name], &mark)
            }
            Target::Mark(name) => {
                let sentence = claims::sentence(&page.text[..pointer.range.start]);
                self.claim(page, name, sentence)
            }
            Target::Verdicts => {
                let title = |file: &str| {
                    let page = pages.iter().find(|page| page.path.ends_with(file));
                    page.map_or_else(|| file.to_owned(), |page| page.title.clone())
                };
                let mark = |check: &str| self.mark(page, check);
                verdicts::table(&inventory.statements, mark, title)
            }
            Target::Calls => {
                let shown = |example: &str| {
                    let shows = |page: &&Page| {
                        let programs = page.pointers.iter().filter_map(Pointer::shown_program);
                        programs.into_iter().any(|name| name == example)
                    };
                    let page = pages.iter().find(shows).unwrap_or(page);
                    format!("{}#example-{example}", page.url)
                };
                let mark = |call: &Call| self.claim(page, &call.check, calls::sentence(call));
                calls::table(&inventory.calls, mark, shown)
            }
            Target::Call(anchor) => {
                let has_all =
                    |page: &&Page| page.pointers.iter().any(|p| p.target == Target::Calls);
                let list = pages.iter().find(has_all).map_or("", |page| &page.url);
                let call = inventory.calls.iter().find(|call| call.anchor == *anchor);
                call.map_or_else(String::new, |call| {
                    calls::short_row(call, &self.mark(page, &call.check), list)
                })
            }
            Target::Rules(file) => {
                let from = taken::page(pages, file);
                from.map_or_else(String::new, |from| self.rules(page, from))
            }
            Target::Taken(file, anchor) => {
                let from = taken::page(pages, file);
                let part = from.and_then(|from| Some((from, taken::part(from, anchor)?)));
                part.map_or_else(String::new, |(from, range)| self.taken(page, from, range))
            }
            Target::Refuted => {
                verdicts::refuted(&inventory.statements, |check| self.mark(page, check))
            }
            Target::Task(name) => {
                let number = tasks::of(page).position(|task| task == name).unwrap_or(0) + 1;
                tasks::task(
                    number,
                    &inventory.examples[name],
                    &inventory.recordings[name],
                )
            }
            Target::Answers => {
                let answers = tasks::of(page).zip(1..).map(|(name, number)| {
                    let outputs = self.mark(page, &format!("outputs::{name}"));
                    let recordings = self.mark(page, &format!("recordings::{name}"));
                    let (program, recording) =
                        (&inventory.examples[name], &inventory.recordings[name]);
                    tasks::answer(number, program, recording, &[outputs, recordings])
                });
                format!(
                    "<div class=\"answers\">\n\n{}</div>\n",
                    answers.collect::<String>()
                )
            }
            Target::Claims => self.list_of_claims(),
            Target::Include(_) | Target::Malformed(_) | Target::BrokenBox => {
                page.text[pointer.range.clone()].to_owned()
            }
        }
    }

    fn list_of_claims(&mut self) -> String {
        match &self.before.list {
            Some((claims, list)) if *claims == self.claims => list.clone(),
            _ => {
                let list = claims::list(&self.claims, self.inventory, self.record);
                self.before.list = Some((self.claims.clone(), list.clone()));
                list
            }
        }
    }

    /// The timeline of an example that has been recorded.
    fn timeline(&mut self, page: &Page, name: &str) -> Option<String> {
        let inventory = self.inventory;
        let recording = inventory.recordings.get(name)?;
        let mark = self.claim(page, &format!("recordings::{name}"), String::new());
        self.timelines += 1;
        let (program, is_first) = (&inventory.examples[name], self.timelines == 1);
        let key = format!("timeline {name} {is_first} {mark}");
        let draw = || timeline::block(program, recording, &mark, is_first);
        Some(inventory.drawn.get(&key, draw))
    }

    /// The mark for one check, remembered as a claim of its page.
    fn claim(&mut self, page: &Page, check: &str, sentence: String) -> String {
        let html = self.mark(page, check);
        self.claims.push(Claim {
            page: page.title.clone(),
            url: page.url.clone(),
            anchor: mark::anchor(&self.mark_id(page)),
            check: check.to_owned(),
            sentence,
        });
        html
    }

    /// The page's next mark.
    fn mark(&mut self, page: &Page, check: &str) -> String {
        self.marks += 1;
        mark::html(&Mark {
            id: &self.mark_id(page),
            check: &self.inventory.checks[check],
            state: &self.record.state(check),
            list: self.list.as_ref().map(|list| {
                let up = "../".repeat(page.url.matches('/').count());
                format!("{up}{list}")
            }),
        })
    }

    /// The id of the latest mark: unique in the book.
    fn mark_id(&self, page: &Page) -> String {
        format!("{}-{}", page.slug(), self.marks)
    }
}

/// The bytes `within` of a page's text, with the replacements in them.
fn replaced(
    page: &Page,
    within: Range<usize>,
    mut replacements: Vec<(Range<usize>, String)>,
) -> String {
    replacements.sort_by_key(|(range, _)| range.start);
    let mut text = String::new();
    let mut done = within.start;
    for (range, replacement) in replacements {
        text += &page.text[done..range.start];
        text += &replacement;
        done = range.end;
    }
    text + &page.text[done..within.end]
}

/// A mark never starts a line: the space before it becomes one that does not
/// break.
fn after_its_word(page: &Page, pointer: &Pointer, mark: &str) -> (Range<usize>, String) {
    let spaces = [' ', '\n'];
    let before = page.text[..pointer.range.start].trim_end_matches(spaces);
    // The sign at the start of a line of a quotation.
    let before = before.strip_suffix("\n>").unwrap_or(before);
    let word = before.trim_end_matches(spaces).len();
    if word == pointer.range.start || page.text[..word].ends_with('>') {
        return (pointer.range.clone(), mark.to_owned());
    }
    (word..pointer.range.end, format!("&#160;{mark}"))
}
