//! Claims of the chapter "`CancellationToken`".

use std::future::{pending, ready};
use std::time::Duration;

use futures::{future::Either, poll};
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::log::Log;

#[path = "../../examples/token_inside_the_loop.rs"]
#[allow(dead_code)]
mod token_inside_the_loop;
#[path = "../../examples/token_outside_the_loop.rs"]
#[allow(dead_code)]
mod token_outside_the_loop;

/// Virtual time: it costs nothing to wait for it.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

// --- Who is first ------------------------------------------------------------

/// What `main` does after it has cancelled the token.
enum Then {
    Return,
    LetTheTaskRun,
    AwaitTheTask,
}

async fn do_work() {
    for _ in 0..1000 {
        yield_now().await;
    }
}

/// The program of the page on one thread: what its task says, and that it is
/// dropped.
fn program(then: Then) -> Vec<String> {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let token = CancellationToken::new();
        let child = token.child_token();
        let task = tokio::spawn({
            let (log, guard) = (log.clone(), log.guard("task"));
            async move {
                let _guard = guard;
                select! {
                    _ = child.cancelled() => log.note("cancelled"),
                    _ = do_work() => log.note("the work is done"),
                }
            }
        });
        token.cancel();
        match then {
            Then::Return => {}
            Then::LetTheTaskRun => yield_now().await,
            Then::AwaitTheTask => task.await.unwrap(),
        }
    });
    log.events()
}

/// If `main` returns before the task has had a turn, the task is dropped without
/// a word; if it has its turn first, it says `cancelled`.
#[test]
fn whether_the_task_speaks_depends_on_who_is_first() {
    assert_eq!(program(Then::Return), ["task dropped"]);
    let spoken = program(Then::LetTheTaskRun);
    assert_eq!(spoken, ["cancelled", "task dropped"]);
}

/// With the task awaited, it always says `cancelled`.
#[test]
fn an_awaited_task_says_that_it_is_cancelled() {
    for _ in 0..100 {
        let spoken = program(Then::AwaitTheTask);
        assert_eq!(spoken, ["cancelled", "task dropped"]);
    }
}

/// In how many of a thousand races against a token that is already cancelled
/// the work began.
async fn begun_of_a_thousand(biased: bool) -> usize {
    let token = CancellationToken::new();
    token.cancel();
    let mut begun = 0;
    for _ in 0..1000 {
        let work = async {
            begun += 1;
            pending().await
        };
        if biased {
            select! { biased; () = token.cancelled() => {}, () = work => {} }
        } else {
            select! { () = token.cancelled() => {}, () = work => {} }
        }
    }
    begun
}

/// The work may begin although the token is cancelled already. It does not if
/// the token is asked first.
#[tokio::test]
async fn work_may_begin_after_the_cancel() {
    assert!(begun_of_a_thousand(false).await > 0);
    assert_eq!(begun_of_a_thousand(true).await, 0);
}

/// A token stays cancelled: who begins to listen afterwards hears it, and so
/// does everyone who asks again.
#[tokio::test(start_paused = true)]
async fn a_token_can_be_heard_late() {
    let token = CancellationToken::new();
    assert!(timeout(A_DAY, token.cancelled()).await.is_err());
    token.cancel();
    for _ in 0..2 {
        assert!(poll!(Box::pin(token.cancelled())).is_ready());
        assert!(poll!(Box::pin(token.clone().cancelled_owned())).is_ready());
    }
}

// --- The tree ----------------------------------------------------------------

/// A grandparent, two parents, and a child of the first parent.
struct Tree([CancellationToken; 4]);

impl Tree {
    fn grow() -> Self {
        let top = CancellationToken::new();
        let (left, right) = (top.child_token(), top.child_token());
        let leaf = left.child_token();
        Self([top, left, right, leaf])
    }

    fn cancelled(&self) -> [bool; 4] {
        self.0.each_ref().map(CancellationToken::is_cancelled)
    }
}

/// Cancelling a token cancels everything below it, nothing above it and nothing
/// beside it.
#[test]
fn a_cancel_goes_down_and_nowhere_else() {
    let expected = [
        [true, true, true, true],
        [false, true, false, true],
        [false, false, true, false],
        [false, false, false, true],
    ];
    for (token, expected) in expected.into_iter().enumerate() {
        let tree = Tree::grow();
        assert_eq!(tree.cancelled(), [false; 4]);
        tree.0[token].cancel();
        assert_eq!(tree.cancelled(), expected, "token {token}");
    }
}

/// A child of a cancelled token is cancelled from the start.
#[test]
fn a_child_made_late_is_born_cancelled() {
    let token = CancellationToken::new();
    assert!(!token.child_token().is_cancelled());
    token.cancel();
    assert!(token.child_token().is_cancelled());
}

