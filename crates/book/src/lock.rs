//! The versions that the book was run with: `Cargo.lock`.

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
        let mut versions = self.versions(package);
        versions
            .next()
            .with_context(|| format!("`{package}` is not in Cargo.lock"))
    }

    /// All versions of a package, the newest first.
    pub fn versions(&self, package: &str) -> impl Iterator<Item = &str> {
        let name = format!("name = \"{package}\"");
        let lines: Vec<&str> = self.0.lines().collect();
        let pairs = lines.windows(2).rev().filter(|pair| pair[0] == name);
        let versions: Vec<&str> = pairs
            .filter_map(|pair| pair[1].strip_prefix("version = \"")?.strip_suffix('"'))
            .collect();
        versions.into_iter()
    }
}
