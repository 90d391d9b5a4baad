//! What was seen when the checks last ran, and for which state of the sources.
//!
//! `verify` writes it, outside version control; every build reads it, and a
//! mark is green only when the evidence is of these very sources.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The folder of the evidence, relative to the book's root.
pub const FOLDER: &str = "target/evidence";

/// What decides whether a check passes: the programs, the checks and their
/// harnesses, and the versions they are built with. Files and folders, relative
/// to the book's root.
pub const SOURCES: &[&str] = &[
    "examples",
    "tests",
    "crates/cancel-sweep/src",
    "crates/checks",
    "crates/recorder",
    "crates/recording",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
];

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It ran and held.
    Passed,
    /// It ran and did not hold.
    Failed,
    /// It did not run.
    Ignored,
}

/// One run of the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The [fingerprint] of the sources that ran.
    pub sources: String,
    /// When the run ended.
    pub finished: Timestamp,
    /// The version of tokio in `Cargo.lock`.
    pub tokio: String,
    /// What `rustc --version` says.
    pub rustc: String,
    /// Each check by the name that `cargo test` prints.
    pub outcomes: BTreeMap<String, Outcome>,
}

impl Evidence {
    /// Keeps this run, in place of the one before.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn store(&self, root: &Path) -> Result<PathBuf> {
        let folder = root.join(FOLDER);
        let file = folder.join("latest.json");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, serde_json::to_string_pretty(self)?))
            .with_context(|| format!("cannot write the evidence to `{}`", file.display()))?;
        Ok(file)
    }
}

/// What the evidence says of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It passed, on these sources; with the circumstances.
    Held(String),
    /// It failed, on these sources; with the circumstances.
    Failed(String),
    /// There is no evidence of these sources.
    Unchecked,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(when) => write!(f, "Passed {when}"),
            Self::Failed(when) => write!(f, "Failed {when}"),
            Self::Unchecked => f.write_str("Not yet checked here: run cargo run -- verify"),
        }
    }
}

/// The evidence as a build sees it: kept only if it is of these sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record(Option<Evidence>);

impl Record {
    /// The evidence kept for the book at `root`, unless its sources have
    /// changed since.
    ///
    /// # Errors
    /// When the sources cannot be read. Evidence that cannot be read is no
    /// evidence, and no error.
    pub fn read(root: &Path) -> Result<Self> {
        let file = root.join(FOLDER).join("latest.json");
        let Ok(text) = fs::read_to_string(file) else {
            return Ok(Self(None));
        };
        let kept: Option<Evidence> = serde_json::from_str(&text).ok();
        let sources = fingerprint(root)?;
        Ok(Self(kept.filter(|evidence| evidence.sources == sources)))
    }

    /// What it says of the check called `name`.
    pub fn state(&self, name: &str) -> State {
        let Some(evidence) = &self.0 else {
            return State::Unchecked;
        };
        let circumstances = || {
            let when = evidence.finished.strftime("%Y-%m-%d %H:%M UTC");
            format!("{when}, tokio {}, {}", evidence.tokio, evidence.rustc)
        };
        match evidence.outcomes.get(name) {
            Some(Outcome::Passed) => State::Held(circumstances()),
            Some(Outcome::Failed) => State::Failed(circumstances()),
            Some(Outcome::Ignored) | None => State::Unchecked,
        }
    }
}

/// A short hash of every source that decides whether a check passes.
///
/// # Errors
/// When one of them cannot be read.
pub fn fingerprint(root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for source in SOURCES {
        let path = root.join(source);
        if path.exists() {
            add(&mut hash, root, &path)?;
        }
    }
    let digest = hash.finalize();
    Ok(digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Adds a file, or a folder in the order of its names, under its path.
fn add(hash: &mut Sha256, root: &Path, path: &Path) -> Result<()> {
    let unreadable = || format!("cannot read `{}`", path.display());
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(unreadable)?;
        let mut children = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        children.sort();
        return children
            .iter()
            .filter(|child| !child.ends_with("tests/browser"))
            .try_for_each(|child| add(hash, root, child));
    }
    let content = fs::read(path).with_context(unreadable)?;
    let name = path.strip_prefix(root).unwrap_or(path);
    hash.update(name.to_string_lossy().as_bytes());
    hash.update(content.len().to_le_bytes());
    hash.update(content);
    Ok(())
}
