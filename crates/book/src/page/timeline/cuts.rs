//! "Cancel it elsewhere": what is left when a future is dropped at each of its
//! points, as a table, with the timeline of every such run.

use recording::{Cut, Point, Subject};

use super::text::clean;
use super::{Block, Story, in_listing};
use crate::inventory::Program;
use crate::page::html::{escape, lines, with_code};

/// The table of a subject, and its runs.
pub(super) fn cuts(name: &str, program: &Program, subject: &Subject) -> String {
    let rows = subject.cuts.iter().enumerate();
    let rows: String = rows
        .map(|(point, cut)| row(name, program, point, cut))
        .collect();
    format!(
        "<details class=\"cuts\"><summary>Cancel it elsewhere: <code>{function}</code> at each of its points</summary>\n\
         <p>{world} <strong>What should hold wherever it is cut:</strong> {invariant}</p>\n\
         <table class=\"cut-points\">\n\
         <thead><tr><th scope=\"col\">Cancelled</th><th scope=\"col\">Line</th><th scope=\"col\">What is left</th><th scope=\"col\">What should hold</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</details>\n",
        function = escape(&subject.function),
        world = sentence(&subject.world),
        invariant = sentence(&subject.invariant),
    )
}

fn row(name: &str, program: &Program, point: usize, cut: &Cut) -> String {
    let (words, line) = match cut.point {
        Point::NeverPolled => ("before its first poll".to_owned(), None),
        Point::Suspended { number, line } => (
            format!("at suspension {number}"),
            Some(program.listing_line(line)),
        ),
        Point::Woken { number, line } => (
            format!("woken from suspension {number}"),
            Some(program.listing_line(line)),
        ),
        Point::Completed => ("not: it completes".to_owned(), None),
    };
    let data = line
        .map(|line| format!(" data-line=\"{line}\""))
        .unwrap_or_default();
    let line = line.map_or_else(|| "–".to_owned(), |line| line.to_string());
    let (class, verdict) = match cut.holds {
        true => ("holds", "holds"),
        false => ("broken", "is broken"),
    };
    let run = in_listing(program, &cut.run);
    let stdout = run.stdout();
    let output = match stdout.as_str() {
        "" => "<p class=\"nothing\">This run prints nothing.</p>\n".to_owned(),
        text => format!(
            "<pre class=\"output\" tabindex=\"0\" role=\"group\" aria-label=\"What this run prints\"><samp>{}</samp></pre>\n",
            lines(escape(&text.replace(is_unseen, "\u{fffd}")).lines())
        ),
    };
    let block = Block {
        example: name,
        id: &format!("{name}!{point}"),
        before: &output,
        is_first: false,
        mark: "",
        after: "",
    }
    .html(&Story::of(&run, &program.listing(), true));
    format!(
        "<tr class=\"{class}\" data-point=\"{point}\"{data}><th scope=\"row\">{words}</th><td>{line}</td><td>{left}</td><td>{verdict}</td></tr>\n\
         <tr class=\"cut-run\"><td colspan=\"4\"><details><summary>This run</summary>\n{block}\n</details></td></tr>\n",
        left = sentence(&cut.left),
    )
}

/// A letter that a page cannot show; another takes its place, so that letters
/// can be counted.
fn is_unseen(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t')
}

/// A sentence of the recorder's, with code in backticks, on one line.
fn sentence(text: &str) -> String {
    with_code(&clean(text), escape)
}
