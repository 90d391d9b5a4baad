//! `tokio::task`.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc as thread_mpsc};
use std::time::Duration;

use cancel_sweep::{Cut, Finding, Sweep, Verdict};
use tokio::sync::Notify;
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(60);

type Log = Arc<Mutex<Vec<&'static str>>>;

fn entries(log: &Log) -> Vec<&'static str> {
    log.lock().unwrap().clone()
}

/// A task that bakes for a while, and writes down that it has.
async fn oven() -> (Option<JoinHandle<&'static str>>, Log) {
    let log = Log::default();
    let entry = Arc::clone(&log);
    let task = tokio::spawn(async move {
        sleep(BUSY).await;
        entry.lock().unwrap().push("baked");
        "bread"
    });
    (Some(task), log)
}

/// The handle is dropped with the future; the task knows nothing of it.
#[test]
fn join_handle_by_value() {
    let row = Row {
        api: "tokio::task::JoinHandle",
        page: "tokio/task/struct.JoinHandle.html",
        verdict: Word::GoesOn,
        left: "The task ran to its end after the drop, and its result was lost.",
        docs: Docs::Says(
            "then the task continues running in the background and its return value is lost",
        ),
        source: "tokio/src/runtime/task/join.rs",
        instead: "Await the handle [by reference](#ref-tokio-task-joinhandle); to stop the task with its handle, `tokio_util::task::AbortOnDropHandle` or a `JoinSet`.",
        suspensions: 1,
    };
    let report = Sweep::new().check(
        oven,
        async |(task, _)| {
            task.take().unwrap().await.unwrap();
        },
        async |(_, log), end| {
            let before = entries(&log);
            sleep(LONG).await;
            let after = entries(&log);
            if end == Cut::NeverPolled || before == after {
                return Ok(());
            }
            Err(format!("{before:?} at the drop, {after:?} later"))
        },
    );
    row.holds(&report);
}

/// The task and its result belong to the handle, and the handle is kept.
#[test]
fn join_handle_by_reference() {
    let row = Row {
        api: "&mut tokio::task::JoinHandle",
        page: "tokio/task/struct.JoinHandle.html#cancel-safety",
        verdict: Word::Safe,
        left: "The result stayed with the handle, also when the task had ended before the drop.",
        docs: Docs::Says("Awaiting a `&mut JoinHandle<T>` is cancel safe."),
        source: "tokio/src/runtime/task/join.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (oven().await.0.unwrap(), Vec::new()),
        async |(task, results)| results.push(task.await.unwrap()),
        async |(_, results)| results,
    );
    row.holds(&report);
}

/// Three walkers who come home one after the other, each with a find.
fn walkers(home: &Log) -> JoinSet<&'static str> {
    let mut set = JoinSet::new();
    for (hours, find) in [(1, "shell"), (2, "feather"), (3, "stone")] {
        let home = Arc::clone(home);
        set.spawn(async move {
            sleep(hours * BUSY).await;
            home.lock().unwrap().push(find);
            find
        });
    }
    set
}

/// Dropped after a task had ended, but before it was polled to hear of it.
#[test]
fn join_set_join_next() {
    let row = Row {
        api: "tokio::task::JoinSet::join_next",
        page: "tokio/task/struct.JoinSet.html#method.join_next",
        verdict: Word::Safe,
        left: "The task that had ended stayed in the set with its result, and the others ran on.",
        docs: Docs::Says("it is guaranteed that no tasks were removed from this `JoinSet`"),
        source: "tokio/src/task/join_set.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (walkers(&Log::default()), Vec::new()),
        async |(set, finds)| finds.push(set.join_next().await.unwrap().unwrap()),
        async |(mut set, mut finds)| {
            while let Some(find) = set.join_next().await {
                finds.push(find.unwrap());
            }
            finds
        },
    );
    row.holds(&report);
}

