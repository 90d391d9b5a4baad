//! The picture. Shape says everything: a solid bar is a future that is being
//! polled, a hatched one is suspended, a dotted outline is not yet polled; a
//! tick is done, a cross is dropped, a diamond is a destructor, an arrow is a
//! wake. Colours are classes, and repeat what the shapes say.

use std::collections::BTreeMap;

use recording::{Kind, What};

use super::Story;
use super::beats::Beat;
use super::lanes::Lane;
use super::layout::{Layout, Piece, small, stand};
use super::shapes::{BAR, rect};
use super::states::{State, States};
use super::text::clean;
use crate::page::html::escape;

/// The height of the line that says the time.
const HEAD: i32 = 20;
/// From the top of a lane to the top of its bar: its name.
const NAME: i32 = 16;
/// From one lane to the next, and from one task to the next.
const LANE: i32 = 43;
const TASK: i32 = 11;
/// The height of something printed.
pub(super) const PLATE: i32 = 20;

/// The `svg` elements of a story: the whole, and its pieces for paper if it is
/// too wide.
pub(super) fn svg(id: &str, story: &Story<'_>, layout: &Layout, label: &str) -> String {
    let mut picture = Picture::new(story, layout);
    picture.draw();
    let (width, height) = (layout.width, picture.height);
    let whole = format!(
        "<svg role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <defs><pattern id=\"{id}-h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V5\"/></pattern></defs>\n\
         <g id=\"{id}-g\">\n{}</g></svg>",
        picture.content(id)
    );
    let pieces = layout.pieces.iter();
    let pieces: String = pieces.map(|piece| picture.piece(id, piece)).collect();
    whole + &pieces
}

/// The classes of shapes, from the back to the front.
const LAYERS: [&str; 17] = [
    "moment",
    "group",
    "within",
    "tie",
    "made",
    "hatched",
    "polled",
    "plate",
    "said",
    "by",
    "says",
    "drop",
    "destructor",
    "done",
    "tick",
    "panic",
    "wake",
];

/// A picture that is being drawn.
pub(super) struct Picture<'a> {
    pub(super) story: &'a Story<'a>,
    pub(super) layout: &'a Layout,
    /// The top of each row.
    tops: Vec<i32>,
    /// The top of the first row of what is printed.
    pub(super) paper: i32,
    height: i32,
    /// The data of one path for each class.
    shapes: BTreeMap<&'static str, String>,
    texts: String,
    /// Where on each lane the latest mark of a drop stands.
    pub(super) hooks: Vec<i32>,
}

/// A stretch of a lane in one state.
struct Stretch<'a> {
    state: State,
    start: i32,
    on: Option<&'a str>,
    /// The lane that polls.
    within: Option<usize>,
}

impl<'a> Picture<'a> {
    fn new(story: &'a Story<'a>, layout: &'a Layout) -> Self {
        let mut tops = Vec::new();
        let mut top = HEAD + 6;
        for row in 0..story.rows.iter().max().map_or(0, |last| last + 1) {
            if row > 0 && story.is_task(row) {
                top += TASK;
            }
            tops.push(top);
            top += LANE;
        }
        let paper = top + 3;
        let prints = |(index, x): (usize, &Option<i32>)| {
            let printed = matches!(story.beats[index].what, What::Printed { .. });
            (printed && x.is_some()).then_some(layout.rows[index] + 1)
        };
        let rows = layout.beats.iter().enumerate().filter_map(prints).max();
        let rows = i32::try_from(rows.unwrap_or(0)).unwrap_or(0);
        Self {
            story,
            layout,
            hooks: vec![0; story.lanes.lanes.len()],
            tops,
            paper,
            height: paper + rows * (PLATE + 3),
            shapes: BTreeMap::new(),
            texts: String::new(),
        }
    }

    pub(super) fn add(&mut self, class: &'static str, data: &str) {
        self.shapes.entry(class).or_default().push_str(data);
    }

    pub(super) fn text(&mut self, x: i32, y: i32, class: &str, words: &str) {
        self.texts += &text(x, y, class, &escape(&clean(words)));
    }

    pub(super) fn bar(&self, lane: usize) -> i32 {
        self.top(lane) + NAME
    }

    fn top(&self, lane: usize) -> i32 {
        self.tops[self.story.rows[lane]]
    }

    pub(super) fn middle(&self, lane: usize) -> i32 {
        self.bar(lane) + BAR / 2
    }

    pub(super) fn lane(&self, future: Option<usize>) -> Option<usize> {
        self.story.lanes.lane(future)
    }

