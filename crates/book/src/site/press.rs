//! Makes the site of one book again and again, and keeps from each time what
//! the next can use. The server's builder has one; a single build uses it once.
//!
//! Three things are kept, each as long as all that it depends on: the
//! [inventory](crate::inventory) while nothing but pages has changed; what the
//! preprocessors made of the pages, to be compared with what they make now;
//! and the last site, whose pages are linked into the new one where that
//! comparison finds no difference. Everything else is made anew.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, Chapter};
use mdbook_driver::config::Config;
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer};

use super::print::PrintPage;
use super::unreadable;
use crate::finish::{self, Address, Page};
use crate::links::Links;
use crate::preprocessor::CheckedBook;

/// The maker of one book's site.
pub struct Press {
    root: PathBuf,
    checked: CheckedBook,
    /// The files that changed since the last good site, relative to the root.
    changed: BTreeSet<PathBuf>,
    last: Option<Last>,
}

/// What is kept of a good site.
struct Last {
    /// Its text as it was rendered, and its folder.
    context: Arc<RenderContext>,
    pages: Vec<Page>,
    links: Links,
}

impl Press {
    /// A press that has made nothing of the book at `root` yet.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            checked: CheckedBook::default(),
            changed: BTreeSet::new(),
            last: None,
        }
    }

    /// The folder with book.toml.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Must be told every file of the book that changed, relative to the root.
    pub fn changed(&mut self, files: &[PathBuf]) {
        self.changed.extend(files.iter().cloned());
    }

    /// Makes the site in the folder `dest`. What is returned makes the page
    /// for printing, if that was left out: it takes longer than all the rest,
    /// and few ask for it.
    ///
    /// The folder of the last good site must still be there.
    ///
    /// # Errors
    /// Everything that is wrong with the book, each with file and line where
    /// there is one.
    pub(super) fn make(&mut self, mut config: Config, dest: &Path) -> Result<Option<PrintPage>> {
        let html = config.html_config().unwrap_or_default();
        let address = Address::parse(html.site_url.as_deref())?;
        // mdBook puts it into the <base> of 404.html, which works on any host so.
        config.set("output.html.site-url", address.path())?;
        // `finish` makes the index of the search.
        config.set("output.html.search.enable", false)?;
        let root = &self.root;
        let loaded = MDBook::load_with_config(root, config.clone());
        let mut book = loaded.map_err(|error| unreadable(root, &error))?;

        let only_pages = self.only_pages_changed(&book);
        if !only_pages {
            self.checked.forget();
        }
        book.with_preprocessor(self.checked.clone());
        let context = Arc::new(preprocessed(&book, config, dest)?);
        let last = self.last.as_ref().filter(|_| only_pages);
        let same = match last {
            Some(last) => print_differences(last, &context)?,
            None => {
                print(&context)?;
                HashSet::new()
            }
        };
        let before = last.map(|last| (&last.pages, &last.links)).unzip();
        let pages = finish::finish(
            &book,
            &html,
            dest,
            &address,
            before.0.map(|p| (p.as_slice(), &same)),
        )?;
        let links = Links::check(root, dest, before.1.map(|links| (links, &same)))?;

        let print_page = last.is_some().then(|| PrintPage::of(&context));
        self.changed.clear();
        self.last = Some(Last {
            context,
            pages,
            links,
        });
        Ok(print_page)
    }

    /// Whether the last good site was made of this very book, but for what
    /// stands in the files of its pages.
    fn only_pages_changed(&self, book: &MDBook) -> bool {
        let source = &book.config.book.src;
        let pages: HashSet<PathBuf> = book
            .book
            .chapters()
            .filter_map(|chapter| Some(source.join(chapter.source_path.as_ref()?)))
            .collect();
        self.last.is_some() && self.changed.iter().all(|file| pages.contains(file))
    }
}

/// What the preprocessors make of a book, for mdBook's renderer, as
/// [`MDBook::build`] gives it.
fn preprocessed(book: &MDBook, config: Config, dest: &Path) -> Result<RenderContext> {
    let (text, said) = book.preprocess_book(&HtmlHandlebars::new())?;
    let mut context = RenderContext::new(&book.root, text, config, dest);
    let titles = said.chapter_titles.borrow_mut().drain().collect::<Vec<_>>();
    context.chapter_titles.extend(titles);
    Ok(context)
}

pub(super) fn print(context: &RenderContext) -> Result<()> {
    let rendered = HtmlHandlebars::new().render(context);
    rendered.context("Rendering failed")
}

/// Renders the pages whose text differs from that of the last site, and links
/// the others. Returns the files that are the same, relative to the site.
///
/// mdBook renders whole books only, but each page by itself: of the others it
/// needs the names and the places. So it is given a book in which those that
/// have not changed are empty.
fn print_differences(last: &Last, context: &RenderContext) -> Result<HashSet<PathBuf>> {
    let before: Vec<&Chapter> = last.context.book.chapters().collect();
    let title = |of: &RenderContext, chapter: &Chapter| {
        let path = chapter.path.as_ref();
        path.and_then(|path| of.chapter_titles.get(path)).cloned()
    };
    let is_same = |(chapter, before): &(&Chapter, &&Chapter)| {
        chapter == *before && title(context, chapter) == title(&last.context, before)
    };
    let chapters = context.book.chapters().zip(&before);
    let same: HashSet<PathBuf> = chapters
        .filter(is_same)
        .filter_map(|(chapter, _)| chapter.path.clone())
        .collect();
    let mut differing = context.clone();
    empty(&mut differing.book, &same);
    print(&differing)?;

    let first = context
        .book
        .chapters()
        .find_map(|chapter| chapter.path.as_ref());
    let index = first.filter(|first| same.contains(*first));
    let files = same.iter().map(|path| path.with_extension("html"));
    let files: HashSet<PathBuf> = files.chain(index.map(|_| "index.html".into())).collect();
    for file in &files {
        link(
            &last.context.destination.join(file),
            &context.destination.join(file),
        )?;
    }
    let of_differences = context.destination.join("print.html");
    match fs::remove_file(&of_differences) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("cannot remove a file of the new site")
        }
        _ => Ok(files),
    }
}

fn empty(book: &mut Book, same: &HashSet<PathBuf>) {
    book.for_each_chapter_mut(|chapter| {
        if chapter
            .path
            .as_ref()
            .is_some_and(|path| same.contains(path))
        {
            chapter.content.clear();
        }
    });
}

/// Puts the file of another site in the place of one. Nobody writes to the
/// files of a site that is finished, so two sites can share them.
fn link(from: &Path, to: &Path) -> Result<()> {
    fs::remove_file(to)
        .and_then(|()| fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop)))
        .with_context(|| format!("cannot take over `{}`", from.display()))
}