/// As `join_next`; the list says which task each result came from.
#[test]
fn join_set_join_next_with_id() {
    let row = Row {
        api: "tokio::task::JoinSet::join_next_with_id",
        page: "tokio/task/struct.JoinSet.html#method.join_next_with_id",
        verdict: Word::Safe,
        left: "The task that had ended stayed in the set with its id and its result, and the others ran on.",
        docs: Docs::Says("it is guaranteed that no tasks were removed from this `JoinSet`"),
        source: "tokio/src/task/join_set.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut set = JoinSet::new();
            let mut ids = Vec::new();
            for find in ["amber", "driftwood"] {
                let walk = async move {
                    sleep(BUSY).await;
                    find
                };
                ids.push(set.spawn(walk).id());
            }
            (set, ids, Vec::new())
        },
        async |(set, _, finds)| finds.push(set.join_next_with_id().await.unwrap().unwrap()),
        async |(mut set, ids, mut finds)| {
            while let Some(find) = set.join_next_with_id().await {
                finds.push(find.unwrap());
            }
            let place = |task| ids.iter().position(|id| *id == task);
            finds
                .into_iter()
                .map(|(task, find)| (place(task), find))
                .collect()
        },
    );
    row.holds(&report);
}

/// It owns the set and the results so far, and so its drop is theirs.
#[test]
fn join_set_join_all() {
    let row = Row {
        api: "tokio::task::JoinSet::join_all",
        page: "tokio/task/struct.JoinSet.html#method.join_all",
        verdict: Word::LosesData,
        left: "The set was dropped with the future: the tasks still at work were aborted, and the results of the others were lost.",
        docs: Docs::Differs(
            "equivalent to calling [`join_next`] in a loop",
            "join_all_takes_its_tasks_down",
        ),
        source: "tokio/src/task/join_set.rs",
        instead: "[`join_next`](#tokio-task-joinset-join-next) in a loop, over a set and a `Vec` that are kept outside.",
        suspensions: 3,
    };
    let report = Sweep::new().check(
        async || {
            let home = Log::default();
            (Some(walkers(&home)), Vec::new(), home)
        },
        async |(set, finds, _)| *finds = set.take().unwrap().join_all().await,
        async |(_, finds, home), end| {
            if end == Cut::NeverPolled || finds.len() == 3 {
                return Ok(());
            }
            let before = entries(&home);
            sleep(LONG).await;
            let after = entries(&home);
            if before != after {
                return Err(format!("{before:?} at the drop, {after:?} later").into());
            }
            let left = format!("{finds:?} left, of {after:?} who were home");
            Err(Finding::new(Verdict::LosesData, left))
        },
    );
    row.holds(&report);
}

/// What it asks of the tasks it asks at once, and it waits for whoever is
/// still in the set.
#[test]
fn join_set_shutdown() {
    let row = Row {
        api: "tokio::task::JoinSet::shutdown",
        page: "tokio/task/struct.JoinSet.html#method.shutdown",
        verdict: Word::Safe,
        left: "Its tasks had been aborted all the same; the next call waited for those still in the set.",
        docs: Docs::Silent,
        source: "tokio/src/task/join_set.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let home = Log::default();
            let set = walkers(&home);
            (set, home, Vec::new())
        },
        async |(set, home, finds)| {
            set.shutdown().await;
            finds.push((set.len(), entries(home)));
        },
        async |(_, home, mut finds)| {
            sleep(LONG).await;
            finds.push((0, entries(&home)));
            finds
        },
    );
    row.holds(&report);

    let aborted = Sweep::new().only([Cut::Suspended(1)]).check(
        async || {
            let home = Log::default();
            (walkers(&home), home)
        },
        async |(set, _)| set.shutdown().await,
        async |(_set, home), _| {
            sleep(LONG).await;
            match entries(&home).as_slice() {
                [] => Ok(()),
                others => Err(format!("{others:?} came home")),
            }
        },
    );
    aborted.assert_safe();
}

