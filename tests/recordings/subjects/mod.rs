//! The examples with a subject: a future whose cancellation is the lesson. The
//! listing's own function is cut at every point, in a world that is made here.
//!
//! Called by the recorder's test. Each case says what the world is and what
//! should be true afterwards; a page shows both sentences beside the runs.

mod queues;
mod shared;
mod wire;

use std::fs;

use recorder::Run;
use recording::{Cut, Kind, Point, Subject, What};

/// What is left after a cut, in words, and whether the invariant holds of it.
type Left = (String, bool);

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
    let mut cases = [wire::CASES, shared::CASES, queues::CASES]
        .into_iter()
        .flatten();
    cases.find(|case| case.example == example)
}

impl Case {
    /// One recorded run for every point. Of two suspensions at one line that
    /// leave the same behind, the first is enough.
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

    /// Cuts `operation` before its first poll, at each suspension, and not at
    /// all. Each time `build` makes the world, and `look` says what is left.
    fn everywhere<S>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        look: impl AsyncFn(S, &Run) -> Left,
    ) -> Vec<Cut> {
        let name = format!("{}()", self.function);
        let mut cuts = Vec::new();
        loop {
            let polls = cuts.len();
            let cut = recorder::cut(&name, self.line(), polls, &build, &operation, &look);
            let (left, holds) = cut.left;
            let point = match (cut.completed, polls) {
                (true, _) => Point::Completed,
                (false, 0) => Point::NeverPolled,
                (false, number) => Point::Suspended {
                    number,
                    line: suspended_at(&cut.run),
                },
            };
            cuts.push(Cut {
                point,
                left,
                holds,
                run: cut.run,
            });
            if cut.completed {
                return cuts;
            }
        }
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

/// The line of a suspension.
fn line(point: &Point) -> Option<usize> {
    match point {
        Point::Suspended { line, .. } => Some(*line),
        Point::NeverPolled | Point::Completed => None,
    }
}

/// Where in its own body the subject of a run was suspended last.
fn suspended_at(run: &Run) -> usize {
    let subject = run.futures.iter().position(|seen| seen.kind == Kind::Main);
    let mut lines = run
        .events
        .iter()
        .rev()
        .filter_map(|event| match event.what {
            What::Suspended { line, .. } if event.of == subject => line,
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
