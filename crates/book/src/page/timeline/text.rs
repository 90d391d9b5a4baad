//! Text with code in it, for a page and for an attribute, and names short
//! enough for a picture.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::page::html::escape;

const CODE: [char; 2] = ['\u{1}', '\u{2}'];
const PRINTED: [char; 2] = ['\u{3}', '\u{4}'];
const BOLD: [char; 2] = ['\u{5}', '\u{6}'];

/// `text` as code within a sentence.
pub(super) fn code(text: &str) -> String {
    format!("{}{}{}", CODE[0], clean(text), CODE[1])
}

/// `text` as something printed within a sentence.
pub(super) fn printed(text: &str) -> String {
    format!("{}{}{}", PRINTED[0], clean(text), PRINTED[1])
}

/// `text` so that the eye finds it.
pub(super) fn bold(text: &str) -> String {
    format!("{}{}{}", BOLD[0], clean(text), BOLD[1])
}

/// A sentence as HTML.
pub(super) fn html(sentence: &str) -> String {
    escape(sentence)
        .replace(CODE[0], "<code>")
        .replace(CODE[1], "</code>")
        .replace(PRINTED[0], "<samp>")
        .replace(PRINTED[1], "</samp>")
        .replace(BOLD[0], "<b>")
        .replace(BOLD[1], "</b>")
}

/// A sentence for an attribute, where nothing can be told from anything.
pub(super) fn plain(sentence: &str) -> String {
    escape(
        &sentence
            .replace(CODE, "")
            .replace(PRINTED, "")
            .replace(BOLD, ""),
    )
}

/// One line of what a recording says: it cannot start a line or a paragraph.
pub(super) fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"Duration::from_(?:(millis)|secs)\((\d+)\)").expect("a valid pattern")
});

/// An expression in at most `max` letters: without its path, with its times in
/// words, then without its arguments, then without its end.
pub(super) fn short(expression: &str, max: usize) -> String {
    let expression = clean(expression);
    let text = SPAN.replace_all(without_path(&expression), |found: &Captures<'_>| {
        let unit = if found.get(1).is_some() { "ms" } else { "s" };
        format!("{} {unit}", &found[2])
    });
    match text.split_once('(') {
        Some((head, _)) if text.chars().count() > max => cut(&format!("{head}(…)"), max),
        _ => cut(&text, max),
    }
}

/// `text` cut after `max` letters.
pub(super) fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `tokio::time::sleep(x)` as `sleep(x)`; the name of a type stays.
fn without_path(expression: &str) -> &str {
    let mut rest = expression;
    while let Some((segment, after)) = rest.split_once("::") {
        let is_module = segment.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && segment.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_module {
            break;
        }
        rest = after;
    }
    rest
}

/// A span of time in words: `200 ms`, `1 s`, `1.5 s`.
pub(super) fn span(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        _ => format!("{} s", milliseconds as f64 / 1000.0),
    }
}

/// Words with a capital letter at their start; code keeps its own.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(letter) => letter.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{short, span};

    /// What makes a name long goes first; what makes it a name stays.
    #[test]
    fn names_are_shortened() {
        assert_eq!(short("tokio::time::sleep(a)", 20), "sleep(a)");
        assert_eq!(short("sleep(Duration::from_secs(10))", 20), "sleep(10 s)");
        assert_eq!(short("timeout(limit, work(a, b))", 20), "timeout(…)");
        assert_eq!(short("TcpStream::connect(a)", 30), "TcpStream::connect(a)");
        assert_eq!(short("a\n   .b()", 30), "a .b()");
        assert_eq!(short("abcdefghij", 5), "abcd…");
    }

    /// A span is said as a person says it.
    #[test]
    fn spans_are_said() {
        assert_eq!(
            [span(5), span(1000), span(1500), span(1234)],
            ["5 ms", "1 s", "1.5 s", "1.234 s"]
        );
    }
}
