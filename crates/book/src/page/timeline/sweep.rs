//! Gives every beat its place, from left to right and once.

use recording::{Kind, What};

use super::Story;
use super::beats::Beat;
use super::lanes::{Lane, Lanes};
use super::layout::{Layout, Moment, Name, Piece, mono, plate, small};
use super::steps::Folded;
use super::text::{short, span};

/// From one beat to the next.
const STEP: i32 = 20;
/// From one beat to the next of the same step.
const CLOSE: i32 = 9;
/// Between a moment's edge and its first and last beat.
const EDGE: i32 = 12;
/// A picture wider than this is also cut into pieces for paper.
const PAPER: i32 = 600;
/// A moment begins a new piece where the present one is so wide.
const ENOUGH: i32 = 400;
/// A last piece that is not so wide goes with the one before.
const LEAST: i32 = 150;
/// A lane that was named so far back is named again in the next piece, and
/// where it begins again…
const FAR: i32 = 160;
/// … but not so close to the end.
const NEAR: i32 = 200;
/// What a piece writes before the time of a moment that began earlier: `… `.
const LABEL: i32 = 13;
/// Rows for what is printed, so that long lines need not push time apart.
const ROWS: usize = 3;

/// Lays a story out.
pub(super) fn layout(story: &Story<'_>) -> Layout {
    let mut sweep = Sweep {
        layout: Layout {
            beats: vec![None; story.beats.len()],
            rows: vec![0; story.beats.len()],
            ..Layout::default()
        },
        lanes: &story.lanes,
        rows: &story.rows,
        free: vec![0; story.lanes.lanes.len()],
        named: vec![None; story.lanes.lanes.len()],
        alive: vec![false; story.lanes.lanes.len()],
        paper: [0; ROWS],
        x: 0,
        piece: Piece {
            start: 0,
            end: 0,
            lanes: Vec::new(),
            at: None,
        },
        moment: None,
    };
    for step in &story.steps {
        let beats = &story.beats[step.beats.clone()];
        match step.folded {
            Some(folded) => sweep.fold(folded, beats),
            None => {
                sweep.cut_before(beats);
                for (index, beat) in step.beats.clone().zip(beats) {
                    let is_first = index == step.beats.start;
                    let ends = matches!(beat.what, What::Suspended { .. } | What::Done)
                        && beat.of == story.beats[index.saturating_sub(1)].of;
                    sweep.beat(index, beat, is_first || ends);
                }
            }
        }
        sweep.layout.steps.push(sweep.x);
    }
    sweep.finish()
}

/// From left to right, once.
struct Sweep<'a> {
    layout: Layout,
    lanes: &'a Lanes,
    /// The row of each lane.
    rows: &'a [usize],
    /// From where on the bars of each row have room for a mark or a label.
    free: Vec<i32>,
    /// The last name on each row, and where it ends.
    named: Vec<Option<(Name, i32)>>,
    /// Whether each lane is there.
    alive: Vec<bool>,
    /// From where on each row of what is printed has room.
    paper: [i32; ROWS],
    x: i32,
    /// The present piece, whose end is not yet known.
    piece: Piece,
    moment: Option<(u64, i32)>,
}

