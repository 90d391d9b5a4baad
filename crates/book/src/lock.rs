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
        let mut versions = self.versions(package);
        versions
            .next()
            .with_context(|| format!("`{package}` is not in Cargo.lock"))
    }

    /// All versions of a package, the newest first.
    pub fn versions(&self, package: &str) -> impl Iterator<Item = &str> {
        let start = format!("\nname = \"{package}\"\nversion = \"");
        let after = self.0.split(&start).skip(1);
        let versions: Vec<&str> = after.filter_map(|rest| rest.split('"').next()).collect();
        versions.into_iter().rev()
    }

    /// The packages that a package of the workspace depends on, each with its
    /// version where several are locked.
    ///
    /// # Errors
    /// When it is not locked.
    pub fn dependencies(&self, package: &str) -> Result<Vec<(&str, Option<&str>)>> {
        let start = format!("[[package]]\nname = \"{package}\"\n");
        let (_, rest) = self
            .0
            .split_once(&start)
            .with_context(|| format!("`{package}` is not in Cargo.lock"))?;
        let own = rest.split("[[package]]").next().unwrap_or_default();
        let list = own.split_once("dependencies = [\n");
        let entries = list.map_or("", |(_, list)| list).lines();
        let entries = entries.map_while(|line| line.strip_prefix(" \"")?.strip_suffix("\","));
        let both = entries.map(|entry| {
            let mut words = entry.split(' ');
            (words.next().unwrap_or_default(), words.next())
        });
        Ok(both.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    /// Dependencies are read with their versions, where they have some, and only
    /// those of the package itself.
    #[test]
    fn dependencies_are_read() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n\
            [[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\n \"c\",\n \"d 2.0.0\",\n]\n";
        let lock = Lock(lock.to_owned());
        assert_eq!(lock.dependencies("a").unwrap(), []);
        assert_eq!(
            lock.dependencies("b").unwrap(),
            [("c", None), ("d", Some("2.0.0"))]
        );
        assert!(lock.dependencies("c").is_err());
    }
}
