//! The versions that the book was run with, and what it depends on:
//! `Cargo.lock`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The text of `Cargo.lock`.
#[derive(Debug)]
pub struct Lock(String);

impl Lock {
    /// Reads that of the book at `root`.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("Cargo.lock");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(Self(text))
    }

    /// The version of a package; the newest if there are several.
    ///
    /// # Errors
    /// When it is not locked.
    pub fn version(&self, package: &str) -> Result<&str> {
        let name = format!("name = \"{package}\"");
        let lines: Vec<&str> = self.0.lines().collect();
        let pairs = lines.windows(2).rev();
        let mut versions = pairs.filter(|pair| pair[0] == name).map(|pair| pair[1]);
        let version = versions.next();
        version
            .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
            .with_context(|| format!("`{package}` is not in Cargo.lock"))
    }
    /// The names of the packages that a package of the workspace depends on.
    ///
    /// # Errors
    /// When it is not locked.
    pub fn dependencies(&self, package: &str) -> Result<Vec<&str>> {
        let start = format!("[[package]]\nname = \"{package}\"\n");
        let (_, rest) = self
            .0
            .split_once(&start)
            .with_context(|| format!("`{package}` is not in Cargo.lock"))?;
        let own = rest.split("[[package]]").next().unwrap_or_default();
        let list = own
            .split_once("dependencies = [\n")
            .map_or("", |(_, list)| list);
        let entries = list.lines().map_while(|line| line.strip_prefix(" \""));
        // `name`, or `name version` where several versions are locked.
        let names = entries.filter_map(|entry| entry.split([' ', '"']).next());
        Ok(names.collect())
    }
}
