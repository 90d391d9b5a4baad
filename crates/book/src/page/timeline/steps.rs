//! Where a reader stops: one beat, or a few that belong together, and turns of
//! a loop that are said in words because they repeat.

use std::ops::{Range, RangeInclusive};

use recording::{Kind, What};

use super::beats::Beat;
use super::lanes::Lanes;

/// A pattern that comes at least so often is folded…
const OFTEN: usize = 4;
/// … down to so many turns at its beginning, and one at its end.
const FIRST_TURNS: usize = 2;
/// The longest pattern, in steps, that is looked for.
const PATTERN: usize = 16;
/// More steps than this are not shown.
const MOST: usize = 48;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// Its beats.
    pub(super) beats: Range<usize>,
    /// What it stands for, if its beats are neither drawn nor told.
    pub(super) folded: Option<Folded>,
}

/// What stands for beats that are neither drawn nor told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// So many turns like those before.
    Turns(usize),
    /// So many steps.
    Steps(usize),
}

/// The steps of a run.
pub(super) fn steps(
    beats: &[Beat<'_>],
    lanes: &Lanes,
    destructors: &[RangeInclusive<usize>],
) -> Vec<Step> {
    let steps = together(beats, destructors);
    let steps = without_repetition(&steps, beats, lanes);
    without_middle(steps)
}

/// One step for each beat, but one for futures that are made together, one for
/// a destructor and what it prints, and one for going down to whom a wake
/// concerns. A first poll and its end are one step, and so is coming back up
/// from who has to wait, except that each is told beat by beat the first time.
fn together(beats: &[Beat<'_>], destructors: &[RangeInclusive<usize>]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut seen, mut seen_idle, mut seen_done) = (false, false, false);
    for (index, beat) in beats.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &beats[before]);
        let is_known = match beat.what {
            What::Suspended { .. } if beat.within.is_none() => {
                std::mem::replace(&mut seen_idle, true)
            }
            What::Suspended { .. } => std::mem::replace(&mut seen, true),
            What::Done => std::mem::replace(&mut seen_done, true),
            _ => true,
        };
        let joins = before.is_some_and(|before| is_known && belongs(before, beat, destructors));
        match steps.last_mut() {
            Some(step) if joins => step.beats.end = index + 1,
            _ => steps.push(Step {
                beats: index..index + 1,
                folded: None,
            }),
        }
    }
    steps
}

fn belongs(before: &Beat<'_>, beat: &Beat<'_>, destructors: &[RangeInclusive<usize>]) -> bool {
    if before.at != beat.at {
        return false;
    }
    match (before.what, beat.what) {
        (What::Woken { by: None }, What::Polled) => before.of == beat.of && beat.stood.is_some(),
        (What::Polled, What::Polled) => {
            before.stood.is_some() && beat.stood.is_some() && beat.within == before.of
        }
        (What::Polled, What::Suspended { .. } | What::Done) => {
            before.stood.is_none() && before.of == beat.of
        }
        (What::Suspended { .. }, What::Suspended { .. }) => before.within == beat.of,
        (What::Made, What::Made) => {
            let is_task = |beat: &Beat<'_>| beat.kind == Some(Kind::Task);
            before.within == beat.within && is_task(before) == is_task(beat)
        }
        (What::Destructor { .. }, What::Printed { line, .. }) => {
            destructors.iter().any(|lines| lines.contains(line))
        }
        _ => false,
    }
}

/// What makes steps turns of the same loop.
fn signature(step: &Step, beats: &[Beat<'_>], lanes: &Lanes) -> String {
    let beats = &beats[step.beats.clone()];
    beats
        .iter()
        .map(|beat| {
            let lane = lanes.lane(beat.of);
            match beat.what {
                What::Printed { line, .. } => format!("{lane:?} prints in {line};"),
                What::Woken { by } => format!("{lane:?} woken by {:?};", lanes.lane(*by)),
                what => format!("{lane:?} {what:?} {};", beat.stood.is_some()),
            }
        })
        .collect()
}

fn without_repetition(steps: &[Step], beats: &[Beat<'_>], lanes: &Lanes) -> Vec<Step> {
    let signatures: Vec<String> = steps
        .iter()
        .map(|step| signature(step, beats, lanes))
        .collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < steps.len() {
        let Some((pattern, turns)) = repetition(&signatures[at..]) else {
            kept.push(steps[at].clone());
            at += 1;
            continue;
        };
        let first = at + FIRST_TURNS * pattern;
        let last = at + (turns - 1) * pattern;
        kept.extend_from_slice(&steps[at..first]);
        kept.push(Step {
            beats: steps[first].beats.start..steps[last - 1].beats.end,
            folded: Some(Folded::Turns(turns - 1 - FIRST_TURNS)),
        });
        kept.extend_from_slice(&steps[last..last + pattern]);
        at = last + pattern;
    }
    kept
}

/// The shortest pattern that `signatures` start with and that comes often, and
/// how often.
fn repetition(signatures: &[String]) -> Option<(usize, usize)> {
    (1..=PATTERN).find_map(|pattern| {
        let first = signatures.get(..pattern)?;
        let turns = signatures.chunks_exact(pattern);
        let turns = turns.take_while(|turn| *turn == first).count();
        (turns >= OFTEN).then_some((pattern, turns))
    })
}

fn without_middle(mut steps: Vec<Step>) -> Vec<Step> {
    if steps.len() > MOST {
        let (first, last) = (MOST * 2 / 3, steps.len() - MOST / 3);
        let middle = Step {
            beats: steps[first].beats.start..steps[last - 1].beats.end,
            folded: Some(Folded::Steps(last - first)),
        };
        steps.splice(first..last, [middle]);
    }
    steps
}
