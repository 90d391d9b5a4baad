//! `tokio_util::task`.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cancel_sweep::{Cut, Finding, Sweep, Verdict};
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep;
use tokio_util::task::{AbortOnDropHandle, JoinMap, JoinQueue, LocalPoolHandle, TaskTracker};

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// What became of the tasks.
type Log = Arc<Mutex<Vec<&'static str>>>;

/// Writes into the log when it is dropped.
struct Leaves(&'static str, Log);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

/// Comes back with `what` in a while.
async fn fetch(what: &'static str, time: Duration) -> &'static str {
    sleep(time).await;
    what
}

/// With one closing, a wait that was made anew saw it. Where the tracker was
/// empty for a moment only, nobody stood there to see it.
#[test]
fn task_tracker_wait() {
    let row = Row {
        api: "tokio_util::task::TaskTracker::wait",
        page: "tokio_util/task/struct.TaskTracker.html#method.wait",
        verdict: Word::SafeIf("if nobody reopens the tracker"),
        left: "The tracker was closed and empty, and the next wait saw it, unless it had been reopened and given a task by then.",
        docs: Docs::Says("is lost when using `wait` as the condition in a `tokio::select!` loop"),
        source: "tokio-util/src/task/task_tracker.rs",
        instead: "Keep one pinned `wait` future and poll it by reference.",
        suspensions: 1,
    };
    let with_one_closing = Sweep::new().cuts(2).recreate(
        async || {
            let ship = TaskTracker::new();
            ship.spawn(fetch("the cargo", BUSY));
            ship.close();
            (ship, Vec::new())
        },
        async |(ship, log)| {
            ship.wait().await;
            log.push("sailed");
        },
        async |(_, log)| log,
    );
    let reopened = Sweep::new().check(
        async || {
            let ship = TaskTracker::new();
            ship.spawn(fetch("the cargo", BUSY));
            ship.close();
            let late = ship.clone();
            tokio::spawn(async move {
                late.wait().await;
                late.reopen();
                late.spawn(pending::<()>());
            });
            ship
        },
        async |ship| ship.wait().await,
        async |ship, end| {
            sleep(BUSY * 2).await; // the handler of another branch
            let again = tokio::time::timeout(BUSY, ship.wait());
            match end {
                Cut::Completed(_) => Ok(()),
                _ => again.await.map_err(|_| {
                    Finding::new(Verdict::LosesData, "missed that it was closed and empty")
                }),
            }
        },
    );
    row.holds_if(&with_one_closing, &reopened);
}

/// Two tasks end in time; `join_next` is cut while it waits for the first.
#[test]
fn join_map_join_next() {
    let row = Row {
        api: "tokio_util::task::JoinMap::join_next",
        page: "tokio_util/task/struct.JoinMap.html#method.join_next",
        verdict: Word::Safe,
        left: "Both tasks and their outputs stayed in the map until a `join_next` returned them.",
        docs: Docs::Says("it is guaranteed that no tasks were removed from this `JoinMap`"),
        source: "tokio-util/src/task/join_map.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut errands = JoinMap::new();
            errands.spawn("anna", fetch("milk", BUSY * 2));
            errands.spawn("ben", fetch("bread", BUSY));
            (errands, Vec::new())
        },
        async |(errands, home)| {
            let (who, what) = errands.join_next().await.unwrap();
            home.push((who, what.unwrap()));
        },
        async |(mut errands, mut home)| {
            while let Some((who, what)) = errands.join_next().await {
                home.push((who, what.unwrap()));
            }
            home
        },
    );
    row.holds(&report);
}

/// All are aborted in the first poll; what is cut is only the wait for them.
#[test]
fn join_map_shutdown() {
    let row = Row {
        api: "tokio_util::task::JoinMap::shutdown",
        page: "tokio_util/task/struct.JoinMap.html#method.shutdown",
        verdict: Word::Safe,
        left: "Every task had been aborted at the first poll and ended; those not yet joined stayed in the map for the next call.",
        docs: Docs::Silent,
        source: "tokio-util/src/task/join_map.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (log, mut guests) = (Log::default(), JoinMap::new());
            for name in ["anna", "ben"] {
                let guest = Leaves(name, Arc::clone(&log));
                guests.spawn(name, async move {
                    let _guest = guest;
                    pending::<()>().await;
                });
            }
            (guests, log)
        },
        async |(guests, log)| {
            guests.shutdown().await;
            log.lock().unwrap().push("we lock up");
        },
        async |(guests, log)| {
            assert!(guests.is_empty());
            log.lock().unwrap().clone()
        },
    );
    row.holds(&report);
}

