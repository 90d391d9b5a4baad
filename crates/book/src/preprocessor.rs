//! Our mdBook preprocessor. `site` runs it inside our own process; plain
//! `mdbook build` runs it through `book preprocess`, over standard input and
//! output. Both ways give the same pages.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use serde_json::Value;

use crate::admonish;
use crate::docs;
use crate::evidence::Record;
use crate::inventory::Inventory;
use crate::page::audit::audit;
use crate::page::expand::{Expanded, Expander};
use crate::page::scan::{Page, scan};
use crate::problem::Problems;

/// Shows programs with what they printed, and marks sentences with the checks
/// that hold them. Refuses a book that points at what does not exist.
///
/// Its clones share what they keep: the inventory with what the pages became,
/// until told to [forget] it, and the boxes of each page, of use while its text
/// is the same.
///
/// [forget]: Self::forget
#[derive(Clone, Default)]
pub struct CheckedBook(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    inventory: Option<Arc<Inventory>>,
    expanded: Expanded,
    /// Of each page, the text before and after its boxes were made.
    boxed: HashMap<PathBuf, (String, String)>,
}

impl CheckedBook {
    /// The inventory is to be read afresh.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.inventory = None;
        kept.expanded = Expanded::default();
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inventory(&self, root: &Path) -> Result<Arc<Inventory>> {
        if let Some(inventory) = &self.kept().inventory {
            return Ok(inventory.clone());
        }
        let inventory = Arc::new(Inventory::read(root)?);
        self.kept().inventory = Some(inventory.clone());
        Ok(inventory)
    }

    /// The expanded text of a page with its boxes.
    fn boxed(&self, page: &Page, text: String) -> Result<String> {
        if let Some((before, after)) = self.kept().boxed.get(&page.path)
            && *before == text
        {
            return Ok(after.clone());
        }
        let boxed = admonish::boxes(&text, &page.slug())?;
        let pair = (text, boxed.clone());
        self.kept().boxed.insert(page.path.clone(), pair);
        Ok(boxed)
    }

    /// The expanded pages with their boxes.
    fn with_boxes(&self, pages: &[Page], texts: Vec<String>) -> Result<Vec<String>, Problems> {
        let mut problems = Problems::default();
        let mut boxed = Vec::new();
        for (page, text) in pages.iter().zip(texts) {
            match self.boxed(page, text) {
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
}

impl Preprocessor for CheckedBook {
    /// The name of the table in `book.toml`.
    fn name(&self) -> &str {
        "checked"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let source = &context.config.book.src;
        let pages: Vec<Page> = book.chapters().filter_map(|c| page(source, c)).collect();
        let inventory = self.inventory(&context.root)?;
        let mut problems = Problems::default();
        audit(&context.root, &pages, &inventory, &mut problems);
        docs::check(&context.root, &mut problems)?;
        problems.into_result()?;

        let record = Record::read(&context.root)?;
        let mut expanded = std::mem::take(&mut self.kept().expanded);
        let texts = Expander::new(&inventory, &record, &mut expanded).expand_all(&pages);
        self.kept().expanded = expanded;
        let texts = self.with_boxes(&pages, texts)?;
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
    let book = CheckedBook::default().run(&context, book)?;
    serde_json::to_writer(output, &book).context("cannot hand the book back to mdBook")
}
