//! Claims of the chapter "Blocking code".

use std::future::{Future, pending, poll_fn};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;
use std::time::Duration;
use std::{env, fs, process};

use cancel_sweep::{Cut, Report, Sweep};
use futures::{FutureExt, executor, join, poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::{Builder, Runtime};
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle, spawn_blocking, yield_now};
use tokio::time::{Instant, advance, interval, interval_at, sleep, sleep_until, timeout};

use crate::log::Log;
use crate::swept::first_failure;

#[path = "../../examples/blocked_thread_stops_the_lamp.rs"]
#[allow(dead_code)]
mod blocked_thread_stops_the_lamp;
#[path = "../../examples/blocking_work_asks_between_pages.rs"]
#[allow(dead_code)]
mod blocking_work_asks_between_pages;
#[path = "../../examples/hammer_made_anew_never_falls.rs"]
#[allow(dead_code)]
mod hammer_made_anew_never_falls;
#[path = "../../examples/hammer_pinned_outside_falls.rs"]
#[allow(dead_code)]
mod hammer_pinned_outside_falls;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

// --- A thread that sleeps ----------------------------------------------------

fn workers(number: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(number).build().unwrap()
}

/// Aborted, a task whose thread is blocked stays where it is, then goes on and
/// returns; a task that is suspended is cancelled.
#[test]
fn abort_does_not_reach_a_blocked_thread() {
    let runtime = workers(2);
    let log = Log::default();
    let (begun, has_begun) = channel();
    let (release, released) = channel();

    let (noted, also_begun) = (log.clone(), begun.clone());
    let blocked = runtime.spawn(async move {
        begun.send(()).unwrap();
        released.recv().unwrap();
        noted.note("went on");
    });
    let suspended = runtime.spawn(async move {
        also_begun.send(()).unwrap();
        pending::<()>().await;
    });
    has_begun.recv().unwrap();
    has_begun.recv().unwrap();

    blocked.abort();
    suspended.abort();
    assert!(runtime.block_on(suspended).unwrap_err().is_cancelled());
    assert!(!blocked.is_finished());
    assert!(log.events().is_empty());

    release.send(()).unwrap();
    runtime.block_on(blocked).unwrap();
    assert_eq!(log.events(), ["went on"]);
}

/// In virtual time: beside a task that keeps the thread for 25 periods nothing
/// ticks for 25 periods; beside one that sleeps as long, for one.
#[tokio::test(start_paused = true)]
async fn a_blocked_thread_stops_the_ticker() {
    use blocked_thread_stops_the_lamp::longest_gap;

    // One poll of `advance` moves the clock. Nothing else runs meanwhile, as
    // if the thread had slept.
    let blocks = async {
        let _ = advance(millis(500)).now_or_never();
    };
    assert_eq!(longest_gap(blocks).await, millis(500));

    let suspends = async { sleep(millis(500)).await };
    assert_eq!(longest_gap(suspends).await, millis(20));
}

/// A timeout on a blocked thread says `Ok`, nine seconds late; one on a thread
/// that is free says `Elapsed`, on time.
#[tokio::test(start_paused = true)]
async fn a_timeout_around_a_blocking_call_comes_too_late() {
    let start = Instant::now();
    let blocks = async {
        let _ = advance(seconds(10)).now_or_never();
    };
    assert!(timeout(seconds(1), blocks).await.is_ok());
    assert_eq!(start.elapsed(), seconds(10));

    let start = Instant::now();
    let suspends = async { sleep(seconds(10)).await };
    assert!(timeout(seconds(1), suspends).await.is_err());
    assert_eq!(start.elapsed(), seconds(1));
}

/// One task holds its thread until it is released: by its neighbour, which only
/// another worker can run, or else from outside.
fn beside_a_blocked_task(number_of_workers: usize) -> Vec<String> {
    let runtime = workers(number_of_workers);
    let log = Log::default();
    let (begun, has_begun) = channel();
    let (release, released) = channel();

    let noted = log.clone();
    let blocked = runtime.spawn(async move {
        begun.send(()).unwrap();
        released.recv().unwrap();
        noted.note("blocked task goes on");
    });
    has_begun.recv().unwrap();

    let (noted, releases) = (log.clone(), release.clone());
    let neighbour = runtime.spawn(async move {
        noted.note("neighbour runs");
        // Nobody waits for it if the release came from outside.
        let _ = releases.send(());
    });
    if number_of_workers == 1 {
        release.send(()).unwrap();
    }
    runtime.block_on(async {
        blocked.await.unwrap();
        neighbour.await.unwrap();
    });
    log.events()
}

