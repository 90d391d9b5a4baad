//! Finds the compiler.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::process::Command;

/// The compiler itself, not rustup's stand-in for it, which would look it up anew
/// for every program.
#[derive(Debug)]
pub struct Rustc {
    /// Its file.
    pub file: PathBuf,
    /// The folder with the standard library.
    pub libraries: PathBuf,
}

impl Rustc {
    /// Asks for it as cargo does, which has compiled the crates with it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(root: &Path) -> Result<Self> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .args(["--print", "sysroot", "--print", "target-libdir"])
            .current_dir(root)
            .kill_on_drop(true)
            .output()
            .await
            .context("cannot start rustc")?;
        let text = String::from_utf8(output.stdout).context("rustc names no folders")?;
        let (root, libraries) = text
            .trim()
            .split_once('\n')
            .context("rustc names no folders")?;
        Ok(Self {
            file: Path::new(root).join("bin/rustc"),
            libraries: libraries.into(),
        })
    }
}
