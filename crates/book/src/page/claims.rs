//! The list of every claim: what the page says, which check holds it, how to
//! run it, what the evidence says, and the check's own source.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::highlight;
use super::html::{claim_id, escape, inline, with_code};
use super::mark::look;
use crate::evidence::Record;
use crate::inventory::{Check, Drawn, Inventory, Kind};

/// One sentence of one page, and the check that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) page: String,
    pub(super) url: String,
    pub(super) anchor: String,
    pub(super) check: String,
    /// The sentence in Markdown; empty for the output or the recording of a
    /// program.
    pub(super) sentence: String,
}

static POINTERS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s*\[[^\]\n]*\]\(test:[^)\n]*\)").expect("a valid pattern"));
static LINKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[([^\]]*)\]\([^)]*\)").expect("a valid pattern"));
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*([>|#]|[-*] |\d+\. )[ \t]*").expect("a valid pattern")
});
static BOUNDARY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[.?!][”’)*_]*\s+").expect("a valid pattern"));

/// The sentence that ends where `before` ends, in Markdown, without the marks
/// and links in it.
pub(super) fn sentence(before: &str) -> String {
    let paragraph = before.rsplit("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.rsplit("\n```").next().unwrap_or_default();
    let body = paragraph.trim_start_matches('`');
    let paragraph = match body.split_once('\n') {
        Some((_, rest)) if body.starts_with("admonish") => rest,
        _ => paragraph,
    };
    let text = PREFIX.replace_all(paragraph, "");
    let text = POINTERS.replace_all(&text, "");
    let text = LINKS.replace_all(&text, "$1");
    let text = text.rsplit('|').next().unwrap_or_default().trim();
    let start = BOUNDARY.find_iter(text).last().map_or(0, |end| end.end());
    let words: Vec<&str> = text[start..].split_whitespace().collect();
    words.join(" ")
}

/// The list, as Markdown: a section per page that claims something.
pub(super) fn list(claims: &[Claim], inventory: &Inventory, record: &Record) -> String {
    let mut text = String::new();
    let mut listed = HashSet::new();
    for page in claims.chunk_by(|a, b| a.url == b.url) {
        text += &format!("\n## {}\n\n", page[0].page);
        let mut on_page = HashSet::new();
        for claim in page.iter().filter(|claim| on_page.insert(&claim.check)) {
            let same = page.iter().filter(|other| other.check == claim.check);
            let sentences: String = same.map(sentence_link).collect();
            text += &if listed.insert(&claim.check) {
                entry(
                    &sentences,
                    &inventory.checks[&claim.check],
                    record,
                    &inventory.drawn,
                )
            } else {
                see_above(&sentences, &claim.check)
            };
        }
    }
    text
}

/// A check with the sentences of one page that it holds.
fn entry(sentences: &str, check: &Check, record: &Record, drawn: &Drawn) -> String {
    let state = record.state(&check.name);
    let (class, sign, _) = look(&state);
    let (command, place) = (
        escape(&check.command()),
        format!("{}:{}", check.path.display(), check.line),
    );
    let source = match check.kind {
        Kind::Claim | Kind::Row => format!(
            "<details><summary>{place}</summary>\n\
             <pre class=\"listing\" tabindex=\"0\" role=\"group\" aria-label=\"{place}\"><code>{}</code></pre>\n\
             </details>\n",
            drawn.get(&format!("source {}", check.name), || highlight::rust(
                &check.source
            ))
        ),
        Kind::Recording => String::new(),
    };
    format!(
        "<article class=\"claim\" id=\"{id}\">\n{sentences}\
         <p class=\"proves\"><strong>{name}</strong> {proves}</p>\n\
         <p class=\"state {class}\">{sign} {state}</p>\n\
         <p class=\"command\"><code>{command}</code></p>\n\
         {source}</article>\n\n",
        id = claim_id(&check.name),
        name = escape(&check.name),
        proves = with_code(&check.proves, escape),
        state = escape(&state.to_string()),
    )
}

/// The sentences of a further page that an earlier entry holds.
fn see_above(sentences: &str, check: &str) -> String {
    format!(
        "<article class=\"claim\">\n{sentences}\
         <p class=\"proves\">Held by <a href=\"#{}\"><strong>{}</strong></a>, above.</p>\n\
         </article>\n\n",
        claim_id(check),
        escape(check),
    )
}

fn sentence_link(claim: &Claim) -> String {
    let Claim {
        url,
        anchor,
        check,
        sentence,
        ..
    } = claim;
    let text = inline(sentence);
    let text = match text.as_str() {
        "" if check.starts_with("recordings::") => "What every future of the program does",
        "" => "What the program prints",
        text => text,
    };
    format!("<p class=\"sentence\"><a href=\"{url}#{anchor}\">{text}</a></p>\n")
}
