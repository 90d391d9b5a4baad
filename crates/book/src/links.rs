//! Follows every link inside the built site, of the pages that mdBook adds by
//! itself as well. A link that leads nowhere fails the build, at the line of the
//! page that wrote it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result};
use regex::Regex;
use walkdir::WalkDir;

use crate::problem::{Problems, did_you_mean};
use crate::site::PRINT_FILE;

static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<[a-zA-Z][^<>]*>").expect("a valid pattern"));
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\s(id|href|src|data-[a-z-]+)="([^"]*)""#).expect("a valid pattern")
});
static IN_STYLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:url\(|@import )\s*["']?([^"')\s]+)"#).expect("a valid pattern")
});

/// What mdBook makes of the other pages.
const REPEATING: [&str; 3] = ["index.html", "print.html", "toc.html"];

/// The links of a finished site.
#[derive(Default)]
pub struct Links {
    pages: HashMap<PathBuf, Arc<Page>>,
}

/// What matters here of a page.
struct Page {
    /// What of this site it leads to or loads.
    links: Vec<Link>,
    /// The places in it.
    ids: HashSet<String>,
}

/// A link within the site.
struct Link {
    written: String,
    /// The file that it leads to, relative to the site.
    file: PathBuf,
    /// The place in that, or nothing.
    place: String,
}

impl Links {
    /// Checks the links of the site in `dest`, built from the book at `root`: to
    /// pages and places in them, and to pictures, scripts and styles, also those
    /// that a script loads later by a `data-` attribute.
    ///
    /// `before` are the links of the last site, and the files that this one
    /// shares with it; the page for printing is then made later, if at all.
    ///
    /// # Errors
    /// [`Problems`] with each link that leads to no file, or to no place in it.
    pub fn check(
        root: &Path,
        dest: &Path,
        before: Option<(&Self, &HashSet<PathBuf>)>,
    ) -> Result<Self> {
        let files = files(dest)?;
        let read = |path: &PathBuf| {
            let text = fs::read_to_string(dest.join(path));
            text.with_context(|| format!("cannot read the built `{}`", path.display()))
        };
        let known = |path: &PathBuf| {
            let (links, same) = before?;
            links
                .pages
                .get(path)
                .filter(|_| same.contains(path))
                .cloned()
        };
        let mut site = Site {
            pages: HashMap::new(),
            files: &files,
            prints_later: before.is_some(),
        };
        for path in with_extension(&files, "html") {
            let page = match known(path) {
                Some(page) => page,
                None => Arc::new(Page::of(path, &read(path)?)),
            };
            site.pages.insert(path.clone(), page);
        }
        let mut problems = Problems::default();
        // A site that shares files with the one before shares the styles.
        let styles = before.map_or_else(|| with_extension(&files, "css"), |_| Vec::new());
        for path in styles {
            let css = read(path)?;
            for found in IN_STYLE.captures_iter(&css) {
                let link = Link::of(path, &found[1]);
                if let Some(complaint) = link.and_then(|link| site.follow(&link)) {
                    let before = &css[..found.get(0).map_or(0, |all| all.start())];
                    problems.push(
                        style_source(path),
                        before.matches('\n').count() + 1,
                        complaint,
                        "correct the address, or add the file",
                    );
                }
            }
        }
        // What only repeats a page would repeat its problems.
        let (repeating, pages): (Vec<_>, Vec<_>) = site
            .pages
            .iter()
            .partition(|(path, _)| REPEATING.iter().any(|name| path.ends_with(name)));
        for group in [pages, repeating] {
            for (path, page) in group {
                for link in &page.links {
                    if let Some(complaint) = site.follow(link) {
                        let (file, line) = written_at(root, path, &link.written);
                        let remedy = "correct the link, or create its target";
                        problems.push(file, line, complaint, remedy);
                    }
                }
            }
            std::mem::take(&mut problems).into_result()?;
        }
        Ok(Self { pages: site.pages })
    }
}

impl Page {
    /// Reads the page `path`; a `data-` attribute can name several files.
    fn of(path: &Path, html: &str) -> Self {
        let loaded = |file: &&str| file.ends_with(".js") || file.ends_with(".css");
        let (mut links, mut ids) = (HashSet::new(), HashSet::new());
        for (name, value) in attributes(html) {
            match name {
                "id" => drop(ids.insert(value.to_owned())),
                "href" | "src" => drop(links.insert(value)),
                _ => links.extend(value.split(' ').filter(loaded)),
            }
        }
        let links = links.into_iter().filter_map(|link| Link::of(path, link));
        Self {
            links: links.collect(),
            ids,
        }
    }
}

