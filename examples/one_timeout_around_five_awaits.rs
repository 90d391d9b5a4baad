//! The same work behind five awaits, each of them cancelled before it is done.
//! Look for the work that goes on.
//!
//! `cargo run --example one_timeout_around_five_awaits`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use tokio::spawn;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Duration, sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

const WORK: Duration = Duration::from_millis(400);

/// Set when the work is done.
pub type Done = Arc<AtomicBool>;

/// What is waited for.
pub async fn work(done: Done) {
    sleep(WORK).await;
    done.store(true, Relaxed);
}

fn blocking_work(done: Done) {
    thread::sleep(WORK);
    done.store(true, Relaxed);
}

async fn cancel<F: Future>(start: impl FnOnce(Done) -> F) -> (bool, Done) {
    let done = Done::default();
    let waited = timeout(WORK / 20, start(done.clone())).await;
    (waited.is_err(), done)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let handle = |done| spawn(work(done));
    let owned_task = |done| AbortOnDropHandle::new(spawn(work(done)));
    let owned_set = |done| JoinSet::from_iter([work(done)]).join_all();
    let thread = |done| spawn_blocking(|| blocking_work(done));

    let awaits = [
        ("a future", cancel(work).await),
        ("a JoinHandle", cancel(handle).await),
        ("an AbortOnDropHandle", cancel(owned_task).await),
        ("a JoinSet", cancel(owned_set).await),
        ("spawn_blocking", cancel(thread).await),
    ];
    sleep(WORK * 2).await;
    for (name, (cancelled, done)) in awaits {
        let done = done.load(Relaxed);
        println!("{name}: wait cancelled: {cancelled}, work done: {done}");
    }
}
