//! Links to the documentation of dependencies: each names the version that
//! `Cargo.lock` has, so that the reader sees what the programs ran with.
//! Called by the preprocessor. The table of calls makes its own from the lock.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;
use walkdir::WalkDir;

use crate::lock::Lock;
use crate::problem::Problems;

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"https?://docs\.rs/(?:crate/)?([\w-]+)(?:/([^/\s)>"'`#?]*))?"#)
        .expect("a valid pattern")
});

/// Notes each link in the text, the examples and the READMEs of the book at
/// `root` that names another version of a dependency, or none.
///
/// # Errors
/// When `Cargo.lock` is needed and cannot be read.
pub fn check(root: &Path, problems: &mut Problems) -> Result<()> {
    let mut read = None;
    for path in texts(root) {
        let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
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
                        &path,
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

/// The files that a reader reads, relative to `root`.
fn texts(root: &Path) -> Vec<PathBuf> {
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
    let relative = |path: PathBuf| path.strip_prefix(root).map(Path::to_owned).ok();
    all.filter(is_text).filter_map(relative).collect()
}
