//! What a sweep found, point by point.

use std::fmt;

use crate::Cut;

/// What cancelling an operation does, from harmless to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing.
    Safe,
    /// No data is harmed, but who was first in a queue is last now.
    LosesPlace,
    /// The operation never completed, there were more runs than allowed, or
    /// the point that was asked for was not reached: what was reached is fine,
    /// and there is no verdict on the rest. Also what [`recreate`] says of an
    /// operation that completes, but not when it is made again.
    ///
    /// [`recreate`]: crate::Sweep::recreate
    Unfinished,
    /// What should be there at the end is not.
    LosesData,
    /// What should be there once is there more than once.
    DoesTwice,
    /// The caller's check says so, a conserved value changed, or the operation
    /// or the check panicked.
    Broken,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Safe => "safe",
            Self::LosesPlace => "loses its place",
            Self::Unfinished => "unfinished",
            Self::LosesData => "loses data",
            Self::DoesTwice => "does it twice",
            Self::Broken => "broken",
        })
    }
}

/// What is wrong at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind of harm.
    pub verdict: Verdict,
    /// What was left, in words.
    pub left: String,
}

impl Finding {
    /// A finding of this kind, with what was left.
    pub fn new(verdict: Verdict, left: impl Into<String>) -> Self {
        let left = left.into();
        Self { verdict, left }
    }
}

impl From<String> for Finding {
    /// [`Verdict::Broken`], in these words.
    fn from(left: String) -> Self {
        Self::new(Verdict::Broken, left)
    }
}

impl From<&str> for Finding {
    /// [`Verdict::Broken`], in these words.
    fn from(left: &str) -> Self {
        Self::new(Verdict::Broken, left)
    }
}

/// One run of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Where the operation was cut: once, or as often as
    /// [`Sweep::cuts`](crate::Sweep::cuts) says. The last may be its end.
    /// Empty only if the very run without a cut failed, that all others would
    /// have been compared with.
    pub cuts: Vec<Cut>,
    /// What was wrong with what was left; `None` if nothing.
    pub finding: Option<Finding>,
}

impl Point {
    fn name(&self) -> String {
        if self.cuts.is_empty() {
            return "never cut".to_owned();
        }
        let cuts: Vec<String> = self.cuts.iter().map(Cut::to_string).collect();
        cuts.join(", then ")
    }
}

/// Every point of a sweep, in order. Prints as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub(crate) points: Vec<Point>,
    pub(crate) cut_short: Option<usize>,
    /// The point that was asked for alone, and was not reached.
    pub(crate) missed: Option<Vec<Cut>>,
}

impl Report {
    pub(crate) fn of_the_uncut_run(finding: Finding) -> Self {
        let point = Point {
            cuts: Vec::new(),
            finding: Some(finding),
        };
        Self {
            points: vec![point],
            ..Self::default()
        }
    }

    /// The points, from the future that is never polled to the one that
    /// completes.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The worst finding of all points; [`Verdict::Unfinished`] if there is
    /// none worse, and the operation did not come to its end.
    pub fn verdict(&self) -> Verdict {
        let findings = self.points.iter().filter_map(|p| p.finding.as_ref());
        let worst = findings.map(|finding| finding.verdict).max();
        let floor = match self.points.last().and_then(|point| point.cuts.last()) {
            Some(Cut::Stuck(_) | Cut::Endless(_)) => Verdict::Unfinished,
            _ if self.cut_short.is_some() || self.missed.is_some() => Verdict::Unfinished,
            _ => Verdict::Safe,
        };
        worst.map_or(floor, |worst| worst.max(floor))
    }

    /// The first point at which something was wrong.
    pub fn first_failure(&self) -> Option<&Point> {
        self.points.iter().find(|point| point.finding.is_some())
    }

    /// The most suspensions that one run of the operation passed through. A
    /// sweep of an operation that never suspended says nothing about it.
    pub fn suspensions(&self) -> usize {
        let cuts = self.points.iter().flat_map(|point| &point.cuts);
        cuts.map(|cut| cut.suspensions()).max().unwrap_or(0)
    }

    /// Panics with the whole table unless the verdict is [`Verdict::Safe`] and
    /// the operation suspended at least once.
    #[track_caller]
    pub fn assert_safe(&self) {
        assert!(
            self.verdict() == Verdict::Safe,
            "cancelling it is not safe: {}\n{self}",
            self.verdict()
        );
        assert!(
            self.suspensions() > 0,
            "it never suspended, so it was never cut: force a suspension with `Drip`, `hold` or `suspend`\n{self}"
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.points.iter().map(Point::name).collect();
        let width = names.iter().map(String::len).max().unwrap_or(0);
        for (point, name) in self.points.iter().zip(names) {
            match &point.finding {
                None => writeln!(f, "{name:width$}  ok")?,
                Some(Finding { verdict, left }) => {
                    writeln!(f, "{name:width$}  {verdict}: {left}")?;
                }
            }
        }
        if let Some(runs) = self.cut_short {
            writeln!(f, "stopped after {runs} runs: raise `Sweep::runs`")?;
        }
        if let Some(cuts) = &self.missed {
            writeln!(f, "not reached: {}", code(cuts))?;
        }
        if let Some(point) = self.first_failure().filter(|p| !p.cuts.is_empty()) {
            writeln!(f, "this point alone: .only({})", code(&point.cuts))?;
        }
        Ok(())
    }
}

/// Points as one writes them in a test.
fn code(cuts: &[Cut]) -> String {
    let cuts: Vec<String> = cuts.iter().map(|cut| format!("Cut::{cut:?}")).collect();
    format!("[{}]", cuts.join(", "))
}