/// A blocked thread is lost to every other task of a runtime that has but this
/// one; with a second worker, others can run.
#[test]
fn only_the_blocked_thread_stands_still() {
    let order = ["blocked task goes on", "neighbour runs"];
    assert_eq!(beside_a_blocked_task(1), order);

    let order = ["neighbour runs", "blocked task goes on"];
    assert_eq!(beside_a_blocked_task(2), order);
}

/// What a task spawns right before it blocks waits with it, even if another
/// worker has nothing to do.
#[test]
fn what_a_task_spawns_before_it_blocks_waits_with_it() {
    let runtime = workers(2);
    let log = Log::default();
    let (begun, has_begun) = channel();
    let (release, released) = channel();

    let noted = log.clone();
    let parent = runtime.spawn(async move {
        let child_noted = noted.clone();
        let child = tokio::spawn(async move { child_noted.note("child runs") });
        begun.send(()).unwrap();
        released.recv().unwrap();
        noted.note("parent goes on");
        child.await.unwrap();
    });
    has_begun.recv().unwrap();

    // The other worker is at work, and idle again afterwards.
    for _ in 0..100 {
        runtime.block_on(runtime.spawn(yield_now())).unwrap();
    }
    release.send(()).unwrap();
    runtime.block_on(parent).unwrap();
    assert_eq!(log.events(), ["parent goes on", "child runs"]);
}

// --- Jobs for a thread of their own ------------------------------------------

/// A runtime with a single thread for blocking work, and a job that has begun
/// on it and keeps it until it is released, or until nobody can release it.
struct Held {
    runtime: Runtime,
    log: Log,
    job: JoinHandle<()>,
    release: Sender<()>,
}

fn one_blocking_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.max_blocking_threads(1).build().unwrap()
}

fn held() -> Held {
    let runtime = one_blocking_thread();
    let log = Log::default();
    let (begun, has_begun) = channel();
    let (release, released) = channel();
    let noted = log.clone();
    let job = runtime.spawn_blocking(move || {
        begun.send(()).unwrap();
        let _ = released.recv();
        noted.note("job done");
    });
    has_begun.recv().unwrap();
    Held {
        runtime,
        log,
        job,
        release,
    }
}

impl Held {
    /// Puts a job into the queue, behind the one that is running.
    fn queue(&self, name: &'static str) -> JoinHandle<()> {
        let noted = self.log.clone();
        self.runtime.spawn_blocking(move || noted.note(name))
    }
}

/// A blocking job that runs does not notice that it was aborted: it completes,
/// and its handle says so.
#[test]
fn a_running_job_cannot_be_aborted() {
    let Held {
        runtime,
        log,
        job,
        release,
    } = held();
    job.abort();
    assert!(!job.is_finished());
    release.send(()).unwrap();
    assert!(runtime.block_on(job).is_ok());
    assert_eq!(log.events(), ["job done"]);
}

/// A blocking job that waits for a thread is taken out by abort; its neighbour
/// in the queue is not.
#[test]
fn a_queued_job_can_be_aborted() {
    let held = held();
    let (aborted, kept) = (held.queue("aborted job ran"), held.queue("kept job ran"));
    aborted.abort();
    held.release.send(()).unwrap();
    let (aborted, kept) = held.runtime.block_on(async { join!(aborted, kept) });
    assert!(aborted.unwrap_err().is_cancelled());
    assert!(kept.is_ok());
    assert_eq!(held.log.events(), ["job done", "kept job ran"]);
}

