//! Programs that a page can show: a source file, and the file that holds what
//! running (or compiling) it printed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};

/// A program and what its test asserts that it prints.
#[derive(Debug)]
pub struct Program {
    /// The source file, relative to the root.
    pub path: PathBuf,
    /// The source text, anchors included.
    pub source: String,
    /// Where the printed text is kept, relative to the root.
    pub output_path: PathBuf,
    /// The printed text; `None` while nobody has recorded it.
    pub output: Option<String>,
}

/// The lines of a program between two anchor comments.
#[derive(Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// The name after `// ANCHOR:`.
    pub name: &'a str,
    /// The lines in between, without any anchor comment.
    pub text: String,
}

impl Program {
    /// The source as a reader sees it: without the anchor comments.
    pub fn listing(&self) -> String {
        self.source
            .lines()
            .filter(|line| anchor_comment(line).is_none())
            .flat_map(|line| [line, "\n"])
            .collect()
    }

    /// The line of the listing that a line of the file becomes; both count
    /// from 1.
    pub fn listing_line(&self, line: usize) -> usize {
        let before = self.source.lines().take(line);
        let anchors = before.filter(|line| anchor_comment(line).is_some()).count();
        line - anchors
    }

    /// The parts of the source that a page can show alone, in order.
    pub fn anchors(&self) -> Vec<Anchor<'_>> {
        let starts = self.source.lines().filter_map(anchor_comment);
        starts
            .filter(|(kind, _)| *kind == "ANCHOR")
            .map(|(_, name)| Anchor {
                name,
                text: self.between(name),
            })
            .collect()
    }

    fn between(&self, name: &str) -> String {
        let is = |kind, line| anchor_comment(line) == Some((kind, name));
        self.source
            .lines()
            .skip_while(|line| !is("ANCHOR", line))
            .take_while(|line| !is("ANCHOR_END", line))
            .filter(|line| anchor_comment(line).is_none())
            .flat_map(|line| [line, "\n"])
            .collect()
    }
}

/// `// ANCHOR: name` as `("ANCHOR", "name")`, and likewise its end.
fn anchor_comment(line: &str) -> Option<(&str, &str)> {
    let (kind, name) = line.trim().strip_prefix("// ")?.split_once(": ")?;
    matches!(kind, "ANCHOR" | "ANCHOR_END").then(|| (kind, name.trim()))
}

/// The programs `DIR/NAME.rs` of the book at `root`, each with its output in
/// `OUTPUTS/NAME.EXTENSION`, by name.
pub(super) fn read(
    root: &Path,
    dir: &str,
    outputs: &str,
    extension: &str,
) -> Result<BTreeMap<String, Program>> {
    let folder = root.join(dir);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.with_context(|| format!("cannot list `{}`", folder.display()))?,
    };
    let mut programs = BTreeMap::new();
    for entry in entries {
        let file = entry?.path();
        let (Some(name), Some("rs")) = (
            file.file_stem().and_then(|stem| stem.to_str()),
            file.extension().and_then(|extension| extension.to_str()),
        ) else {
            continue;
        };
        let output_path = Path::new(outputs).join(format!("{name}.{extension}"));
        let program = Program {
            path: Path::new(dir).join(format!("{name}.rs")),
            source: read_text(&file)?,
            output: read_if_there(&root.join(&output_path))?,
            output_path,
        };
        programs.insert(name.to_owned(), program);
    }
    Ok(programs)
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn read_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => text
            .map(Some)
            .with_context(|| format!("cannot read `{}`", path.display())),
    }
}
