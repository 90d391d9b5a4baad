//! Claims of the chapter "A shutdown signal".
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use tokio::sync::watch;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep, timeout};

use crate::log::Log;

#[path = "../../examples/watch_receiver_made_late.rs"]
#[allow(dead_code)]
mod watch_receiver_made_late;
#[path = "../../examples/watch_sender_dropped.rs"]
#[allow(dead_code)]
mod watch_sender_dropped;
#[path = "../../examples/watch_worker_finishes_first.rs"]
#[allow(dead_code)]
mod watch_worker_finishes_first;
#[path = "../../examples/watch_worker_shuts_down.rs"]
#[allow(dead_code)]
mod watch_worker_shuts_down;

/// Virtual time, in which a worker does its work some thousand times.
const AN_HOUR: Duration = Duration::from_secs(60 * 60);

// --- The `watch` worker ------------------------------------------------------

/// How long a worker goes on when it is told to stop 200 ms into its work.
async fn time_to_stop<W>(worker: impl FnOnce(watch::Receiver<bool>) -> W) -> Duration
where
    W: Future<Output = ()> + Send + 'static,
{
    let (shutdown, told) = watch::channel(false);
    let worker = tokio::spawn(worker(told));
    sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    shutdown.send(true).unwrap();
    let ended = timeout(AN_HOUR, worker).await;
    ended.expect("it stops").unwrap();
    start.elapsed()
}

/// The worker stops at once, in the middle of work that takes a second; with
/// the work pinned outside the `select!` it stops when the work is done.
#[tokio::test(start_paused = true)]
async fn the_watch_worker_is_cut_in_its_work() {
    let cut = time_to_stop(watch_worker_shuts_down::worker).await;
    assert_eq!(cut, Duration::ZERO);
    let finished = time_to_stop(watch_worker_finishes_first::worker).await;
    assert_eq!(finished, Duration::from_millis(800));
}

/// `changed()` on a receiver that was subscribed after the send waits for ever,
/// so the worker works on; with one made before, it stops at once.
#[tokio::test(start_paused = true)]
async fn a_receiver_made_after_the_send_hears_nothing() {
    use watch_worker_shuts_down::worker;

    let (shutdown, early) = watch::channel(false);
    shutdown.send(true).unwrap();
    let late = shutdown.subscribe();
    assert!(timeout(AN_HOUR, worker(late)).await.is_err());
    assert!(timeout(Duration::ZERO, worker(early)).await.is_ok());
}

/// `wait_for` looks at the value before it waits, so it does not matter when
/// the receiver was made; `changed()` in its place waits for ever.
#[tokio::test(start_paused = true)]
async fn wait_for_sees_what_was_sent_before() {
    use watch_receiver_made_late::heard;

    let (shutdown, mut early) = watch::channel(false);
    shutdown.send(true).unwrap();
    let mut late = shutdown.subscribe();
    assert!(!heard(late.changed()).await);
    assert!(heard(late.wait_for(|down| *down)).await);
    assert!(heard(early.wait_for(|down| *down)).await);
}

/// A receiver that has looked at the value with `borrow_and_update`, and any
/// clone made of it then, has seen it as well.
#[tokio::test(start_paused = true)]
async fn a_value_that_was_looked_at_is_no_change() {
    use watch_receiver_made_late::heard;

    let (shutdown, mut told) = watch::channel(false);
    let mut clone_before = told.clone();
    shutdown.send(true).unwrap();
    assert!(*told.borrow_and_update());
    let mut clone_after = told.clone();
    assert!(!heard(told.changed()).await);
    assert!(!heard(clone_after.changed()).await);
    assert!(heard(clone_before.changed()).await);
}

/// `changed()` does not ask which value it is: a `false` ends the worker too.
/// `wait_for` goes on waiting for a `true`.
#[tokio::test(start_paused = true)]
async fn any_value_ends_the_watch_worker() {
    let (shutdown, told) = watch::channel(false);
    let mut waits_for_true = shutdown.subscribe();
    shutdown.send(false).unwrap();
    let worker = watch_worker_shuts_down::worker(told);
    assert!(timeout(Duration::ZERO, worker).await.is_ok());

    let true_came = waits_for_true.wait_for(|down| *down);
    assert!(timeout(AN_HOUR, true_came).await.is_err());
}

/// When the sender is dropped, `changed()` is an error, and the worker takes it
/// for the signal; while the sender lives, it works on.
#[tokio::test(start_paused = true)]
async fn a_dropped_sender_ends_the_worker() {
    use watch_sender_dropped::worker;

    let (shutdown, mut told) = watch::channel(false);
    assert!(timeout(AN_HOUR, worker(told.clone())).await.is_err());
    drop(shutdown);
    assert!(timeout(Duration::ZERO, worker(told.clone())).await.is_ok());
    assert!(told.changed().await.is_err());
    assert!(told.wait_for(|down| *down).await.is_err());
}

