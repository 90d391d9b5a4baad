//! Follows every link inside the built site. A link that leads nowhere fails
//! the build, at the line of the page that wrote it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;

use crate::problem::{Problems, did_you_mean};

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<[^<>]*\sid="([^"]*)""#).expect("a valid pattern"));
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<[^<>]*\s(?:href|src)="([^"]*)""#).expect("a valid pattern"));

/// mdBook's own pages, made of the others.
const DERIVED: [&str; 4] = ["print.html", "toc.html", "404.html", "index.html"];

/// Checks the links of the site in `dest`, built from the book at `root`.
///
/// # Errors
/// [`Problems`] with each link that leads to no file, or to no place in it.
pub fn check(root: &Path, dest: &Path) -> Result<()> {
    let pages = pages(dest)?;
    let ids: BTreeMap<&PathBuf, HashSet<&str>> = pages
        .iter()
        .map(|(path, html)| (path, captures(&ID, html).collect()))
        .collect();
    let mut problems = Problems::default();
    for (path, html) in &pages {
        if DERIVED.iter().any(|derived| path == Path::new(derived)) {
            continue;
        }
        for link in captures(&LINK, html) {
            if let Some(complaint) = follow(dest, path, link, &ids) {
                let (file, line) = written_at(root, path, link);
                problems.push(
                    file,
                    line,
                    complaint,
                    "correct the link, or create its target",
                );
            }
        }
    }
    Ok(problems.into_result()?)
}

/// Every HTML file below `dest`, by its path relative to it.
fn pages(dest: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![dest.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = || format!("cannot read the built `{}`", folder.display());
        for entry in fs::read_dir(&folder).with_context(unreadable)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "html")
            {
                let html = fs::read_to_string(&path).with_context(unreadable)?;
                let path = path.strip_prefix(dest).unwrap_or(&path).to_owned();
                pages.insert(path, html);
            }
        }
    }
    Ok(pages)
}

fn captures<'a>(pattern: &'static Regex, html: &'a str) -> impl Iterator<Item = &'a str> {
    let all = pattern.captures_iter(html);
    all.filter_map(|found| found.get(1).map(|text| text.as_str()))
}

/// What is wrong with `link` on `page`, if anything is.
fn follow(
    dest: &Path,
    page: &Path,
    link: &str,
    ids: &BTreeMap<&PathBuf, HashSet<&str>>,
) -> Option<String> {
    let other_site =
        link.contains("://") || link.starts_with("mailto:") || link.starts_with("data:");
    if other_site || link.starts_with("/_book/") {
        return None;
    }
    let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
    let target = match file {
        "" => page.to_owned(),
        file => normal(&page.parent().unwrap_or(Path::new("")).join(file)),
    };
    if !dest.join(&target).is_file() {
        let known = ids.keys().filter_map(|path| path.to_str());
        let hint = did_you_mean(&target.to_string_lossy(), known);
        return Some(format!("the link `{link}` leads to no file{hint}"));
    }
    let known = ids.get(&target)?;
    if fragment.is_empty() || known.contains(fragment) {
        return None;
    }
    let hint = did_you_mean(fragment, known.iter().copied());
    Some(format!(
        "the link `{link}` leads to no place in its page{hint}"
    ))
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

/// The file and line of the book's text that wrote `link`, as near as it can
/// be told: the first line of the page's source that names its target.
fn written_at(root: &Path, page: &Path, link: &str) -> (PathBuf, usize) {
    let source = Path::new("src").join(page.with_extension("md"));
    let text = fs::read_to_string(root.join(&source)).unwrap_or_default();
    let markdown = link.replace(".html", ".md");
    let line = text
        .lines()
        .position(|line| line.contains(link) || line.contains(&markdown));
    (source, line.map_or(1, |index| index + 1))
}
