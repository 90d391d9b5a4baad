//! Claims of the chapter "What cancellation is".

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use futures::{StreamExt, poll, stream};
use tokio::select;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::log::{Guard, Log};

#[path = "../../examples/a_dropped_future_frees_its_lock.rs"]
#[allow(dead_code)]
mod a_dropped_future_frees_its_lock;
#[path = "../../examples/a_kept_future_holds_its_lock.rs"]
#[allow(dead_code)]
mod a_kept_future_holds_its_lock;
#[path = "../../examples/a_kept_future_is_handed_the_lock.rs"]
#[allow(dead_code)]
mod a_kept_future_is_handed_the_lock;

const A_SECOND: Duration = Duration::from_secs(1);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Tea for one, which says how far it came.
async fn make_tea(stove: Guard, log: Log) {
    let _stove = stove;
    log.note("water on");
    sleep(A_SECOND).await;
    log.note("tea");
}

// --- Polled and dropped -------------------------------------------------

/// A future that is dropped half-way never does its second half. The same
/// future, kept, does.
#[tokio::test(start_paused = true)]
async fn a_future_dropped_half_way_goes_no_further() {
    for keep in [true, false] {
        let log = Log::default();
        let mut tea = Box::pin(make_tea(log.guard("stove"), log.clone()));
        assert!(poll!(&mut tea).is_pending());
        if keep {
            tea.await;
        } else {
            drop(tea);
        }
        sleep(A_DAY).await;
        assert_eq!(log.events().contains(&"tea".into()), keep);
    }
}

/// The waker of a dropped future outlives it. Waking it polls the task that the
/// future lived in, and never the future. One that is kept and awaited is polled
/// each time.
#[tokio::test(start_paused = true)]
async fn a_dropped_future_is_never_polled_again() {
    for keep in [true, false] {
        let polls = Arc::new(AtomicUsize::new(0));
        let (waker_out, waker_in) = oneshot::channel();
        let mut waker_out = Some(waker_out);
        let mut future = Box::pin(poll_fn({
            let polls = polls.clone();
            move |context| {
                polls.fetch_add(1, Ordering::Relaxed);
                if let Some(out) = waker_out.take() {
                    out.send(context.waker().clone()).unwrap();
                }
                Poll::<()>::Pending
            }
        }));
        tokio::spawn(async move {
            assert!(poll!(&mut future).is_pending());
            if keep {
                future.await;
            } else {
                drop(future);
                pending().await
            }
        });

        let waker = waker_in.await.unwrap();
        let polls_so_far = polls.load(Ordering::Relaxed);
        for _ in 0..3 {
            waker.wake_by_ref();
            yield_now().await;
        }
        let polls_since = polls.load(Ordering::Relaxed) - polls_so_far;
        assert_eq!(polls_since, if keep { 3 } else { 0 });
    }
}

/// Cancelling a token stops nobody who does not listen to it. Who listens drops
/// the work.
#[tokio::test(start_paused = true)]
async fn a_cancelled_token_drops_no_future() {
    for listens in [false, true] {
        let log = Log::default();
        let token = CancellationToken::new();
        let task = tokio::spawn({
            let tea = make_tea(log.guard("stove"), log.clone());
            let token = token.clone();
            async move {
                if listens {
                    token.run_until_cancelled(tea).await;
                } else {
                    tea.await;
                }
            }
        });
        yield_now().await;
        token.cancel();
        task.await.unwrap();
        assert_eq!(log.events().contains(&"tea".into()), !listens);
        assert!(log.events().contains(&"stove dropped".into()));
    }
}

/// Dropped half-way, a future drops what is alive in it. Dropped before its
/// first poll, it drops what it was called with, and there is nothing else.
#[tokio::test(start_paused = true)]
async fn dropping_runs_the_destructors_of_what_is_there() {
    async fn dive(_rope: Guard, log: Log) {
        let _lamp = log.guard("lamp");
        pending::<()>().await;
        let _pearl = log.guard("pearl");
    }

    let log = Log::default();
    let mut begun = Box::pin(dive(log.guard("rope"), log.clone()));
    assert!(poll!(&mut begun).is_pending());
    assert!(log.take().is_empty());
    drop(begun);
    assert_eq!(log.take(), ["lamp dropped", "rope dropped"]);

    drop(dive(log.guard("rope"), log.clone()));
    assert_eq!(log.take(), ["rope dropped"]);
}

/// What a completed future did stays done, and dropping it runs no destructor:
/// they have all run. Dropped before its end, it has done nothing yet.
#[tokio::test(start_paused = true)]
async fn a_completed_future_has_nothing_left_to_cancel() {
    for completed in [true, false] {
        let log = Log::default();
        let mut tea = Box::pin(make_tea(log.guard("stove"), log.clone()));
        assert!(poll!(&mut tea).is_pending());
        if completed {
            tea.as_mut().await;
        }
        assert_eq!(log.events().contains(&"tea".into()), completed);
        log.take();
        drop(tea);
        assert_eq!(log.take().is_empty(), completed);
    }
}

