//! The sentence under a picture: what was dropped, since that is what this
//! book is about, and otherwise that nothing was.

use recording::What;

use super::Story;
use super::beats::Beat;
use super::text::{code, list, short};

/// So many sentences about drops…
const SENTENCES: usize = 3;
/// … with so many names in each.
const NAMES: usize = 4;

/// What the picture of a story shows.
pub(super) fn shows(story: &Story<'_>) -> String {
    let drops = drops(story);
    let mut words: Vec<String> = drops
        .iter()
        .take(SENTENCES)
        .map(|drop| drop.told(story))
        .collect();
    let more: usize = drops
        .iter()
        .skip(SENTENCES)
        .map(|drop| drop.beats.len())
        .sum();
    match more {
        0 => {}
        1 => words.push("One more future is dropped after that.".to_owned()),
        more => words.push(format!("{more} more futures are dropped after that.")),
    }
    if drops.is_empty() {
        words.push(nothing(story));
    }
    for (name, count) in &story.lanes.left_out {
        let verb = if *count == 1 { "is" } else { "are" };
        words.push(format!("{count} more of {} {verb} not drawn.", code(name)));
    }
    words.join(" ")
}

fn nothing(story: &Story<'_>) -> String {
    let end = story.beats.last().map_or(0, |beat| beat.at);
    format!("No future is dropped before it is done, up to the end at {end} ms.")
}

/// Futures that are dropped one right after the other.
struct Drop {
    beats: Vec<usize>,
    /// The branch that won before them.
    winner: Option<usize>,
    destructors: Vec<String>,
}

/// The drops of a story; what goes with who holds it is not among them.
fn drops(story: &Story<'_>) -> Vec<Drop> {
    let mut drops: Vec<Drop> = Vec::new();
    for (index, beat) in story.beats.iter().enumerate() {
        match beat.what {
            What::Dropped { .. } if beat.with_holder => {}
            What::Dropped { .. } => match drops.last_mut() {
                Some(drop) if beat.by_drop => drop.beats.push(index),
                _ => {
                    let before = index.checked_sub(1);
                    drops.push(Drop {
                        beats: vec![index],
                        winner: before.filter(|before| {
                            *story.beats[*before].what == What::Done && story.wins(*before)
                        }),
                        destructors: Vec::new(),
                    });
                }
            },
            What::Destructor { name } if beat.by_drop => {
                if let Some(drop) = drops.last_mut() {
                    drop.destructors.push(code(&short(name, 30)));
                }
            }
            _ => {}
        }
    }
    drops
}

impl Drop {
    fn told(&self, story: &Story<'_>) -> String {
        let first = &story.beats[self.beats[0]];
        let mut names: Vec<String> = self
            .beats
            .iter()
            .take(NAMES)
            .map(|index| stood(story, *index))
            .collect();
        if self.beats.len() > NAMES {
            names.push(format!("{} more", self.beats.len() - NAMES));
        }
        let (names, verb) = match names.as_slice() {
            [one] => (one.clone(), "is"),
            more => (list(more), "are"),
        };
        let winner = self.winner.map(|index| {
            format!(
                "{} is done and wins the {}; ",
                story.name(story.beats[index].of),
                code("select!")
            )
        });
        let destructors = match self.destructors.as_slice() {
            [] => String::new(),
            [one] => format!("; the destructor of {one} runs"),
            more => format!("; the destructors of {} run, in this order", list(more)),
        };
        format!(
            "At {} ms {}{names} {verb} dropped{destructors}.",
            first.at,
            winner.unwrap_or_default()
        )
    }
}

/// A dropped future with where it stood.
fn stood(story: &Story<'_>, index: usize) -> String {
    let beat: &Beat<'_> = &story.beats[index];
    let name = story.name(beat.of);
    match beat.stood {
        None => format!("{name}, never polled,"),
        Some(stood) => match stood.line {
            Some(line) => format!("{name}, suspended at line {line},"),
            None => format!("{name}, suspended,"),
        },
    }
}
