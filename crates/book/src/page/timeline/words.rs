//! What just happened and why, one step after the other, for a reader who has
//! never heard of polling. What a term means is said in full where it comes up
//! first, and shortly afterwards.

use recording::{Kind, What};

use super::Story;
use super::beats::Beat;
use super::endings::destructor;
use super::steps::{Folded, Step};
use super::text::{bold, capital, clean, code, cut, list, printed, short};

/// Tells a story, and knows what it has explained.
pub(super) struct Teller<'a> {
    pub(super) story: &'a Story<'a>,
    now: Option<u64>,
    pub(super) told: Told,
}

/// What has been explained.
#[derive(Default)]
pub(super) struct Told {
    made: bool,
    spawned: bool,
    polled: bool,
    suspended: bool,
    idle: bool,
    pub(super) woken: bool,
    pub(super) done: bool,
    pub(super) dropped: bool,
    pub(super) never_began: bool,
}

/// Whether this is the first time that something is told.
pub(super) fn first(told: &mut bool) -> bool {
    !std::mem::replace(told, true)
}

impl<'a> Teller<'a> {
    pub(super) fn new(story: &'a Story<'a>) -> Self {
        Self {
            story,
            now: None,
            told: Told::default(),
        }
    }

    /// The sentences of one step; the time comes first where it has changed.
    pub(super) fn step(&mut self, step: &Step) -> String {
        let beats = &self.story.beats[step.beats.clone()];
        let last = beats.last().map_or(0, |beat| beat.at);
        let words = match step.folded {
            Some(Folded::Turns(1)) => format!("… One more turn like these, until {last} ms."),
            Some(Folded::Turns(turns)) => {
                format!("… {turns} more turns like these, until {last} ms.")
            }
            Some(Folded::Steps(steps)) => {
                format!("… {steps} steps are left out here, until {last} ms.")
            }
            None => capital(&self.beats(beats, step.beats.start)),
        };
        match self.now.replace(last) {
            Some(now) if now == last || step.folded.is_some() => words,
            _ => format!("{} {words}", bold(&format!("{last} ms."))),
        }
    }

