//! Run: compiles and runs a program of the book, edited or not, on the reader's
//! own machine, and tells the page what happens while it happens.
//!
//! # The protocol
//!
//! It is for the served book's own pages and nobody else; a static site has no
//! server to ask.
//!
//! ## `GET /run/status`
//!
//! Whether there is Run here, and the secret that a page needs for it. It reads
//! and does nothing. `off`: the server was started with `--no-run` or serves
//! others than this machine; then a page offers what a static one does.
//!
//! ```json
//! {"state": "off"}
//! {"state": "preparing", "compiled": 12, "token": "4f…", "limits": {…}}
//! {"state": "ready", "token": "4f…", "limits": {…}}
//! {"state": "broken", "message": "why, and what to do", "token": "4f…", "limits": {…}}
//! ```
//!
//! `preparing`: the crates that programs use are being compiled; a run that is
//! asked for waits for them. `broken`: they do not compile; the next run tries
//! again. `limits` is
//! `{"run_seconds", "compile_seconds", "source_bytes", "output_bytes", "memory_bytes", "processes"}`.
//!
//! ## `POST /run/NAME`
//!
//! Runs `examples/NAME.rs`, or `source` in its place. Three headers are
//! demanded: `Content-Type: application/json`, `Run-Token` with the secret, and
//! the `Origin` that browsers send by themselves.
//!
//! ```json
//! {"page": "0b2f…", "source": null}
//! ```
//!
//! `page` is what the page drew at random when it was loaded: 8 to 64 of
//! `[A-Za-z0-9-]`. A page runs one program at a time: a new run takes the place of
//! the one before. `source` is the whole program, at most 64 KiB, or `null` for the
//! file as it is. Lines in messages are lines of what was sent.
//!
//! What is refused is answered with 4xx and a sentence as plain text: 400 (the
//! body), 403 (token or origin), 404 (no such program), 405, 413 (too long),
//! 415 (not JSON), 421 (another host's name).
//!
//! What is accepted is answered with 200 and `application/x-ndjson`: one event a
//! line, each written when it happens. Closing the response is Stop: the compiler
//! and the program, with everything they started, are gone before the next run
//! begins.
//!
//! | `event` | further members | |
//! |---|---|---|
//! | `preparing` | `compiled` | the crates are still being compiled, so many so far; may come again |
//! | `queued` | `ahead` | so many runs have to end first; again when that changes |
//! | `compiling` | | |
//! | `diagnostic` | `level`, `message`, `rendered`, `spans` | as rustc gives it, before or instead of `started`. `level` is `error`, `warning`, …; `rendered` has the colours as ANSI sequences; each span of the program has `line`, `column`, `end_line`, `end_column` (from 1, columns in characters, the end exclusive), `primary`, and `label` (a text or null) |
//! | `started` | | the clock of `ms` starts here |
//! | `stdout`, `stderr` | `text`, `ms` | what arrived at once: a part of a line, or several |
//!
//! The last event says how it ended; a response without one was cut off, because the
//! server is gone.
//!
//! | `event` | further members | |
//! |---|---|---|
//! | `exited` | `code`, `ms`, `as_recorded` | by itself. `as_recorded`: status 0, and stdout is what the book's test asserts, to the byte |
//! | `killed` | `signal`, `message`, `ms` | by a signal that was not ours: an abort, a fault |
//! | `limited` | `limit`, `message`, `ms` | by us, at one of the limits: `time`, `output`, `memory`, `processes`. `ms` is null when it was the compiler |
//! | `rejected` | `message` | it does not compile; the diagnostics say why |
//! | `replaced` | `message` | the same page asked for another run |
//! | `failed` | `message` | the machine's fault, not the program's: what went wrong, and what to do |
//! | `stopped` | `message` | the server ends |
//!
//! `message` is a sentence or two to show as they are.
//!
//! # The rooms
//!
//! [`http`] answers, [`door`] decides who may ask, and a [`job`] is one run: it waits
//! in the [`queue`], calls [`compile`] and [`program`], and gives everything back. What
//! it starts is watched over by a [`keeper`], a process of its own, which the server
//! holds as a [`kept`] value. [`crates`] has compiled what programs use before they
//! ask for it.
//!
//! Beside the chapters on cancellation, read [`job`], [`bench`](mod@bench) and [`kept`]: dropping
//! is enough to end everything, and closing is the same and waits.

mod bench;
mod cargo;
mod compile;
mod crates;
mod door;
mod event;
mod family;
pub mod http;
mod job;
pub mod keeper;
mod kept;
mod limits;
mod pages;
mod program;
mod queue;
mod rustc;
mod scratch;
mod source;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::serve::Tasks;
use crates::{Crates, Supply};
use door::Token;
use limits::{AT_ONCE, Limits};
use pages::Pages;
use queue::Queue;
use scratch::Scratch;

/// Everything that runs share.
#[derive(Debug)]
pub struct Runner {
    root: PathBuf,
    limits: Limits,
    token: Token,
    stop: CancellationToken,
    tasks: Tasks,
    supply: Supply,
    queue: Arc<Queue>,
    pages: Arc<Pages>,
    scratch: OnceCell<Scratch>,
}

impl Runner {
    /// Prepares the crates of the book at `root` in the background, for programs
    /// that may run for so many seconds.
    ///
    /// # Errors
    /// When the system has no randomness for the secret.
    pub fn start(
        root: PathBuf,
        run_seconds: u64,
        tasks: Tasks,
        stop: CancellationToken,
    ) -> Result<Arc<Self>> {
        let runner = Arc::new(Self {
            supply: Supply::new(root.clone()),
            root,
            limits: Limits::new(run_seconds),
            token: Token::new()?,
            stop,
            tasks,
            queue: Queue::new(AT_ONCE),
            pages: Arc::default(),
            scratch: OnceCell::new(),
        });
        let kept_ready = Arc::clone(&runner);
        runner.tasks.spawn(async move {
            let Runner { stop, supply, .. } = &*kept_ready;
            stop.run_until_cancelled(supply.keep_ready()).await;
        });
        Ok(runner)
    }

    /// The folder of this server's runs, made for the first of them.
    async fn scratch(&self, crates: &Crates) -> Result<&Scratch> {
        let make = || async { Scratch::new(&crates.target) };
        self.scratch.get_or_try_init(make).await
    }
}
