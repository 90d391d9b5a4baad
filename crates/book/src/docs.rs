//! Links to the documentation of dependencies: each names the version that
//! `Cargo.lock` has, so that the reader sees what the programs ran with.
//! Called by the preprocessor. The table of calls makes its own from the lock.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;
use walkdir::WalkDir;

use crate::lock::Lock;
use crate::page::scan::Page;
use crate::problem::Problems;

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"https?://docs\.rs/(?:crate/)?([\w-]+)(?:/([^/\s)>"'`#?]*))?"#)
        .expect("a valid pattern")
});

/// A text with links to docs.rs: its file, relative to the book's root, and what
/// it says.
pub type Text = (PathBuf, String);

/// Notes each link in `texts`, of the book at `root`, that names another version
/// of a dependency, or none.
///
/// # Errors
/// When `Cargo.lock` is needed and cannot be read.
pub fn check<'a>(
    root: &Path,
    texts: impl Iterator<Item = (&'a Path, &'a str)>,
    problems: &mut Problems,
) -> Result<()> {
    let mut read = None;
    for (path, text) in texts.filter(|(_, text)| has_link(text)) {
        for (line, number) in text.lines().zip(1..) {
            for link in LINK.captures_iter(line) {
                let package = link[1].replace('_', "-");
                let named = link.get(2).map_or("", |version| version.as_str());
                let lock = match &mut read {
                    Some(lock) => lock,
                    none => none.insert(Lock::read(root)?),
                };
                let mut locked = lock.versions(&package).peekable();
                let Some(newest) = locked.peek().map(ToString::to_string) else {
                    continue;
                };
                if !locked.any(|version| version == named) {
                    problems.push(
                        path,
                        number,
                        format!("`{}` names no version of Cargo.lock", &link[0]),
                        format!("write `https://docs.rs/{}/{newest}/…`", &link[1]),
                    );
                }
            }
        }
    }
    Ok(())
}

fn has_link(text: &str) -> bool {
    text.contains("docs.rs/")
}

/// What a reader reads of the book at `root` beside its `pages`, as far as it has
/// links: the examples, the READMEs, and what pages include.
pub fn beside(root: &Path, pages: &[Page]) -> Vec<Text> {
    let written = ["src", "examples"].into_iter().flat_map(|folder| {
        let files = WalkDir::new(root.join(folder)).into_iter().flatten();
        files.map(walkdir::DirEntry::into_path)
    });
    let crates = WalkDir::new(root.join("crates"))
        .min_depth(2)
        .max_depth(2)
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.ends_with("README.md"));
    let all = [root.join("README.md")]
        .into_iter()
        .chain(written)
        .chain(crates);
    let is_text = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("md" | "toml" | "rs"))
    };
    let pages: HashSet<&Path> = pages.iter().map(|page| page.path.as_path()).collect();
    let text = |path: PathBuf| {
        let name = path.strip_prefix(root).ok()?;
        let is_page = pages.contains(name);
        let text = fs::read_to_string(&path).ok().filter(|text| has_link(text));
        (!is_page).then_some((name.to_owned(), text?))
    };
    all.filter(is_text).filter_map(text).collect()
}
