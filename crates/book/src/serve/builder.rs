//! The thread that builds: once at the start, and again when a watched file
//! has changed. [`serve`](super::serve) starts it.
//!
//! A thread and not `spawn_blocking`, because a build cannot be cancelled: a
//! runtime that is dropped waits for its blocking tasks, however long they
//! take, and Ctrl-C would hang until the build is done. A thread of our own
//! ends with the process.

use std::any::Any;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use tempfile::TempDir;
use tokio::sync::watch::Sender;
use tokio_util::sync::CancellationToken;

use super::shutdown::Shutdown;
use super::state::{Published, Site, Start};
use super::watch::{Signal, Watcher};
use super::{complain, say};
use crate::site::{self, Press, PrintPage};

/// What to build, and where.
pub struct Plan {
    /// The folder with book.toml, as an absolute path.
    pub root: PathBuf,
    /// The folder in which every build gets a folder of its own.
    pub workspace: PathBuf,
    /// Names the generations.
    pub start: Start,
}

/// Starts the thread. It publishes the outcome of every build, and ends at the
/// first good moment after [`Shutdown::stop`].
///
/// # Errors
/// When the system gives no thread.
pub fn start(plan: Plan, publish: Sender<Published>, shutdown: &Shutdown) -> Result<()> {
    let (sender, signals) = mpsc::channel();
    let stop = shutdown.stop.clone();
    let builder = Builder {
        watcher: Watcher::new(&plan.root, sender.clone(), signals),
        press: Press::new(&plan.root),
        good_builds: 0,
        stop: stop.clone(),
        plan,
        publish,
    };
    // The thread sleeps in a channel that knows no tokens, so this wakes it.
    shutdown.tasks.spawn(async move {
        stop.cancelled().await;
        let _ = sender.send(Signal::Stop);
    });
    let waited_for = shutdown.tasks.wait_for_thread();
    thread::Builder::new()
        .name("builder".to_owned())
        .spawn(move || {
            builder.run();
            drop(waited_for);
        })
        .context("the system gives no thread to build in")?;
    Ok(())
}

struct Builder {
    plan: Plan,
    watcher: Watcher,
    press: Press,
    publish: Sender<Published>,
    stop: CancellationToken,
    good_builds: u64,
}

impl Builder {
    /// What was read is compared with what was read before the last build, not
    /// with what that build saw: a save in the middle of a build may or may
    /// not have made it in, and is built once more.
    fn run(mut self) {
        let mut built = self.watcher.snapshot();
        self.build(&[]);
        while let Some(seen) = self.watcher.wait()
            && !self.stop.is_cancelled()
        {
            let changed = seen.changed_since(&built);
            tracing::debug!("changed files: {}", changed.len());
            if !changed.is_empty() {
                self.build(&changed);
                built = seen;
            }
        }
    }

    /// Builds, publishes the outcome, and tells the person at the terminal.
    fn build(&mut self, changed: &[PathBuf]) {
        let started = Instant::now();
        self.press.changed(changed);
        let outcome = self.new_site();
        if self.stop.is_cancelled() {
            return;
        }
        let next = match outcome {
            Ok(site) => {
                self.good_builds += 1;
                let seconds = started.elapsed().as_secs_f32();
                say(format_args!("Built in {seconds:.2} s{}", because(changed)));
                Published::good(site)
            }
            Err(error) => {
                complain(format_args!(
                    "The book does not build{}\n\n{error:#}\n",
                    because(changed)
                ));
                self.publish.borrow().with_problem(format!("{error:#}"))
            }
        };
        // The old state is dropped here, after the new one is up, and with it
        // perhaps the last hold on an old site: removing its folder delays
        // nobody.
        drop(self.publish.send_replace(next));
    }

    fn new_site(&mut self) -> Result<Site> {
        let generation = self.plan.start.generation(self.good_builds + 1);
        let folder = TempDir::with_prefix_in("site-", &self.plan.workspace).with_context(|| {
            format!(
                "no folder can be made in `{}` to build the site in; make room there and save again",
                self.plan.workspace.display()
            )
        })?;
        let print = self.build_guarded(folder.path())?;
        Ok(Site::new(folder, generation, print))
    }

    /// A panic in a build is a mistake in the tools. It must not take the server
    /// down: the last good site stays up. What the press has kept of it may be
    /// in pieces.
    fn build_guarded(&mut self, dest: &Path) -> Result<Option<PrintPage>> {
        let build = AssertUnwindSafe(|| site::serve(&mut self.press, dest));
        catch_unwind(build).unwrap_or_else(|panic| {
            self.press = Press::new(&self.plan.root);
            Err(anyhow!(
                "the build panicked, which is a mistake in the book's tools and not in the book: {}",
                message(&*panic)
            ))
        })
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it left no message")
}

/// The files that made a build necessary, for the line in the terminal.
fn because(changed: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let mut text = String::new();
    for (path, before) in changed.iter().take(SHOWN).zip([": ", ", ", ", "]) {
        let _ = write!(text, "{before}{}", path.display());
    }
    if changed.len() > SHOWN {
        let _ = write!(text, " and {} more", changed.len() - SHOWN);
    }
    text
}
