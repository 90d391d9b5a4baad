//! Drops a future at every suspension and looks at what is left.
//!
//! A future is cancel-safe if dropping it at any `.await` breaks nothing.
//! [`sweep`] is that sentence as a program; the chapters' tests call it.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use tokio::select;
use tokio::time::{Duration, advance, sleep};

/// How far a run of the future came. The counts are of suspensions: polls that
/// returned `Pending`, the first of them 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Dropped before its first poll.
    NeverPolled,
    /// Dropped right after this suspension, before anything else could run.
    Suspended(usize),
    /// Dropped at this suspension after a day in which nothing woke it: the
    /// peer it waits for is absent, and it has no further suspension.
    Stuck(usize),
    /// Ran to its end, and had suspended this often.
    Completed(usize),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cut::NeverPolled => write!(f, "dropped before the first poll"),
            Cut::Suspended(n) => write!(f, "dropped at suspension {n}"),
            Cut::Stuck(n) => write!(f, "dropped after a day at suspension {n}"),
            Cut::Completed(n) => write!(f, "completed after {n} suspensions"),
        }
    }
}

/// A future with more suspensions than this is taken to be endless.
const MOST_SUSPENSIONS: usize = 250;

/// Virtual time, so it costs nothing to wait for it.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Builds a fresh world and drops `victim` in it at its first suspension, in
/// the next world at its second, and so on; each time `check` gets what is left
/// and says what is broken. Starts with a future that is never polled and ends
/// with one that completes or gets stuck.
///
/// Returns the last cut, whose count tells how much evidence there was
/// (`Completed(0)` is a future that cannot be cut), or the first cut that broke
/// something, in words.
///
/// Between two polls the runtime is free: spawned peers run, and once all are
/// idle the paused clock moves on to the next timer. That clock does not wait
/// for the kernel, so a real socket may be swept only where it never suspends.
///
/// # Panics
///
/// If the clock is not paused, and if the future does not end within 250
/// suspensions.
pub async fn sweep<S>(
    build: impl AsyncFn() -> S,
    victim: impl AsyncFn(&mut S),
    check: impl AsyncFn(S, Cut) -> Result<(), String>,
) -> Result<Cut, String> {
    for target in 0..=MOST_SUSPENSIONS {
        let mut world = build().await;
        // Panics unless the clock is paused. It also yields: the tasks of the
        // new world start, and every victim begins with a full coop budget.
        advance(Duration::ZERO).await;

        let mut future = Box::pin(victim(&mut world));
        let cut = poll_until(future.as_mut(), target).await;
        drop(future);

        check(world, cut)
            .await
            .map_err(|broken| format!("{cut}: {broken}"))?;
        if matches!(cut, Cut::Stuck(_) | Cut::Completed(_)) {
            return Ok(cut);
        }
    }
    panic!("no end after {MOST_SUSPENSIONS} suspensions: sweep a future that completes");
}

/// Polls `future`, each time it is woken, up to the suspension `target`.
async fn poll_until(mut future: Pin<&mut impl Future<Output = ()>>, target: usize) -> Cut {
    if target == 0 {
        return Cut::NeverPolled;
    }
    let mut seen = 0;
    let polls = poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(Cut::Completed(seen)),
        Poll::Pending => {
            seen += 1;
            if seen == target {
                Poll::Ready(Cut::Suspended(seen))
            } else {
                Poll::Pending
            }
        }
    });
    select! {
        biased; // the day's end wakes us too, and must not poll the future
        () = sleep(A_DAY) => Cut::Stuck(seen),
        cut = polls => cut,
    }
}