/// Without a receiver `send` is an error and the value stays what it was, so
/// who subscribes later finds no shutdown; `send_replace` leaves it for them.
#[tokio::test(start_paused = true)]
async fn a_send_without_receivers_changes_nothing() {
    let (shutdown, _) = watch::channel(false);
    assert!(shutdown.send(true).is_err());
    assert!(!*shutdown.subscribe().borrow());

    let (shutdown, _) = watch::channel(false);
    shutdown.send_replace(true);
    assert!(*shutdown.subscribe().borrow());
}

/// A worker that has one hour of work and then cleans up for a minute, and in
/// the middle of the work is told to stop or aborted.
async fn cleaned_up(stop: impl FnOnce(watch::Sender<bool>, &JoinHandle<()>)) -> Vec<String> {
    let log = Log::default();
    let (shutdown, mut told) = watch::channel(false);
    let worker = tokio::spawn({
        let log = log.clone();
        async move {
            let _guard = log.guard("worker");
            tokio::select! {
                _ = told.wait_for(|down| *down) => log.note("told"),
                () = sleep(AN_HOUR) => log.note("worked"),
            }
            sleep(Duration::from_secs(60)).await;
            log.note("cleaned up");
        }
    });
    yield_now().await;
    stop(shutdown, &worker);
    let _ = worker.await;
    log.events()
}

/// A worker that is told to stop can wait for its cleanup. An aborted one has
/// its destructors only.
#[tokio::test(start_paused = true)]
async fn who_is_told_can_wait_for_the_cleanup() {
    let told = cleaned_up(|shutdown, _| shutdown.send(true).unwrap()).await;
    assert_eq!(told, ["told", "cleaned up", "worker dropped"]);
    let aborted = cleaned_up(|_, worker| worker.abort()).await;
    assert_eq!(aborted, ["worker dropped"]);
}

// --- Real processes, real signals --------------------------------------------

/// When a process counts as stuck: before the 30 seconds of work that the crane
/// has are over. Every step below waits for a line or an end, and for no time.
const LIMIT: Duration = Duration::from_secs(25);