    fn beats(&mut self, beats: &[Beat<'_>], start: usize) -> String {
        let [beat, rest @ ..] = beats else {
            return String::new();
        };
        match beat.what {
            What::Made => self.made(beats),
            What::Polled if beat.stood.is_none() => self.begun(beat, rest, start),
            What::Polled => self.polled(beat) + &self.in_turn(rest),
            What::Suspended { .. } => self.suspended(beat) + &self.with_it(rest),
            What::Woken { by } => {
                let (polled, further) = rest.split_at(rest.len().min(1));
                self.woken(beat, *by, start, !polled.is_empty()) + &self.in_turn(further)
            }
            What::Done => self.done(beat, start),
            What::Dropped { .. } => self.dropped(beat),
            What::Destructor { name } => destructor(beat, name, rest),
            What::Printed { text, line } => self.printed(beat, text, *line),
            What::Panicked => format!(
                "{} panics: it ends here, and the panic travels outwards and drops what it passes.",
                self.name(beat.of)
            ),
        }
    }

    /// How a poll goes further down, to whom a wake concerns.
    fn in_turn(&self, polled: &[Beat<'_>]) -> String {
        let Some(last) = polled.last() else {
            return String::new();
        };
        let chain = polled.iter().map(|beat| {
            let (who, whom) = (self.name(beat.within), self.name(beat.of));
            format!("{who} polls {whom}")
        });
        let chain: Vec<String> = chain.collect();
        let goes_on = last.stood.and_then(|stood| stood.line);
        let goes_on = goes_on.map(|line| format!(", which goes on from line {line}"));
        format!(
            " {}{}.",
            capital(&list(&chain)),
            goes_on.unwrap_or_default()
        )
    }

    /// How a wait comes back up, to all that wait for who waits.
    fn with_it(&self, suspended: &[Beat<'_>]) -> String {
        let waiting = suspended.iter().map(|beat| match beat.what {
            What::Suspended {
                line: Some(line), ..
            } => format!("{} at line {line}", self.name(beat.of)),
            _ => self.name(beat.of),
        });
        let waiting: Vec<String> = waiting.collect();
        match waiting.as_slice() {
            [] => String::new(),
            [one] => format!(" So {one} has to wait too."),
            more => format!(" So {} have to wait too.", list(more)),
        }
    }

    fn made(&mut self, made: &[Beat<'_>]) -> String {
        let names: Vec<String> = made.iter().map(|beat| self.name(beat.of)).collect();
        let (names, they) = match names.as_slice() {
            [one] => (one.clone(), "it"),
            more => (list(more), "them"),
        };
        let maker = self.name(made[0].within);
        let is_task = made[0].kind == Some(Kind::Task);
        if is_task {
            let why = match (first(&mut self.told.spawned), made.len()) {
                (true, 1) => ": from now on the runtime polls it, whenever it can go on",
                (true, _) => ": from now on the runtime polls them, whenever they can go on",
                (false, _) => "",
            };
            return format!("{maker} spawns {names}{why}.");
        }
        let why = match first(&mut self.told.made) {
            true => format!("Nothing of {they} runs: a future does nothing until it is polled."),
            false => format!("Nothing of {they} runs yet."),
        };
        format!("{maker} makes {names}. {why}")
    }

    /// A first poll, and how it ends where that is told with it.
    fn begun(&mut self, beat: &Beat<'_>, rest: &[Beat<'_>], start: usize) -> String {
        let (who, name) = (self.name(beat.within), self.name(beat.of));
        let begun = format!("{who} polls {name} for the first time");
        let Some((end, outwards)) = rest.split_first() else {
            let why = match first(&mut self.told.polled) {
                true => " To poll a future is to let it run until it is done or has to wait.",
                false => "",
            };
            return format!("{begun}: it begins to run.{why}");
        };
        match end.what {
            What::Suspended { .. } => format!(
                "{begun}. It has to wait{}, and returns {}.{}",
                waits(end.what),
                code("Pending"),
                self.with_it(outwards)
            ),
            _ => format!("{begun}. It {}", self.result(end, start + 1)),
        }
    }

    fn polled(&mut self, beat: &Beat<'_>) -> String {
        let (who, name) = (self.name(beat.within), self.name(beat.of));
        match beat.stood.and_then(|stood| stood.line) {
            Some(line) => format!("{who} polls {name} again: it goes on from line {line}."),
            None => format!("{who} polls {name} again."),
        }
    }

    fn suspended(&mut self, beat: &Beat<'_>) -> String {
        let (name, holder) = (self.name(beat.of), self.name(beat.within));
        let pending = code("Pending");
        let mut words = format!("{name} has to wait{}", waits(beat.what));
        if first(&mut self.told.suspended) {
            let place = match beat.what {
                What::Suspended {
                    line: Some(line), ..
                } => format!("stays at line {line}"),
                _ => "stays where it is".to_owned(),
            };
            words += &format!(
                ". It is suspended: it returns {pending} to {holder}, and {place}, with everything it holds, \
                 until it is polled again or dropped."
            );
        } else {
            words += &format!(": it returns {pending} to {holder}.");
        }
        if beat.within.is_none() && !self.story.is_cut && first(&mut self.told.idle) {
            words += " The thread is free: nothing of this task runs until something wakes it.";
        }
        words
    }

    fn printed(&self, beat: &Beat<'_>, text: &str, line: usize) -> String {
        let said = printed(&cut(&clean(text), 60));
        if self
            .story
            .destructors
            .iter()
            .any(|lines| lines.contains(&line))
        {
            return format!("the destructor prints {said}.");
        }
        match beat.of {
            Some(_) => format!("{} prints {said}.", self.name(beat.of)),
            None => format!("line {line} prints {said}."),
        }
    }

    pub(super) fn name(&self, future: Option<usize>) -> String {
        self.story.name(future)
    }
}

/// What a suspended future waits for, and where.
fn waits(what: &What) -> String {
    let What::Suspended { line, on } = what else {
        return String::new();
    };
    let on = match on {
        Some(on) if on.ends_with('!') => format!(" in {}", code(on)),
        Some(on) => format!(" for {}", code(&short(on, 40))),
        None => String::new(),
    };
    let at = line.map(|line| format!(" at line {line}"));
    on + &at.unwrap_or_default()
}