/// Dropping the handle of a queued job does not take it out.
#[test]
fn dropping_a_handle_takes_nothing_out_of_the_queue() {
    let held = held();
    drop(held.queue("first ran"));
    let last = held.queue("last ran");
    held.release.send(()).unwrap();
    held.runtime.block_on(last).unwrap();
    assert_eq!(held.log.events(), ["job done", "first ran", "last ran"]);
}

type One = Box<dyn Fn(u32) + Send>;
type Printing = Pin<Box<dyn Future<Output = Result<(), JoinError>>>>;

/// Which of five pages are begun after the first, if whoever waits for them
/// gives up during the first, or does not.
async fn pages_after_the_first(print: fn(u32, One) -> Printing, gives_up: bool) -> Vec<u32> {
    let (begun, mut has_begun) = mpsc::unbounded_channel();
    let (release, released) = channel();
    let one = move |page| {
        begun.send(page).unwrap();
        released.recv().unwrap();
    };
    let mut printing = Some(print(5, Box::new(one)));
    assert!(poll!(printing.as_mut().unwrap()).is_pending());
    assert_eq!(has_begun.recv().await, Some(1));
    if gives_up {
        printing = None;
    }
    for _ in 0..5 {
        // Nobody listens any more if the job has ended.
        let _ = release.send(());
    }
    let mut pages = Vec::new();
    while let Some(page) = has_begun.recv().await {
        pages.push(page);
    }
    drop(printing);
    pages
}

/// A job that looks at a token between two pieces ends with the future whose
/// guard cancels the token; without a token it does all of its work.
#[tokio::test]
async fn a_job_that_asks_can_be_told_to_stop() {
    use blocking_work_asks_between_pages::print;

    let asks = |pages, one| -> Printing { Box::pin(print(pages, one)) };
    assert_eq!(pages_after_the_first(asks, true).await, []);
    assert_eq!(pages_after_the_first(asks, false).await, [2, 3, 4, 5]);

    let does_not_ask = |pages, one: One| -> Printing {
        Box::pin(spawn_blocking(move || (1..=pages).for_each(one)))
    };
    let pages = pages_after_the_first(does_not_ask, true).await;
    assert_eq!(pages, [2, 3, 4, 5]);
}

// --- Writes to disk ----------------------------------------------------------

