//! HTML that survives Markdown: no blank line may stand in a block, or the
//! rest of it would be read as Markdown again.

use pulldown_cmark::{Parser, html};

/// Elements without an end tag.
pub(crate) const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// Text as HTML. Braces that mdBook would take for a directive are kept from
/// it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace("{{#", "&#123;&#123;#")
}

/// Text for HTML inside a paragraph, which Markdown reads as well: every sign
/// that could mean something to it is written as a number.
pub(super) fn escape_inline(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_punctuation() => escaped += &format!("&#{};", u32::from(c)),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A sentence with `code` in it; `escape` is one of the two above.
pub(super) fn with_code(text: &str, escape: fn(&str) -> String) -> String {
    let parts = text
        .split('`')
        .map(escape)
        .zip([false, true].into_iter().cycle());
    parts
        .map(|(part, is_code)| match is_code {
            true => format!("<code>{part}</code>"),
            false => part,
        })
        .collect()
}

/// One paragraph of Markdown as inline HTML.
pub(super) fn inline(markdown: &str) -> String {
    let mut text = String::new();
    html::push_html(&mut text, Parser::new(markdown));
    let text = text.trim().trim_start_matches("<p>");
    text.trim_end_matches("</p>").replace('\n', " ")
}

/// Lines of HTML as the inside of a `pre`, each in an element of its own.
pub(super) fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines
        .map(|line| format!("<span class=\"line\">{line}</span>\n"))
        .collect()
}

/// The id of a check's entry in the list of claims.
pub(super) fn claim_id(check: &str) -> String {
    check.replace("::", "-")
}
