//! What is made of the pages once mdBook has written them: the search's index,
//! the tags that search engines and previews read, the map of the site, and
//! the promise that an address once published stays good. Called by `site`.

mod address;
mod head;
mod outline;
pub mod published;
mod search;
mod sitemap;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::config::HtmlConfig;

pub use address::Address;
use outline::Outline;

/// A page of the book as mdBook wrote it.
pub struct Page {
    /// The file, relative to the site.
    url: String,
    /// The title in the table of contents.
    title: String,
    /// Whether the search knows it.
    searched: bool,
    html: String,
    outline: Outline,
}

/// Finishes the site in `dest`, made of `book`, which is to be found at
/// `address` if anybody knows where.
///
/// # Errors
/// When a file cannot be read or written, and [`Problems`](crate::problem::Problems)
/// with each published address that is gone.
pub fn finish(book: &MDBook, html: &HtmlConfig, dest: &Path, address: &Address) -> Result<()> {
    let pages = pages(book, html, dest)?;
    let title = book.config.book.title.as_deref().unwrap_or_default();
    for (page, canonical) in pages.iter().zip(canonical(&pages)) {
        let tagged = head::tagged(page, title, canonical, address);
        write(dest, &page.url, &tagged)?;
        if canonical.is_empty() {
            // mdBook writes the first page once more, as the index.
            let index = read(dest, "index.html")?;
            let tagged = head::with_tags(&index, &head::tags(page, title, canonical, address));
            write(dest, "index.html", &tagged)?;
        }
    }
    if html.search.as_ref().is_none_or(|search| search.enable) {
        write(dest, search::FILE, &search::index(&pages)?)?;
    }
    if let Some(map) = sitemap::map(canonical(&pages), address) {
        write(dest, "sitemap.xml", &map)?;
    }
    match html.live_reload_endpoint {
        // What is being written is not published yet.
        Some(_) => Ok(()),
        None => published::check(&book.root, dest, &html.redirect),
    }
}

/// The pages of `book` in the order of its contents.
fn pages(book: &MDBook, html: &HtmlConfig, dest: &Path) -> Result<Vec<Page>> {
    let chapters = book.book.chapters();
    let with_file = chapters.filter_map(|chapter| Some((chapter, chapter.path.as_ref()?)));
    let pages = with_file.map(|(chapter, path)| {
        let url = file(path).to_string_lossy().replace('\\', "/");
        let settings = html.search.iter().flat_map(|search| &search.chapter);
        let hidden = settings
            .filter(|(hidden, _)| Path::new(hidden) == path)
            .any(|(_, settings)| settings.enable == Some(false));
        let html = read(dest, &url)?;
        Ok(Page {
            outline: Outline::of(match hidden {
                true => first_paragraph(&html),
                false => &html,
            }),
            title: chapter.name.clone(),
            searched: !hidden,
            url,
            html,
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