/// Two tasks, the second ready first.
async fn runners() -> (JoinQueue<&'static str>, Vec<&'static str>) {
    let mut runners = JoinQueue::new();
    runners.spawn(fetch("milk", BUSY * 2));
    runners.spawn(fetch("bread", BUSY));
    (runners, Vec::new())
}

async fn all_home(
    (mut runners, mut home): (JoinQueue<&'static str>, Vec<&'static str>),
) -> Vec<&'static str> {
    while let Some(what) = runners.join_next().await {
        home.push(what.unwrap());
    }
    home
}

/// Two tasks, the second ready first; `join_next` is cut while it waits.
#[test]
fn join_queue_join_next() {
    let row = Row {
        api: "tokio_util::task::JoinQueue::join_next",
        page: "tokio_util/task/struct.JoinQueue.html#method.join_next",
        verdict: Word::Safe,
        left: "Both tasks stayed in the queue, in their order, until a `join_next` returned them.",
        docs: Docs::Says("it is guaranteed that no tasks were removed from this [`JoinQueue`]"),
        source: "tokio-util/src/task/join_queue.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        runners,
        async |(runners, home)| home.push(runners.join_next().await.unwrap().unwrap()),
        all_home,
    );
    row.holds(&report);
}

/// Two tasks, the second ready first; the call is cut while it waits.
#[test]
fn join_queue_join_next_with_id() {
    let row = Row {
        api: "tokio_util::task::JoinQueue::join_next_with_id",
        page: "tokio_util/task/struct.JoinQueue.html#method.join_next_with_id",
        verdict: Word::Safe,
        left: "Both tasks stayed in the queue, in their order, until a call returned them.",
        docs: Docs::Says("it is guaranteed that no tasks were removed from this [`JoinQueue`]"),
        source: "tokio-util/src/task/join_queue.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        runners,
        async |(runners, home)| {
            let (_, what) = runners.join_next_with_id().await.unwrap().unwrap();
            home.push(what);
        },
        all_home,
    );
    row.holds(&report);
}

/// All are aborted in the first poll; what is cut is only the wait for them.
#[test]
fn join_queue_shutdown() {
    let row = Row {
        api: "tokio_util::task::JoinQueue::shutdown",
        page: "tokio_util/task/struct.JoinQueue.html#method.shutdown",
        verdict: Word::Safe,
        left: "Every task had been aborted at the first poll and ended; those not yet joined stayed in the queue for the next call.",
        docs: Docs::Silent,
        source: "tokio-util/src/task/join_queue.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (log, mut guests) = (Log::default(), JoinQueue::new());
            for name in ["anna", "ben"] {
                let guest = Leaves(name, Arc::clone(&log));
                guests.spawn(async move {
                    let _guest = guest;
                    pending::<()>().await;
                });
            }
            (guests, log)
        },
        async |(guests, log)| {
            guests.shutdown().await;
            log.lock().unwrap().push("we lock up");
        },
        async |(guests, log)| {
            assert!(guests.is_empty());
            log.lock().unwrap().clone()
        },
    );
    row.holds(&report);
}

/// It owns the queue, and a dropped queue aborts its tasks.
#[test]
fn join_queue_join_all() {
    let row = Row {
        api: "tokio_util::task::JoinQueue::join_all",
        page: "tokio_util/task/struct.JoinQueue.html#method.join_all",
        verdict: Word::LosesData,
        left: "The queue was dropped with the future: the tasks were aborted, and the outputs collected so far were gone.",
        docs: Docs::Says("This method is not cancel safe"),
        source: "tokio-util/src/task/join_queue.rs",
        instead: "[`join_next`](#tokio-util-task-joinqueue-join-next) in a loop, with the outputs in a `Vec` outside.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let log = Log::default();
            let mut runners = JoinQueue::new();
            for (what, time) in [("milk", BUSY), ("bread", BUSY * 2)] {
                let log = Arc::clone(&log);
                runners.spawn(async move {
                    let what = fetch(what, time).await;
                    log.lock().unwrap().push("arrived");
                    what
                });
            }
            (Some(runners), Vec::new(), log)
        },
        async |(runners, home, _)| {
            if let Some(runners) = runners.take() {
                home.extend(runners.join_all().await);
            }
        },
        async |(_, home, log)| {
            sleep(BUSY * 3).await; // time enough for whoever is still running
            [log.lock().unwrap().clone(), home].concat()
        },
    );
    row.holds(&report);
}