/// A press that prints once it is let; the letting is a task of its own, which
/// runs while the call is suspended or when it has been dropped.
#[test]
fn spawn_blocking_waited_for() {
    let row = Row {
        api: "tokio::task::spawn_blocking",
        page: "tokio/task/fn.spawn_blocking.html",
        verdict: Word::GoesOn,
        left: "The closure ran to its end on its thread, and its result was lost.",
        docs: Docs::Says("cannot be aborted because they are not async"),
        source: "tokio/src/task/blocking.rs",
        instead: "Keep the `JoinHandle` and await it [by reference](#ref-tokio-task-joinhandle); for work that must stop, let the closure ask a flag or a token now and then.",
        suspensions: 1,
    };
    let report = Sweep::new().check(
        async || {
            let (let_it, may_print) = thread_mpsc::channel();
            let waiting = Arc::new(Notify::new());
            let signal = Arc::clone(&waiting);
            tokio::spawn(async move {
                signal.notified().await;
                let_it.send(()).unwrap();
            });
            (Some(may_print), waiting, Log::default())
        },
        async |(may_print, waiting, log)| {
            let (may_print, log) = (may_print.take().unwrap(), Arc::clone(log));
            waiting.notify_one();
            let print = spawn_blocking(move || {
                may_print.recv().unwrap();
                log.lock().unwrap().push("printed");
            });
            print.await.unwrap();
        },
        async |(_, _, log), end| match (end, entries(&log).as_slice()) {
            (Cut::Completed(_), ["printed"]) | (_, []) => Ok(()),
            (_, after) => Err(format!("{after:?} after the drop")),
        },
    );
    row.holds(&report);
}

/// Someone who has a turn each time the bell rings, if only the others yield.
struct Neighbour {
    bell: Arc<Notify>,
    turns: Arc<AtomicUsize>,
    had_a_turn: Vec<bool>,
}

impl Neighbour {
    fn new() -> Self {
        let bell = Arc::new(Notify::new());
        let turns = Arc::new(AtomicUsize::new(0));
        let (signal, count) = (Arc::clone(&bell), Arc::clone(&turns));
        tokio::spawn(async move {
            loop {
                signal.notified().await;
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        let had_a_turn = Vec::new();
        Self {
            bell,
            turns,
            had_a_turn,
        }
    }

    async fn during(&mut self, wait: impl Future) {
        let before = self.turns.load(Ordering::Relaxed);
        self.bell.notify_one();
        wait.await;
        let after = self.turns.load(Ordering::Relaxed);
        self.had_a_turn.push(after > before);
    }
}

/// Made anew, it lets the others run as if it were the first. In a `select!`
/// whose other branch is ready it lets nobody run.
#[test]
fn yield_now_made_anew() {
    let row = Row {
        api: "tokio::task::yield_now",
        page: "tokio/task/fn.yield_now.html",
        verdict: Word::Safe,
        left: "Nothing; made anew, it yielded to the other tasks again.",
        docs: Docs::Says("then the yield is not propagated all the way up to the runtime"),
        source: "tokio/src/task/yield_now.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Neighbour::new(),
        async |neighbour| neighbour.during(yield_now()).await,
        async |neighbour| neighbour.had_a_turn,
    );
    row.holds(&report);

    let beside_a_ready_branch = Sweep::new().check(
        async || Neighbour::new(),
        async |neighbour| {
            let select = async {
                tokio::select! {
                    biased;
                    () = yield_now() => {}
                    () = ready(()) => {}
                }
            };
            neighbour.during(select).await;
        },
        async |neighbour, end| match (end, neighbour.had_a_turn.as_slice()) {
            (Cut::Completed(0), [false]) | (Cut::NeverPolled, []) => Ok(()),
            (_, turns) => Err(format!("{turns:?}")),
        },
    );
    assert_eq!(
        beside_a_ready_branch.verdict(),
        Verdict::Safe,
        "{beside_a_ready_branch}"
    );
}

/// It suspends only when the budget of the task is spent, and so it is here.
#[test]
fn consume_budget_made_anew() {
    let row = Row {
        api: "tokio::task::coop::consume_budget",
        page: "tokio/task/coop/fn.consume_budget.html",
        verdict: Word::Safe,
        left: "Nothing; made anew with the budget spent, it yielded again.",
        docs: Docs::Silent,
        source: "tokio/src/task/coop/consume_budget.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Neighbour::new(),
        async |neighbour| {
            while has_budget_remaining() {
                consume_budget().await;
            }
            neighbour.during(consume_budget()).await;
        },
        async |neighbour| neighbour.had_a_turn,
    );
    row.holds(&report);
}
