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
use crate::page::scan::{Page, Pointer, scan};
use crate::page::sections::sections;
use crate::problem::Problems;

/// Shows programs with what they printed, and marks sentences with the checks
/// that hold them. Refuses a book that points at what does not exist.
///
/// Its clones share what they keep: what is read beside the pages with what the
/// pages became, until told to [forget] it; and what was found and made of each
/// page alone, of use while its text is the same.
///
/// [forget]: Self::forget
#[derive(Clone, Default)]
pub struct CheckedBook(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    beside: Option<Arc<Beside>>,
    expanded: Expanded,
    /// Of each page, its text and what that points at.
    scanned: HashMap<PathBuf, (String, Arc<[Pointer]>)>,
    /// Of each page, the text before and after its boxes and sections were made.
    boxed: HashMap<PathBuf, (String, String)>,
}

/// What is read beside the pages.
struct Beside {
    inventory: Inventory,
    record: Record,
    /// What links to documentation.
    texts: Vec<docs::Text>,
}

impl CheckedBook {
    /// What is read beside the pages is to be read afresh.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.beside = None;
        kept.expanded = Expanded::default();
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn beside(&self, root: &Path, pages: &[Page]) -> Result<Arc<Beside>> {
        if let Some(beside) = &self.kept().beside {
            return Ok(beside.clone());
        }
        let beside = Arc::new(Beside {
            inventory: Inventory::read(root)?,
            record: Record::read(root)?,
            texts: docs::beside(root, pages),
        });
        self.kept().beside = Some(beside.clone());
        Ok(beside)
    }

    fn page(&self, source: &Path, chapter: &Chapter) -> Option<Page> {
        let path = source.join(chapter.source_path.as_ref()?);
        let url = chapter.path.as_ref()?.with_extension("html");
        Some(Page {
            title: chapter.name.clone(),
            url: url.to_string_lossy().replace('\\', "/"),
            text: chapter.content.clone(),
            pointers: self.scanned(&path, &chapter.content),
            path,
        })
    }

    /// What the text of a page points at.
    fn scanned(&self, path: &Path, text: &str) -> Arc<[Pointer]> {
        if let Some((before, pointers)) = self.kept().scanned.get(path)
            && before == text
        {
            return pointers.clone();
        }
        let pointers: Arc<[Pointer]> = scan(text).into();
        let pair = (text.to_owned(), pointers.clone());
        self.kept().scanned.insert(path.to_owned(), pair);
        pointers
    }

    /// The expanded text of a page with its boxes, in sections.
    fn boxed(&self, page: &Page, text: String) -> Result<String> {
        if let Some((before, after)) = self.kept().boxed.get(&page.path)
            && *before == text
        {
            return Ok(after.clone());
        }
        let boxed = sections(&admonish::boxes(&text, &page.slug())?);
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
        let pages = book.chapters();
        let pages: Vec<Page> = pages.filter_map(|c| self.page(source, c)).collect();
        let beside = self.beside(&context.root, &pages)?;
        let mut problems = Problems::default();
        audit(&context.root, &pages, &beside.inventory, &mut problems);
        let texts = pages.iter().map(|page| (&*page.path, &*page.text));
        let others = beside.texts.iter().map(|(path, text)| (&**path, &**text));
        docs::check(&context.root, texts.chain(others), &mut problems)?;
        problems.into_result()?;

        let mut expanded = std::mem::take(&mut self.kept().expanded);
        let expander = Expander::new(&beside.inventory, &beside.record, &mut expanded);
        let texts = expander.expand_all(&pages);
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