/// A bell that rings in a while, and tells us so.
async fn bell() -> (Option<AbortOnDropHandle<&'static str>>, Log) {
    let log = Log::default();
    let rings = Arc::clone(&log);
    let bell = tokio::spawn(async move {
        sleep(BUSY).await;
        rings.lock().unwrap().push("it rang");
        "noon"
    });
    (Some(AbortOnDropHandle::new(bell)), log)
}

async fn rung((_, log): (Option<AbortOnDropHandle<&'static str>>, Log)) -> Vec<&'static str> {
    sleep(BUSY * 2).await; // time enough to ring
    log.lock().unwrap().clone()
}

/// The handle is inside the future, and its drop aborts the task.
#[test]
fn abort_on_drop_handle() {
    let row = Row {
        api: "tokio_util::task::AbortOnDropHandle",
        page: "tokio_util/task/struct.AbortOnDropHandle.html",
        verdict: Word::LosesData,
        left: "The task was aborted where it stood; the rest of its work was never done.",
        docs: Docs::Says("the task when it is dropped"),
        source: "tokio-util/src/task/abort_on_drop.rs",
        instead: "Await it [by reference](#ref-tokio-util-task-abortondrophandle).",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        bell,
        async |(bell, _)| {
            if let Some(bell) = bell.take() {
                bell.await.unwrap();
            }
        },
        rung,
    );
    row.holds(&report);
}

/// The handle stays outside; only the wait is cut.
#[test]
fn ref_abort_on_drop_handle() {
    let row = Row {
        api: "&mut tokio_util::task::AbortOnDropHandle",
        page: "tokio_util/task/struct.AbortOnDropHandle.html",
        verdict: Word::Safe,
        left: "The task ran on, and the next wait had its output.",
        docs: Docs::Silent,
        source: "tokio-util/src/task/abort_on_drop.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        bell,
        async |(bell, log)| {
            let time = bell.as_mut().unwrap().await.unwrap();
            log.lock().unwrap().push(time);
        },
        rung,
    );
    row.holds(&report);
}

/// What is dropped is a plain `JoinHandle`: the singer, on her own thread, was
/// told to begin only after that, and sang.
#[test]
fn local_pool_handle_spawn_pinned() {
    let row = Row {
        api: "tokio_util::task::LocalPoolHandle::spawn_pinned",
        page: "tokio_util/task/struct.LocalPoolHandle.html#method.spawn_pinned",
        verdict: Word::GoesOn,
        left: "The task ran to its end on its thread; only its output was lost.",
        docs: Docs::Silent,
        source: "tokio-util/src/task/spawn_pinned.rs",
        instead: "`AbortOnDropHandle::new` around the handle it returns.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().check(
        async || {
            let (begin, may_begin) = oneshot::channel();
            let (sings, heard) = oneshot::channel();
            let we_wait = Arc::new(Notify::new());
            let signal = Arc::clone(&we_wait);
            tokio::spawn(async move {
                signal.notified().await;
                begin.send(()).unwrap();
            });
            let singer = Some((may_begin, sings));
            (LocalPoolHandle::new(1), we_wait, singer, heard)
        },
        async |(pool, we_wait, singer, _)| {
            let (may_begin, sings) = singer.take().unwrap();
            we_wait.notify_one();
            let song = pool.spawn_pinned(|| async {
                may_begin.await.unwrap();
                sings.send("la la la").unwrap();
            });
            song.await.unwrap();
        },
        async |(_pool, _, singer, heard), end| {
            drop(singer);
            match (end, heard.await) {
                (Cut::Suspended(_), Ok(song)) => Err(format!("sang on: {song}")),
                _ => Ok(()),
            }
        },
    );
    row.holds(&report);
}