    fn draw(&mut self) {
        self.frame();
        let story = self.story;
        let mut states = States::new(&story.lanes);
        let nothing = |_| Stretch {
            state: State::Nothing,
            start: 0,
            on: None,
            within: None,
        };
        let mut stretches: Vec<Stretch<'a>> = (0..story.lanes.lanes.len()).map(nothing).collect();
        for (step, step_x) in story.steps.iter().zip(&self.layout.steps) {
            for index in step.beats.clone() {
                let beat = &story.beats[index];
                states.apply(beat, &story.lanes);
                if let Some(x) = self.layout.beats[index] {
                    self.beat(index, x);
                    if let Some(lane) = self.lane(beat.of) {
                        self.advance(lane, &mut stretches[lane], states.lanes[lane], beat, x);
                    }
                }
            }
            if step.folded.is_some() {
                for (lane, stretch) in stretches.iter_mut().enumerate() {
                    let state = states.lanes[lane];
                    if state != stretch.state {
                        self.stretch(lane, stretch, step_x - 20);
                        *stretch = Stretch {
                            state,
                            start: step_x - 10,
                            ..nothing(lane)
                        };
                    }
                }
            }
        }
        for (lane, stretch) in stretches.iter().enumerate() {
            self.stretch(lane, stretch, self.layout.width - 2);
        }
    }

    /// Moments, what passes between them, names, and lines between tasks.
    fn frame(&mut self) {
        let layout = self.layout;
        let bottom = self.height;
        for moment in &layout.moments {
            let (start, end) = (moment.start, moment.end);
            self.add("moment", &rect(start, HEAD, end - start, bottom - HEAD));
            self.text(start + 3, 13, "time", &format!("{} ms", moment.at));
        }
        for (start, end, words) in &layout.gaps {
            self.text(start + (end - start - small(words)) / 2, 13, "gap", words);
        }
        for row in (1..self.tops.len()).filter(|row| self.story.is_task(*row)) {
            let y = self.tops[row] - TASK / 2 - 2;
            self.add("group", &format!("M0 {y}H{}", layout.width));
        }
        for written in &layout.names {
            let lane = &self.story.lanes.lanes[written.lane];
            self.texts += &name(lane, written.x, self.top(written.lane));
        }
    }

    /// A lane changes its state at `x`.
    fn advance(
        &mut self,
        lane: usize,
        stretch: &mut Stretch<'a>,
        state: State,
        beat: &Beat<'a>,
        x: i32,
    ) {
        if state == stretch.state {
            return;
        }
        if let State::Woken(_) = state {
            stretch.state = state;
            return;
        }
        self.stretch(lane, stretch, x);
        *stretch = Stretch {
            state,
            start: x,
            on: match beat.what {
                What::Suspended { on, .. } => on.as_deref(),
                _ => None,
            },
            within: self.lane(beat.within),
        };
    }

    /// One stretch of a lane, from its start to `end`.
    fn stretch(&mut self, lane: usize, stretch: &Stretch<'_>, end: i32) {
        let (start, top, width) = (stretch.start, self.bar(lane), end - stretch.start);
        match stretch.state {
            State::Polled => {
                self.add("polled", &rect(start, top, width, BAR));
                let from = stretch.within.map_or(top, |holder| self.bar(holder) + BAR);
                if from < top {
                    self.add("within", &rect(start, from, width, top - from));
                }
            }
            State::Suspended(line) | State::Woken(line) => {
                self.add("hatched", &rect(start, top + 1, width, BAR - 2));
                if let Some(line) = line {
                    let words = stand(line, stretch.on, self.layout.room(start, end));
                    let plate = rect(start + 5, top + 2, small(&words) + 6, BAR - 4);
                    self.add("plate", &plate);
                    self.text(start + 8, top + 13, "at", &words);
                }
            }
            State::Made => self.add("made", &rect(start, top + 1, width, BAR - 2)),
            State::Nothing | State::Done | State::Dropped | State::Panicked => {}
        }
    }

    fn content(&self, id: &str) -> String {
        let paths = LAYERS.iter().filter_map(|class| {
            let data = self.shapes.get(class)?;
            let fill = match *class {
                "hatched" => format!(" fill=\"url(#{id}-h)\""),
                _ => String::new(),
            };
            Some(format!("<path class=\"{class}\"{fill} d=\"{data}\"/>\n"))
        });
        paths.collect::<String>() + &self.texts
    }

    /// A part of the picture, with the names that it would miss.
    fn piece(&self, id: &str, piece: &Piece) -> String {
        let Piece {
            start,
            end,
            lanes,
            at,
        } = piece;
        let time = at.map(|at| text(start + 3, 13, "time", &format!("… {at} ms")));
        let (width, height) = (end - start, self.height);
        let near = |lane: usize| {
            let mut names = self.layout.names.iter();
            names.any(|name| name.lane == lane && (*start..start + 200).contains(&name.x))
        };
        let names = lanes
            .iter()
            .filter(|lane| !near(**lane))
            .map(|lane| name(&self.story.lanes.lanes[*lane], start + 3, self.top(*lane)));
        format!(
            "\n<svg class=\"piece\" aria-hidden=\"true\" viewBox=\"{start} 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><use href=\"#{id}-g\"/>{}{}</svg>",
            time.unwrap_or_default(),
            names.collect::<String>()
        )
    }
}

fn name(lane: &Lane, x: i32, top: i32) -> String {
    let label = escape(&clean(&lane.label()));
    let words = match lane.kind {
        Kind::Task => format!("<tspan class=\"kind\">task</tspan> {label}"),
        _ => label,
    };
    text(x + 3, top + 11, "name", &words)
}

/// Text, whose words are HTML already.
fn text(x: i32, y: i32, class: &str, words: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{words}</text>\n")
}
