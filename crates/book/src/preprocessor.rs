//! Our mdBook preprocessor. `site` runs it inside our own process; plain
//! `mdbook build` runs it through `book preprocess`, over standard input and
//! output. Both ways give the same pages.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use serde_json::Value;

use crate::admonish;
use crate::docs;
use crate::evidence::Record;
use crate::inventory::Inventory;
use crate::page::audit::audit;
use crate::page::expand::Expander;
use crate::page::scan::{Page, scan};
use crate::problem::Problems;

/// Shows programs with what they printed, and marks sentences with the checks
/// that hold them. Refuses a book that points at what does not exist.
pub struct CheckedBook;

impl Preprocessor for CheckedBook {
    /// The name of the table in `book.toml`.
    fn name(&self) -> &str {
        "checked"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let source = &context.config.book.src;
        let pages: Vec<Page> = book.chapters().filter_map(|c| page(source, c)).collect();
        let inventory = Inventory::read(&context.root)?;
        let mut problems = Problems::default();
        audit(&context.root, &pages, &inventory, &mut problems);
        docs::check(&context.root, &mut problems)?;
        problems.into_result()?;

        let record = Record::read(&context.root)?;
        let texts = Expander::new(&inventory, &record).expand_all(&pages);
        let texts = with_boxes(&pages, texts)?;
        book.for_each_chapter_mut(|chapter| {
            let path = chapter.source_path.as_ref().map(|path| source.join(path));
            let index = pages
                .iter()
                .position(|page| Some(&page.path) == path.as_ref());
            if let Some(index) = index {
                chapter.content.clone_from(&texts[index]);
            }
        });
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
}

/// The expanded pages with their boxes.
fn with_boxes(pages: &[Page], texts: Vec<String>) -> Result<Vec<String>, Problems> {
    let mut problems = Problems::default();
    let mut boxed = Vec::new();
    for (page, text) in pages.iter().zip(texts) {
        match admonish::boxes(&text, &page.slug()) {
            Ok(text) => boxed.push(text),
            Err(error) => {
                let message = format!("{error:#}");
                let fence = message.lines().find(|line| line.contains("```admonish"));
                let line = page.text.lines().position(|line| Some(line) == fence);
                problems.push(
                    &page.path,
                    line.map_or(1, |index| index + 1),
                    format!("malformed box: {}", fence.unwrap_or(&message)),
                    "a box starts with ```admonish KIND title=\"…\" and ends with ```",
                );
            }
        }
    }
    problems.into_result().map(|()| boxed)
}

fn page(source: &Path, chapter: &Chapter) -> Option<Page> {
    let file = chapter.source_path.as_ref()?;
    let url = chapter.path.as_ref()?.with_extension("html");
    Some(Page {
        title: chapter.name.clone(),
        path: source.join(file),
        url: url.to_string_lossy().replace('\\', "/"),
        text: chapter.content.clone(),
        pointers: scan(&chapter.content),
    })
}

/// Answers one call of mdBook's preprocessor protocol: reads a context and a
/// book from `input` and writes the expanded book to `output`.
///
/// # Errors
/// When the input is not of mdBook 0.5, or the book has problems.
pub fn answer(input: impl Read, output: impl Write) -> Result<()> {
    let message: Value = serde_json::from_reader(input).context(
        "standard input is not what mdBook sends to a preprocessor; \
         this command is called by `mdbook build`, to build the book yourself run `cargo run`",
    )?;
    let version = message.pointer("/0/mdbook_version").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("0.5.") => {}
        version => bail!(
            "this book needs mdBook 0.5, and was called by {}; \
             run `cargo install mdbook@0.5.4`, or `cargo run`, which needs no mdBook",
            version.unwrap_or("something without a version")
        ),
    }
    let (context, book) = parse_input(serde_json::to_vec(&message)?.as_slice())?;
    let book = CheckedBook.run(&context, book)?;
    serde_json::to_writer(output, &book).context("cannot hand the book back to mdBook")
}
