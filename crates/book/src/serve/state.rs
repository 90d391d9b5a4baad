//! What is served at this moment: the last good site, and what is wrong with
//! the book if something is. The [builder](super::builder) publishes it, the
//! rest of the server reads it.

use std::fmt::{self, Display};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io, thread};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::sync::{OnceCell, oneshot};

use crate::site::PrintPage;

/// Names one start of the server, so that no generation of another start is
/// ever taken for one of this.
pub struct Start(u64);

impl Start {
    /// A new name, from the randomness that the system gives to hash maps.
    pub fn now() -> Self {
        Self(RandomState::new().hash_one(std::process::id()))
    }

    /// The name of this start's `number`-th good build; the 0-th is the state
    /// before any.
    pub fn generation(&self, number: u64) -> String {
        format!("{:016x}-{number}", self.0)
    }
}

/// One built site in a folder of its own, which nobody writes to any more.
///
/// It lives in an [`Arc`]: whoever answers a request holds one, and so do the
/// bodies still on their way to a slow reader. When the last of them is gone
/// the folder is removed. `Drop` is synchronous, and these are a few hundred
/// small files; handing the work to a spawned task would lose it when the
/// runtime shuts down.
#[derive(Debug)]
pub struct Site {
    folder: TempDir,
    generation: String,
    /// The page for printing, where it is made when it is asked for.
    print: Option<PrintPage>,
    printed: OnceCell<()>,
}

impl Site {
    /// Takes over a folder that holds a site, complete but for `print`.
    pub fn new(folder: TempDir, generation: String, print: Option<PrintPage>) -> Self {
        Self {
            folder,
            generation,
            print,
            printed: OnceCell::new(),
        }
    }

    /// Waits until the page for printing is there, and sees to it that somebody
    /// makes it. In a thread, as [every build](super::builder); whoever asks
    /// meanwhile waits for the same one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn print(&self) -> Result<()> {
        let Some(print) = &self.print else {
            return Ok(());
        };
        let make = || async {
            let (done, made) = oneshot::channel();
            let print = print.clone();
            thread::Builder::new()
                .name("printer".to_owned())
                .spawn(move || drop(done.send(print.make())))?;
            made.await.context("the page for printing was not made")?
        };
        self.printed.get_or_try_init(make).await.map(drop)
    }

    /// The generation of this site.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// The folder with the site's files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The entity tag of everything in this site. A generation never changes,
    /// so a browser that holds a file of this generation holds it right. Times
    /// of modification would not do: HTTP knows them to the second only, and
    /// two saves within a second would look the same.
    pub fn tag(&self) -> String {
        format!("\"{}\"", self.generation)
    }
}

/// What the builder published last. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Published {
    /// The generation of the pages that are served now.
    pub generation: Arc<str>,
    /// Why the last build failed, unless it was good.
    pub problem: Option<Arc<str>>,
    /// The last good site; none before the first good build.
    pub site: Option<Arc<Site>>,
}

impl Published {
    /// The state before the first build.
    pub fn nothing(start: &Start) -> Self {
        Self {
            generation: start.generation(0).into(),
            problem: None,
            site: None,
        }
    }

    /// Whether a build has ended, well or badly.
    pub fn has_ended(&self) -> bool {
        self.site.is_some() || self.problem.is_some()
    }

    /// The state after a good build.
    pub fn good(site: Site) -> Self {
        Self {
            generation: site.generation.as_str().into(),
            problem: None,
            site: Some(Arc::new(site)),
        }
    }

    /// The state after a failed build: the last good site stays up.
    pub fn with_problem(&self, problem: String) -> Self {
        Self {
            problem: Some(problem.into()),
            ..self.clone()
        }
    }
}

impl Display for Published {
    /// The state as the open pages are told it: one line of JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            generation,
            problem,
            ..
        } = self;
        let state = serde_json::json!({
            "generation": &**generation,
            "problem": problem.as_deref(),
        });
        write!(f, "{state}")
    }
}

/// Removes the folder with all sites. A build that was cut off may still be
/// writing, so that a folder is not empty at the moment it is to go: look again.
pub fn remove(workspace: TempDir) {
    let path = workspace.keep();
    for _ in 0..10 {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            _ => {}
        }
    }
    tracing::warn!(
        "`{}` could not be removed; it can be deleted by hand",
        path.display()
    );
}
