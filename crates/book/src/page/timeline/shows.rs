//! The sentence under a picture: what was dropped, since that is what this
//! book is about, and otherwise that nothing was.

use std::collections::BTreeSet;

use recording::What;

use super::Story;
use super::beats::Beat;
use super::states::{State, States};
use super::text::{capital, code, list, short};

/// So many sentences about drops…
const SENTENCES: usize = 3;
/// … with so many names in each.
const NAMES: usize = 4;
/// What is dropped so often is counted.
const OFTEN: usize = 3;

/// What the picture of a story shows.
pub(super) fn shows(story: &Story<'_>) -> String {
    let (drops, again): (Vec<Drop>, Vec<Drop>) = {
        let drops = drops(story);
        let often = |drop: &Drop| {
            let same = drops
                .iter()
                .filter(|other| other.lanes(story) == drop.lanes(story));
            drop.beats.len() == 1 && same.count() >= OFTEN
        };
        let often: Vec<bool> = drops.iter().map(often).collect();
        let mut often = often.into_iter();
        drops
            .into_iter()
            .partition(|_| !often.next().unwrap_or(false))
    };
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
    words.extend(often(story, &again));
    if words.is_empty() {
        words.push(nothing(story));
    }
    for (name, count) in &story.lanes.left_out {
        let verb = if *count == 1 { "is" } else { "are" };
        words.push(format!("{count} more of {} {verb} not drawn.", code(name)));
    }
    words.join(" ")
}

/// A sentence for each lane whose futures are dropped again and again.
fn often(story: &Story<'_>, drops: &[Drop]) -> Vec<String> {
    let mut lanes: Vec<Vec<Option<usize>>> = Vec::new();
    for drop in drops {
        if !lanes.contains(&drop.lanes(story)) {
            lanes.push(drop.lanes(story));
        }
    }
    let sentence = |lanes: &Vec<Option<usize>>| {
        let beats = drops.iter().filter(|drop| drop.lanes(story) == *lanes);
        let beats: Vec<&Beat<'_>> = beats.map(|drop| &story.beats[drop.beats[0]]).collect();
        let stood: BTreeSet<Option<Option<usize>>> = beats
            .iter()
            .map(|beat| beat.stood.map(|stood| stood.line))
            .collect();
        // Where one of several places is not in the listing, none is named.
        let somewhere = stood.contains(&Some(None));
        let stood: BTreeSet<String> = stood
            .into_iter()
            .map(|stood| match stood {
                Some(Some(_)) if somewhere => "suspended".to_owned(),
                stood => stand(stood),
            })
            .collect();
        let stood: Vec<String> = stood.into_iter().collect();
        let (first, last) = (beats[0].at, beats[beats.len() - 1].at);
        let when = match first == last {
            true => format!("at {first} ms"),
            false => format!("between {first} ms and {last} ms"),
        };
        let name = story.name(beats[0].of);
        format!(
            "{} is dropped {} times, {when}, {}.",
            capital(&name),
            beats.len(),
            stood.join(" or ")
        )
    };
    lanes.iter().map(sentence).collect()
}

fn nothing(story: &Story<'_>) -> String {
    let end = story.beats.last().map_or(0, |beat| beat.at);
    let mut states = States::new(&story.lanes);
    for beat in &story.beats {
        states.apply(beat, &story.lanes);
    }
    let lanes = story.lanes.lanes.iter().zip(states.lanes);
    let left = lanes.filter_map(|(lane, state)| match state {
        State::Suspended(Some(line)) | State::Woken(Some(line)) => Some(format!(
            "{} is still suspended at line {line}",
            code(&lane.label())
        )),
        State::Suspended(None) | State::Woken(None) => {
            Some(format!("{} is still suspended", code(&lane.label())))
        }
        _ => None,
    });
    let left: Vec<String> = left.collect();
    match left.as_slice() {
        [] => format!("No future is dropped before it is done; the last is done at {end} ms."),
        left => format!(
            "No future is dropped: at the end, at {end} ms, {}.",
            list(left)
        ),
    }
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
    fn lanes(&self, story: &Story<'_>) -> Vec<Option<usize>> {
        let beats = self.beats.iter();
        beats
            .map(|index| story.lanes.lane(story.beats[*index].of))
            .collect()
    }

    fn told(&self, story: &Story<'_>) -> String {
        let first = &story.beats[self.beats[0]];
        let mut names: Vec<String> = self
            .beats
            .iter()
            .take(NAMES)
            .map(|index| {
                let beat = &story.beats[*index];
                format!(
                    "{}, {},",
                    story.name(beat.of),
                    stand(beat.stood.map(|stood| stood.line))
                )
            })
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
            [one, rest @ ..] if rest.iter().all(|other| other == one) => {
                format!("; the destructor of {one} runs {} times", rest.len() + 1)
            }
            more => format!("; the destructors of {} run, in this order", list(more)),
        };
        format!(
            "At {} ms {}{names} {verb} dropped{destructors}.",
            first.at,
            winner.unwrap_or_default()
        )
    }
}

/// Where a dropped future stood: at a line, somewhere else, or nowhere yet.
fn stand(stood: Option<Option<usize>>) -> String {
    match stood {
        None => "never polled".to_owned(),
        Some(None) => "suspended".to_owned(),
        Some(Some(line)) => format!("suspended at line {line}"),
    }
}
