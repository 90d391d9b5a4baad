//! The statements of the document that this book grew from, each with a
//! verdict, and with what holds that verdict.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The statements' file, relative to the root.
pub const FILE: &str = "src/statements.toml";

/// What became of a statement when it was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds as it stands.
    Holds,
    /// It holds under a condition that it does not name.
    HoldsIf,
    /// It does not hold.
    False,
    /// It tells what to do; the book shows what happens without it.
    Advice,
    /// It says what a word means; the book makes it executable.
    Definition,
}

/// One statement of the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// `D01`, `D02`, … without a gap.
    pub id: String,
    /// What the document says, in a few words; Markdown.
    pub says: String,
    /// What became of it.
    pub verdict: Verdict,
    /// What running it shows; Markdown.
    pub truth: String,
    /// The page that teaches it, relative to `src/`.
    pub page: String,
    /// The program on that page that shows it.
    pub example: Option<String>,
    /// The checks on that page that hold the verdict.
    pub checks: Vec<String>,
    /// Its line in the file, from 1.
    #[serde(skip)]
    pub line: usize,
}

#[derive(Deserialize)]
struct File {
    #[serde(default, rename = "statement")]
    statements: Vec<Statement>,
}

/// The statements of the book at `root`, in their order; none when there is no
/// such file.
pub(super) fn read(root: &Path) -> Result<Vec<Statement>> {
    let text = match fs::read_to_string(root.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.with_context(|| format!("cannot read `{FILE}`"))?,
    };
    let file: File = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text[..start].matches('\n').count() + 1;
        anyhow::anyhow!("{FILE}:{line}: {}", error.message())
    })?;
    let mut statements = file.statements;
    for statement in &mut statements {
        let key = format!("id = \"{}\"", statement.id);
        let index = text.lines().position(|line| line.trim() == key);
        statement.line = index.map_or(1, |index| index + 1);
    }
    Ok(statements)
}
