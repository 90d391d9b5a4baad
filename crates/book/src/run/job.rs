//! One run, from the request to its last event.
//!
//! Three parties may call it off: the reader, by Stop or by leaving; the page, by
//! asking for another run; the server, by ending. All of them are one thing to the
//! work, which is dropped at the `.await` where it stands. What has to outlive that
//! moment is held outside of the [race](Job::run): the place in the queue, the
//! page's turn and the bench. They are given back in order, and waited for, before
//! anybody is told that the run has ended.

use std::sync::Arc;

use anyhow::Result;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use super::Runner;
use super::bench::Bench;
use super::compile::{Compiled, compile};
use super::event::{Event, Tell};
use super::limits::Limits;
use super::pages::Turn;
use super::program;
use super::queue::Place;
use super::source::Program;

/// What was asked for, and by whom.
#[derive(Debug)]
pub struct Job {
    /// What serves it.
    pub runner: Arc<Runner>,
    /// The program.
    pub program: Program,
    /// The page's newest run.
    pub turn: Turn,
    /// Cancelled when nobody reads the response any more.
    pub left: CancellationToken,
    /// Where to tell what happens.
    pub tell: Tell,
}

/// What a run holds, and gives back at its end, in this order.
#[derive(Debug)]
struct Held {
    bench: Option<Bench>,
    turn: Option<OwnedMutexGuard<()>>,
    place: Place,
}

impl Job {
    /// Runs it to its end, whichever that is.
    pub async fn run(self) {
        let mut held = Held {
            place: self.runner.queue.join(),
            turn: None,
            bench: None,
        };
        let last = tokio::select! {
            ended = self.work(&mut held) => Some(ended.unwrap_or_else(|error| Event::Failed {
                message: format!("{error:#}"),
            })),
            called_off = self.called_off() => called_off,
        };
        if let Some(bench) = held.bench {
            bench.close().await;
        }
        // Only now may the next of this page begin, and the next in the queue.
        drop((held.turn, held.place));
        if let Some(last) = last {
            self.tell.tell(last);
        }
    }

    /// The work itself. It may be dropped at any `.await`.
    async fn work(&self, held: &mut Held) -> Result<Event> {
        let tell = &self.tell;
        let preparing = |compiled| tell.tell(Event::Preparing { compiled });
        let crates = self.runner.supply.ready(preparing).await?;
        held.turn = Some(Arc::clone(&self.turn.running).lock_owned().await);
        held.place
            .turn(|ahead| tell.tell(Event::Queued { ahead }))
            .await;

        tell.tell(Event::Compiling);
        let scratch = self.runner.scratch(&crates).await?;
        let bench = held.bench.insert(Bench::new(scratch)?);
        let Program {
            name,
            source,
            recorded,
        } = &self.program;
        match compile(bench, &crates, name, source, tell).await? {
            Compiled::Program(file) => {
                program::run(bench, &file, recorded.as_deref(), self.runner.limits, tell).await
            }
            Compiled::Rejected => Ok(Event::Rejected {
                message: "It does not compile.".to_owned(),
            }),
            Compiled::Limited(limit) => Ok(Event::Limited {
                limit,
                message: Limits::compiler_reached(limit),
                ms: None,
            }),
        }
    }

    /// Waits until somebody calls it off. The event that says so, if anybody is
    /// there to be told.
    async fn called_off(&self) -> Option<Event> {
        tokio::select! {
            () = self.left.cancelled() => None,
            () = self.turn.replaced.cancelled() => Some(Event::Replaced {
                message: "Another run of this page took its place.".to_owned(),
            }),
            () = self.runner.stop.cancelled() => Some(Event::Stopped {
                message: "The server has ended.".to_owned(),
            }),
        }
    }
}