/// A clone is the same token: cancel either, and both are. A child is another
/// one.
#[test]
fn a_clone_is_the_same_token() {
    let token = CancellationToken::new();
    let (clone, child) = (token.clone(), token.child_token());
    child.cancel();
    assert!(!token.is_cancelled());
    clone.cancel();
    assert!(token.is_cancelled());
}

/// Dropping a token, or all clones of it, cancels neither it nor its children,
/// and a task that listens to a child goes on waiting.
#[tokio::test(start_paused = true)]
async fn dropping_a_token_cancels_nothing() {
    let token = CancellationToken::new();
    let (clone, child) = (token.clone(), token.child_token());
    drop(token);
    assert!(!clone.is_cancelled());
    drop(clone);
    assert!(timeout(A_DAY, child.cancelled()).await.is_err());
}

/// A child whose parent was dropped still hears its grandparent.
#[test]
fn a_grandchild_still_hears_when_its_parent_is_dropped() {
    let Tree([top, left, right, leaf]) = Tree::grow();
    drop(left);
    drop(right);
    assert!(!leaf.is_cancelled());
    top.cancel();
    assert!(leaf.is_cancelled());
}

/// Dropping a `DropGuard` cancels its token with everything below it, unless it
/// was disarmed.
#[test]
fn dropping_a_guard_cancels() {
    let token = CancellationToken::new();
    let child = token.child_token();
    let guard = token.clone().drop_guard();
    drop(guard.disarm());
    assert!(!child.is_cancelled());
    drop(token.drop_guard());
    assert!(child.is_cancelled());
}

/// `let _ =` does not keep a guard, so the token is cancelled at once; a
/// variable keeps it to the end of its scope.
#[test]
fn a_guard_without_a_name_cancels_at_once() {
    let token = CancellationToken::new();
    {
        let _guard = token.clone().drop_guard();
        assert!(!token.is_cancelled());
    }
    assert!(token.is_cancelled());

    let token = CancellationToken::new();
    let _ = token.clone().drop_guard();
    assert!(token.is_cancelled());
}

/// When a caller is dropped, a `DropGuard` in its hands stops the task that it
/// has spawned; a bare token leaves that task running.
#[tokio::test(start_paused = true)]
async fn a_guard_stops_the_tasks_of_a_dropped_future() {
    for guarded in [true, false] {
        let log = Log::default();
        let caller = async {
            let token = CancellationToken::new();
            let (child, log) = (token.child_token(), log.clone());
            tokio::spawn(async move {
                let _guard = log.guard("task");
                child.cancelled().await;
            });
            let _kept = if guarded {
                Either::Left(token.drop_guard())
            } else {
                Either::Right(token)
            };
            pending::<()>().await;
        };
        assert!(timeout(Duration::from_secs(1), caller).await.is_err());
        sleep(A_DAY).await;
        assert_eq!(log.events().is_empty(), !guarded);
    }
}

// --- Waiting -----------------------------------------------------------------

/// A task that is told, then needs a minute to clean up.
async fn task(token: CancellationToken, log: Log) {
    let _guard = log.guard("task");
    token.cancelled().await;
    sleep(Duration::from_secs(60)).await;
    log.note("cleaned up");
}

/// `cancel` returns before any task has heard it; a closed tracker's `wait`
/// returns when all of them have cleaned up and their destructors have run.
#[tokio::test(start_paused = true)]
async fn a_token_waits_for_nobody_and_a_tracker_does() {
    let log = Log::default();
    let (token, tracker) = (CancellationToken::new(), TaskTracker::new());
    for _ in 0..2 {
        tracker.spawn(task(token.child_token(), log.clone()));
    }
    yield_now().await;
    token.cancel();
    assert!(log.events().is_empty());

    tracker.close();
    timeout(A_DAY, tracker.wait()).await.unwrap();
    let events = log.events();
    assert_eq!(events, ["cleaned up", "task dropped"].repeat(2));
}

/// An empty tracker that is not closed is waited for for ever; once it is
/// closed, the same `wait` returns.
#[tokio::test(start_paused = true)]
async fn waiting_needs_a_close() {
    let tracker = TaskTracker::new();
    tracker.spawn(ready(())).await.unwrap();
    assert!(tracker.is_empty());

    let mut wait = Box::pin(tracker.wait());
    assert!(timeout(A_DAY, &mut wait).await.is_err());
    tracker.close();
    assert!(timeout(Duration::ZERO, &mut wait).await.is_ok());
}

/// A closed tracker still takes tasks, and `wait` waits for them too.
#[tokio::test(start_paused = true)]
async fn a_closed_tracker_still_spawns() {
    let tracker = TaskTracker::new();
    tracker.close();
    let start = Instant::now();
    timeout(A_DAY, tracker.wait()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);

    tracker.spawn(sleep(Duration::from_secs(60)));
    timeout(A_DAY, tracker.wait()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(60));
}

