//! Claims of the chapter "Only where it suspends".

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use cancel_sweep::{Cut, Sweep, Verdict};
use futures::{StreamExt, poll, stream};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::coop::{consume_budget, unconstrained};
use tokio::task::{JoinError, yield_now};
use tokio::time::timeout;

use crate::log::Log;
use crate::swept::first_failure;

#[path = "../../examples/not_every_await_suspends.rs"]
#[allow(dead_code)]
mod not_every_await_suspends;
#[path = "../../examples/ready_loop_ignores_its_timeout.rs"]
#[allow(dead_code)]
mod ready_loop_ignores_its_timeout;
#[path = "../../examples/ready_loop_spends_a_budget.rs"]
#[allow(dead_code)]
mod ready_loop_spends_a_budget;

// --- A task that is being polled ---------------------------------------------

/// A task that lifts a container and sets it down, and may suspend in between
/// or behind. It is aborted, or not, while the container hangs.
fn crane(
    suspend_hanging: bool,
    suspend_standing: bool,
    abort: bool,
) -> (Vec<String>, Result<&'static str, JoinError>) {
    let runtime = Builder::new_multi_thread().worker_threads(1).build();
    let runtime = runtime.unwrap();
    let log = Log::default();
    let rope = Arc::new(Barrier::new(2));

    let task = runtime.spawn({
        let (log, rope) = (log.clone(), rope.clone());
        async move {
            let _cab = log.guard("cab");
            log.note("lifted");
            rope.wait();
            rope.wait();
            if suspend_hanging {
                yield_now().await;
            }
            log.note("set down");
            if suspend_standing {
                yield_now().await;
            }
            log.note("last line");
            "all unloaded"
        }
    });
    rope.wait();
    if abort {
        task.abort();
        log.note("abort");
    }
    rope.wait();
    let result = runtime.block_on(task);
    (log.events(), result)
}

/// An aborted task runs on to its next suspension and is dropped there, whatever
/// it was doing when the abort came. Not aborted, it goes on.
#[test]
fn an_aborted_task_runs_on_to_its_next_suspension() {
    let (events, result) = crane(false, true, true);
    assert_eq!(events, ["lifted", "abort", "set down", "cab dropped"]);
    assert!(result.unwrap_err().is_cancelled());

    let (events, result) = crane(true, false, true);
    assert_eq!(events, ["lifted", "abort", "cab dropped"]);
    assert!(result.unwrap_err().is_cancelled());

    let (events, result) = crane(false, true, false);
    assert_eq!(events, ["lifted", "set down", "last line", "cab dropped"]);
    assert_eq!(result.unwrap(), "all unloaded");
}

/// A task that has no suspension left when it is aborted runs to its end, and
/// its handle yields `Ok`.
#[test]
fn an_aborted_task_without_a_suspension_ends_with_ok() {
    let (events, result) = crane(false, false, true);
    let expected = ["lifted", "abort", "set down", "last line", "cab dropped"];
    assert_eq!(events, expected);
    assert_eq!(result.unwrap(), "all unloaded");
}

// --- Awaits that wait and awaits that do not ---------------------------------

/// Sweeps this future to its end: how often does it suspend?
fn suspensions(future: impl AsyncFn(&mut ())) -> usize {
    let report = Sweep::new().conserved(async || (), future, async |_| ());
    assert_eq!(report.verdict(), Verdict::Safe);
    report.suspensions()
}

/// Three awaits, one of which suspends: there are two places to be cut, one of
/// them before the first poll. If all three suspend, there are four.
#[test]
fn a_ready_await_is_no_cancellation_point() {
    use not_every_await_suspends::buy;

    let left = RefCell::new(Vec::new());
    let report = Sweep::new().check(
        async || Vec::new(),
        async |done| buy(done).await,
        async |done, cut| {
            left.borrow_mut().push((cut, done.len()));
            Ok::<(), String>(())
        },
    );
    report.assert_safe();
    let expected = [
        (Cut::NeverPolled, 0),
        (Cut::Suspended(1), 1),
        (Cut::Woken(1), 1),
        (Cut::Completed(1), 3),
    ];
    assert_eq!(left.into_inner(), expected);

    let all_three = async |_: &mut ()| {
        for _ in 0..3 {
            yield_now().await;
        }
    };
    assert_eq!(suspensions(all_three), 3);
}

/// An await that was ready suspends in a task that has spent its budget: the
/// same free lock, taken with something left to spend and with nothing left.
#[tokio::test(start_paused = true)]
async fn the_same_await_may_suspend_tomorrow() {
    for (spent, suspends) in [(0, false), (127, false), (128, true)] {
        let lock = tokio::sync::Mutex::new(());
        yield_now().await;
        for _ in 0..spent {
            consume_budget().await;
        }
        assert_eq!(poll!(Box::pin(lock.lock())).is_pending(), suspends);
    }
}

// --- Loops without suspensions -----------------------------------------------

const NO_TIME: Duration = Duration::ZERO;

