//! The list of the document's statements: what it says, the verdict, what
//! running it shows, where it is taught, and what holds it.

use super::html::{escape, inline};
use crate::inventory::{Statement, Verdict};

/// The list as one HTML table. `mark` makes the mark of a check, `title` the
/// title of a page.
pub(super) fn table(
    statements: &[Statement],
    mut mark: impl FnMut(&str) -> String,
    title: impl Fn(&str) -> String,
) -> String {
    let rows: String = statements
        .iter()
        .map(|statement| row(statement, &mut mark, &title))
        .collect();
    format!(
        "<table class=\"verdicts\">\n<thead><tr><th scope=\"col\">No.</th>\
         <th scope=\"col\">The document says</th><th scope=\"col\">Verdict</th>\
         <th scope=\"col\">Running it shows</th><th scope=\"col\">Taught in</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}

/// The statements that are false, with what running them shows, as a list.
pub(super) fn refuted(statements: &[Statement], mut mark: impl FnMut(&str) -> String) -> String {
    let of = |statement: &Statement| statement.verdict == Verdict::False;
    let items = statements.iter().filter(|statement| of(statement));
    let items: String = items
        .map(
            |Statement {
                 says,
                 truth,
                 checks,
                 ..
             }| {
                let marks: Vec<String> = checks.iter().map(|check| mark(check)).collect();
                format!(
                    "<li><strong>“{}”</strong> {}&#160;{}</li>\n",
                    inline(says),
                    inline(truth),
                    marks.concat()
                )
            },
        )
        .collect();
    format!("<ul class=\"refuted\">\n{items}</ul>\n")
}

fn row(
    statement: &Statement,
    mark: &mut impl FnMut(&str) -> String,
    title: &impl Fn(&str) -> String,
) -> String {
    let Statement {
        id,
        says,
        truth,
        page,
        ..
    } = statement;
    let (class, verdict) = words(statement.verdict);
    let url = page.replace(".md", ".html");
    let place = match &statement.example {
        Some(example) => format!("{url}#example-{example}"),
        None => url,
    };
    let marks: Vec<String> = statement.checks.iter().map(|check| mark(check)).collect();
    format!(
        "<tr id=\"{id}\" class=\"{class}\"><th scope=\"row\"><a href=\"#{id}\">{id}</a></th>\
         <td>{}</td><td><strong class=\"verdict\">{verdict}</strong></td>\
         <td>{}&#160;{}</td><td><a href=\"{place}\">{}</a></td></tr>\n",
        inline(says),
        inline(truth),
        marks.join(" "),
        escape(&title(page)),
    )
}

fn words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds => ("holds", "holds"),
        Verdict::HoldsIf => ("holds-if", "holds if"),
        Verdict::False => ("false", "false"),
        Verdict::Advice => ("advice", "advice"),
        Verdict::Definition => ("definition", "definition"),
    }
}
