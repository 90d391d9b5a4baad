//! The sweep: one run of the scenario for every cancellation point.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::task::unconstrained;
use tokio::time::sleep;

use crate::cut::{Limits, drive};
use crate::oracle::compare;
use crate::{Cut, Finding, Point, Report, Verdict};

/// How long the world goes on between a cut and whoever looks next.
const A_MOMENT: Duration = Duration::from_millis(1);

/// Drops an operation at every suspension and asks what is left.
///
/// The settings have defaults that suit most tests: one cut a run, a paused
/// clock, at most 1000 suspensions. The three ways to ask are
/// [`check`](Self::check), [`recreate`](Self::recreate) and
/// [`conserved`](Self::conserved). All three take
///
/// - `build`, which makes a fresh state for every run, and
/// - `operation`, the future over that state that is to be cut. What it
///   returns in real life it leaves in the state.
///
/// Every run has a Tokio runtime of its own, of one thread and with everything
/// enabled that Tokio was compiled with. What `build` or the operation spawns
/// runs while the operation is suspended, and ends with its run. Before the
/// operation, and after each cut, a moment (1 ms on the runtime's clock) lets
/// every task settle.
///
/// # Panics
///
/// All three panic when they are called from within a runtime: call them from
/// a plain `#[test]`, not from a `#[tokio::test]`. A panic in the scenario is
/// caught, and is a finding at its point.
///
/// # What it cannot stop
///
/// A future that never returns from `poll`, and a spawned task that is never
/// idle: on a paused clock, time stands still while any task can run.
#[derive(Clone, Debug)]
pub struct Sweep {
    cuts: usize,
    only: Option<Vec<Cut>>,
    runs: usize,
    limits: Limits,
    paused: bool,
}

impl Default for Sweep {
    fn default() -> Self {
        Self::new()
    }
}

impl Sweep {
    /// One cut a run, a paused clock, at most 1000 suspensions.
    pub fn new() -> Self {
        Self {
            cuts: 1,
            only: None,
            runs: 10_000,
            limits: Limits {
                suspensions: 1000,
                patience: Duration::from_secs(60 * 60),
            },
            paused: true,
        }
    }

    /// Cuts the operation up to this often in one run: cancelled, made again,
    /// cancelled again, in all combinations of points. Default 1.
    pub fn cuts(mut self, cuts: usize) -> Self {
        self.cuts = cuts.max(1);
        self
    }

    /// Runs this point and no other; a report prints the line to copy. If the
    /// operation does not reach it, there is [no verdict](Verdict::Unfinished).
    pub fn only(mut self, cuts: impl Into<Vec<Cut>>) -> Self {
        self.only = Some(cuts.into());
        self
    }

    /// Gives up an operation that suspends more often than this. Default 1000.
    pub fn suspensions(mut self, most: usize) -> Self {
        self.limits.suspensions = most;
        self
    }

    /// Gives up an operation that nothing wakes for this long. On the paused
    /// clock that is virtual time and costs nothing; default 1 hour there, and
    /// 10 seconds on the real clock.
    pub fn patience(mut self, longest: Duration) -> Self {
        self.limits.patience = longest;
        self
    }

    /// Stops after this many runs, with [`Verdict::Unfinished`]. One cut of an
    /// operation with n suspensions takes 2n + 2 runs, two cuts about the
    /// square of that. Default 10 000.
    pub fn runs(mut self, most: usize) -> Self {
        self.runs = most;
        self
    }

    /// Lets time pass as it does outside. A paused clock jumps ahead whenever
    /// all tasks wait, also when they wait for the kernel: sockets, processes
    /// and signals need the real one.
    pub fn real_clock(mut self) -> Self {
        self.paused = false;
        self.patience(Duration::from_secs(10))
    }

