//! The picture. Shape says everything: a solid bar is a future that is being
//! polled, a hatched one is suspended, a dotted outline is not yet polled; a
//! tick is done, a cross is dropped, a diamond is a destructor, an arrow is a
//! wake. Colours are classes, and repeat what the shapes say.

use recording::{Kind, What};

use super::Story;
use super::layout::{Layout, mono, plate, small, stand};
use super::states::{State, States};
use super::text::{clean, short};
use crate::page::html::escape;

const HEAD: i32 = 20;
const BAR: i32 = 18;
/// From the top of a lane to the top of its bar: its name.
const NAME: i32 = 16;
const PITCH: i32 = 43;
/// Between two tasks.
const TASK: i32 = 12;
const PLATE: i32 = 20;

/// The `svg` elements of a story: the whole, and where that is too wide for
/// paper its pieces.
pub(super) fn svg(id: &str, story: &Story<'_>, layout: &Layout, label: &str) -> String {
    let mut picture = Picture::new(story, layout);
    picture.draw();
    let height = picture.height();
    let width = layout.width;
    let content = picture.into_content(id);
    let whole = format!(
        "<svg role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <defs><pattern id=\"{id}-h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V5\"/></pattern></defs>\n\
         <g id=\"{id}-g\">\n{content}</g></svg>"
    );
    if layout.pieces.len() == 1 {
        return whole;
    }
    let pieces = layout.pieces.iter().map(|(start, end)| {
        let width = end - start;
        format!(
            "\n<svg class=\"piece\" aria-hidden=\"true\" viewBox=\"{start} 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><use href=\"#{id}-g\"/></svg>"
        )
    });
    whole + &pieces.collect::<String>()
}

struct Picture<'a> {
    story: &'a Story<'a>,
    layout: &'a Layout,
    tops: Vec<i32>,
    /// The top of the lane of what is printed.
    paper: i32,
    moments: String,
    /// From who polls to who is polled.
    within: String,
    /// Thin lines from one lane to another.
    ties: String,
    made: String,
    hatched: String,
    polled: String,
    drops: String,
    marks: String,
    plates: String,
    texts: String,
}

/// A stretch of a lane in one state.
struct Stretch {
    state: State,
    start: i32,
    on: Option<String>,
    within: Option<usize>,
}

impl<'a> Picture<'a> {
    fn new(story: &'a Story<'a>, layout: &'a Layout) -> Self {
        let mut tops = Vec::new();
        let mut top = HEAD + 6;
        for (index, lane) in story.lanes.lanes.iter().enumerate() {
            if index > 0 && lane.depth == 0 {
                top += TASK;
            }
            tops.push(top);
            top += PITCH;
        }
        Self {
            story,
            layout,
            tops,
            paper: top + 4,
            moments: String::new(),
            within: String::new(),
            ties: String::new(),
            made: String::new(),
            hatched: String::new(),
            polled: String::new(),
            drops: String::new(),
            marks: String::new(),
            plates: String::new(),
            texts: String::new(),
        }
    }

    fn prints(&self) -> bool {
        let steps = self.story.steps.iter();
        steps
            .filter(|step| step.folded.is_none())
            .flat_map(|step| &self.story.beats[step.beats.clone()])
            .any(|beat| matches!(beat.what, What::Printed { .. }))
    }

    fn height(&self) -> i32 {
        match self.prints() {
            true => self.paper + PLATE + 4,
            false => self.paper,
        }
    }

    fn bar(&self, lane: usize) -> i32 {
        self.tops[lane] + NAME
    }

    fn middle(&self, lane: usize) -> i32 {
        self.bar(lane) + BAR / 2
    }

    fn draw(&mut self) {
        self.frame();
        let mut states = States::new(&self.story.lanes);
        let mut stretches: Vec<Stretch> = states
            .lanes
            .iter()
            .map(|state| Stretch {
                state: *state,
                start: 0,
                on: None,
                within: None,
            })
            .collect();
        for (step, step_x) in self.story.steps.iter().zip(&self.layout.steps) {
            for index in step.beats.clone() {
                let beat = &self.story.beats[index];
                states.apply(beat, &self.story.lanes);
                let Some(x) = self.layout.beats[index] else {
                    continue;
                };
                self.beat(index, x);
                if let Some(lane) = self.story.lanes.lane(beat.of)
                    && states.lanes[lane] != stretches[lane].state
                {
                    let on = match beat.what {
                        What::Suspended { on, .. } => on.clone(),
                        What::Woken { .. } => stretches[lane].on.clone(),
                        _ => None,
                    };
                    let woken = matches!(states.lanes[lane], State::Woken(_));
                    if woken {
                        stretches[lane].state = states.lanes[lane];
                        continue;
                    }
                    self.stretch(lane, &stretches[lane], x);
                    stretches[lane] = Stretch {
                        state: states.lanes[lane],
                        start: x,
                        on,
                        within: self.story.lanes.lane(beat.within),
                    };
                }
            }
            if step.folded.is_some() {
                for (lane, stretch) in stretches.iter_mut().enumerate() {
                    if states.lanes[lane] != stretch.state {
                        self.stretch(lane, stretch, *step_x - 20);
                        stretch.state = states.lanes[lane];
                        stretch.start = *step_x - 10;
                    }
                }
            }
        }
        for (lane, stretch) in stretches.iter().enumerate() {
            self.stretch(lane, stretch, self.layout.width - 2);
        }
    }

