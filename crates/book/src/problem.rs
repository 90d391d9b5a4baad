//! What a page, an example or a test gets wrong: where, what, and what to do
//! about it. Every room that reads the reader's files reports in this form.

use std::fmt;
use std::path::PathBuf;

/// One mistake in a file of the book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the book's root.
    pub path: PathBuf,
    /// The line in it, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub remedy: String,
}

/// All mistakes of one build; never empty when used as an error.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Notes one more mistake.
    pub fn push(
        &mut self,
        path: impl Into<PathBuf>,
        line: usize,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.0.push(Problem {
            path: path.into(),
            line,
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    /// `Ok` when nothing was noted, otherwise all of it, in the order of files
    /// and lines.
    pub fn into_result(mut self) -> Result<(), Self> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort();
        Err(self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            message,
            remedy,
        } = self;
        write!(f, "{}:{line}: {message}\n    {remedy}", path.display())
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        write!(f, "{count} {noun} in the book")?;
        self.0
            .iter()
            .try_for_each(|problem| write!(f, "\n\n{problem}"))
    }
}

impl std::error::Error for Problems {}

/// The existing names that look most like `wanted`, as the end of a sentence:
/// `"; did you mean `a` or `b`?"`, or nothing when none is close.
pub fn did_you_mean<'a>(wanted: &str, existing: impl Iterator<Item = &'a str>) -> String {
    let mut close: Vec<(f64, &str)> = existing
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<String> = close
        .iter()
        .take(3)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        _ => format!("; did you mean {}?", names.join(" or ")),
    }
}
