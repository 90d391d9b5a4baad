//! A bridge to mdbook-admonish, which is built for mdBook 0.4 and cannot read
//! a 0.5 book. It is handed one page at a time, in a 0.4 book of one chapter,
//! so that nothing of the two formats has to be translated, and a malformed
//! box is known by its page.
//!
//! Delete this module the day mdbook-admonish supports mdBook 0.5 (its issue
//! 233), and name it in `book.toml` instead.

use anyhow::{Context, Result};
use mdbook_04::BookItem;
use mdbook_04::book::{Book, Chapter};
use mdbook_04::preprocess::{Preprocessor as _, PreprocessorContext};
use serde_json::{Value, json};

/// The boxes of this book, beside mdbook-admonish's own. Their looks are in
/// the theme; icon and colour are demanded here, and used by nothing.
const BOXES: [&str; 3] = ["misconception", "rule", "exercise"];

/// Turns the `admonish` fences of a page into boxes, whose ids start with
/// `prefix`, so that they stay apart when all pages are printed as one.
///
/// # Errors
/// When a box is malformed: the message ends in its text.
pub fn boxes(markdown: &str, prefix: &str) -> Result<String> {
    let context: PreprocessorContext = serde_json::from_value(context(prefix))?;
    let mut book = Book::new();
    book.push_item(Chapter::new("", markdown.to_owned(), "page.md", Vec::new()));
    let book = mdbook_admonish::Admonish.run(&context, book)?;
    match book.sections.into_iter().next() {
        Some(BookItem::Chapter(chapter)) => Ok(chapter.content),
        _ => None.context("mdbook-admonish gave back no chapter"),
    }
}

fn context(prefix: &str) -> Value {
    let custom: serde_json::Map<String, Value> = BOXES
        .iter()
        .map(|name| (name.to_string(), json!({ "icon": "", "color": "#000000" })))
        .collect();
    json!({
        "root": "",
        "config": { "preprocessor": { "admonish": {
            "assets_version": "3.0.0",
            "on_failure": "bail",
            "default": { "css_id_prefix": format!("{prefix}-") },
            "directive": { "custom": custom },
        }}},
        "renderer": "html",
        "mdbook_version": mdbook_04::MDBOOK_VERSION,
    })
}
