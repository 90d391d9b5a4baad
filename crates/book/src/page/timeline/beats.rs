//! The events of a run that matter, each with what one has to know of those
//! before it.
//!
//! A poll that ends where it began, with nothing in between, is left out: a
//! `select!` that is woken asks every branch, and most have nothing to say.

use recording::{Kind, Run, What};

/// An event that is drawn and told.
#[derive(Debug)]
pub(super) struct Beat<'a> {
    pub(super) at: u64,
    /// The future that it happened to, or whose code did it.
    pub(super) of: Option<usize>,
    pub(super) kind: Option<Kind>,
    pub(super) what: &'a What,
    /// The future in whose poll it happened, which for an event of a poll is
    /// the one that polls; none is the runtime.
    pub(super) within: Option<usize>,
    /// Of a poll or a drop: where the future stood before; none if it never
    /// ran.
    pub(super) stood: Option<Stand<'a>>,
    /// Whether it is part of a drop that began before.
    pub(super) by_drop: bool,
    /// Of a drop: whether the future went with one that held it.
    pub(super) with_holder: bool,
}

/// Where a future is suspended, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand<'a> {
    pub(super) line: Option<usize>,
    pub(super) on: Option<&'a str>,
}

/// The events of `run` without the polls that changed nothing.
pub(super) fn beats(run: &Run) -> Vec<Beat<'_>> {
    let mut reader = Reader {
        run,
        open: Vec::new(),
        stands: vec![None; run.futures.len()],
        woken: vec![None; run.futures.len()],
        dropped: Vec::new(),
        beats: Vec::new(),
        kept: Vec::new(),
    };
    for index in 0..run.events.len() {
        reader.read(index);
    }
    let Reader { beats, kept, .. } = reader;
    let beats = beats.into_iter().zip(kept);
    beats
        .filter(|(_, kept)| *kept)
        .map(|(beat, _)| beat)
        .collect()
}

struct Reader<'a> {
    run: &'a Run,
    /// The polls that have begun and not ended.
    open: Vec<Poll>,
    /// Where each future is suspended.
    stands: Vec<Option<Stand<'a>>>,
    /// The event that woke each future, until it is polled.
    woken: Vec<Option<usize>>,
    /// What the drop that goes on has dropped so far.
    dropped: Vec<usize>,
    beats: Vec<Beat<'a>>,
    kept: Vec<bool>,
}

struct Poll {
    of: usize,
    /// The event that began it.
    began: usize,
    /// The event that woke its future, if one did.
    woken: Option<usize>,
    within: Option<usize>,
    /// Whether anything happened in it that is kept.
    eventful: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self, index: usize) {
        let event = &self.run.events[index];
        let goes_on = match (&event.what, event.of) {
            (What::Dropped { .. }, _) => true,
            (What::Destructor { .. } | What::Printed { .. }, Some(of)) => {
                self.dropped.contains(&of)
            }
            _ => false,
        };
        if !goes_on {
            self.dropped.clear();
        }
        self.beats.push(Beat {
            at: event.at,
            of: event.of,
            kind: event.of.map(|of| self.run.futures[of].kind),
            what: &event.what,
            within: self.open.last().map(|poll| poll.of),
            stood: None,
            by_drop: !self.dropped.is_empty(),
            with_holder: event.of.is_some_and(|of| self.holder_was_dropped(of)),
        });
        self.kept.push(true);
        match (&event.what, event.of) {
            (What::Polled, Some(of)) => self.polled(index, of),
            (What::Suspended { line, on }, Some(of)) => {
                let stand = Stand {
                    line: *line,
                    on: on.as_deref(),
                };
                self.ended(index, of, Some(stand));
            }
            (What::Done | What::Panicked, Some(of)) => self.ended(index, of, None),
            (What::Woken { .. }, Some(of)) if self.woken[of].is_some() => self.kept[index] = false,
            (What::Woken { .. }, Some(of)) => {
                self.woken[of] = Some(index);
                self.something_happened();
            }
            (What::Dropped { .. }, Some(of)) => {
                self.beats[index].stood = self.stands[of];
                self.dropped.push(of);
                self.something_happened();
            }
            _ => self.something_happened(),
        }
    }

    fn polled(&mut self, index: usize, of: usize) {
        let within = self.poller(of);
        self.beats[index].within = within;
        self.beats[index].stood = self.stands[of];
        self.open.push(Poll {
            of,
            began: index,
            woken: self.woken[of].take(),
            within,
            eventful: false,
        });
    }

    /// The poll of `of` ended; `stand` is where it is suspended, if it is.
    fn ended(&mut self, index: usize, of: usize, stand: Option<Stand<'a>>) {
        let stood = std::mem::replace(&mut self.stands[of], stand);
        let Some(place) = self.open.iter().rposition(|poll| poll.of == of) else {
            return self.something_happened();
        };
        let poll = self.open.remove(place);
        self.beats[index].within = poll.within;
        if stand.is_some() && stood == stand && !poll.eventful {
            self.kept[poll.began] = false;
            self.kept[index] = false;
            if let Some(woken) = poll.woken {
                self.kept[woken] = false;
            }
        } else {
            self.something_happened();
        }
    }

    fn something_happened(&mut self) {
        for poll in &mut self.open {
            poll.eventful = true;
        }
    }

    /// Who polls `of`: the runtime polls tasks, and code polls the futures
    /// that it made unless it gave them away.
    fn poller(&self, of: usize) -> Option<usize> {
        let seen = &self.run.futures[of];
        if matches!(seen.kind, Kind::Main | Kind::Task) {
            return None;
        }
        let polling = |future: usize| self.open.iter().any(|poll| poll.of == future);
        let parent = seen.parent.filter(|parent| polling(*parent));
        parent.or(self.open.last().map(|poll| poll.of))
    }

    fn holder_was_dropped(&self, of: usize) -> bool {
        let parent = |of: &usize| self.run.futures[*of].parent;
        let mut holders = std::iter::successors(parent(&of), parent);
        holders.any(|holder| self.dropped.contains(&holder))
    }
}
