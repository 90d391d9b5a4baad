//! Finds the program that a page asks for.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::fs;

/// The folders with programs, each with that of the outputs that tests assert, if
/// there is one.
const FOLDERS: [(&str, Option<&str>); 2] = [
    ("examples", Some("tests/outputs")),
    ("tests/compile_fail", None),
];

/// A program to compile and run.
#[derive(Debug)]
pub struct Program {
    /// Its name, which is that of its file.
    pub name: String,
    /// Its text, as it is in the file or as the reader has changed it.
    pub source: Arc<str>,
    /// What the book's test asserts that the file prints.
    pub recorded: Option<String>,
}

impl Program {
    /// The program `name` of the book at `root`, with `changed` in the place of its
    /// text. `None` when the book has no such program.
    pub async fn find(
        root: &Path,
        name: &str,
        changed: Option<String>,
    ) -> io::Result<Option<Self>> {
        if !is_name(name) {
            return Ok(None);
        }
        for (folder, outputs) in FOLDERS {
            let Some(source) = read(&root.join(folder).join(format!("{name}.rs"))).await? else {
                continue;
            };
            let recorded = match outputs {
                Some(outputs) => read(&root.join(outputs).join(format!("{name}.txt"))).await?,
                None => None,
            };
            return Ok(Some(Self {
                name: name.to_owned(),
                source: changed.unwrap_or(source).into(),
                recorded,
            }));
        }
        Ok(None)
    }
}

/// No path, no option, nothing that means something to anybody.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.len() <= 100 && name.chars().all(allowed)
}

async fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => text.map(Some),
    }
}
