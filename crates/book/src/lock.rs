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
        let name = format!("name = \"{package}\"");
        let lines: Vec<&str> = self.0.lines().collect();
        let pairs = lines.windows(2).rev();
        let mut versions = pairs.filter(|pair| pair[0] == name).map(|pair| pair[1]);
        let version = versions.next();
        version
            .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
            .with_context(|| format!("`{package}` is not in Cargo.lock"))
    }
}
