//! How a future ends, in words: it is done, or it is dropped and takes with it
//! what it holds.

use recording::{Kind, What};

use super::Story;
use super::beats::Beat;
use super::text::{clean, code, cut, printed, short};
use super::words::{Teller, first};

impl Story<'_> {
    /// Whether the future that is done with the beat at `index` is a branch,
    /// and other branches of its `select!` are dropped next.
    pub(super) fn wins(&self, index: usize) -> bool {
        let select = |of: Option<usize>| {
            let seen = &self.run.futures[of?];
            (seen.kind == Kind::Branch).then_some(seen.parent)
        };
        let own = select(self.beats[index].of);
        let next = self.beats.get(index + 1);
        own.is_some()
            && next.is_some_and(|next| {
                matches!(next.what, What::Dropped { .. }) && select(next.of) == own
            })
    }
}

impl Teller<'_> {
    /// A future that is done, with the beat at `index`.
    pub(super) fn done(&mut self, beat: &Beat<'_>, index: usize) -> String {
        let name = self.name(beat.of);
        let rest = &self.story.beats[index + 1..];
        let kind = beat.kind;
        if beat.within.is_none() || kind == Some(Kind::Task) {
            let drops = rest
                .iter()
                .any(|next| matches!(next.what, What::Dropped { .. }) && next.within.is_none());
            let ends = match kind {
                Some(Kind::Main) if self.story.is_cut => ", and nobody cancelled it",
                Some(Kind::Main) if drops => ". The runtime shuts down, and drops what is left",
                Some(Kind::Main) if rest.is_empty() => ", and the program ends",
                _ => "",
            };
            return format!("{name} is done{ends}.");
        }
        format!("{name} {}", self.result(beat, index))
    }

    /// The end of a sentence about a future that is done, with the beat at
    /// `index`.
    pub(super) fn result(&mut self, beat: &Beat<'_>, index: usize) -> String {
        let ready = code("Ready");
        let result = match first(&mut self.told.done) {
            true => format!("is done: this poll returns {ready}, with its result"),
            false => format!("is done: it returns {ready}"),
        };
        match self.story.wins(index) {
            _ if beat.within.is_none() => "is done.".to_owned(),
            true => format!("{result}, so its branch wins the {}.", code("select!")),
            false => format!("{result}."),
        }
    }

    pub(super) fn dropped(&mut self, beat: &Beat<'_>) -> String {
        let (who, name) = (self.name(beat.within), self.name(beat.of));
        let line = beat.stood.and_then(|stood| stood.line);
        let at = line
            .map(|line| format!(", at line {line}"))
            .unwrap_or_default();
        match (beat.stood.is_some(), beat.with_holder) {
            (true, true) => format!("with it goes {name}{at}."),
            (false, true) => format!("with it goes {name}, which was never polled."),
            (true, false) => {
                let why = match first(&mut self.told.dropped) {
                    true => {
                        " That is its cancellation: it is gone, and what comes after that place never runs."
                    }
                    false => "",
                };
                format!("{who} drops {name} where it stands{at}.{why}")
            }
            (false, false) => {
                let why = match first(&mut self.told.never_began) {
                    true => ": it never began, and nothing of it ever runs",
                    false => "",
                };
                format!("{who} drops {name}, which was never polled{why}.")
            }
        }
    }
}

/// A destructor, with what it prints.
pub(super) fn destructor(beat: &Beat<'_>, name: &str, prints: &[Beat<'_>]) -> String {
    let name = code(&short(name, 40));
    let said = prints.iter().find_map(|beat| match beat.what {
        What::Printed { text, .. } => Some(printed(&cut(&clean(text), 60))),
        _ => None,
    });
    let prints = said
        .map(|said| format!(" and prints {said}"))
        .unwrap_or_default();
    match beat.by_drop {
        true => format!("because of that drop, the destructor of {name} runs{prints}."),
        false => format!("a scope ends: the destructor of {name} runs{prints}."),
    }
}
