//! What is made of the pages once mdBook has written them: the search's index,
//! the tags that search engines and previews read, the map of the site, and
//! the promise that an address once published stays good. Called by `site`.

mod address;
mod head;
mod outline;
pub mod published;
mod search;
mod sitemap;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::config::HtmlConfig;

pub use address::Address;
use outline::Outline;

/// A page of the book, as far as it must be known to finish another site of
/// which it is a part too.
#[derive(Clone)]
pub struct Page {
    /// The file, relative to the site.
    url: String,
    /// The title in the table of contents.
    title: String,
    outline: Arc<Outline>,
    /// What the search knows of it.
    entries: Arc<[search::Entry]>,
}

/// The finished pages of the last site, and the files that this one shares with it.
pub type Before<'a> = (&'a [Page], &'a HashSet<PathBuf>);

/// Finishes the site in `dest`, made of `book`, which is to be found at
/// `address` if anybody knows where. What it shares with the one `before` is
/// finished.
///
/// # Errors
/// When a file cannot be read or written, and [`Problems`](crate::problem::Problems)
/// with each published address that is gone.
pub fn finish(
    book: &MDBook,
    html: &HtmlConfig,
    dest: &Path,
    address: &Address,
    before: Option<Before<'_>>,
) -> Result<Vec<Page>> {
    let is_finished =
        |page: &Page| before.is_some_and(|(_, same)| same.contains(Path::new(&page.url)));
    let pages = pages(book, html, dest, before)?;
    let title = book.config.book.title.as_deref().unwrap_or_default();
    for (page, canonical) in pages.iter().zip(canonical(&pages)) {
        if is_finished(page) {
            continue;
        }
        let tags = head::tags(page, title, canonical, address);
        // mdBook writes the first page once more, as the index.
        let index = canonical.is_empty().then_some("index.html");
        for file in index.into_iter().chain([page.url.as_str()]) {
            let tagged = head::with_tags(&read(dest, file)?, &tags);
            write(dest, file, &tagged)?;
        }
    }
    if html.search.as_ref().is_none_or(|search| search.enable) {
        write(dest, search::FILE, &search::index(&pages))?;
    }
    if let Some(map) = sitemap::map(canonical(&pages), address) {
        write(dest, "sitemap.xml", &map)?;
    }
    match html.live_reload_endpoint {
        // What is being written is not published yet.
        Some(_) => {}
        None => published::check(&book.root, dest, &html.redirect)?,
    }
    Ok(pages)
}

/// The pages of `book` in the order of its contents.
fn pages(
    book: &MDBook,
    html: &HtmlConfig,
    dest: &Path,
    before: Option<Before<'_>>,
) -> Result<Vec<Page>> {
    let chapters = book.book.chapters();
    let with_file = chapters.filter_map(|chapter| Some((chapter, chapter.path.as_ref()?)));
    let pages = with_file.map(|(chapter, path)| {
        let url = file(path).to_string_lossy().replace('\\', "/");
        let known = before.and_then(|(pages, same)| {
            let mut pages = pages.iter().filter(|_| same.contains(Path::new(&url)));
            pages.find(|page| page.url == url)
        });
        if let Some(page) = known {
            return Ok(page.clone());
        }
        let settings = html.search.iter().flat_map(|search| &search.chapter);
        let hidden = settings
            .filter(|(hidden, _)| Path::new(hidden) == path)
            .any(|(_, settings)| settings.enable == Some(false));
        let html = read(dest, &url)?;
        let outline = Outline::of(match hidden {
            true => first_paragraph(&html),
            false => &html,
        });
        let entries = match hidden {
            true => Vec::new(),
            false => search::entries(&url, &chapter.name, &outline),
        };
        Ok(Page {
            outline: Arc::new(outline),
            entries: entries.into(),
            title: chapter.name.clone(),
            url,
        })
    });
    pages.collect()
}

/// The file that a chapter became: a README is the index of its folder.
fn file(chapter: &Path) -> PathBuf {
    let stem = chapter.file_stem().unwrap_or_default();
    match stem.eq_ignore_ascii_case("readme") {
        true => chapter.with_file_name("index.html"),
        false => chapter.with_extension("html"),
    }
}

/// As much of a page as its description needs.
fn first_paragraph(html: &str) -> &str {
    let end = html.find("<main").and_then(|main| {
        let end = html[main..].find("</p>")?;
        Some(main + end)
    });
    &html[..end.unwrap_or(html.len())]
}

/// The one address of each page: that of the first is the site's own.
fn canonical(pages: &[Page]) -> impl Iterator<Item = &str> {
    let others = pages.iter().skip(1).map(|page| page.url.as_str());
    std::iter::once("").chain(others)
}

fn read(dest: &Path, file: &str) -> Result<String> {
    let path = dest.join(file);
    fs::read_to_string(&path).with_context(|| format!("cannot read the built `{}`", path.display()))
}

fn write(dest: &Path, file: &str, text: &str) -> Result<()> {
    let path = dest.join(file);
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
