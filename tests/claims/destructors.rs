//! Claims of the chapter "Destructors are your cleanup".

use std::cell::Cell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use futures::poll;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::log::{Guard, Log};

#[path = "../../examples/commit_unless_panicking.rs"]
#[allow(dead_code)]
mod commit_unless_panicking;
#[path = "../../examples/goodbye_closed_explicitly.rs"]
#[allow(dead_code)]
mod goodbye_closed_explicitly;
#[path = "../../examples/goodbye_spawned_from_drop.rs"]
#[allow(dead_code)]
mod goodbye_spawned_from_drop;
#[path = "../../examples/never_polled_never_began.rs"]
#[allow(dead_code)]
mod never_polled_never_began;

async fn guarded(log: Log) {
    let _guard = log.guard("guard");
    sleep(Duration::from_secs(10)).await;
}

/// Abort, timeout and `select!` each run the guard, at once and exactly once.
#[tokio::test(start_paused = true)]
async fn a_guard_runs_however_its_future_is_cancelled() {
    let log = Log::default();
    let a_moment = Duration::from_millis(200);

    let handle = tokio::spawn(guarded(log.clone()));
    sleep(a_moment).await;
    assert!(log.take().is_empty(), "the guard waits for the end");
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.take(), ["guard dropped"], "abort");

    assert!(timeout(a_moment, guarded(log.clone())).await.is_err());
    assert_eq!(log.take(), ["guard dropped"], "timeout");

    tokio::select! {
        () = guarded(log.clone()) => panic!("ten seconds are longer"),
        () = sleep(a_moment) => {}
    }
    assert_eq!(log.take(), ["guard dropped"], "select!");
}

async fn outer(_argument: Guard, log: &Log, done: bool) {
    let _first = log.guard("first local");
    let _second = log.guard("second local");
    inner(log, done).await;
}

async fn inner(log: &Log, done: bool) {
    let _local = log.guard("local of the inner future");
    if !done {
        pending::<()>().await;
    }
}

/// The innermost future first, then outwards: locals in reverse order, and
/// the arguments last.
#[tokio::test(start_paused = true)]
async fn the_innermost_future_is_dropped_first() {
    let log = Log::default();
    let mut future = Box::pin(outer(log.guard("argument"), &log, false));
    assert!(poll!(&mut future).is_pending());
    assert!(log.take().is_empty());
    drop(future);
    assert_eq!(
        log.take(),
        [
            "local of the inner future dropped",
            "second local dropped",
            "first local dropped",
            "argument dropped"
        ]
    );
}

/// Cancelling drops things in the order in which returning would.
#[tokio::test(start_paused = true)]
async fn cancelling_drops_in_the_order_of_returning() {
    let log = Log::default();
    outer(log.guard("argument"), &log, true).await;
    let returned = log.take();
    assert_eq!(returned.len(), 4);

    let mut future = Box::pin(outer(log.guard("argument"), &log, false));
    assert!(poll!(&mut future).is_pending());
    drop(future);
    assert_eq!(log.take(), returned);
}

/// A guard whose scope has ended runs there and then, and one whose line has
/// not been reached does not exist.
#[tokio::test(start_paused = true)]
async fn only_what_is_alive_at_the_suspension_is_dropped() {
    let log = Log::default();
    let mut future = Box::pin(async {
        {
            let _earlier = log.guard("earlier");
            tokio::task::yield_now().await;
        }
        let _now = log.guard("now");
        pending::<()>().await;
        let _later = log.guard("later");
    });
    assert!(poll!(&mut future).is_pending());
    assert!(log.take().is_empty(), "still in the inner scope");
    assert!(poll!(&mut future).is_pending());
    assert_eq!(log.take(), ["earlier dropped"], "before any cancellation");
    drop(future);
    assert_eq!(log.take(), ["now dropped"]);
}

/// The body of a future that is never polled does not begin; that of one
/// polled once does.
#[tokio::test(start_paused = true)]
async fn a_future_never_polled_never_began() {
    use never_polled_never_began::{Order, bake};

    let mut oven = Vec::new();
    drop(bake(Order("bread"), &mut oven));
    assert!(oven.is_empty());

    let mut future = Box::pin(bake(Order("cake"), &mut oven));
    assert!(poll!(&mut future).is_pending());
    drop(future);
    assert_eq!(oven, ["cake"]);
}