/// A path for one test, where nothing is yet. What is there goes with it.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        let name = format!("if-it-can-be-awaited-{}-{name}", process::id());
        Self(env::temp_dir().join(name))
    }

    fn text(&self) -> Option<String> {
        fs::read_to_string(&self.0).ok()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What is on disk once the queue has been worked off, if a `tokio::fs::write`
/// is dropped while the pool's only thread is busy.
fn written_after_the_drop(polled: bool) -> Option<String> {
    let held = held();
    let file = TempFile::new(&format!("polled-{polled}"));
    held.runtime.block_on(async {
        let mut write = Box::pin(tokio::fs::write(&file.0, "all ashore"));
        if polled {
            assert!(poll!(&mut write).is_pending());
        }
        drop(write);
        assert_eq!(file.text(), None, "the thread is busy");
    });
    held.release.send(()).unwrap();
    held.runtime.block_on(held.queue("last")).unwrap();
    file.text()
}

/// A write that was still waiting for a thread when its future was dropped is
/// carried out; one that was never polled is not.
#[test]
fn a_queued_write_lands_though_it_was_dropped() {
    let written = written_after_the_drop(true);
    assert_eq!(written.as_deref(), Some("all ashore"));
    assert_eq!(written_after_the_drop(false), None);
}

/// A write that is dropped in the middle goes on to its last byte. The file is
/// a pipe, so it is in the middle for certain when its first byte can be read.
/// An asynchronous write that is dropped in the middle stays there.
#[cfg(unix)]
#[tokio::test]
async fn a_running_write_goes_on_though_it_was_dropped() {
    use std::os::fd::AsRawFd;

    const WHOLE: usize = 1_000_000;
    let (mut reader, writer) = std::io::pipe().unwrap();
    let path = format!("/dev/fd/{}", writer.as_raw_fd());
    let mut write = Box::pin(tokio::fs::write(path, vec![b'x'; WHOLE]));
    assert!(poll!(&mut write).is_pending());
    let mut first = [0];
    reader.read_exact(&mut first).unwrap();
    assert!(poll!(&mut write).is_pending());
    drop(write);
    drop(writer);
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(first.len() + rest.len(), WHOLE);

    let (mut socket, mut peer) = duplex(1000);
    let whole = vec![b'x'; WHOLE];
    assert!(poll!(Box::pin(socket.write_all(&whole))).is_pending());
    drop(socket);
    let mut received = Vec::new();
    peer.read_to_end(&mut received).await.unwrap();
    assert_eq!(received.len(), 1000);
}

// --- The end of a runtime ----------------------------------------------------

/// Dropping a runtime drops its tasks, then waits until a running job is done.
#[test]
fn dropping_the_runtime_waits_for_a_running_job() {
    let Held {
        runtime,
        log,
        release,
        ..
    } = held();
    let guard = log.guard("task");
    runtime.spawn(async move {
        pending::<()>().await;
        drop((guard, release)); // the job can go on when this is dropped
    });
    drop(runtime);
    log.note("runtime gone");
    let order = ["task dropped", "job done", "runtime gone"];
    assert_eq!(log.events(), order);
}

/// `shutdown_timeout` gives up, `shutdown_background` does not even begin to
/// wait; either way the job runs on to its end without a runtime.
#[test]
fn two_ways_to_end_a_runtime_leave_the_job_running() {
    let gives_up = |runtime: Runtime| runtime.shutdown_timeout(millis(1));
    for end in [gives_up, Runtime::shutdown_background] {
        let Held {
            runtime,
            log,
            job,
            release,
        } = held();
        end(runtime);
        log.note("runtime gone");
        release.send(()).unwrap();
        executor::block_on(job).unwrap();
        assert_eq!(log.events(), ["runtime gone", "job done"]);
    }
}

/// What waits behind a running job when the runtime ends is still carried out,
/// a write whose future was dropped included. `drop` waits for it.
#[test]
fn the_queue_behind_a_running_job_is_worked_off_at_the_end() {
    for waits in [true, false] {
        let held = held();
        let file = TempFile::new(&format!("waits-{waits}"));
        held.runtime.block_on(async {
            let mut write = Box::pin(tokio::fs::write(&file.0, "all ashore"));
            assert!(poll!(&mut write).is_pending());
        });
        let last = held.queue("queued job done");
        if waits {
            let release = held.release;
            held.runtime.spawn(async move {
                pending::<()>().await;
                drop(release);
            });
            drop(held.runtime);
            held.log.note("runtime gone");
            let order = ["job done", "queued job done", "runtime gone"];
            assert_eq!(held.log.events(), order);
        } else {
            held.runtime.shutdown_background();
            held.log.note("runtime gone");
            held.release.send(()).unwrap();
            executor::block_on(last).unwrap();
            let order = ["runtime gone", "job done", "queued job done"];
            assert_eq!(held.log.events(), order);
        }
        assert_eq!(file.text().as_deref(), Some("all ashore"));
    }
}

/// A runtime that is dropped in async code panics, since it might have to wait;
/// `shutdown_background` may be called there.
#[test]
fn a_runtime_dropped_in_async_code_panics() {
    let outer = one_blocking_thread();
    let dropped = |end: fn(Runtime)| {
        let inner = one_blocking_thread();
        outer.block_on(async { catch_unwind(AssertUnwindSafe(|| end(inner))) })
    };
    assert!(dropped(drop).is_err());
    assert!(dropped(Runtime::shutdown_background).is_ok());
}

// --- A sleep that can be dropped ---------------------------------------------

/// How often a task is polled in a minute that has polled a sleep of ten
/// seconds once, and dropped it or kept it.
async fn polls_in_a_minute(dropped: bool) -> usize {
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = polls.clone();
    let mut slept = Some(Box::pin(sleep(seconds(10))));
    let task = tokio::spawn(poll_fn(move |cx| {
        counted.fetch_add(1, Ordering::Relaxed);
        if let Some(sleep) = &mut slept {
            let _ = sleep.as_mut().poll(cx);
        }
        if dropped {
            slept = None;
        }
        Poll::<()>::Pending
    }));
    sleep(seconds(60)).await;
    task.abort();
    polls.load(Ordering::Relaxed)
}

/// A `tokio::time::sleep` that was dropped never wakes its task; one that was
/// kept does.
#[tokio::test(start_paused = true)]
async fn a_dropped_sleep_wakes_nobody() {
    assert_eq!(polls_in_a_minute(true).await, 1);
    assert_eq!(polls_in_a_minute(false).await, 2);
}

/// Drops `sleep_to_the_end` at every suspension of itself and of three seconds
/// beside it, and makes it once more: ten seconds must have passed by its end.
fn sweep_ten_seconds(sleep_to_the_end: impl AsyncFn(Instant)) -> Report {
    let victim = async |start: &mut Instant| {
        let beside = async {
            for _ in 0..3 {
                sleep(seconds(1)).await;
            }
        };
        join!(sleep_to_the_end(*start), beside);
    };
    let retry = async |start: Instant, cut| {
        if !matches!(cut, Cut::Completed(_)) {
            sleep_to_the_end(start).await;
        }
        match start.elapsed().as_secs() {
            10 => Ok(()),
            other => Err(format!("it took {other} s")),
        }
    };
    Sweep::new().check(async || Instant::now(), victim, retry)
}

/// A sleep until a deadline can be dropped at any suspension and made anew, and
/// ends when it would have; a sleep for ten seconds starts over.
#[test]
fn a_deadline_survives_the_sleep_that_waited_for_it() {
    let until = async |start| sleep_until(start + seconds(10)).await;
    let report = sweep_ten_seconds(until);
    assert_eq!(report.suspensions(), 4);
    report.assert_safe();

    let for_ten_seconds = async |_| sleep(seconds(10)).await;
    let report = sweep_ten_seconds(for_ten_seconds);
    // When it is woken for the first time, a second has passed.
    assert_eq!(first_failure(&report), "woken 1: it took 11 s");
}

/// The auction with a sleep made anew in each turn has no end; with one that is
/// pinned outside it ends after 300 ms.
#[tokio::test(start_paused = true)]
async fn a_sleep_made_anew_in_each_turn_never_fires() {
    let start = Instant::now();
    let ended = hammer_made_anew_never_falls::auction().await;
    assert_eq!(ended, "forty bids, and no end");
    assert_eq!(start.elapsed(), millis(39 * 30));

    let start = Instant::now();
    let ended = hammer_pinned_outside_falls::auction().await;
    assert_eq!(ended, "sold");
    assert_eq!(start.elapsed(), millis(300));
}

/// A sleep until a deadline, and a tick, may be made anew in each turn and fire
/// on time.
#[tokio::test(start_paused = true)]
async fn a_deadline_or_a_tick_may_be_made_anew() {
    let start = Instant::now();
    let limit = millis(200);
    let deadline = start + limit;
    let mut bids = interval(limit / 5);
    for turn in 0.. {
        assert!(turn < 25, "no end");
        select! {
            () = sleep_until(deadline) => break,
            _ = bids.tick() => {}
        }
    }
    assert_eq!(start.elapsed(), limit);

    let start = Instant::now();
    let mut hammer = interval_at(start + limit, limit);
    let mut bids = interval(limit / 5);
    for turn in 0.. {
        assert!(turn < 25, "no end");
        select! {
            _ = hammer.tick() => break,
            _ = bids.tick() => {}
        }
    }
    assert_eq!(start.elapsed(), limit);
}

/// A sleep made anew in each turn fires once there has been silence for as long
/// as it takes.
#[tokio::test(start_paused = true)]
async fn a_sleep_made_anew_waits_for_silence() {
    let start = Instant::now();
    let (bid, mut bids) = mpsc::channel(1);
    tokio::spawn(async move {
        for _ in 0..10 {
            sleep(seconds(3)).await;
            bid.send(()).await.unwrap();
        }
        pending::<()>().await;
        drop(bid);
    });
    loop {
        select! {
            () = sleep(seconds(5)) => break,
            Some(()) = bids.recv() => {}
        }
    }
    assert_eq!(start.elapsed(), seconds(10 * 3 + 5));
}
