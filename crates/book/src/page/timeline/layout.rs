//! Where each beat stands from left to right.
//!
//! Time is a row of moments, not a ruler: a moment is as wide as what happens
//! in it needs, and what passes between two is said in words. All lengths are
//! CSS pixels.

use recording::What;

use super::Story;
use super::beats::Beat;
use super::lanes::Lanes;
use super::steps::Folded;
use super::text::{clean, cut, short, span};

/// From one beat to the next.
const STEP: i32 = 20;
/// From one beat to the next of the same step.
const CLOSE: i32 = 9;
/// Between a moment's edge and its first and last beat.
const EDGE: i32 = 12;
/// A picture wider than this is also cut into pieces for paper.
const PAPER: i32 = 640;

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Each beat that is drawn.
    pub(super) beats: Vec<Option<i32>>,
    /// Each step.
    pub(super) steps: Vec<i32>,
    pub(super) moments: Vec<Moment>,
    /// What passes between moments, in words, from where to where.
    pub(super) gaps: Vec<(i32, i32, String)>,
    /// Each lane's name, wherever a reader may need it.
    pub(super) names: Vec<(usize, i32)>,
    /// From where to where the picture is cut for paper.
    pub(super) pieces: Vec<(i32, i32)>,
    pub(super) width: i32,
}

/// A stretch in which no time passes.
#[derive(Debug)]
pub(super) struct Moment {
    pub(super) at: u64,
    pub(super) start: i32,
    pub(super) end: i32,
}

/// The width of text in the fixed font of names and of what is printed.
pub(super) fn mono(text: &str) -> i32 {
    length(text) * 72 / 10
}

/// The width of small text, on the safe side.
pub(super) fn small(text: &str) -> i32 {
    length(text) * 62 / 10
}

fn length(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 100)
}

/// What is printed, as the picture shows it.
pub(super) fn plate(text: &str) -> String {
    cut(&clean(text), 28)
}

/// The line where a future is suspended, as its bar says it.
pub(super) fn stand(line: usize, on: Option<&str>, room: i32) -> String {
    let line = format!("line {line}");
    let long = on.map(|on| format!("{line}: {}", short(on, 22)));
    long.filter(|long| small(long) + 14 <= room).unwrap_or(line)
}

/// Lays a story out.
pub(super) fn layout(story: &Story<'_>) -> Layout {
    let mut sweep = Sweep {
        layout: Layout {
            beats: vec![None; story.beats.len()],
            ..Layout::default()
        },
        lanes: &story.lanes,
        free: vec![0; story.lanes.lanes.len()],
        named: vec![0; story.lanes.lanes.len()],
        alive: vec![false; story.lanes.lanes.len()],
        paper: 0,
        x: 0,
        piece: 0,
        moment: None,
    };
    for step in &story.steps {
        let beats = &story.beats[step.beats.clone()];
        match step.folded {
            Some(folded) => sweep.fold(folded, beats),
            None => {
                for (index, beat) in step.beats.clone().zip(beats) {
                    sweep.beat(index, beat, index == step.beats.start);
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
    /// From where on the bar of each lane has room for a mark or a label.
    free: Vec<i32>,
    /// Where the latest name of each lane ends.
    named: Vec<i32>,
    alive: Vec<bool>,
    /// From where on the lane of what is printed has room.
    paper: i32,
    x: i32,
    /// Where the present piece starts.
    piece: i32,
    moment: Option<(u64, i32)>,
}

impl Sweep<'_> {
    fn beat(&mut self, index: usize, beat: &Beat<'_>, is_first: bool) {
        self.moment(beat.at);
        let lane = self.lanes.lane(beat.of);
        let mut x = self.x + if is_first { STEP } else { CLOSE };
        if let Some(lane) = lane {
            x = x.max(self.free[lane]);
        }
        if let What::Printed { .. } = beat.what {
            x = x.max(self.paper);
        }
        if is_first && x - self.piece > PAPER - 2 * STEP {
            self.cut(x - STEP / 2);
        }
        self.x = x;
        self.layout.beats[index] = Some(x);
        if let Some(lane) = lane {
            self.free[lane] = x + room_after(beat.what);
            self.lane(lane, beat.what);
        }
        if let What::Printed { text, .. } = beat.what {
            self.paper = x + mono(&plate(text)) + 14;
        }
    }

    /// Notes whether a lane is there after `what`, and its name if it begins.
    fn lane(&mut self, lane: usize, what: &What) {
        let ends = matches!(what, What::Done | What::Dropped { .. } | What::Panicked);
        let begins = matches!(what, What::Made | What::Polled) && !self.alive[lane];
        if begins && self.x >= self.named[lane] && !self.was_named(lane) {
            self.name(lane, self.x);
        }
        self.alive[lane] = !ends && (self.alive[lane] || begins);
    }

    fn was_named(&self, lane: usize) -> bool {
        let names = self.layout.names.iter();
        names
            .rev()
            .any(|(named, x)| *named == lane && *x >= self.piece)
    }

    fn name(&mut self, lane: usize, x: i32) {
        self.layout.names.push((lane, x));
        self.named[lane] = x + mono(&self.lanes.lanes[lane].label) + 40;
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
        let start = self.x;
        self.moment = Some((at, start));
        self.x = start + EDGE - STEP;
    }

    /// Ends the present moment, if there is one.
    fn end_moment(&mut self) {
        if let Some((at, start)) = self.moment.take() {
            let label = small(&format!("{at} ms")) + 10;
            let end = (self.x + EDGE).max(start + label);
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
                self.free[lane] = self.free[lane].min(self.x);
            }
        }
    }

    /// Ends the present piece and begins the next, which repeats the names of
    /// the lanes that are there.
    fn cut(&mut self, x: i32) {
        self.layout.pieces.push((self.piece, x));
        self.piece = x;
        for lane in 0..self.alive.len() {
            if self.alive[lane] {
                self.name(lane, x + 2);
            }
        }
    }

    fn finish(mut self) -> Layout {
        self.end_moment();
        let lanes = self.free.iter().chain([&self.paper, &self.x]);
        self.layout.width = lanes.max().copied().unwrap_or(0) + 2;
        self.layout.pieces.push((self.piece, self.layout.width));
        self.layout
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
