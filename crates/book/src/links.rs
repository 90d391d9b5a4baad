//! Follows every link inside the built site, of the pages that mdBook adds by
//! itself as well. A link that leads nowhere fails the build, at the line of the
//! page that wrote it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;
use walkdir::WalkDir;

use crate::problem::{Problems, did_you_mean};

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

/// Checks the links of the site in `dest`, built from the book at `root`: to
/// pages and places in them, and to pictures, scripts and styles, also those
/// that a script loads later by a `data-` attribute.
///
/// # Errors
/// [`Problems`] with each link that leads to no file, or to no place in it.
pub fn check(root: &Path, dest: &Path) -> Result<()> {
    let pages = files(dest, "html")?;
    let attributes: BTreeMap<&PathBuf, Vec<(&str, &str)>> = pages
        .iter()
        .map(|(path, html)| (path, attributes(html).collect()))
        .collect();
    let ids: BTreeMap<&PathBuf, HashSet<&str>> = attributes
        .iter()
        .map(|(path, all)| {
            let ids = all.iter().filter(|(name, _)| *name == "id");
            (*path, ids.map(|(_, value)| *value).collect())
        })
        .collect();
    let mut problems = Problems::default();
    for (path, css) in &files(dest, "css")? {
        for found in IN_STYLE.captures_iter(css) {
            if let Some(complaint) = follow(dest, path, &found[1], &ids) {
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
    let (repeating, pages): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|(path, _)| REPEATING.iter().any(|name| path.ends_with(name)));
    for group in [pages, repeating] {
        for (path, all) in group {
            for link in links(all) {
                if let Some(complaint) = follow(dest, path, link, &ids) {
                    let (file, line) = written_at(root, path, link);
                    let remedy = "correct the link, or create its target";
                    problems.push(file, line, complaint, remedy);
                }
            }
        }
        std::mem::take(&mut problems).into_result()?;
    }
    Ok(())
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

/// What a page with these attributes leads to or loads; a `data-` attribute can
/// name several files.
fn links<'a>(attributes: &'a [(&str, &str)]) -> impl Iterator<Item = &'a str> {
    let loaded = |file: &&str| file.ends_with(".js") || file.ends_with(".css");
    attributes
        .iter()
        .flat_map(move |(name, value)| -> Vec<&str> {
            match *name {
                "id" => Vec::new(),
                "href" | "src" => vec![*value],
                _ => value.split(' ').filter(loaded).collect(),
            }
        })
}

/// Every file below `dest` with this extension, by its path relative to it.
fn files(dest: &Path, extension: &str) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(dest) {
        let path = entry.context("cannot read the built site")?.into_path();
        if path.extension().is_some_and(|found| found == extension) {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read the built `{}`", path.display()))?;
            let path = path.strip_prefix(dest).unwrap_or(&path).to_owned();
            files.insert(path, text);
        }
    }
    Ok(files)
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
