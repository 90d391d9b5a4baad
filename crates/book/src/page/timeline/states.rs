//! What each lane is at each step.

use recording::What;

use super::beats::Beat;
use super::lanes::Lanes;

/// What a lane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    /// Not there: not yet, or no more.
    #[default]
    Nothing,
    /// Made, and not yet polled.
    Made,
    /// Being polled.
    Polled,
    /// Suspended, at this line if the listing has it.
    Suspended(Option<usize>),
    /// Suspended there, and its task is woken.
    Woken(Option<usize>),
    /// Done.
    Done,
    /// Dropped before it was done.
    Dropped,
    /// Panicked.
    Panicked,
}

impl State {
    /// What it is after `what`; an event that changes nothing leaves it.
    pub(super) fn after(self, what: &What) -> Self {
        match what {
            What::Made => Self::Made,
            What::Polled => Self::Polled,
            What::Suspended { line, .. } => Self::Suspended(*line),
            What::Woken { .. } => match self {
                Self::Suspended(line) => Self::Woken(line),
                other => other,
            },
            What::Done => Self::Done,
            What::Dropped { .. } => Self::Dropped,
            What::Panicked => Self::Panicked,
            What::Destructor { .. } | What::Printed { .. } => self,
        }
    }

    /// The word for it in `data-s`.
    pub(super) fn word(self) -> String {
        let at = |line: Option<usize>| line.map(|line| line.to_string()).unwrap_or_default();
        match self {
            Self::Nothing => "-".to_owned(),
            Self::Made => "n".to_owned(),
            Self::Polled => "r".to_owned(),
            Self::Suspended(line) => format!("s{}", at(line)),
            Self::Woken(line) => format!("w{}", at(line)),
            Self::Done => "d".to_owned(),
            Self::Dropped => "x".to_owned(),
            Self::Panicked => "p".to_owned(),
        }
    }
}

/// All lanes, and how much was printed.
#[derive(Debug, Clone)]
pub(super) struct States {
    pub(super) lanes: Vec<State>,
    /// In UTF-16 code units, as a script counts.
    pub(super) printed: usize,
}

impl States {
    /// Before anything happened.
    pub(super) fn new(lanes: &Lanes) -> Self {
        Self {
            lanes: vec![State::Nothing; lanes.lanes.len()],
            printed: 0,
        }
    }

    /// What is after this beat.
    pub(super) fn apply(&mut self, beat: &Beat<'_>, lanes: &Lanes) {
        if let What::Printed { text, .. } = beat.what {
            self.printed += text.encode_utf16().count();
        }
        if let Some(lane) = lanes.lane(beat.of) {
            self.lanes[lane] = self.lanes[lane].after(beat.what);
        }
    }
}