impl Sweep<'_> {
    fn beat(&mut self, index: usize, beat: &Beat<'_>, is_apart: bool) {
        self.moment(beat.at);
        let lane = self.lanes.lane(beat.of);
        let mut x = self.x + if is_apart { STEP } else { CLOSE };
        if let Some(lane) = lane {
            x = x.max(self.room(lane, beat.what));
        }
        if let What::Printed { text, .. } = beat.what {
            x = self.print(index, x, text);
        }
        self.x = x;
        self.layout.beats[index] = Some(x);
        if let Some(lane) = lane {
            self.free[self.rows[lane]] = x + room_after(beat.what);
            self.lane(lane, beat.what);
        }
    }

    /// Begins a new piece with a step that the present one has no room for.
    fn cut_before(&mut self, beats: &[Beat<'_>]) {
        let Some(first) = beats.first() else { return };
        let words = beats
            .iter()
            .map(|beat| match (&beat.what, self.lanes.lane(beat.of)) {
                (What::Printed { text, .. }, _) => mono(&plate(text)) + 14,
                (What::Made | What::Polled, Some(lane)) if !self.alive[lane] => {
                    self.lanes.lanes[lane].width()
                }
                _ => STEP,
            });
        let width = self.x - self.piece.start;
        let is_full = width + STEP + words.max().unwrap_or(0) > PAPER - 2 * STEP;
        let is_same_moment = self.moment.is_some_and(|(now, _)| now == first.at);
        if is_full && width > LEAST && is_same_moment {
            self.x = self.x.max(self.words_end() - STEP / 2);
            self.cut(self.x + STEP / 2, Some(first.at));
        }
    }

    /// Where the last of the words that have been written ends.
    fn words_end(&self) -> i32 {
        let names = self.named.iter().flatten().map(|(_, end)| *end);
        let time = self.moment.map(|(at, start)| start + label(at));
        let rest = self.free.iter().chain(&self.paper).copied();
        names.chain(time).chain(rest).max().unwrap_or(0)
    }

    /// From where on the row of a lane has room for what happens to it.
    fn room(&self, lane: usize, what: &What) -> i32 {
        let row = self.rows[lane];
        match (what, &self.named[row]) {
            (What::Woken { .. }, Some((_, end))) => self.free[row].max(*end),
            (_, Some((name, end))) if name.lane != lane => self.free[row].max(*end),
            _ => self.free[row],
        }
    }

    /// Finds a row for what is printed at `x`, or further on if none is free.
    fn print(&mut self, index: usize, x: i32, text: &str) -> i32 {
        let free = self.paper.iter().position(|end| *end <= x);
        let soonest = (0..ROWS).min_by_key(|row| self.paper[*row]).unwrap_or(0);
        let row = free.unwrap_or(soonest);
        let x = x.max(self.paper[row]);
        self.paper[row] = x + mono(&plate(text)) + 14;
        self.layout.rows[index] = row;
        x
    }

    /// Notes whether a lane is there after `what`, and its name if it begins.
    fn lane(&mut self, lane: usize, what: &What) {
        let ends = matches!(what, What::Done | What::Dropped { .. } | What::Panicked);
        let begins = matches!(what, What::Made | What::Polled) && !self.alive[lane];
        if begins {
            let named = self.named[self.rows[lane]].filter(|(name, _)| name.lane == lane);
            if named.is_none_or(|(name, end)| self.x > end.max(name.x + FAR)) {
                self.name(lane, self.x, named.is_some());
            }
        }
        self.alive[lane] = !ends && (self.alive[lane] || begins);
    }

    fn name(&mut self, lane: usize, x: i32, again: bool) {
        let name = Name { lane, x, again };
        self.layout.names.push(name);
        self.named[self.rows[lane]] = Some((name, x + self.lanes.lanes[lane].width()));
    }

    /// Starts a moment, unless it is the present one.
    fn moment(&mut self, at: u64) {
        match self.moment {
            Some((now, _)) if now == at => return,
            Some((before, _)) => {
                let words = format!("{} passes", span(at.saturating_sub(before)));
                self.gap(words);
            }
            None => {}
        }
        let mut start = self.x;
        // No word is cut in two, and time is not pushed far apart for one.
        let (width, words_end) = (start - self.piece.start, self.words_end() + 2);
        if width > ENOUGH && (words_end < start + 2 * STEP || width > PAPER - NEAR / 2) {
            start = start.max(words_end);
            self.cut(start - 2, None);
        }
        self.moment = Some((at, start));
        self.x = start + EDGE - STEP;
    }

    /// Ends the present moment, if there is one.
    fn end_moment(&mut self) {
        if let Some((at, start)) = self.moment.take() {
            let label = label(at);
            // A piece that begins in it says the time again.
            let again = self
                .piece
                .at
                .map_or(0, |_| self.piece.start + label + LABEL);
            let end = (self.x + EDGE).max(start + label).max(again);
            self.layout.moments.push(Moment { at, start, end });
            self.x = end;
        }
    }

    fn gap(&mut self, words: String) {
        self.end_moment();
        let end = self.x + small(&words) + 20;
        self.layout.gaps.push((self.x, end, words));
        self.x = end;
    }

    fn fold(&mut self, folded: Folded, beats: &[Beat<'_>]) {
        let words = match folded {
            Folded::Turns(1) => "… 1 more turn".to_owned(),
            Folded::Turns(turns) => format!("… {turns} more turns"),
            Folded::Steps(steps) => format!("… {steps} more steps"),
        };
        self.gap(words);
        for beat in beats {
            if let Some(lane) = self.lanes.lane(beat.of) {
                self.lane(lane, beat.what);
            }
        }
    }

    /// Ends the present piece, and begins one that may stand within a moment.
    fn cut(&mut self, x: i32, at: Option<u64>) {
        let lanes = (0..self.alive.len()).filter(|lane| self.alive[*lane]);
        let lanes: Vec<usize> = lanes.collect();
        for lane in &lanes {
            match &mut self.named[self.rows[*lane]] {
                Some((name, end)) if x <= (*end).max(name.x + FAR) => {
                    // Only the piece repeats the name, and needs the room.
                    *end = x + 2 + self.lanes.lanes[*lane].width();
                }
                _ => self.name(*lane, x + 2, true),
            }
        }
        let next = Piece {
            start: x,
            end: x,
            lanes,
            at,
        };
        let piece = std::mem::replace(&mut self.piece, next);
        self.layout.pieces.push(Piece { end: x, ..piece });
    }

    fn finish(mut self) -> Layout {
        self.end_moment();
        let end = self.x - NEAR;
        self.layout.names.retain(|name| !name.again || name.x < end);
        let names = self.layout.names.iter();
        let named = names.map(|name| name.x + self.lanes.lanes[name.lane].width());
        let ends = self.free.iter().chain(&self.paper).copied().chain(named);
        self.layout.width = ends.max().unwrap_or(0).max(self.x) + 2;
        let width = self.layout.width;
        if width - self.piece.start > LEAST {
            // The names that only the last piece repeats need their room there.
            self.cut(width.max(self.words_end()), None);
        } else if let Some(last) = self.layout.pieces.last_mut() {
            last.end = width;
        }
        if width < PAPER * 5 / 4 {
            self.layout.pieces.clear();
        }
        self.layout
    }
}

/// The room that the time of a moment takes.
fn label(at: u64) -> i32 {
    small(&format!("{at} ms")) + 10
}

impl Lane {
    /// The room that its name takes.
    fn width(&self) -> i32 {
        let task = if self.kind == Kind::Task { "task " } else { "" };
        mono(task) + mono(&self.label()) + 10
    }
}

/// How much of its lane an event takes for itself.
fn room_after(what: &What) -> i32 {
    match what {
        What::Suspended {
            line: Some(line), ..
        } => small(&format!("line {line}")) + 18,
        What::Destructor { name } => small(&short(name, 18)) + 24,
        What::Done | What::Dropped { .. } | What::Panicked => 18,
        _ => STEP / 2,
    }
}