impl Link {
    /// What `written` on `page` leads to, unless that is another site.
    fn of(page: &Path, written: &str) -> Option<Self> {
        let other_site = written.contains("://")
            || written.starts_with("mailto:")
            || written.starts_with("data:");
        if other_site || written.starts_with("/_book/") {
            return None;
        }
        let (file, place) = written.split_once('#').unwrap_or((written, ""));
        let file = match file {
            "" => page.to_owned(),
            file => normal(&page.parent().unwrap_or(Path::new("")).join(file)),
        };
        Some(Self {
            written: written.to_owned(),
            file,
            place: place.to_owned(),
        })
    }
}

/// The attributes in `html` that may matter here, in their order.
fn attributes(html: &str) -> impl Iterator<Item = (&str, &str)> {
    // A <base>, which 404.html has, is no link.
    let tags = TAG
        .find_iter(html)
        .filter(|tag| !tag.as_str().starts_with("<base "));
    let attributes = tags.flat_map(|tag| ATTRIBUTE.captures_iter(tag.as_str()));
    attributes.map(|found| {
        let (_, [name, value]) = found.extract();
        (name, value)
    })
}

/// Every file below `dest`, by its path relative to it.
fn files(dest: &Path) -> Result<HashSet<PathBuf>> {
    let mut files = HashSet::new();
    for entry in WalkDir::new(dest) {
        let entry = entry.context("cannot read the built site")?;
        if entry.file_type().is_file() {
            let path = entry.path();
            files.insert(path.strip_prefix(dest).unwrap_or(path).to_owned());
        }
    }
    Ok(files)
}

/// The files with this extension, in the order of their names.
fn with_extension<'a>(files: &'a HashSet<PathBuf>, extension: &str) -> Vec<&'a PathBuf> {
    let has_it = |path: &&PathBuf| path.extension().is_some_and(|found| found == extension);
    let mut found: Vec<_> = files.iter().filter(has_it).collect();
    found.sort();
    found
}

/// The site whose links are followed.
struct Site<'a> {
    pages: HashMap<PathBuf, Arc<Page>>,
    files: &'a HashSet<PathBuf>,
    prints_later: bool,
}

impl Site<'_> {
    /// What is wrong with a link, if anything is.
    fn follow(&self, link: &Link) -> Option<String> {
        let Link {
            written,
            file,
            place,
        } = link;
        if !self.files.contains(file) {
            if self.prints_later && file == Path::new(PRINT_FILE) {
                return None;
            }
            let known = self.pages.keys().filter_map(|path| path.to_str());
            let hint = did_you_mean(&file.to_string_lossy(), known);
            return Some(format!("the link `{written}` leads to no file{hint}"));
        }
        if place.is_empty() {
            return None;
        }
        let known = &self.pages.get(file)?.ids;
        if known.contains(place) {
            return None;
        }
        let hint = did_you_mean(place, known.iter().map(String::as_str));
        Some(format!(
            "the link `{written}` leads to no place in its page{hint}"
        ))
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(normal.pop()),
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// The file of the theme that became a style, without the hash in its name.
fn style_source(path: &Path) -> PathBuf {
    let name = path.with_extension("").to_string_lossy().into_owned();
    let name = name.rsplit_once('-').map_or(&*name, |(name, _)| name);
    Path::new("theme").join(format!("{name}.css"))
}

/// The file and line of the book's text that wrote `link`, as near as it can
/// be told: the first line of the page's source that names its target. What
/// has no source stands in the template.
fn written_at(root: &Path, page: &Path, link: &str) -> (PathBuf, usize) {
    let source = Path::new("src").join(page.with_extension("md"));
    let Ok(text) = fs::read_to_string(root.join(&source)) else {
        return (PathBuf::from("theme/index.hbs"), 1);
    };
    let markdown = link.replace(".html", ".md");
    let line = text
        .lines()
        .position(|line| line.contains(link) || line.contains(&markdown));
    (source, line.map_or(1, |index| index + 1))
}
