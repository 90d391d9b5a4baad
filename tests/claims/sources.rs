//! Claims of the chapter "Where cancellation comes from". The table on that
//! page has a test for every cell.

use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use async_executor::{Executor, Task};
use tokio::runtime::{Builder, Runtime};
use tokio::select;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle, JoinSet, yield_now};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::log::Log;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const A_SECOND: Duration = Duration::from_secs(1);

/// Five seconds of it, with something to clean up at the end.
async fn work(log: Log, name: &'static str) {
    let _guard = log.guard(name);
    sleep(seconds(5)).await;
    log.note(format!("{name} done"));
}

/// Work in a task of its own that has begun by the time this returns.
async fn begun(log: &Log) -> JoinHandle<()> {
    let handle = tokio::spawn(work(log.clone(), "work"));
    yield_now().await;
    handle
}

/// What happens in the minute from now.
async fn within_a_minute(log: &Log) -> Vec<String> {
    sleep(seconds(60)).await;
    log.take()
}

const RAN_TO_ITS_END: [&str; 2] = ["work done", "work dropped"];
const WAS_CUT: [&str; 1] = ["work dropped"];

// Dropping a `JoinHandle`.

/// The document's two lines: the task runs to its end. A handle that owns the
/// task makes the same check fail.
#[tokio::test(start_paused = true)]
async fn a_dropped_join_handle_detaches() {
    let log = Log::default();
    let do_work = || work(log.clone(), "work");

    let handle = tokio::spawn(do_work());
    drop(handle); // task cancelled
    assert_eq!(within_a_minute(&log).await, RAN_TO_ITS_END);

    let handle = AbortOnDropHandle::new(tokio::spawn(do_work()));
    drop(handle);
    assert_ne!(within_a_minute(&log).await, RAN_TO_ITS_END);
}

/// Whether the task had begun when its handle was dropped makes no difference.
#[tokio::test(start_paused = true)]
async fn a_task_that_has_begun_is_detached_as_well() {
    let log = Log::default();
    drop(begun(&log).await);
    assert_eq!(within_a_minute(&log).await, RAN_TO_ITS_END);
}

/// The destructors of a detached task run when its five seconds are over, and
/// not a second earlier.
#[tokio::test(start_paused = true)]
async fn a_detached_task_is_dropped_at_its_own_end() {
    let log = Log::default();
    drop(begun(&log).await);
    sleep(seconds(4)).await;
    assert!(log.take().is_empty());
    sleep(seconds(2)).await;
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// An `AbortHandle` that was kept still says whether a detached task is
/// finished.
#[tokio::test(start_paused = true)]
async fn a_kept_abort_handle_sees_a_detached_task_end() {
    let log = Log::default();
    let handle = begun(&log).await;
    let kept = handle.abort_handle();
    drop(handle);
    assert!(!kept.is_finished());
    sleep(seconds(6)).await;
    assert!(kept.is_finished());
}

/// An `AbortHandle` that was kept can still stop a detached task.
#[tokio::test(start_paused = true)]
async fn a_kept_abort_handle_stops_a_detached_task() {
    let log = Log::default();
    let handle = begun(&log).await;
    let kept = handle.abort_handle();
    drop(handle);
    kept.abort();
    assert_eq!(within_a_minute(&log).await, WAS_CUT);
}

// The same in smol, whose executor runs here inside a Tokio test.

/// Work as a task of the executor that has begun by the time this returns.
fn begun_in_smol<'a>(executor: &Executor<'a>, log: &Log) -> Task<()> {
    let log = log.clone();
    let task = executor.spawn(async move {
        let _guard = log.guard("work");
        sleep(seconds(5)).await;
        log.note("work done");
    });
    assert!(executor.try_tick(), "there is a task to run");
    task
}

