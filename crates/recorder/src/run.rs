//! Runs a recorded copy from its start to its end.

use std::future::poll_fn;
use std::io;
use std::mem::take as empty;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use recording::{Kind, Run, What};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::clock;
use crate::notebook::{Notebook, notebook};
use crate::polled::lane;

/// How long a subject may wait for what never comes.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// How a program's `main` may end.
pub trait Ending {
    /// Panics if the program would have failed.
    fn expect_success(self);
}

impl Ending for () {
    fn expect_success(self) {}
}

impl<E: std::fmt::Debug> Ending for Result<(), E> {
    fn expect_success(self) {
        self.expect("the program ends with success");
    }
}

/// Runs a program whose `async fn main` stands at this line: on one thread, on
/// a paused clock, until its runtime has shut down.
pub fn program<F: Future<Output: Ending>>(line: usize, main: fn() -> F) -> Run {
    let runtime = new_runtime();
    runtime.block_on(async {
        begin();
        lane(Kind::Main, "main", line, main())
            .await
            .expect_success();
    });
    drop(runtime);
    take()
}

/// Runs a program whose `main` is no future, and makes a runtime: by
/// [`runtime`], in its copy.
pub fn plain<E: Ending>(main: fn() -> E) -> Run {
    clock::stop();
    open();
    main().expect_success();
    take()
}

/// A runtime of one thread and a paused clock: called in place of
/// `Runtime::new`.
pub fn runtime() -> io::Result<Runtime> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()?;
    let inside = runtime.enter();
    clock::start();
    drop(inside);
    Ok(runtime)
}

/// Where a subject is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Before its first poll.
    NeverPolled,
    /// As soon as it has suspended this often.
    Suspended(usize),
    /// In place of the poll that follows when it has suspended this often and
    /// was woken.
    Woken(usize),
}

/// How far a subject came before it was dropped, and what is left.
#[derive(Debug)]
pub struct Cut<T> {
    /// What it did.
    pub run: Run,
    /// Whether it ran to its end.
    pub completed: bool,
    /// What `look` found.
    pub left: T,
}

/// Records one run of `operation` alone, a call of the listing's function
/// `name`, which stands at this line. It is dropped where `stop` says, and never
/// if it completes first.
///
/// `build` makes the world around it, and `look` says what is left of that;
/// neither is recorded. All of it runs on one thread and a paused clock.
///
/// # Panics
/// When nothing wakes the operation for an hour of that clock.
pub fn cut<S, T>(
    name: &str,
    line: usize,
    stop: Stop,
    build: impl AsyncFn() -> S,
    operation: impl AsyncFn(&mut S),
    look: impl AsyncFn(S, &Run) -> T,
) -> Cut<T> {
    new_runtime().block_on(async {
        let mut state = build().await;
        begin();
        let completed = {
            let future = pin!(lane(Kind::Main, name, line, operation(&mut state)));
            timeout(PATIENCE, polled(future, stop)).await
        };
        let run = take();
        let completed = completed.expect("something wakes the subject");
        let left = look(state, &run).await;
        Cut {
            run,
            completed,
            left,
        }
    })
}

/// Polls `future` whenever it is woken, until it is done or has to stop.
/// Answers whether it is done.
async fn polled(mut future: Pin<&mut impl Future>, stop: Stop) -> bool {
    let mut suspended = 0;
    poll_fn(|cx| {
        if stop == Stop::NeverPolled || stop == Stop::Woken(suspended) {
            return Poll::Ready(false);
        }
        if future.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        suspended += 1;
        match stop == Stop::Suspended(suspended) {
            true => Poll::Ready(false),
            false => Poll::Pending,
        }
    })
    .await
}

fn new_runtime() -> Runtime {
    runtime().expect("the system has no resources for a runtime")
}

fn begin() {
    clock::start();
    open();
}

/// An empty notebook, to write into from now on.
fn open() {
    *notebook() = Notebook {
        on: true,
        ..Notebook::default()
    };
}

/// What has been recorded; nothing more is from now on.
fn take() -> Run {
    let mut notebook = notebook();
    notebook.on = false;
    let mut run = empty(&mut notebook.run);
    // A future whose first poll follows at once was never seen inert.
    let mut at = 0;
    while at + 1 < run.events.len() {
        let (this, next) = (&run.events[at], &run.events[at + 1]);
        let at_once = this.what == What::Made && next.what == What::Polled && this.of == next.of;
        if at_once {
            run.events.remove(at);
        } else {
            at += 1;
        }
    }
    run
}
