//! Where one run works: its folder, and the process that runs in it.
//!
//! A run is raced against its cancellation, and the loser of a race is dropped in
//! the middle. What must be ended properly therefore does not live in the future
//! that may be dropped, but here, outside the race: the future borrows the bench,
//! and [`close`](Bench::close) is awaited whoever has won.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::process::Command;

use super::keeper::End;
use super::kept::{Kept, Streams};
use super::scratch::{Scratch, no_room};

/// The folder in which programs lie, in the book as in a run, so that the
/// compiler names the same files.
const EXAMPLES: &str = "examples";

/// A folder of its own, and at most one process with all that came of it.
#[derive(Debug)]
pub struct Bench {
    kept: Option<Kept>,
    folder: TempDir,
}

impl Bench {
    /// An empty bench.
    ///
    /// # Errors
    /// When there is no room for its folder.
    pub fn new(scratch: &Scratch) -> Result<Self> {
        Ok(Self {
            kept: None,
            folder: scratch.for_a_run()?,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the program's source into the folder. Returns its path in there.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn put(&self, name: &str, source: &str) -> Result<PathBuf> {
        let file = Path::new(EXAMPLES).join(format!("{name}.rs"));
        let put = || {
            fs::create_dir(self.folder().join(EXAMPLES))?;
            fs::write(self.folder().join(&file), source)
        };
        put().with_context(|| no_room(self.folder()))?;
        Ok(file)
    }

    /// Starts a [`command`](super::kept::command) in the folder.
    ///
    /// # Errors
    /// When there is no process to be had.
    pub fn start(&mut self, mut command: Command) -> Result<Streams> {
        command
            .current_dir(self.folder())
            .env("TMPDIR", self.folder());
        let (kept, streams) = Kept::start(command).context("no process can be started")?;
        self.kept = Some(kept);
        Ok(streams)
    }

    /// Waits until what was started has ended. Cancel-safe.
    ///
    /// # Errors
    /// When it was taken away from us.
    pub async fn ended(&mut self) -> Result<End> {
        match &mut self.kept {
            Some(kept) => Ok(kept.ended().await?),
            None => Err(io::Error::other("nothing was started").into()),
        }
    }

    /// Ends what still runs, waits until it is gone, and removes the folder. In
    /// this order: a compiler that runs would write into the folder while it is
    /// being removed.
    pub async fn close(self) {
        let Self { kept, folder } = self;
        if let Some(kept) = kept {
            kept.close().await;
        }
        if let Err(error) = folder.close() {
            tracing::warn!("the folder of a run could not be removed: {error}");
        }
    }
}
