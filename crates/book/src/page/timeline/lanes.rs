//! Which lane of the picture each future has.
//!
//! Futures that the same line makes one after the other, as a loop does, share
//! a lane. Of many that the same line makes at once, those are drawn whose
//! fates differ.

use std::collections::HashMap;
use std::ops::Range;

use recording::{Kind, Run, What};

use super::beats::Beat;
use super::text::short;

/// More than this many lanes are not drawn.
const MOST: usize = 24;
/// So many futures of one line and one fate are drawn.
const ALIKE: usize = 2;
/// A line that makes no more futures at once than this has all of them drawn.
const FEW: usize = 4;
const NAME: usize = 36;

/// The lanes, from top to bottom.
#[derive(Debug)]
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    /// The lane of each future, if it has one.
    of: Vec<Option<usize>>,
    /// What is not drawn: how many futures of which name.
    pub(super) left_out: Vec<(String, usize)>,
}

/// One lane.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    /// What tells it apart from others of the same name.
    pub(super) which: String,
    pub(super) kind: Kind,
    /// The lane that holds it; none for a task.
    pub(super) holder: Option<usize>,
}

impl Lane {
    /// The name, told apart from others.
    pub(super) fn label(&self) -> String {
        format!("{}{}", self.name, self.which)
    }
}

/// A lane while its place is not yet known.
struct Draft {
    key: Key,
    kind: Kind,
    futures: Vec<usize>,
    life: Range<usize>,
}

/// What makes futures ones of a kind: who made them, where, as what.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    parent: Option<usize>,
    name: String,
    line: usize,
}

impl Lanes {
    /// The lanes of the futures that `beats` mention.
    pub(super) fn of(run: &Run, beats: &[Beat<'_>]) -> Self {
        let (drafts, draft_of) = drafts(run, beats);
        let order = order(&drafts);
        let shown = shown(&drafts, &order, beats);
        let mut left_out: Vec<(String, usize)> = Vec::new();
        for draft in order.iter().filter(|draft| !shown.contains(draft)) {
            let name = short(&drafts[*draft].key.name, NAME);
            match left_out.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += drafts[*draft].futures.len(),
                None => left_out.push((name, drafts[*draft].futures.len())),
            }
        }
        let place = |draft: usize| shown.iter().position(|shown| *shown == draft);
        let lanes = shown.iter().map(|draft| {
            let Draft { key, kind, .. } = &drafts[*draft];
            Lane {
                name: short(&key.name, NAME),
                which: which(&drafts, &shown, *draft),
                kind: *kind,
                holder: key
                    .parent
                    .filter(|_| !is_head(&drafts[*draft]))
                    .and_then(place),
            }
        });
        Self {
            lanes: lanes.collect(),
            of: draft_of.iter().map(|draft| draft.and_then(place)).collect(),
            left_out,
        }
    }

    /// The lane of a future.
    pub(super) fn lane(&self, future: Option<usize>) -> Option<usize> {
        future.and_then(|future| self.of[future])
    }

    /// What a future is called, and what tells it apart.
    pub(super) fn name(&self, run: &Run, future: usize) -> (String, &str) {
        match self.of[future] {
            Some(lane) => (self.lanes[lane].name.clone(), &self.lanes[lane].which),
            None => (short(&run.futures[future].name, NAME), ""),
        }
    }
}

