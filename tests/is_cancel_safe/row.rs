//! A row of the page, and what it takes to hold it.
//!
//! The book reads the rows out of the sources of these tests, so a row is
//! written as one literal: `Row { … }`.

use std::fs;

use cancel_sweep::{Report, Verdict};

use crate::docs;

/// What the page says about one call.
pub struct Row {
    /// The path under which one imports it: `tokio::sync::mpsc::Sender::send`;
    /// `&mut ` before it when it is awaited by reference, and in parentheses
    /// what else matters.
    pub api: &'static str,
    /// Its documentation below `https://docs.rs/CRATE/VERSION/`.
    pub page: &'static str,
    /// What cancelling it does, in a word.
    pub verdict: Word,
    /// What exactly was left, in one sentence; Markdown.
    pub left: &'static str,
    /// What its documentation says about that.
    pub docs: Docs,
    /// The file of the documentation, `PACKAGE/src/…`; with `#ITEM`, if it is
    /// that of another item.
    pub source: &'static str,
    /// What to use instead; Markdown. Empty only for what is safe as it is.
    pub instead: &'static str,
    /// The least number of suspensions inside the call that make the sweep
    /// evidence.
    pub suspensions: usize,
}

/// The verdicts of the page.
pub enum Word {
    /// Made again, it is as if it had never been dropped.
    Safe,
    /// Safe under this condition, "if …"; otherwise not.
    SafeIf(&'static str),
    /// What was on its way is gone.
    LosesData,
    /// What was done is done again.
    DoesTwice,
    /// Only the place in a queue is lost.
    LosesPlace,
    /// Dropped, it carries on.
    GoesOn,
}

/// What the documentation says.
pub enum Docs {
    /// These words, and they agree with the run.
    Says(&'static str),
    /// Nothing about cancellation.
    Silent,
    /// These words, and the run differs: an example of the book shows it.
    Differs(&'static str, &'static str),
}

impl Row {
    /// Holds the row to a sweep of the call.
    ///
    /// [`Word::GoesOn`] wants a sweep whose check calls it broken when
    /// something happens after the drop.
    #[track_caller]
    pub fn holds(&self, report: &Report) {
        let expected = match self.verdict {
            Word::Safe => Verdict::Safe,
            Word::SafeIf(_) => panic!("{}: say what happens otherwise: `holds_if`", self.api),
            Word::LosesData => Verdict::LosesData,
            Word::DoesTwice => Verdict::DoesTwice,
            Word::LosesPlace => Verdict::LosesPlace,
            Word::GoesOn => Verdict::Broken,
        };
        self.is_evidence(report);
        self.no_panic(report);
        assert_eq!(report.verdict(), expected, "{}\n{report}", self.api);
        self.is_complete();
    }

    /// Holds a row that is [`Word::SafeIf`]: safe with its condition, and not
    /// safe without.
    #[track_caller]
    pub fn holds_if(&self, with: &Report, without: &Report) {
        assert!(matches!(self.verdict, Word::SafeIf(_)), "{}", self.api);
        self.is_evidence(with);
        assert_eq!(with.verdict(), Verdict::Safe, "{}, with\n{with}", self.api);
        self.no_panic(without);
        let harm = without.verdict();
        let found = !matches!(harm, Verdict::Safe | Verdict::Unfinished);
        assert!(found, "{}, without: {harm}\n{without}", self.api);
        self.is_complete();
    }

    /// A mistake in the scenario is no harm done by the call.
    #[track_caller]
    fn no_panic(&self, report: &Report) {
        let findings = report.points().iter().flat_map(|point| &point.finding);
        let panicked = findings.filter(|found| found.left.starts_with("panicked"));
        assert!(panicked.count() == 0, "{}\n{report}", self.api);
    }

    #[track_caller]
    fn is_evidence(&self, report: &Report) {
        assert!(
            self.suspensions > 0 && report.suspensions() >= self.suspensions,
            "{}: {} suspensions are no evidence, it takes {} and at least one\n{report}",
            self.api,
            report.suspensions(),
            self.suspensions,
        );
    }

    /// What the book needs of a row, beside its verdict.
    #[track_caller]
    fn is_complete(&self) {
        let Self { api, .. } = self;
        let path = api.trim_start_matches("&mut ");
        let package = path.split("::").next().unwrap_or(path);
        assert!(self.page.starts_with(package), "{api}: {}", self.page);
        assert!(self.left.ends_with('.'), "{api}: what was left?");
        match self.verdict {
            Word::Safe => {}
            Word::SafeIf(condition) => {
                assert!(condition.starts_with("if "), "{api}: safe {condition}?");
            }
            _ => assert!(!self.instead.is_empty(), "{api}: what to use instead?"),
        }
        if let Docs::Differs(_, example) = self.docs {
            let program = format!("{}/examples/{example}.rs", docs::ROOT);
            assert!(fs::exists(&program).is_ok_and(|is| is), "{api}: {program}?");
        }
        docs::hold(api, self.source, &self.docs);
    }
}