/// Dropping a tracker aborts nothing, its tasks run to their end. A dropped
/// `JoinSet` aborts them.
#[tokio::test(start_paused = true)]
async fn a_dropped_tracker_aborts_nothing() {
    let (log, token) = (Log::default(), CancellationToken::new());
    token.cancel();

    let tracker = TaskTracker::new();
    tracker.spawn(task(token.clone(), log.clone()));
    yield_now().await;
    drop(tracker);
    sleep(A_DAY).await;
    assert_eq!(log.take(), ["cleaned up", "task dropped"]);

    let mut set = JoinSet::new();
    set.spawn(task(token, log.clone()));
    yield_now().await;
    drop(set);
    sleep(A_DAY).await;
    assert_eq!(log.take(), ["task dropped"]);
}

// --- Where the token goes ----------------------------------------------------

/// How long a kitchen with two orders of a second each goes on when it is
/// closed 200 ms into the first.
async fn time_to_close<K>(
    kitchen: impl FnOnce(mpsc::Receiver<&'static str>, CancellationToken) -> K,
) -> Duration
where
    K: Future<Output = ()> + Send + 'static,
{
    let (waiter, orders) = mpsc::channel(2);
    let closing = CancellationToken::new();
    let kitchen = tokio::spawn(kitchen(orders, closing.clone()));
    waiter.send("soup").await.unwrap();
    waiter.send("stew").await.unwrap();
    drop(waiter);
    sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    closing.cancel();
    kitchen.await.unwrap();
    start.elapsed()
}

/// A token that is a branch inside the loop is looked at between two orders, so
/// the first is finished and the second never begun.
#[tokio::test(start_paused = true)]
async fn inside_the_loop_the_order_is_finished() {
    let time = time_to_close(token_inside_the_loop::kitchen).await;
    assert_eq!(time, Duration::from_millis(800));
}

/// A token that is a branch beside the whole loop cuts the order that is being
/// prepared.
#[tokio::test(start_paused = true)]
async fn outside_the_loop_the_order_is_cut() {
    let time = time_to_close(token_outside_the_loop::kitchen).await;
    assert_eq!(time, Duration::ZERO);
}

/// Without a cancel both kitchens prepare all orders and close when there are no
/// more waiters.
#[tokio::test(start_paused = true)]
async fn without_a_cancel_both_finish_all_orders() {
    async fn time_for_two<K: Future<Output = ()>>(
        kitchen: impl FnOnce(mpsc::Receiver<&'static str>, CancellationToken) -> K,
    ) -> Duration {
        let (waiter, orders) = mpsc::channel(2);
        waiter.send("soup").await.unwrap();
        waiter.send("stew").await.unwrap();
        drop(waiter);
        let start = Instant::now();
        kitchen(orders, CancellationToken::new()).await;
        start.elapsed()
    }
    let two = Duration::from_secs(2);
    assert_eq!(time_for_two(token_inside_the_loop::kitchen).await, two);
    assert_eq!(time_for_two(token_outside_the_loop::kitchen).await, two);
}

/// With a token that is cancelled already, `run_until_cancelled` returns `None`
/// and polls nothing; what the future captured is dropped.
#[tokio::test]
async fn run_until_cancelled_does_not_begin_too_late() {
    for cancelled in [true, false] {
        let log = Log::default();
        let token = CancellationToken::new();
        if cancelled {
            token.cancel();
        }
        let captured = log.guard("captured");
        let work = async {
            let _captured = captured;
            log.note("polled");
        };
        let result = token.run_until_cancelled(work).await;
        let (expected, events): (_, &[&str]) = match cancelled {
            true => (None, &["captured dropped"]),
            false => (Some(()), &["polled", "captured dropped"]),
        };
        assert_eq!(result, expected);
        assert_eq!(log.events(), events);
    }
}

/// When a later poll finds the token cancelled and the future ready, the future
/// wins, always.
#[tokio::test]
async fn run_until_cancelled_prefers_the_result() {
    for _ in 0..1000 {
        let token = CancellationToken::new();
        let work = async {
            yield_now().await;
            token.cancel();
            "arrived"
        };
        assert_eq!(token.run_until_cancelled(work).await, Some("arrived"));
    }
}

/// Cancelled on the way, it drops the future and returns `None`.
#[tokio::test(start_paused = true)]
async fn run_until_cancelled_drops_what_is_not_done() {
    let log = Log::default();
    let token = CancellationToken::new();
    let work = async {
        let _guard = log.guard("work");
        sleep(A_DAY).await;
    };
    let cancel = async {
        sleep(Duration::from_secs(1)).await;
        token.cancel();
    };
    let start = Instant::now();
    let (result, ()) = tokio::join!(token.run_until_cancelled(work), cancel);
    assert_eq!(result, None);
    assert_eq!(start.elapsed(), Duration::from_secs(1));
    assert_eq!(log.events(), ["work dropped"]);
}