fn drafts(run: &Run, beats: &[Beat<'_>]) -> (Vec<Draft>, Vec<Option<usize>>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut draft_of: Vec<Option<usize>> = Vec::new();
    for (future, seen) in run.futures.iter().enumerate() {
        let Some(life) = life(future, beats) else {
            draft_of.push(None);
            continue;
        };
        let key = Key {
            parent: seen
                .parent
                .and_then(|parent| draft_of.get(parent).copied().flatten()),
            name: seen.name.clone(),
            line: seen.line,
        };
        let free = drafts
            .iter()
            .position(|draft| draft.key == key && draft.life.end <= life.start);
        let place = free.unwrap_or_else(|| {
            drafts.push(Draft {
                key,
                kind: seen.kind,
                futures: Vec::new(),
                life: life.clone(),
            });
            drafts.len() - 1
        });
        drafts[place].futures.push(future);
        drafts[place].life.end = life.end;
        draft_of.push(Some(place));
    }
    (drafts, draft_of)
}

/// The beats from a future's first to its end, if it is mentioned at all.
fn life(future: usize, beats: &[Beat<'_>]) -> Option<Range<usize>> {
    let is = |beat: &Beat<'_>| beat.of == Some(future);
    let first = beats.iter().position(is)?;
    let end = beats.iter().rposition(|beat| {
        is(beat)
            && matches!(
                beat.what,
                What::Done | What::Dropped { .. } | What::Panicked
            )
    });
    Some(first..end.map_or(usize::MAX, |end| end + 1))
}

/// Tasks one after the other, each followed by what it holds.
fn order(drafts: &[Draft]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut heads: Vec<usize> = (0..drafts.len())
        .filter(|draft| is_head(&drafts[*draft]))
        .collect();
    heads.sort_by_key(|head| (drafts[*head].kind != Kind::Main, drafts[*head].life.start));
    for head in heads {
        with_held(drafts, head, &mut order);
    }
    order
}

fn with_held(drafts: &[Draft], draft: usize, order: &mut Vec<usize>) {
    order.push(draft);
    let mut held: Vec<usize> = (0..drafts.len())
        .filter(|other| drafts[*other].key.parent == Some(draft) && !is_head(&drafts[*other]))
        .collect();
    held.sort_by_key(|other| drafts[*other].life.start);
    for other in held {
        with_held(drafts, other, order);
    }
}

fn is_head(draft: &Draft) -> bool {
    matches!(draft.kind, Kind::Main | Kind::Task) || draft.key.parent.is_none()
}

/// The drafts that are drawn, in their order.
fn shown(drafts: &[Draft], order: &[usize], beats: &[Beat<'_>]) -> Vec<usize> {
    let mut of_a_kind: HashMap<&Key, usize> = HashMap::new();
    for draft in drafts {
        *of_a_kind.entry(&draft.key).or_default() += 1;
    }
    let mut alike: HashMap<(&Key, String), usize> = HashMap::new();
    let mut shown: Vec<usize> = Vec::new();
    for &index in order {
        let draft = &drafts[index];
        let count = alike.entry((&draft.key, fate(draft, beats))).or_default();
        *count += 1;
        let one_too_many = of_a_kind[&draft.key] > FEW && *count > ALIKE;
        let parent_is_shown = draft
            .key
            .parent
            .is_none_or(|parent| shown.contains(&parent));
        if !one_too_many && parent_is_shown && shown.len() < MOST {
            shown.push(index);
        }
    }
    shown
}

/// What happened to the futures of a lane, apart from when.
fn fate(draft: &Draft, beats: &[Beat<'_>]) -> String {
    let own = beats.iter().filter(|beat| {
        beat.of.is_some_and(|of| draft.futures.contains(&of))
            && !matches!(beat.what, What::Printed { .. })
    });
    own.map(|beat| format!("{:?}", beat.what)).collect()
}

/// What tells a lane apart from those that are called the same: the line that
/// made it, and its number among those that the same line made.
fn which(drafts: &[Draft], shown: &[usize], draft: usize) -> String {
    let Key { name, line, .. } = &drafts[draft].key;
    let label = short(name, NAME);
    let same = |other: &&usize| short(&drafts[**other].key.name, NAME) == label;
    let same: Vec<usize> = shown.iter().filter(same).copied().collect();
    let of_line = |other: &&usize| drafts[**other].key.line == *line;
    let of_line: Vec<usize> = same.iter().filter(of_line).copied().collect();
    let number = of_line
        .iter()
        .position(|other| *other == draft)
        .unwrap_or(0)
        + 1;
    let number = match of_line.len() {
        1 => String::new(),
        _ => format!(" #{number}"),
    };
    match of_line.len() == same.len() {
        true => number,
        false => format!("{number} of line {line}"),
    }
}