    /// Moments, what passes between them, names, and the lane of what is
    /// printed.
    fn frame(&mut self) {
        let bottom = self.height();
        for moment in &self.layout.moments {
            self.moments += &format!(
                "M{} {HEAD}H{}V{bottom}H{}z",
                moment.start, moment.end, moment.start
            );
            self.texts += &text(moment.start + 3, 13, "time", &format!("{} ms", moment.at));
        }
        for (start, end, words) in &self.layout.gaps {
            self.texts += &text(start + (end - start - small(words)) / 2, 13, "gap", words);
        }
        for (lane, x) in &self.layout.names {
            let lane_of = &self.story.lanes.lanes[*lane];
            let name = match lane_of.kind {
                Kind::Task => format!("task {}", lane_of.label),
                _ => lane_of.label.clone(),
            };
            self.texts += &text(*x, self.tops[*lane] + 11, "name", &name);
        }
    }

    /// One stretch of a lane, from its start to `end`.
    fn stretch(&mut self, lane: usize, stretch: &Stretch, end: i32) {
        let (start, top, width) = (stretch.start, self.bar(lane), end - stretch.start);
        match stretch.state {
            State::Polled => {
                self.polled += &rect(start, top, width, BAR);
                if let Some(holder) = stretch.within.filter(|holder| *holder < lane) {
                    let from = self.bar(holder) + BAR;
                    self.within += &rect(start, from, width, top - from);
                }
            }
            State::Suspended(line) | State::Woken(line) => {
                self.hatched += &rect(start, top + 1, width, BAR - 2);
                if let Some(line) = line {
                    let words = stand(line, stretch.on.as_deref(), width);
                    self.plates += &rect(start + 5, top + 2, small(&words) + 6, BAR - 4);
                    self.texts += &text(start + 8, top + 13, "at", &words);
                }
            }
            State::Made => self.made += &rect(start, top + 1, width, BAR - 2),
            State::Nothing | State::Done | State::Dropped | State::Panicked => {}
        }
    }

    /// The mark of one beat.
    fn beat(&mut self, index: usize, x: i32) {
        let beat = &self.story.beats[index];
        let lane = self.story.lanes.lane(beat.of);
        match (beat.what, lane) {
            (What::Done, Some(lane)) => {
                let y = self.middle(lane);
                self.marks += &format!(
                    "<circle class=\"done\" cx=\"{x}\" cy=\"{y}\" r=\"9\"/><path class=\"tick\" d=\"M{} {y}l3 4l6-8\"/>",
                    x - 4
                );
            }
            (What::Dropped { .. }, Some(lane)) => {
                let y = self.middle(lane);
                self.drops += &format!("M{} {}l14 16m0-16l-14 16", x - 7, y - 8);
            }
            (What::Panicked, Some(lane)) => {
                let y = self.middle(lane);
                self.marks += &format!(
                    "<path class=\"panic\" d=\"M{x} {}l3 6l7-2l-3 6l6 4l-7 2l0 7l-6-4l-6 4l0-7l-7-2l6-4l-3-6l7 2z\"/>",
                    y - 12
                );
            }
            (What::Destructor { name }, Some(lane)) => {
                let y = self.middle(lane);
                self.marks += &format!(
                    "<path class=\"destructor\" d=\"M{} {y}h10m0 0l5-6l5 6l-5 6z\"/>",
                    x - 16
                );
                self.texts += &text(x + 8, y + 4, "type", &short(name, 18));
            }
            (What::Woken { by }, Some(lane)) => {
                let top = self.bar(lane);
                let from = self.story.lanes.lane(*by).filter(|by| *by != lane);
                let (start, head) = match from {
                    Some(by) if by < lane => (self.bar(by) + BAR, -5),
                    Some(by) => (self.bar(by), 5),
                    None => (top - 12, -5),
                };
                let end = if head < 0 { top } else { top + BAR };
                self.marks += &format!(
                    "<path class=\"wake\" d=\"M{x} {start}V{end}m-4 {head}l4 {}l4 {head}\"/>",
                    -head
                );
            }
            (What::Made, Some(lane)) => {
                if let Some(maker) = self.story.lanes.lane(beat.within).filter(|by| *by < lane) {
                    let from = self.bar(maker) + BAR;
                    self.ties += &format!("M{x} {from}V{}", self.bar(lane) + 1);
                }
            }
            (What::Printed { text: printed, .. }, lane) => {
                let shown = plate(printed);
                let top = self.paper;
                if let Some(lane) = lane {
                    self.ties += &format!("M{x} {}V{top}", self.middle(lane));
                    self.marks += &format!(
                        "<circle class=\"says\" cx=\"{x}\" cy=\"{}\" r=\"3\"/>",
                        self.middle(lane)
                    );
                }
                self.plates += &rect(x - 5, top, mono(&shown) + 10, PLATE);
                self.texts += &text(x, top + 14, "said", &shown);
            }
            _ => {}
        }
    }

    fn into_content(self, id: &str) -> String {
        let path = |class: &str, d: &str, more: &str| match d {
            "" => String::new(),
            d => format!("<path class=\"{class}\"{more} d=\"{d}\"/>\n"),
        };
        [
            path("moment", &self.moments, ""),
            path("within", &self.within, ""),
            path("tie", &self.ties, ""),
            path("made", &self.made, ""),
            path("hatched", &self.hatched, &format!(" fill=\"url(#{id}-h)\"")),
            path("polled", &self.polled, ""),
            path("plate", &self.plates, ""),
            path("drop", &self.drops, ""),
            self.marks,
            self.texts,
        ]
        .concat()
    }
}

fn rect(x: i32, y: i32, width: i32, height: i32) -> String {
    format!("M{x} {y}h{width}v{height}h-{width}z")
}

fn text(x: i32, y: i32, class: &str, words: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>\n",
        escape(&clean(words))
    )
}
