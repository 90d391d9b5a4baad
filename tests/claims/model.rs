//! Claims of the chapter "The mental model, completed".

use std::future::{pending, ready};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, process, thread};

use cancel_sweep::Sweep;
use futures::poll;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking, yield_now};
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use crate::log::Log;

#[path = "../../examples/one_timeout_around_five_awaits.rs"]
#[allow(dead_code)]
mod one_timeout_around_five_awaits;

use one_timeout_around_five_awaits::{Done, work};

/// Gives up after a fifth of the work's time: is the work done in the end?
async fn is_done<F: Future>(wait: impl FnOnce(Done) -> F) -> bool {
    let done = Done::default();
    let waited = timeout(Duration::from_millis(20), wait(done.clone())).await;
    assert!(waited.is_err(), "the wait is cancelled");
    assert!(!done.load(Relaxed), "the work is not done yet");
    sleep(Duration::from_secs(60)).await;
    done.load(Relaxed)
}

fn spawned(done: Done) -> JoinHandle<()> {
    tokio::spawn(work(done))
}

/// What the dropped future owned stops with the waiting: its own body, the task
/// of an `AbortOnDropHandle`, the tasks of a `JoinSet`.
#[tokio::test(start_paused = true)]
async fn what_the_future_owned_stops() {
    assert!(!is_done(work).await);
    assert!(!is_done(|done| AbortOnDropHandle::new(spawned(done))).await);
    assert!(!is_done(|done| JoinSet::from_iter([work(done)]).join_all()).await);
    // The check can fail: the same task, but not owned.
    assert!(is_done(spawned).await);
}

/// A `JoinHandle` that is dropped by a `timeout` stops the waiting, and the task
/// does its work to the end.
#[tokio::test(start_paused = true)]
async fn a_task_goes_on_without_its_handle() {
    assert!(is_done(spawned).await);
    assert!(!is_done(|done| AbortOnDropHandle::new(spawned(done))).await);
}

/// The chef owns the task of the cook. The cook either owns the task of the
/// hand or holds a plain handle to it.
async fn chef(log: Log, cook_owns_the_hand: bool) {
    let cook = async move {
        let hand = tokio::spawn(async move {
            sleep(Duration::from_secs(1)).await;
            log.note("hand");
        });
        if cook_owns_the_hand {
            AbortOnDropHandle::new(hand).await.unwrap();
        } else {
            hand.await.unwrap();
        }
    };
    AbortOnDropHandle::new(tokio::spawn(cook)).await.unwrap();
}

/// Cancelling goes from owner to owner, over any number of tasks, and ends at
/// the first plain handle.
#[tokio::test(start_paused = true)]
async fn cancelling_ends_at_a_plain_handle() {
    for cook_owns_the_hand in [false, true] {
        let log = Log::default();
        let waited = timeout(
            Duration::from_millis(20),
            chef(log.clone(), cook_owns_the_hand),
        );
        assert!(waited.await.is_err());
        sleep(Duration::from_secs(60)).await;
        let hand_is_done = !log.events().is_empty();
        assert_eq!(hand_is_done, !cook_owns_the_hand);
    }
}

/// A closure that `spawn_blocking` runs goes on when its handle is dropped, and
/// even when it is aborted first.
#[tokio::test]
async fn a_running_closure_goes_on() {
    for abort in [false, true] {
        let (began, beginning) = oneshot::channel();
        let (go_on, told_to) = mpsc::channel();
        let (done, finished) = oneshot::channel();
        let mut handle = spawn_blocking(move || {
            began.send(()).unwrap();
            told_to.recv().unwrap();
            done.send(()).unwrap();
        });
        beginning.await.unwrap();
        assert!(poll!(&mut handle).is_pending());
        if abort {
            handle.abort();
        }
        drop(handle);
        go_on.send(()).expect("it still listens");
        finished.await.expect("it got to its end");
    }
}

/// A `tokio::fs::write` that has been polled once writes its file, though its
/// future is dropped. One that has never been polled does not.
#[test]
fn a_file_write_goes_on() {
    let path = |name| env::temp_dir().join(format!("{name}-{}", process::id()));
    let (polled, unpolled) = (path("polled"), path("unpolled"));
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()
        .unwrap();

    runtime.block_on(async {
        // Until told, the only thread for files does something else.
        let (go_on, told_to) = mpsc::channel();
        let busy = spawn_blocking(move || told_to.recv().unwrap());

        let mut write = Box::pin(tokio::fs::write(&polled, "HELLO"));
        assert!(poll!(&mut write).is_pending());
        drop(write);
        drop(tokio::fs::write(&unpolled, "HELLO"));
        assert!(!polled.exists(), "not written yet");

        go_on.send(()).unwrap();
        busy.await.unwrap();
        // Its turn comes when that of everything before it is over.
        spawn_blocking(|| ()).await.unwrap();
    });

    let written = fs::read_to_string(&polled);
    let _ = fs::remove_file(&polled);
    assert_eq!(written.unwrap(), "HELLO");
    assert!(!unpolled.exists());
}

/// A thread whose answer nobody waits for goes on, and learns about it when it
/// tries to give the answer. If it asks, it can know before.
#[tokio::test]
async fn a_thread_goes_on_and_may_ask() {
    for asks in [false, true] {
        let log = Log::default();
        let (tell, told) = oneshot::channel();
        let (go_on, told_to) = mpsc::channel();
        let theirs = log.clone();
        let thread = thread::spawn(move || {
            told_to.recv().unwrap();
            if asks && tell.is_closed() {
                return theirs.note("nobody waits");
            }
            theirs.note("counted");
            theirs.note(format!("heard: {}", tell.send(5077).is_ok()));
        });

        let mut told = Box::pin(told);
        assert!(poll!(&mut told).is_pending());
        drop(told);
        go_on.send(()).expect("it still listens");
        thread.join().unwrap();

        let expected: &[&str] = match asks {
            false => &["counted", "heard: false"],
            true => &["nobody waits"],
        };
        assert_eq!(log.events(), expected);
    }
}

/// Of three awaits only the one that suspends is a place to be dropped at; the
/// other place is before the first poll.
#[test]
fn a_future_is_dropped_where_it_suspends_or_before_it_begins() {
    let places = Log::default();
    let report = Sweep::new().check(
        async || Vec::new(),
        async |seen: &mut Vec<&str>| {
            ready(()).await;
            seen.push("the gate");
            yield_now().await;
            seen.push("the house");
            ready(()).await;
            seen.push("the cellar");
        },
        async |seen, cut| {
            places.note(format!("{cut}: {seen:?}"));
            Ok::<(), String>(())
        },
    );
    report.assert_safe();
    assert_eq!(
        places.events(),
        [
            r#"never polled: []"#,
            r#"suspended 1: ["the gate"]"#,
            r#"woken 1: ["the gate"]"#,
            r#"completed after 1: ["the gate", "the house", "the cellar"]"#,
        ]
    );
}

/// A task is a future that its runtime owns. To abort it is to drop that future
/// at the `.await` it is suspended at, with what it holds.
#[tokio::test(start_paused = true)]
async fn an_aborted_task_is_a_dropped_future() {
    let log = Log::default();
    let task = {
        let log = log.clone();
        async move {
            let _guard = log.guard("future");
            pending::<()>().await;
        }
    };
    let handle = tokio::spawn(task);
    sleep(Duration::from_secs(1)).await;
    assert!(log.events().is_empty());
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.events(), ["future dropped"]);
}