/// A loop over ready futures does all of its turns under a timeout of no time
/// at all, and the timeout says `Ok`: five hundred turns of the example, and a
/// million of another.
#[tokio::test(start_paused = true)]
async fn a_ready_loop_outlasts_its_timeout() {
    use ready_loop_ignores_its_timeout::mill;

    let sacks = Cell::new(0);
    let grind = || sacks.set(sacks.get() + 1);
    assert!(timeout(NO_TIME, mill(grind)).await.is_ok());
    assert_eq!(sacks.get(), 500);

    let a_million = timeout(NO_TIME, async {
        for _ in 0..1_000_000 {
            ready(()).await;
        }
    });
    assert!(a_million.await.is_ok());
}

/// The same loop on `consume_budget` is cut by the same timeout at its first
/// suspension, when 128 sacks are ground.
#[tokio::test(start_paused = true)]
async fn a_loop_that_spends_a_budget_is_cut() {
    use ready_loop_spends_a_budget::mill;

    let sacks = Cell::new(0);
    let grind = || sacks.set(sacks.get() + 1);
    assert!(timeout(NO_TIME, mill(grind)).await.is_err());
    assert_eq!(sacks.get(), 128);
}

/// In two hundred turns `ready` never suspends, `yield_now` does each time, and
/// `consume_budget` does once, because the budget is 128.
#[test]
fn yield_now_suspends_each_time() {
    let asked = async |_: &mut ()| {
        for _ in 0..200 {
            ready(()).await;
        }
    };
    assert_eq!(suspensions(asked), 0);

    let consumed = async |_: &mut ()| {
        for _ in 0..200 {
            consume_budget().await;
        }
    };
    assert_eq!(suspensions(consumed), 1);

    let yielded = async |_: &mut ()| {
        for _ in 0..200 {
            yield_now().await;
        }
    };
    assert_eq!(suspensions(yielded), 200);
}

/// How many of a thousand waiting messages one poll receives.
async fn received_in_one_poll(limited: bool) -> usize {
    let (post, mut letter_box) = mpsc::unbounded_channel();
    for letter in 0..1000 {
        post.send(letter).unwrap();
    }
    drop(post);
    yield_now().await;

    let received = Cell::new(0);
    let take_all = async {
        while letter_box.recv().await.is_some() {
            received.set(received.get() + 1);
        }
    };
    let ready = if limited {
        poll!(Box::pin(take_all)).is_ready()
    } else {
        poll!(Box::pin(unconstrained(take_all))).is_ready()
    };
    assert_eq!(ready, received.get() == 1000);
    assert_eq!(letter_box.len(), 1000 - received.get());
    received.get()
}

/// A loop over a full Tokio channel suspends after 128 messages, and the others
/// are still there when it is dropped. Without the budget it takes them all.
#[tokio::test(start_paused = true)]
async fn a_tokio_channel_suspends_after_128_messages() {
    assert_eq!(received_in_one_poll(true).await, 128);
    assert_eq!(received_in_one_poll(false).await, 1000);
}

/// A channel of the `futures` crate knows no budget: one poll takes all of a
/// thousand messages, and a timeout around it never fires.
#[tokio::test(start_paused = true)]
async fn a_channel_of_another_crate_knows_no_budget() {
    let (post, mut letter_box) = futures::channel::mpsc::unbounded();
    for letter in 0..1000 {
        post.unbounded_send(letter).unwrap();
    }
    drop(post);

    let mut received = 0;
    let take_all = async {
        while letter_box.next().await.is_some() {
            received += 1;
        }
    };
    assert!(timeout(NO_TIME, take_all).await.is_ok());
    assert_eq!(received, 1000);
}

/// A stream made from an iterator outlasts a timeout of no time at all; with a
/// suspension in each turn it does not.
#[tokio::test(start_paused = true)]
async fn a_stream_of_an_iterator_is_always_ready() {
    for suspend in [false, true] {
        let take_all = async {
            let mut numbers = stream::iter(0..1000);
            while numbers.next().await.is_some() {
                if suspend {
                    yield_now().await;
                }
            }
        };
        assert_eq!(timeout(NO_TIME, take_all).await.is_err(), suspend);
    }
}

// --- Droppable, as a check ---------------------------------------------------

/// The chapter's check: nobody holds a seat that is not paid for.
fn no_seat_unpaid(done: &[&str]) -> Result<(), String> {
    if done.contains(&"seat taken") && !done.contains(&"paid") {
        return Err(format!("{done:?}"));
    }
    Ok(())
}

/// Dropped everywhere, the purchase of the example leaves a seat that is not
/// paid for. With both steps behind the suspension, no cut parts them.
#[test]
fn no_cut_parts_what_no_suspension_parts() {
    use not_every_await_suspends::buy;

    let check = async |done: Vec<&str>, _| no_seat_unpaid(&done);
    let report = Sweep::new().check(async || Vec::new(), async |done| buy(done).await, check);
    assert_eq!(first_failure(&report), r#"suspended 1: ["seat taken"]"#);

    let asks_the_bank_first = async |done: &mut Vec<&str>| {
        yield_now().await;
        done.push("seat taken");
        done.push("paid");
        yield_now().await;
        done.push("ticket printed");
    };
    let report = Sweep::new().check(async || Vec::new(), asks_the_bank_first, check);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();
}