/// A future that suspends twice can be cancelled in three places: before its
/// first poll and at its two suspensions, there at once or after its wake-up.
#[test]
fn before_the_first_poll_and_at_every_suspension() {
    let left = RefCell::new(Vec::new());
    let report = Sweep::new().check(
        async || Vec::new(),
        async |done| {
            done.push("begun");
            yield_now().await;
            done.push("half");
            yield_now().await;
            done.push("done");
        },
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
        (Cut::Suspended(2), 2),
        (Cut::Woken(2), 2),
        (Cut::Completed(2), 3),
    ];
    assert_eq!(left.into_inner(), expected);
}

// --- Kept, and not polled ----------------------------------------------------

/// Whether the microphone can be had within a day.
async fn is_free(microphone: &Mutex<()>) -> bool {
    timeout(A_DAY, microphone.lock()).await.is_ok()
}

/// A future that is kept and not polled holds its lock for a day, though it
/// needs it for a moment. Polled on, or dropped, it gives it back.
#[tokio::test(start_paused = true)]
async fn a_kept_future_holds_its_lock() {
    use a_kept_future_holds_its_lock::speak;

    let microphone = Mutex::new(());
    let mut guest = Box::pin(speak(&microphone, "the guest"));
    assert!(poll!(&mut guest).is_pending());
    assert!(!is_free(&microphone).await, "kept");
    guest.await;
    assert!(is_free(&microphone).await, "polled to its end");

    let mut guest = Box::pin(a_dropped_future_frees_its_lock::speak(
        &microphone,
        "another",
    ));
    assert!(poll!(&mut guest).is_pending());
    assert!(!is_free(&microphone).await, "kept again");
    drop(guest);
    assert!(is_free(&microphone).await, "dropped");
}

/// A permit is held the same way, and handed back the same way.
#[tokio::test(start_paused = true)]
async fn a_kept_future_holds_its_permit() {
    let berths = Semaphore::new(1);
    let mut ship = Box::pin(async {
        let _berth = berths.acquire().await.unwrap();
        sleep(A_SECOND).await;
    });
    assert!(poll!(&mut ship).is_pending());
    assert!(timeout(A_DAY, berths.acquire()).await.is_err());
    drop(ship);
    assert!(timeout(A_DAY, berths.acquire()).await.is_ok());
}

/// A future that was only waiting when it was last polled is given the lock
/// when its turn comes, and keeps it from everybody else. Dropped, it passes
/// the lock on; dropped while it waits, it leaves the queue.
#[tokio::test(start_paused = true)]
async fn a_kept_future_is_given_the_lock_it_waited_for() {
    use a_kept_future_is_handed_the_lock::speak;

    for drop_it_before in [false, true] {
        let microphone = Mutex::new(());
        let host = microphone.lock().await;
        let mut guest = Box::pin(speak(&microphone, "the guest"));
        assert!(poll!(&mut guest).is_pending());

        if drop_it_before {
            drop(guest);
            drop(host);
        } else {
            drop(host);
            assert!(!is_free(&microphone).await, "kept");
            drop(guest);
        }
        assert!(is_free(&microphone).await, "dropped");
    }
}

/// `drop` on what `pin!` returned drops a reference, and the future keeps its
/// lock to the end of the scope; on a boxed future it drops the future.
#[tokio::test(start_paused = true)]
#[allow(clippy::drop_non_drop)] // the claim is about just that
async fn dropping_a_pinned_reference_drops_no_future() {
    use a_kept_future_holds_its_lock::speak;

    let microphone = Mutex::new(());
    {
        let mut guest = pin!(speak(&microphone, "the guest"));
        assert!(poll!(&mut guest).is_pending());
        let reference: Pin<&mut _> = guest;
        drop(reference);
        assert!(!is_free(&microphone).await, "pinned in this scope");
    }
    assert!(is_free(&microphone).await, "the scope has ended");

    let mut guest = Box::pin(speak(&microphone, "the guest"));
    assert!(poll!(&mut guest).is_pending());
    drop(guest);
    assert!(is_free(&microphone).await, "boxed");
}

/// A loser that is lent to `select!` holds its lock while the handler runs; one
/// that is given away does not.
#[tokio::test(start_paused = true)]
async fn a_lent_loser_keeps_its_lock_in_the_handler() {
    use a_kept_future_holds_its_lock::speak;

    let microphone = Mutex::new(());
    let a_moment = Duration::from_millis(50);

    let mut guest = Box::pin(speak(&microphone, "the guest"));
    select! {
        () = &mut guest => panic!("it takes longer"),
        () = sleep(a_moment) => assert!(!is_free(&microphone).await, "lent"),
    }
    drop(guest);

    select! {
        () = speak(&microphone, "the guest") => panic!("it takes longer"),
        () = sleep(a_moment) => assert!(is_free(&microphone).await, "given"),
    }
}

/// While the body of a loop over a `buffered` stream runs, nobody polls what is
/// in the buffer; one of those futures holds the lock that the body waits for.
/// With nothing buffered beside the item at hand, the body gets it.
#[tokio::test(start_paused = true)]
async fn a_buffered_stream_keeps_futures_that_nobody_polls() {
    for (buffered, free) in [(2, false), (1, true)] {
        let microphone = Mutex::new(());
        let speeches = (0..2).map(|_| async {
            let _turn = microphone.lock().await;
            sleep(A_SECOND).await;
        });
        let mut speeches = pin!(stream::iter(speeches).buffered(buffered));
        speeches.next().await.expect("there are two");
        assert_eq!(is_free(&microphone).await, free, "{buffered} buffered");
    }
}
