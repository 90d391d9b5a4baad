//! Finds what a page points at: directives on lines of their own, and marks in
//! running text. Code is passed over, except inside an admonition, which is a
//! fence only in form.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use pulldown_cmark::{Event, Tag};
use regex::Regex;

use super::markdown::events;

/// A page of the book as its author wrote it.
#[derive(Debug)]
pub struct Page {
    /// The title in the table of contents.
    pub title: String,
    /// The file, relative to the book's root: `src/select.md`.
    pub path: PathBuf,
    /// The page it becomes, relative to the site: `select.html`.
    pub url: String,
    /// The Markdown.
    pub text: String,
    /// What it points at, in order.
    pub pointers: Arc<[Pointer]>,
}

impl Page {
    /// The page as the start of an id: `select`.
    pub fn slug(&self) -> String {
        self.url.trim_end_matches(".html").replace('/', "-")
    }
}

/// One place of a page that points at something checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// Its bytes in the page.
    pub range: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
    /// What it says.
    pub target: Target,
}

impl Pointer {
    /// The check that it cites, if it is a mark.
    pub fn cited_check(&self) -> Option<&str> {
        match &self.target {
            Target::Mark(name) => Some(name),
            _ => None,
        }
    }

    /// The program that it shows whole, if it does.
    pub fn shown_program(&self) -> Option<&str> {
        match &self.target {
            Target::Example(name) | Target::Listing(name) | Target::CompileFail(name) => Some(name),
            _ => None,
        }
    }
}

/// What a pointer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `{{#example NAME}}`: listing, command and output.
    Example(String),
    /// `{{#example NAME:ANCHOR}}`: a part of the listing.
    Part(String, String),
    /// `{{#listing NAME}}`: listing and command, for a question.
    Listing(String),
    /// `{{#output NAME}}`: what it printed, for the answer.
    Output(String),
    /// `{{#compile_fail NAME}}`: the program and the compiler's message.
    CompileFail(String),
    /// `{{#calls}}`: what cancelling each call does.
    Calls,
    /// `{{#call ANCHOR}}`: one row of that, for a table of a page's own.
    Call(String),
    /// `{{#rules PAGE.md}}`: what the rules of another page say.
    Rules(String),
    /// `{{#taken PAGE.md:ANCHOR}}`: a part of another page.
    Taken(String, String),
    /// `{{#refuted}}`: the document's statements that are false.
    Refuted,
    /// `{{#task NAME}}`: a program to work on with a pencil.
    Task(String),
    /// `{{#answers}}`: what becomes of each of the page's tasks.
    Answers,
    /// `{{#claims}}`: the list of every claim.
    Claims,
    /// `{{#verdicts}}`: the document's statements and what became of them.
    Verdicts,
    /// `[✓](test:NAME)`: the check that holds the sentence.
    Mark(String),
    /// A directive of mdBook that includes a file, with the file.
    Include(String),
    /// Something that starts like one of these and is none: what is wrong.
    Malformed(String),
    /// The first line of a box whose title keeps it from being one.
    BrokenBox,
}

static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{#([a-z_]+)[ \t]*([^}\n]*)\}\}").expect("a valid pattern"));
static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[[^\]\n]*\]\(test:([^)\n]*)\)").expect("a valid pattern"));
static BROKEN_BOX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^[ \t]*```+[ \t]*admonish.*`.*$").expect("a valid pattern"));

/// Everything in `text` that points at something checked, in order.
pub fn scan(text: &str) -> Vec<Pointer> {
    let code = events(text)
        .into_iter()
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range);
    let code: Vec<Range<usize>> = code.collect();
    let in_code = |at: usize| code.iter().any(|range| range.contains(&at));
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;

    let directives = DIRECTIVE.captures_iter(text).filter_map(|captures| {
        let whole = captures.get(0)?;
        let target = directive(&captures[1], captures[2].trim())?;
        let target = match target {
            Target::Include(_) | Target::Malformed(_) => target,
            _ if stands_alone(text, whole.range()) => target,
            _ => Target::Malformed(format!("`{}` must stand alone on its line", whole.as_str())),
        };
        Some((whole.range(), target))
    });
    let marks = MARK.captures_iter(text).filter_map(|captures| {
        let name = captures[1].trim().to_owned();
        Some((captures.get(0)?.range(), Target::Mark(name)))
    });

    let broken_boxes = BROKEN_BOX
        .find_iter(text)
        .map(|found| (found.range(), Target::BrokenBox));

    let mut pointers: Vec<Pointer> = directives
        .chain(marks)
        .filter(|(range, _)| !in_code(range.start))
        .chain(broken_boxes)
        .map(|(range, target)| Pointer {
            line: line_of(range.start),
            range,
            target,
        })
        .collect();
    pointers.sort_by_key(|pointer| pointer.range.start);
    pointers
}

/// The target of `{{#kind argument}}`, or nothing when the directive is one of
/// mdBook's own that includes no file.
fn directive(kind: &str, argument: &str) -> Option<Target> {
    let name = argument.to_owned();
    let target = match (kind, argument.split_once(':')) {
        ("calls", _) if argument.is_empty() => Target::Calls,
        ("claims", _) if argument.is_empty() => Target::Claims,
        ("refuted", _) if argument.is_empty() => Target::Refuted,
        ("answers", _) if argument.is_empty() => Target::Answers,
        ("verdicts", _) if argument.is_empty() => Target::Verdicts,
        ("include" | "rustdoc_include" | "playground", parts) => {
            let file = parts.map_or(argument, |(file, _)| file);
            let file = file.split_whitespace().next().unwrap_or_default();
            Target::Include(file.to_owned())
        }
        ("title", _) => return None,
        (_, _) if argument.is_empty() || argument.contains(char::is_whitespace) => {
            Target::Malformed(format!("`{{{{#{kind}}}}}` takes exactly one name"))
        }
        ("example", Some((name, anchor))) => Target::Part(name.to_owned(), anchor.to_owned()),
        ("example", None) => Target::Example(name),
        ("listing", None) => Target::Listing(name),
        ("output", None) => Target::Output(name),
        ("compile_fail", None) => Target::CompileFail(name),
        ("call", None) => Target::Call(name),
        ("rules", None) => Target::Rules(name),
        ("taken", Some((page, anchor))) => Target::Taken(page.to_owned(), anchor.to_owned()),
        ("task", None) => Target::Task(name),
        _ => Target::Malformed(format!("no directive is called `{{{{#{kind}}}}}`")),
    };
    Some(target)
}

fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty()
}