/// smol's `Task` cancels when it is dropped, before its first poll or later;
/// one that is detached runs to its end.
#[tokio::test(start_paused = true)]
async fn a_dropped_smol_task_is_cancelled() {
    let log = Log::default();
    let executor = Executor::new();

    drop(executor.spawn(work(log.clone(), "work")));
    executor.run(sleep(seconds(60))).await;
    assert!(log.take().is_empty(), "it never began");

    drop(begun_in_smol(&executor, &log));
    executor.run(sleep(seconds(60))).await;
    assert_eq!(log.take(), WAS_CUT);

    begun_in_smol(&executor, &log).detach();
    executor.run(sleep(seconds(60))).await;
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// The drop of a smol `Task` only schedules the end of its future: the
/// destructors run when the executor comes to it.
#[tokio::test(start_paused = true)]
async fn the_smol_executor_drops_a_cancelled_task_on_its_next_turn() {
    let log = Log::default();
    let executor = Executor::new();
    drop(begun_in_smol(&executor, &log));
    assert!(log.take().is_empty());
    assert!(executor.try_tick());
    assert_eq!(log.take(), WAS_CUT);
}

/// `cancel().await` on a smol `Task` returns after its destructors have run.
#[tokio::test(start_paused = true)]
async fn smol_cancel_waits_for_the_destructors() {
    let log = Log::default();
    let executor = Executor::new();
    let task = begun_in_smol(&executor, &log);
    let result = executor.run(task.cancel()).await;
    assert_eq!(log.take(), WAS_CUT);
    assert_eq!(result, None, "there is no output");
}

// Handles that own their task.

/// An `AbortOnDropHandle` ends its task when it is dropped; a `JoinHandle`
/// does not.
#[tokio::test(start_paused = true)]
async fn a_dropped_abort_on_drop_handle_aborts() {
    let log = Log::default();
    drop(AbortOnDropHandle::new(begun(&log).await));
    assert_eq!(within_a_minute(&log).await, WAS_CUT);

    drop(begun(&log).await);
    assert_ne!(within_a_minute(&log).await, WAS_CUT);
}

/// Dropping an `AbortOnDropHandle` runs none of the task's destructors; the
/// runtime does, when it comes to the task.
#[tokio::test(start_paused = true)]
async fn an_abort_on_drop_handle_runs_no_destructor_itself() {
    let log = Log::default();
    drop(AbortOnDropHandle::new(begun(&log).await));
    assert!(log.take().is_empty());
    yield_now().await;
    assert_eq!(log.take(), WAS_CUT);
}

/// After an `AbortOnDropHandle` is gone, an `AbortHandle` that was kept says
/// when the task is: not before its destructors have run.
#[tokio::test(start_paused = true)]
async fn a_kept_abort_handle_sees_an_aborted_task_end() {
    let log = Log::default();
    let handle = AbortOnDropHandle::new(begun(&log).await);
    let kept = handle.abort_handle();
    drop(handle);
    assert!(!kept.is_finished());
    assert!(log.take().is_empty());
    yield_now().await;
    assert!(kept.is_finished());
    assert_eq!(log.take(), WAS_CUT);
}

/// Two tasks that have begun, in a set.
async fn a_set_of_two(log: &Log) -> JoinSet<()> {
    let mut set = JoinSet::new();
    set.spawn(work(log.clone(), "first"));
    set.spawn(work(log.clone(), "second"));
    yield_now().await;
    set
}

const BOTH_WERE_CUT: [&str; 2] = ["first dropped", "second dropped"];

/// Dropping a `JoinSet` ends all its tasks. If they are detached from it
/// first, they run on.
#[tokio::test(start_paused = true)]
async fn a_dropped_join_set_aborts_its_tasks() {
    let log = Log::default();
    drop(a_set_of_two(&log).await);
    let mut events = within_a_minute(&log).await;
    events.sort();
    assert_eq!(events, BOTH_WERE_CUT);

    a_set_of_two(&log).await.detach_all();
    let mut events = within_a_minute(&log).await;
    events.sort();
    assert_ne!(events, BOTH_WERE_CUT);
}

/// Dropping a `JoinSet` runs none of its tasks' destructors; the runtime does,
/// when it comes to them.
#[tokio::test(start_paused = true)]
async fn a_join_set_runs_no_destructor_itself() {
    let log = Log::default();
    drop(a_set_of_two(&log).await);
    assert!(log.take().is_empty());
    yield_now().await;
    assert_eq!(log.take().len(), 2);
}

/// `JoinSet::shutdown` returns after the destructors of all its tasks.
#[tokio::test(start_paused = true)]
async fn join_set_shutdown_waits_for_the_destructors() {
    let log = Log::default();
    let mut set = a_set_of_two(&log).await;
    set.shutdown().await;
    let mut events = log.take();
    events.sort();
    assert_eq!(events, BOTH_WERE_CUT);
}

// `abort`.

/// A task that is aborted while it runs goes on up to its next suspension, and
/// no further.
#[tokio::test(start_paused = true)]
async fn abort_takes_effect_at_the_next_suspension() {
    let log = Log::default();
    let handle = aborts_itself(&log, |log| async move {
        log.note("still running");
        sleep(A_SECOND).await;
        log.note("behind the await");
    });
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.take(), ["abort", "still running"]);
}

