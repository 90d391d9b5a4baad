//! Where one run works: its folder, and the process that runs in it.
//!
//! A run is raced against its cancellation, and the loser of a race is dropped in
//! the middle. What must be ended properly therefore does not live in the future
//! that may be dropped, but here, outside the race: the future borrows the bench,
//! and [`close`](Bench::close) is awaited whoever has won.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Error, Result, bail};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

use super::keeper::End;
use super::kept::{Kept, Streams};
use super::limits::Limit;
use super::scratch::{Scratch, no_room};

/// The folder in which programs lie, in the book as in a run, so that the
/// compiler names the same files.
const EXAMPLES: &str = "examples";

/// Why nothing more is read.
#[derive(Debug)]
pub enum Cut {
    /// It was enough.
    Limit(Limit),
    /// It cannot be read.
    Broken(Error),
}

impl<E: Into<Error>> From<E> for Cut {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

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

    /// Waits until what was started has ended, and what it says was read by `read`,
    /// but no longer than `time`.
    ///
    /// The two are waited for at once. Streams alone would not do: when a keeper is
    /// killed, the program still has them, and they do not end.
    ///
    /// # Errors
    /// When it could not be started, or was taken away from us.
    pub async fn ended(
        &mut self,
        time: Duration,
        read: impl Future<Output = Result<(), Cut>>,
    ) -> Result<End> {
        let kept = self.kept.as_mut().context("nothing was started")?;
        let ended = async { Ok(kept.ended().await?) };
        match timeout(time, async { tokio::try_join!(ended, read) }).await {
            Ok(Ok((End::NotStarted(error), ()))) => bail!("it cannot be started: {error}"),
            Ok(Ok((end, ()))) => Ok(end),
            Ok(Err(Cut::Limit(limit))) => Ok(End::Limit(limit)),
            Ok(Err(Cut::Broken(error))) => Err(error),
            Err(_) => Ok(End::Limit(Limit::Time)),
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
