//! How the server ends: tell, wait, and at last cut.
//!
//! A signal cancels nothing by itself. Somebody has to listen for it and tell
//! the rest, somebody has to wait until the rest is done, and somebody has to
//! decide what becomes of those who are not done in time. Here that is:
//!
//! 1. *Tell.* The first Ctrl-C (or SIGTERM) cancels [`Shutdown::stop`]. Whoever
//!    holds this token ends at the next good moment: the listener takes no new
//!    connections, event streams end, a request in flight is answered first.
//! 2. *Wait.* Everything that was started with [`Tasks::spawn`] is counted
//!    by a [`TaskTracker`]. [`Shutdown::finish`] waits for all of it. A token
//!    alone waits for nobody, and a tracker alone tells nobody.
//! 3. *Cut.* After [`GRACE`], or at a second Ctrl-C, the second token drops
//!    what is still there. A connection whose client never ends its request is
//!    dropped at its `.await`, and dropping it closes its socket.
//!
//! The thread that builds is the exception that proves the rule: it has no
//! `.await`, so no token can end it. It looks at `stop` between two builds, and
//! it is waited for like all others, but not longer.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// How long the rest may take to end well.
pub const GRACE: Duration = Duration::from_secs(1);

/// How long a task that was cut may take to be dropped: it runs to its next
/// `.await` first.
const CUT: Duration = Duration::from_millis(100);

/// The two tokens, and the tracker that waits.
pub struct Shutdown {
    /// Cancelled by the first signal: end well, and soon.
    pub stop: CancellationToken,
    /// What there is to wait for.
    pub tasks: Tasks,
    /// Owned, not detached: it listens for exactly as long as this lives.
    _listener: AbortOnDropHandle<()>,
}

impl Shutdown {
    /// Listens for Ctrl-C and SIGTERM from now on. They no longer kill the
    /// process: whoever calls this has promised to end.
    ///
    /// # Errors
    /// When the system refuses to deliver signals.
    pub fn on_signals() -> Result<Self> {
        let mut signals = Signals::new().context("cannot listen for Ctrl-C")?;
        let stop = CancellationToken::new();
        let cut = CancellationToken::new();
        let (first, second) = (stop.clone(), cut.clone());
        let listener = tokio::spawn(async move {
            signals.next().await;
            first.cancel();
            signals.next().await;
            second.cancel();
        });
        Ok(Self {
            stop,
            tasks: Tasks {
                cut,
                tracker: TaskTracker::new(),
            },
            _listener: AbortOnDropHandle::new(listener),
        })
    }

    /// Waits until everything has ended, and cuts what has not ended in time.
    pub async fn finish(self) {
        self.stop.cancel();
        let Tasks { cut, tracker } = self.tasks;
        // `wait` ends when the tracker is both empty and closed.
        tracker.close();
        let ended = timeout(GRACE, tracker.wait());
        let all_ended = matches!(cut.run_until_cancelled(ended).await, Some(Ok(())));
        if !all_ended {
            cut.cancel();
            // The thread that builds may hold out longer. It dies with us.
            let _ = timeout(CUT, tracker.wait()).await;
        }
    }
}

/// The tasks of the server, each waited for and none detached. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tasks {
    cut: CancellationToken,
    tracker: TaskTracker,
}

impl Tasks {
    /// Starts a task that [`Shutdown::finish`] waits for, and that is dropped in
    /// the middle when its time is up. To end better than that it listens to
    /// [`Shutdown::stop`].
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let cut = self.cut.clone();
        self.tracker.spawn(cut.run_until_cancelled_owned(task));
    }

    /// Lets [`Shutdown::finish`] wait for something that is no task, until the
    /// returned token is dropped.
    pub fn wait_for_thread(&self) -> TaskTrackerToken {
        self.tracker.token()
    }
}

/// Ctrl-C and SIGTERM, which service managers and container runtimes send.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next of either. The branch that loses misses nothing:
    /// `Signal::recv` is cancel-safe.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C; other systems have no SIGTERM.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next Ctrl-C. Where none can be heard, for ever.
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