/// A task that aborts itself and then does something more.
fn aborts_itself<F>(log: &Log, more: impl FnOnce(Log) -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send,
{
    let (send, itself) = oneshot::channel::<AbortHandle>();
    let log = log.clone();
    let handle = tokio::spawn(async move {
        let itself = itself.await.expect("it is sent below");
        log.note("abort");
        itself.abort();
        more(log).await;
    });
    send.send(handle.abort_handle()).expect("the task waits");
    handle
}

/// `abort` itself drops nothing. When the aborted task's handle has been
/// awaited, its destructors have run.
#[tokio::test(start_paused = true)]
async fn awaiting_an_aborted_task_waits_for_its_destructors() {
    let log = Log::default();
    let handle = begun(&log).await;
    handle.abort();
    assert!(log.take().is_empty());
    assert!(!handle.is_finished());
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.take(), WAS_CUT);
}

/// The handle of an aborted task says `is_cancelled()`, but `Ok` if the task
/// was finished already or had no suspension left before its end.
#[tokio::test(start_paused = true)]
async fn an_aborted_task_may_still_yield_ok() {
    let log = Log::default();
    let handle = begun(&log).await;
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());

    let finished = tokio::spawn(async { "bread" });
    yield_now().await;
    finished.abort();
    assert_eq!(finished.await.unwrap(), "bread");

    let last_stretch = aborts_itself(&log, |log| async move { log.note("to the end") });
    assert!(last_stretch.await.is_ok());
    assert_eq!(log.take(), ["work dropped", "abort", "to the end"]);
}

// A branch of `select!` that wins.

/// The other branch is dropped, and everything in it.
#[tokio::test(start_paused = true)]
async fn a_losing_branch_is_dropped() {
    let log = Log::default();
    select! {
        () = work(log.clone(), "work") => panic!("it is the slower one"),
        () = sleep(A_SECOND) => {}
    }
    assert_eq!(within_a_minute(&log).await, WAS_CUT);
}

/// The loser's destructors have run when the winner's handler begins.
#[tokio::test(start_paused = true)]
async fn a_loser_is_dropped_before_the_handler() {
    let log = Log::default();
    select! {
        () = work(log.clone(), "work") => panic!("it is the slower one"),
        () = sleep(A_SECOND) => assert_eq!(log.take(), WAS_CUT),
    }
}

/// The handler that runs says which branch won, so the code around `select!`
/// knows that the other was dropped.
#[tokio::test(start_paused = true)]
async fn the_handler_that_runs_names_the_loser() {
    for (limit, expected) in [(1, "time is up"), (9, "done")] {
        let outcome = select! {
            () = work(Log::default(), "work") => "done",
            () = sleep(seconds(limit)) => "time is up",
        };
        assert_eq!(outcome, expected);
    }
}

// A timeout that expires.

/// Given the future, `timeout` ends the work when time is up.
#[tokio::test(start_paused = true)]
async fn a_timeout_cancels_a_future_that_it_owns() {
    let log = Log::default();
    assert!(timeout(A_SECOND, work(log.clone(), "work")).await.is_err());
    assert_eq!(within_a_minute(&log).await, WAS_CUT);
}