/// A guard made before the call and passed in runs even when the future is
/// never polled; a guard made inside the body does not.
#[tokio::test(start_paused = true)]
async fn an_argument_is_dropped_even_before_the_first_poll() {
    async fn take(_guard: Guard) {
        pending().await
    }
    let log = Log::default();

    drop(take(log.guard("argument")));
    assert_eq!(log.take(), ["argument dropped"]);

    drop(guarded(log.clone()));
    assert!(log.take().is_empty(), "it was never made");
}

/// A task aborted before its first poll reports a cancellation, and its body
/// never began.
#[tokio::test(start_paused = true)]
async fn a_task_aborted_before_its_first_poll_never_began() {
    let log = Log::default();
    let handle = tokio::spawn(guarded(log.clone()));
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert!(log.take().is_empty(), "there was no guard to drop");

    // Having begun is all that is missing.
    let handle = tokio::spawn(guarded(log.clone()));
    tokio::task::yield_now().await;
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.take(), ["guard dropped"]);
}

/// `mem::forget` on a future that has begun runs no destructor; dropping the
/// same future does.
#[tokio::test(start_paused = true)]
async fn a_forgotten_future_runs_no_destructor() {
    let log = Log::default();
    for forget in [true, false] {
        let mut future = Box::pin(guarded(log.clone()));
        assert!(poll!(&mut future).is_pending());
        if forget {
            std::mem::forget(future);
            assert!(log.take().is_empty(), "forgotten");
        } else {
            drop(future);
            assert_eq!(log.take(), ["guard dropped"], "dropped");
        }
    }
}

/// A future that is kept and no longer polled keeps its guard, for as long as
/// it is kept.
#[tokio::test(start_paused = true)]
async fn a_future_kept_and_not_polled_keeps_its_guards() {
    let log = Log::default();
    let mut future = Box::pin(guarded(log.clone()));
    assert!(poll!(&mut future).is_pending());
    sleep(Duration::from_secs(3600)).await;
    assert!(log.take().is_empty());
    drop(future);
    assert_eq!(log.take(), ["guard dropped"]);
}

/// Notes what `thread::panicking()` says when it is dropped.
struct Witness(Arc<Mutex<Option<bool>>>);

impl Drop for Witness {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = Some(thread::panicking());
    }
}

/// A destructor run by a cancellation sees `false`, one run by a panic sees
/// `true`.
#[tokio::test(start_paused = true)]
async fn panicking_is_false_in_a_cancellation() {
    let seen = Arc::new(Mutex::new(None));

    let witness = Witness(seen.clone());
    let handle = tokio::spawn(async move {
        let _witness = witness;
        pending::<()>().await;
    });
    tokio::task::yield_now().await;
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(seen.lock().unwrap().take(), Some(false));

    let witness = Witness(seen.clone());
    let handle = tokio::spawn(async move {
        let _witness = witness;
        panic!("on purpose");
    });
    assert!(handle.await.unwrap_err().is_panic());
    assert_eq!(seen.lock().unwrap().take(), Some(true));
}

/// Puts the balance back unless it was told to commit.
struct Transaction<'a> {
    account: &'a Cell<u32>,
    before: u32,
    committed: bool,
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.committed {
            self.account.set(self.before);
        }
    }
}

async fn transfer(amount: u32, from: &Cell<u32>, to: &Cell<u32>) {
    let before = from.get();
    let mut transaction = Transaction {
        account: from,
        before,
        committed: false,
    };
    from.set(before - amount);
    sleep(Duration::from_secs(10)).await;
    to.set(to.get() + amount);
    transaction.committed = true;
}

/// The guard that rolls back only when `panicking()` loses the money of a
/// cancelled transfer; the guard that rolls back unless committed does not,
/// and lets a transfer that ends go through.
#[tokio::test(start_paused = true)]
async fn roll_back_unless_committed() {
    let limit = Duration::from_millis(200);

    let (alice, bob) = (Cell::new(100), Cell::new(0));
    let broken = commit_unless_panicking::transfer(50, &alice, &bob);
    assert!(timeout(limit, broken).await.is_err());
    assert_eq!((alice.get(), bob.get()), (50, 0), "fifty are gone");

    let (alice, bob) = (Cell::new(100), Cell::new(0));
    assert!(timeout(limit, transfer(50, &alice, &bob)).await.is_err());
    assert_eq!((alice.get(), bob.get()), (100, 0));

    transfer(50, &alice, &bob).await;
    assert_eq!((alice.get(), bob.get()), (50, 50));
}

