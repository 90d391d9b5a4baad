//! The examples with a subject: a future whose cancellation is the lesson. The
//! listing's own function is cut at every point, in a world that is made here.
//!
//! Called by the recorder's test. Each case says what the world is and what
//! should be true afterwards; a page shows both sentences beside the runs.

mod queues;
mod shared;
mod swept;
mod wire;

use std::fs;
use std::time::Duration;

use recorder::{Run, Stop};
use recording::{Cut, Kind, Point, Subject, What};
use tokio::time::sleep;

/// What is left after a cut, in words, and whether the invariant holds of it.
type Left = (String, bool);

/// How long the world goes on between a cut and the next try.
const A_MOMENT: Duration = Duration::from_millis(1);

/// One example with a subject.
pub struct Case {
    /// The name of the example.
    example: &'static str,
    /// The `async fn` of its listing that is cut.
    function: &'static str,
    /// What is around it, in one sentence.
    world: &'static str,
    /// What should be true wherever it is cut, in one sentence.
    invariant: &'static str,
    /// Records it at every point, with [`Case::everywhere`].
    record: fn(&Case) -> Vec<Cut>,
}

/// The subject of an example, if it has one.
pub fn of(example: &str) -> Option<&'static Case> {
    let mut cases = [wire::CASES, shared::CASES, queues::CASES, swept::CASES]
        .into_iter()
        .flatten();
    cases.find(|case| case.example == example)
}

impl Case {
    /// One recorded run for every point. Of two points at one line that leave
    /// the same behind, the first is enough.
    pub fn cuts(&self) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = Vec::new();
        for cut in (self.record)(self) {
            let line = line(&cut.point);
            let same = |other: &Cut| self::line(&other.point) == line && other.left == cut.left;
            if line.is_none() || !cuts.iter().any(same) {
                cuts.push(cut);
            }
        }
        cuts
    }

    /// The subject with its cuts.
    pub fn subject(&self, cuts: Vec<Cut>) -> Subject {
        Subject {
            function: self.function.to_owned(),
            world: self.world.to_owned(),
            invariant: self.invariant.to_owned(),
            cuts,
        }
    }

    /// Cuts `operation` before its first poll, at each suspension, after each
    /// wake-up, and not at all. Each time `build` makes the world, and `look` says what is left.
    fn everywhere<S>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        look: impl AsyncFn(S, &Run) -> Left,
    ) -> Vec<Cut> {
        let name = format!("{}()", self.function);
        let (mut cuts, mut stop) = (Vec::new(), Stop::NeverPolled);
        loop {
            let cut = recorder::cut(&name, self.line(), stop, &build, &operation, &look);
            let line = || suspended_at(&cut.run);
            let (point, next) = match stop {
                _ if cut.completed => (Point::Completed, None),
                Stop::NeverPolled => (Point::NeverPolled, Some(Stop::Suspended(1))),
                Stop::Suspended(number) => {
                    let line = line();
                    (Point::Suspended { number, line }, Some(Stop::Woken(number)))
                }
                Stop::Woken(number) => {
                    let line = line();
                    let next = Stop::Suspended(number + 1);
                    (Point::Woken { number, line }, Some(next))
                }
            };
            let (left, holds) = cut.left;
            cuts.push(Cut {
                point,
                left,
                holds,
                run: cut.run,
            });
            match next {
                Some(next) => stop = next,
                None => return cuts,
            }
        }
    }

    /// Does the same, and a run that was cut is followed by a whole one before
    /// `look` is asked: whether it can be tried again is Tokio's question.
    fn tried_again<S>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        look: impl AsyncFn(S) -> Left,
    ) -> Vec<Cut> {
        self.everywhere(build, &operation, async |mut state, run| {
            if completed(run) {
                return look(state).await;
            }
            sleep(A_MOMENT).await;
            operation(&mut state).await;
            let (left, holds) = look(state).await;
            (format!("tried again, {left}"), holds)
        })
    }

    /// Where the function stands in its listing.
    fn line(&self) -> usize {
        let file = format!("examples/{}.rs", self.example);
        let source = fs::read_to_string(&file).expect("the example can be read");
        let head = format!("async fn {}(", self.function);
        let index = source.lines().position(|line| line.contains(&head));
        index.unwrap_or_else(|| panic!("{file} has no `{head}`")) + 1
    }
}

/// The subject among the futures of its run.
fn subject(run: &Run) -> Option<usize> {
    run.futures.iter().position(|seen| seen.kind == Kind::Main)
}

/// Whether the subject ran to its end.
fn completed(run: &Run) -> bool {
    let mut its_own = run.events.iter().filter(|event| event.of == subject(run));
    its_own.any(|event| event.what == What::Done)
}

/// The line of a suspension.
fn line(point: &Point) -> Option<usize> {
    match point {
        Point::Suspended { line, .. } | Point::Woken { line, .. } => Some(*line),
        Point::NeverPolled | Point::Completed => None,
    }
}

/// Where in its own body the subject of a run was suspended last.
fn suspended_at(run: &Run) -> usize {
    let mut lines = run
        .events
        .iter()
        .rev()
        .filter_map(|event| match event.what {
            What::Suspended { line, .. } if event.of == subject(run) => line,
            _ => None,
        });
    lines
        .next()
        .expect("the subject was suspended at a line of its body")
}

/// Names as a list in a sentence: `a, b`, or `nothing`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.join(", "),
    }
}