/// The destructors of the work have run when the awaited `timeout` gives its
/// result.
#[tokio::test(start_paused = true)]
async fn an_owned_future_is_dropped_before_the_result_is_there() {
    let log = Log::default();
    match timeout(A_SECOND, work(log.clone(), "work")).await {
        Ok(()) => panic!("five seconds are more than one"),
        Err(_) => assert_eq!(log.take(), WAS_CUT),
    }
}

/// Lent to a `timeout` that expires, a future makes no step until it is polled
/// again; then it completes.
#[tokio::test(start_paused = true)]
async fn a_timeout_leaves_a_lent_future_alive() {
    let log = Log::default();
    let mut lent = pin!(work(log.clone(), "work"));
    assert!(timeout(A_SECOND, &mut lent).await.is_err());
    assert!(within_a_minute(&log).await.is_empty(), "nobody polls it");
    lent.await;
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// The destructors of a future that was lent run when its owner drops it.
#[tokio::test(start_paused = true)]
async fn a_lent_future_is_dropped_by_its_owner() {
    let log = Log::default();
    let mut lent = Box::pin(work(log.clone(), "work"));
    assert!(timeout(A_SECOND, &mut lent).await.is_err());
    assert!(log.take().is_empty());
    drop(lent);
    assert_eq!(log.take(), WAS_CUT);
}

/// Given a `JoinHandle`, `timeout` drops the handle, and the task runs to its
/// end. Given an `AbortOnDropHandle`, it ends the task.
#[tokio::test(start_paused = true)]
async fn a_timeout_around_a_handle_abandons_it() {
    let log = Log::default();
    let handle = tokio::spawn(work(log.clone(), "work"));
    assert!(timeout(A_SECOND, handle).await.is_err());
    assert_eq!(within_a_minute(&log).await, RAN_TO_ITS_END);

    let handle = AbortOnDropHandle::new(tokio::spawn(work(log.clone(), "work")));
    assert!(timeout(A_SECOND, handle).await.is_err());
    assert_eq!(within_a_minute(&log).await, WAS_CUT);
}

/// A task whose handle timed out is dropped when it is finished, four seconds
/// after the limit.
#[tokio::test(start_paused = true)]
async fn an_abandoned_task_is_dropped_at_its_own_end() {
    let log = Log::default();
    let start = Instant::now();
    let handle = tokio::spawn(work(log.clone(), "work"));
    assert!(timeout(A_SECOND, handle).await.is_err());
    assert_eq!(start.elapsed(), A_SECOND);
    sleep(seconds(3)).await;
    assert!(log.take().is_empty());
    sleep(seconds(2)).await;
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// The result is the same `Err(Elapsed)` for a future that is gone, one that
/// waits and a task that runs on.
#[tokio::test(start_paused = true)]
async fn elapsed_does_not_say_what_became_of_the_work() {
    let log = Log::default();
    let owned = timeout(A_SECOND, work(log.clone(), "owned")).await;
    let mut kept = pin!(work(log.clone(), "lent"));
    let lent = timeout(A_SECOND, &mut kept).await;
    let handle = tokio::spawn(work(log.clone(), "spawned"));
    let spawned = timeout(A_SECOND, handle).await;

    let elapsed = owned.unwrap_err();
    assert_eq!(elapsed, lent.unwrap_err());
    assert_eq!(elapsed, spawned.unwrap_err());

    sleep(seconds(60)).await;
    kept.await;
    let fates = [
        "owned dropped",
        "spawned done",
        "spawned dropped",
        "lent done",
        "lent dropped",
    ];
    assert_eq!(log.take(), fates);
}

// A signal.

/// A token that is cancelled stops the task that races its work against it, and
/// not the one that holds the token and does not listen.
#[tokio::test(start_paused = true)]
async fn a_signal_stops_only_those_who_listen() {
    let log = Log::default();
    let token = CancellationToken::new();
    let listener = {
        let (log, token) = (log.clone(), token.clone());
        async move {
            select! {
                () = token.cancelled() => {}
                () = work(log, "listener") => {}
            }
        }
    };
    let deaf = {
        let (log, _token) = (log.clone(), token.clone());
        async move { work(log, "deaf").await }
    };
    tokio::spawn(listener);
    tokio::spawn(deaf);
    yield_now().await;

    token.cancel();
    let events = ["listener dropped", "deaf done", "deaf dropped"];
    assert_eq!(within_a_minute(&log).await, events);
}

/// A task that races its work against the token, and has begun.
async fn listening(log: &Log, token: &CancellationToken) -> JoinHandle<()> {
    let (log, token) = (log.clone(), token.clone());
    let listener = tokio::spawn(async move {
        select! {
            () = token.cancelled() => {}
            () = work(log, "work") => {}
        }
    });
    yield_now().await;
    listener
}

/// Sending a signal drops nothing: the work is dropped when its listener is
/// polled.
#[tokio::test(start_paused = true)]
async fn a_signal_drops_nothing_itself() {
    let log = Log::default();
    let token = CancellationToken::new();
    let _listener = listening(&log, &token).await;
    token.cancel();
    assert!(log.take().is_empty());
    yield_now().await;
    assert_eq!(log.take(), WAS_CUT);
}

/// A token says that it was cancelled while the work still runs; the listener's
/// handle says that the work has stopped.
#[tokio::test(start_paused = true)]
async fn a_cancelled_token_says_asked_and_not_stopped() {
    let log = Log::default();
    let token = CancellationToken::new();
    let listener = listening(&log, &token).await;
    token.cancel();
    assert!(token.is_cancelled());
    assert!(log.take().is_empty(), "nothing has stopped yet");
    listener.await.expect("it returned");
    assert_eq!(log.take(), WAS_CUT);
}

// A parent that exits.

/// How a parent can come to its end.
#[derive(Clone, Copy, Debug)]
enum Exit {
    Return,
    Panic,
    Abort,
}

/// A parent that has exited, and the handle of the child that it had spawned.
struct Exited {
    child: JoinHandle<()>,
    parent: Result<(), tokio::task::JoinError>,
}

async fn parent_that_exits(exit: Exit, log: &Log) -> Exited {
    let (send, child) = oneshot::channel();
    let log = log.clone();
    let parent = tokio::spawn(async move {
        let _guard = log.guard("parent");
        let child = tokio::spawn(work(log.clone(), "work"));
        yield_now().await;
        send.send(child).expect("the test waits");
        match exit {
            Exit::Return => {}
            Exit::Panic => panic!("a parent panics, on purpose"),
            Exit::Abort => pending().await,
        }
    });
    let child = child.await.expect("there is a child");
    if matches!(exit, Exit::Abort) {
        parent.abort();
    }
    Exited {
        child,
        parent: parent.await,
    }
}

/// A spawned child runs to its end after its parent returned, panicked or was
/// aborted. A child in the parent's `JoinSet` does not.
#[tokio::test(start_paused = true)]
async fn children_outlive_their_parent() {
    let log = Log::default();
    for exit in [Exit::Return, Exit::Panic, Exit::Abort] {
        drop(parent_that_exits(exit, &log).await.child);
        assert_eq!(log.take(), ["parent dropped"], "{exit:?}");
        assert_eq!(within_a_minute(&log).await, RAN_TO_ITS_END, "{exit:?}");
    }

    let parent = {
        let log = log.clone();
        async move { drop(a_set_of_two(&log).await) }
    };
    tokio::spawn(parent).await.expect("it returns");
    let mut events = within_a_minute(&log).await;
    events.sort();
    assert_eq!(events, BOTH_WERE_CUT);
}

/// The child's destructors run when its five seconds are over, not when the
/// parent returns.
#[tokio::test(start_paused = true)]
async fn a_child_is_dropped_at_its_own_end() {
    let log = Log::default();
    let _exited = parent_that_exits(Exit::Return, &log).await;
    assert_eq!(log.take(), ["parent dropped"]);
    sleep(seconds(4)).await;
    assert!(log.take().is_empty());
    sleep(seconds(2)).await;
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// A child's handle that the parent gave away can be awaited after the parent
/// has returned.
#[tokio::test(start_paused = true)]
async fn a_childs_handle_outlives_the_parent() {
    let log = Log::default();
    let exited = parent_that_exits(Exit::Return, &log).await;
    exited.parent.expect("it returned");
    exited.child.await.expect("the child ran to its end");
    assert_eq!(log.take(), ["parent dropped", "work done", "work dropped"]);
}

/// What a parent owns goes with it, however it exits: a `JoinSet` and the
/// tasks in it.
#[tokio::test(start_paused = true)]
async fn a_join_set_ends_with_its_parent() {
    let log = Log::default();
    for exit in [Exit::Return, Exit::Panic, Exit::Abort] {
        let parent = {
            let log = log.clone();
            tokio::spawn(async move {
                let _children = a_set_of_two(&log).await;
                match exit {
                    Exit::Return => {}
                    Exit::Panic => panic!("a parent panics, on purpose"),
                    Exit::Abort => pending().await,
                }
            })
        };
        sleep(A_SECOND).await;
        parent.abort();
        let _ = parent.await;
        let mut events = within_a_minute(&log).await;
        events.sort();
        assert_eq!(events, BOTH_WERE_CUT, "{exit:?}");
    }
}

/// `abort` ends the parent and nothing that it spawned.
#[tokio::test(start_paused = true)]
async fn abort_does_not_reach_the_children() {
    let log = Log::default();
    let exited = parent_that_exits(Exit::Abort, &log).await;
    assert!(exited.parent.unwrap_err().is_cancelled());
    assert!(exited.child.await.is_ok());
}

/// When the handle of an aborted parent has been awaited, what the parent
/// itself owned is dropped, and what its child owns is not.
#[tokio::test(start_paused = true)]
async fn abort_drops_what_the_parent_owned() {
    let log = Log::default();
    let exited = parent_that_exits(Exit::Abort, &log).await;
    assert_eq!(log.take(), ["parent dropped"]);
    exited.child.await.expect("it runs on");
    assert_eq!(log.take(), RAN_TO_ITS_END);
}

/// The handle of an aborted parent says that it is cancelled while its child
/// still runs.
#[tokio::test(start_paused = true)]
async fn an_aborted_parents_handle_knows_nothing_of_the_children() {
    let log = Log::default();
    let exited = parent_that_exits(Exit::Abort, &log).await;
    assert!(exited.parent.unwrap_err().is_cancelled());
    assert!(!exited.child.is_finished());
}

// The end of the runtime.

/// A runtime on one thread, and one on several.
fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.enable_all().build().expect("a runtime"))
}

/// Starts a task that never ends by itself, and waits until it has begun.
fn begun_on(runtime: &Runtime, log: &Log) -> JoinHandle<()> {
    let (send, begun) = oneshot::channel();
    let log = log.clone();
    let handle = runtime.spawn(async move {
        let _guard = log.guard("work");
        send.send(()).expect("the test waits");
        pending().await
    });
    runtime.block_on(begun).expect("it begins");
    handle
}

/// The end of a runtime cancels a task that has been detached from everything
/// else.
#[test]
fn the_end_of_the_runtime_cancels_its_tasks() {
    for runtime in runtimes() {
        let log = Log::default();
        drop(begun_on(&runtime, &log));
        drop(runtime);
        assert_eq!(log.take(), WAS_CUT);
    }
}

/// The task's destructors have run when the drop of the runtime returns, and
/// not before.
#[test]
fn dropping_the_runtime_waits_for_the_destructors() {
    for runtime in runtimes() {
        let log = Log::default();
        drop(begun_on(&runtime, &log));
        log.note("main returns");
        drop(runtime);
        log.note("the runtime is gone");
        let order = ["main returns", "work dropped", "the runtime is gone"];
        assert_eq!(log.take(), order);
    }
}

/// A handle that outlives the runtime can be awaited elsewhere, and says that
/// the task was cancelled.
#[test]
fn a_handle_outlives_the_runtime() {
    for runtime in runtimes() {
        let handle = begun_on(&runtime, &Log::default());
        drop(runtime);
        let error = futures::executor::block_on(handle).unwrap_err();
        assert!(error.is_cancelled());
    }
}