/// What a future spawned by a destructor says is heard after a cancellation.
#[tokio::test(start_paused = true)]
async fn spawning_from_drop_works_on_cancellation() {
    use goodbye_spawned_from_drop::{Radio, keep_watch};

    let (radio, mut harbour) = mpsc::channel(1);
    let watch = keep_watch(Radio(radio));
    assert!(timeout(Duration::from_millis(200), watch).await.is_err());
    assert_eq!(harbour.recv().await, Some("over and out"));
}

fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.enable_all().build().unwrap())
}

/// What the harbour hears from a radio whose runtime shuts down around it.
fn heard_from_drop(runtime: Runtime) -> Option<&'static str> {
    use goodbye_spawned_from_drop::{Radio, keep_watch};

    let (radio, mut harbour) = mpsc::channel(1);
    runtime.spawn(keep_watch(Radio(radio)));
    drop(runtime);
    harbour.blocking_recv()
}

/// What a destructor spawns while the runtime shuts down never runs, on one
/// thread or on several.
#[test]
fn spawning_from_drop_is_lost_at_shutdown() {
    for runtime in runtimes() {
        assert_eq!(heard_from_drop(runtime), None);
    }
}

/// A radio whose `close` is awaited before the shutdown is heard; one that
/// leaves it to its destructor is not.
#[test]
fn an_awaited_close_is_heard() {
    use goodbye_closed_explicitly::{Radio, sailor};

    for runtime in runtimes() {
        let (radio, mut harbour) = mpsc::channel(1);
        let (relieve, relieved) = oneshot::channel();
        let sailor = runtime.spawn(sailor(Radio(radio), relieved));
        relieve.send(()).unwrap();
        runtime.block_on(sailor).unwrap();
        drop(runtime);
        assert_eq!(harbour.blocking_recv(), Some("over and out"));
    }
    for runtime in runtimes() {
        assert_eq!(heard_from_drop(runtime), None);
    }
}

/// Where there is no runtime, a destructor that spawns panics.
#[test]
fn spawning_from_drop_needs_a_runtime() {
    use goodbye_spawned_from_drop::Radio;
    let (radio, _harbour) = mpsc::channel(1);
    let panic = catch_unwind(AssertUnwindSafe(|| drop(Radio(radio)))).unwrap_err();
    let message = panic.downcast::<String>().unwrap();
    assert!(message.contains("no reactor running"), "{message}");
}

/// Blocks on async cleanup, and notes what the panic says.
struct Blocks(Arc<Mutex<Option<String>>>);

impl Drop for Blocks {
    fn drop(&mut self) {
        let handle = Handle::current();
        let cleanup = catch_unwind(AssertUnwindSafe(|| handle.block_on(async {})));
        let message = cleanup.err().and_then(|panic| panic.downcast().ok());
        *self.0.lock().unwrap() = message.map(|text: Box<&str>| text.to_string());
    }
}

/// `Handle::block_on` in the destructor of a cancelled task panics.
#[tokio::test(start_paused = true)]
async fn blocking_in_drop_panics() {
    let message = Arc::new(Mutex::new(None));
    let guard = Blocks(message.clone());
    let handle = tokio::spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    tokio::task::yield_now().await;
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    let message = message.lock().unwrap().take().expect("it panicked");
    assert!(message.contains("from within a runtime"), "{message}");
}

/// `close` is a future like any other: cancelled while the channel is full, it
/// says nothing; left to end, it does.
#[tokio::test(start_paused = true)]
async fn close_can_be_cancelled_too() {
    use goodbye_closed_explicitly::Radio;

    for cancel in [true, false] {
        let (radio, mut harbour) = mpsc::channel(1);
        radio.send("all quiet").await.unwrap();

        let mut close = Box::pin(Radio(radio).close());
        assert!(poll!(&mut close).is_pending());
        assert_eq!(harbour.recv().await, Some("all quiet"));
        if cancel {
            drop(close);
            assert_eq!(harbour.recv().await, None);
        } else {
            close.await;
            assert_eq!(harbour.recv().await, Some("over and out"));
        }
    }
}
