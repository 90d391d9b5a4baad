//! A row of the page, and what it takes to hold it.
//!
//! The book reads the rows out of the sources of these tests, so a row is
//! written as one literal: `Row { … }`.

use cancel_sweep::{Report, Verdict};

use crate::docs;

/// What the page says about one call.
pub struct Row {
    /// The path under which one imports it: `tokio::sync::mpsc::Sender::send`.
    pub api: &'static str,
    /// Its documentation below `https://docs.rs/CRATE/VERSION/`.
    pub page: &'static str,
    /// What cancelling it does, in a word.
    pub verdict: Word,
    /// What exactly was left, in one sentence; Markdown.
    pub left: &'static str,
    /// What its documentation says about that.
    pub docs: Docs,
    /// The file of the documentation, below the crate's folder.
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
        let harm = without.verdict();
        let found = !matches!(harm, Verdict::Safe | Verdict::Unfinished);
        assert!(found, "{}, without: {harm}\n{without}", self.api);
        self.is_complete();
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

    #[track_caller]
    fn is_complete(&self) {
        let Self { api, instead, .. } = self;
        let safe = matches!(self.verdict, Word::Safe);
        assert!(safe || !instead.is_empty(), "{api}: what to use instead?");
        docs::hold(api, self.source, &self.docs);
    }
}