    /// Asks the caller: `check` gets what is left, and how the last run of the
    /// operation ended, and says what is wrong.
    pub fn check<S, E: Into<Finding>>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        check: impl AsyncFn(S, Cut) -> Result<(), E>,
    ) -> Report {
        self.explore(async |path, cuts| {
            let mut state = build().await;
            let end = self.interrupt(&mut state, &operation, path, cuts).await;
            check(state, end).await.map_err(Into::into)
        })
    }

    /// Asks whether dropping the operation and making it again is as good as
    /// never having dropped it, which is what Tokio calls cancel safe.
    ///
    /// After the cut, the operation is made again and runs to its end; then
    /// `outcome` lists what came of it all, in order. That list is compared
    /// with the list of a run without a cut: an item that is missing is
    /// [`Verdict::LosesData`], one too many is [`Verdict::DoesTwice`], the
    /// same items in another order are [`Verdict::LosesPlace`]. So list what
    /// came piece by piece: one long string that differs is one item missing.
    ///
    /// The run without a cut is one run more.
    pub fn recreate<S, T: PartialEq + Debug>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        outcome: impl AsyncFn(S) -> Vec<T>,
    ) -> Report {
        let run = async |path: &[Cut], cuts: &mut Vec<Cut>| {
            let mut state = build().await;
            let mut end = self.interrupt(&mut state, &operation, path, cuts).await;
            if !matches!(end, Cut::Completed(_)) {
                end = self.once(&mut state, &operation, None).await;
            }
            match end {
                Cut::Completed(_) => Ok(outcome(state).await),
                end => Err(Finding::new(
                    Verdict::Unfinished,
                    format!("run to its end, it did not complete: {end}"),
                )),
            }
        };
        let uncut = match self.runtime(run(&[], &mut Vec::new())) {
            Ok(Ok(uncut)) => uncut,
            Ok(Err(finding)) | Err(finding) => return Report::of_the_uncut_run(finding),
        };
        self.explore(async |path, cuts| {
            let cut = run(path, cuts).await?;
            compare(&uncut, &cut)
        })
    }

    /// Asks whether a value is the same before the operation and after the
    /// cut: a balance, a count, what a lock protects.
    ///
    /// `measure` runs before the operation as well: one that waits for a lock
    /// which `build` keeps busy waits until it is free, and the operation will
    /// find it free. Use [`suspend`](crate::suspend) there.
    pub fn conserved<S, V: PartialEq + Debug>(
        &self,
        build: impl AsyncFn() -> S,
        operation: impl AsyncFn(&mut S),
        measure: impl AsyncFn(&S) -> V,
    ) -> Report {
        self.explore(async |path, cuts| {
            let mut state = build().await;
            let before = measure(&state).await;
            self.interrupt(&mut state, &operation, path, cuts).await;
            let after = measure(&state).await;
            if before == after {
                return Ok(());
            }
            Err(Finding::from(format!("{before:?} before, {after:?} after")))
        })
    }

    /// Cuts the operation at each point of `path` in turn, and notes in `cuts`
    /// where it really ended. Answers the last of them.
    async fn interrupt<S>(
        &self,
        state: &mut S,
        operation: &impl AsyncFn(&mut S),
        path: &[Cut],
        cuts: &mut Vec<Cut>,
    ) -> Cut {
        let mut end = Cut::NeverPolled;
        for target in path {
            end = self.once(state, operation, Some(*target)).await;
            cuts.push(end);
            if !end.as_asked() {
                break;
            }
        }
        end
    }

    /// One run of the operation, with a moment before it and a moment after.
    async fn once<S>(
        &self,
        state: &mut S,
        operation: &impl AsyncFn(&mut S),
        target: Option<Cut>,
    ) -> Cut {
        // Not at the cost of the budget that Tokio gives to every turn of a task.
        unconstrained(sleep(A_MOMENT)).await;
        let end = {
            let future = pin!(operation(state));
            drive(future, target, self.limits).await
        };
        sleep(A_MOMENT).await;
        end
    }

    /// Runs the scenario for every path of cuts, in the order of their points.
    fn explore(
        &self,
        scenario: impl AsyncFn(&[Cut], &mut Vec<Cut>) -> Result<(), Finding>,
    ) -> Report {
        let mut report = Report::default();
        let mut run = |path: &[Cut]| {
            let mut cuts = Vec::new();
            let said = self.runtime(scenario(path, &mut cuts));
            let finding = said.flatten().err();
            let ended_early = cuts.last().is_some_and(|end| !end.as_asked());
            let reached = cuts.len();
            report.points.push(Point { cuts, finding });
            (ended_early, reached)
        };
        if let Some(path) = &self.only {
            run(path);
            // A completion is counted from what was seen, not asked for.
            let same = report.points[0].cuts.iter().eq(path);
            report.missed = (!same).then(|| path.clone());
            return report;
        }
        let mut path = vec![Cut::NeverPolled; self.cuts];
        for _ in 0..self.runs {
            let (ended_early, reached) = run(&path);
            // Nothing lies beyond an end: the run before it is cut later.
            let last = if ended_early { reached - 1 } else { reached };
            if last == 0 {
                return report;
            }
            path[last - 1] = path[last - 1].next();
            path[last..].fill(Cut::NeverPolled);
        }
        report.cut_short = Some(self.runs);
        report
    }

    /// Runs `future` on a runtime of its own; a panic is a finding.
    fn runtime<T>(&self, future: impl Future<Output = T>) -> Result<T, Finding> {
        assert!(
            Handle::try_current().is_err(),
            "a sweep makes its own runtimes: call it from a plain #[test], not from a #[tokio::test]"
        );
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(self.paused)
            .build()
            .expect("the system has no resources for a runtime");
        let end = catch_unwind(AssertUnwindSafe(|| runtime.block_on(future)));
        // Not by `drop`, which waits for blocking work, maybe for ever.
        runtime.shutdown_background();
        end.map_err(|panic| Finding::from(format!("panicked: {}", message(&*panic))))
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("with something that is no text")
}