/// The examples that are run as processes, built once, by name.
///
/// As in `tests/outputs.rs`, no `-p`: cargo unifies features over the packages
/// it is asked for, and naming one could build Tokio a second time.
static PROGRAMS: LazyLock<BTreeMap<&str, PathBuf>> = LazyLock::new(|| {
    let names = [
        "who_hears_the_signal",
        "sigterm_finishes_the_page",
        "second_signal_cuts_it_short",
        "deadline_cuts_it_short",
    ];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args([
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]);
    build.args(names.iter().flat_map(|name| ["--example", name]));
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.stdin(Stdio::null()).output().expect("cargo runs");
    let messages = String::from_utf8_lossy(&output.stdout);
    let programs = messages.lines().filter_map(|message| {
        let (_, rest) = message.split_once(r#""executable":""#)?;
        let (path, _) = rest.split_once('"')?;
        let path = PathBuf::from(path);
        let name = names.iter().find(|name| path.ends_with(name))?;
        Some((*name, path))
    });
    let programs: BTreeMap<_, _> = programs.collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(programs.len(), names.len(), "{errors}");
    programs
});

/// An example that runs as the worker, and what it has printed.
struct Worker {
    process: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    printed: Vec<String>,
}

impl Worker {
    /// Starts it, and waits until it is at work.
    async fn at_work(example: &str, argument: &str) -> Self {
        let mut command = tokio::process::Command::new(&PROGRAMS[example]);
        command.arg(argument).stdin(Stdio::null());
        command.stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("it was built");
        let stdout = process.stdout.take().expect("it is piped");
        let mut worker = Self {
            process,
            stdout: BufReader::new(stdout).lines(),
            printed: Vec::new(),
        };
        worker.next_line("working").await;
        worker
    }

    /// Reads its next line, which begins like this.
    async fn next_line(&mut self, begins: &str) {
        let line = timeout(LIMIT, self.stdout.next_line()).await;
        let line = line.expect("it is not stuck").expect("it prints text");
        let line = line.unwrap_or_else(|| panic!("it ended: {:?}", self.printed));
        assert!(
            line.starts_with(begins),
            "{line:?} after {:?}",
            self.printed
        );
        self.printed.push(line);
    }

    /// Sends it a signal, as `kill` in a shell does.
    async fn signal(&self, signal: &str) {
        let pid = self.process.id().expect("it was not waited for");
        let mut kill = tokio::process::Command::new("kill");
        let sent = kill.args([signal, &pid.to_string()]).status().await;
        assert!(sent.expect("there is a `kill`").success());
    }

    /// What it has printed by the time it is gone, and how it ended.
    async fn end(mut self) -> (Vec<String>, ExitStatus) {
        let to_the_end = async {
            while let Some(line) = self.stdout.next_line().await? {
                self.printed.push(line);
            }
            self.process.wait().await
        };
        let ended = timeout(LIMIT, to_the_end).await;
        let status = ended.unwrap_or_else(|_| panic!("it goes on: {:?}", self.printed));
        (self.printed, status.expect("it is our process"))
    }
}

const SIGTERM: Option<i32> = Some(15);
const SIGKILL: Option<i32> = Some(9);

fn puts_the_lamp_out(printed: &[String]) -> bool {
    printed.contains(&"the lamp is put out".to_owned())
}

/// A signal that nobody listens for ends the process, and no destructor runs.
/// Where somebody listens, the same signal drops the future.
#[tokio::test]
async fn a_signal_nobody_listens_for_drops_nothing() {
    let lighthouse = Worker::at_work("who_hears_the_signal", "nobody").await;
    lighthouse.signal("-TERM").await;
    let (printed, status) = lighthouse.end().await;
    assert_eq!(status.signal(), SIGTERM);
    assert!(!puts_the_lamp_out(&printed), "{printed:?}");

    let lighthouse = Worker::at_work("who_hears_the_signal", "somebody-does").await;
    lighthouse.signal("-TERM").await;
    let (printed, status) = lighthouse.end().await;
    assert_eq!(status.code(), Some(0));
    assert!(puts_the_lamp_out(&printed), "{printed:?}");
}

/// Where somebody has listened once, neither SIGTERM nor SIGINT ends the process
/// any more, even though nobody listens now. Nor do they cancel anything.
#[tokio::test]
async fn listening_once_takes_the_default_away() {
    let mut lighthouse = Worker::at_work("who_hears_the_signal", "somebody-did").await;
    for signal in ["-TERM", "-INT", "-TERM", "-INT"] {
        lighthouse.signal(signal).await;
        lighthouse.next_line("working").await;
    }
    lighthouse.signal("-KILL").await;
    let (printed, status) = lighthouse.end().await;
    assert_eq!(status.signal(), SIGKILL);
    assert!(!puts_the_lamp_out(&printed), "{printed:?}");
}

/// Where the signal is a branch of a `select!`, the other branch is dropped,
/// then the handler runs, and the process ends as its program says.
#[tokio::test]
async fn a_signal_cancels_where_somebody_listens() {
    for signal in ["-TERM", "-INT"] {
        let lighthouse = Worker::at_work("who_hears_the_signal", "somebody-does").await;
        lighthouse.signal(signal).await;
        let (printed, status) = lighthouse.end().await;
        let end = ["the lamp is put out", "the signal was heard"].map(String::from);
        assert!(printed.ends_with(&end), "{printed:?}");
        assert_eq!(status.code(), Some(0));
    }
}

/// Whether every page that was begun is printed, and the press clean.
fn finished(printed: &[String]) -> Result<(), String> {
    let count = |what: &str| printed.iter().filter(|line| line.contains(what)).count();
    let (begun, done) = (count("working on page"), count("is printed"));
    let clean = printed
        .last()
        .is_some_and(|last| last == "the press is clean");
    if begun == done && clean {
        return Ok(());
    }
    Err(format!("{begun} begun, {done} printed, clean: {clean}"))
}

/// On SIGTERM and on SIGINT a real process prints the page that it is at, cleans
/// up and exits with 0. On SIGKILL it does not.
#[tokio::test]
async fn sigterm_and_sigint_let_the_page_finish() {
    for signal in ["-TERM", "-INT"] {
        let press = Worker::at_work("sigterm_finishes_the_page", "worker").await;
        press.signal(signal).await;
        let (printed, status) = press.end().await;
        let heard = format!("SIG{}: after this page", &signal[1..]);
        assert!(printed.contains(&heard), "{printed:?}");
        assert_eq!(finished(&printed), Ok(()));
        assert_eq!(status.code(), Some(0));
    }

    let press = Worker::at_work("sigterm_finishes_the_page", "worker").await;
    press.signal("-KILL").await;
    let (printed, status) = press.end().await;
    finished(&printed).expect_err("a killed press passes the check as well");
    assert_eq!(status.signal(), SIGKILL);
}

/// One signal, and the process finishes its work; a second one, and it ends at
/// once, with another exit code.
#[tokio::test]
async fn a_second_signal_cuts_it_short() {
    let mut crane = Worker::at_work("second_signal_cuts_it_short", "worker").await;
    crane.signal("-INT").await;
    crane.next_line("finishing").await;
    crane.signal("-INT").await;
    let (printed, status) = crane.end().await;
    assert_eq!(printed, ["working", "finishing", "told twice: cut short"]);
    assert_eq!(status.code(), Some(1));
}

/// One signal, and when the work is not done by the deadline, the process ends
/// without it.
#[tokio::test]
async fn a_deadline_cuts_it_short() {
    let crane = Worker::at_work("deadline_cuts_it_short", "worker").await;
    crane.signal("-INT").await;
    let (printed, status) = crane.end().await;
    assert_eq!(printed, ["working", "finishing", "too late: cut short"]);
    assert_eq!(status.code(), Some(1));
}
