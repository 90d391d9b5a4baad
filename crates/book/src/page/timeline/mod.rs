//! The timeline of a program: what every future of a recorded run did, as a
//! picture, as one sentence, and step by step in words.
//!
//! Called for every example that a page shows and that has a recording. A run
//! is read into [beats](beats), which stand on [lanes](lanes) and are taken
//! together as [steps](steps); a [layout](layout) gives each its place, [svg]
//! draws it, and [words] tells it. The list of steps is the text alternative
//! of the picture, what a reader has without a script, and the data of the
//! player, which `theme/player.js` makes of it:
//!
//! - `data-lanes` on the block: the names of the lanes, as JSON.
//! - on a step: `data-x`, its place in the picture; `data-o`, how much of the
//!   output has been printed, in UTF-16 code units; `data-s`, a word for each
//!   lane: `-` not there, `n` made and not yet polled, `r` being polled, `s12`
//!   suspended at line 12, `w12` suspended there and woken, `d` done,
//!   `x` dropped, `p` panicked.

mod beats;
mod cuts;
mod lanes;
mod layout;
mod shows;
mod states;
mod steps;
mod svg;
mod text;
mod words;

use recording::{Kind, Recording, Run};

use beats::Beat;
use lanes::Lanes;
use states::States;
use steps::Step;
use words::Teller;

use super::html::escape;
use crate::inventory::Program;

/// A run, read.
struct Story<'a> {
    run: &'a Run,
    beats: Vec<Beat<'a>>,
    lanes: Lanes,
    steps: Vec<Step>,
}

impl<'a> Story<'a> {
    fn of(run: &'a Run) -> Self {
        let mut beats = beats::beats(run);
        let lanes = Lanes::of(run, &beats);
        beats.retain(|beat| {
            let is_hidden = beat.of.is_some() && lanes.lane(beat.of).is_none();
            !is_hidden || matches!(beat.what, recording::What::Printed { .. })
        });
        let steps = steps::steps(&beats, &lanes);
        Self {
            run,
            beats,
            lanes,
            steps,
        }
    }

    /// A future by its name, in a sentence; a task is called one.
    fn name(&self, future: Option<usize>) -> String {
        let Some(future) = future else {
            return "the runtime".to_owned();
        };
        let name = text::code(&self.lanes.name(self.run, future));
        match self.run.futures[future].kind {
            Kind::Task => format!("the task {name}"),
            _ => name,
        }
    }
}

/// The block of a recording; `mark` says which check holds it.
pub(super) fn block(program: &Program, recording: &Recording, mark: &str) -> String {
    let name = &recording.example;
    let run = in_listing(program, &recording.run);
    if run.events.is_empty() {
        return format!("<p class=\"shows\">No future runs in this program. {mark}</p>");
    }
    let cuts = recording.subject.as_ref();
    let cuts = cuts.map(|subject| cuts::cuts(name, program, subject));
    let class = "timeline";
    timeline(
        &Ids {
            class,
            block: &format!("timeline-{name}"),
            steps: name,
            example: name,
        },
        &run,
        "",
        mark,
        &cuts.unwrap_or_default(),
    )
}

/// What the parts of a block are called.
struct Ids<'a> {
    class: &'a str,
    block: &'a str,
    /// The start of each step's id.
    steps: &'a str,
    example: &'a str,
}

/// One run: what comes before the picture, the picture, its sentence with its
/// mark, its steps, and what comes after them.
fn timeline(ids: &Ids<'_>, run: &Run, before: &str, mark: &str, after: &str) -> String {
    let story = Story::of(run);
    let layout = layout::layout(&story);
    let shows = shows::shows(&story);
    let names: Vec<&str> = story
        .lanes
        .lanes
        .iter()
        .map(|lane| lane.label.as_str())
        .collect();
    let names = serde_json::to_string(&names).unwrap_or_default();
    let Ids {
        class,
        block,
        example,
        ..
    } = ids;
    format!(
        "<div class=\"{class}\" id=\"{block}\" data-example=\"{example}\" data-lanes=\"{names}\">\n{before}\
         <div class=\"picture\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline of {example}\">{svg}</div>\n\
         <p class=\"shows\">{sentence} {mark}</p>\n\
         <details class=\"steps\"><summary>Step by step, in words</summary>\n<ol>\n{steps}</ol>\n</details>\n\
         {after}</div>",
        names = escape(&names),
        svg = svg::svg(block, &story, &layout, &text::plain(&shows)),
        sentence = text::html(&shows),
        steps = steps(ids.steps, &story, &layout),
    )
}

fn steps(id: &str, story: &Story<'_>, layout: &layout::Layout) -> String {
    let mut teller = Teller::new(story);
    let mut states = States::new(&story.lanes);
    let mut items = String::new();
    for (index, (step, x)) in story.steps.iter().zip(&layout.steps).enumerate() {
        for beat in &story.beats[step.beats.clone()] {
            states.apply(beat, &story.lanes);
        }
        let words: Vec<String> = states.lanes.iter().map(|state| state.word()).collect();
        items += &format!(
            "<li id=\"{id}@{}\" data-x=\"{x}\" data-s=\"{}\" data-o=\"{}\">{}</li>\n",
            index + 1,
            words.join(" "),
            states.printed,
            text::html(&teller.step(step)),
        );
    }
    items
}

/// A run with the lines of the listing in place of those of the file.
fn in_listing(program: &Program, run: &Run) -> Run {
    use recording::What;
    let mut run = run.clone();
    for future in &mut run.futures {
        future.line = program.listing_line(future.line);
    }
    for event in &mut run.events {
        match &mut event.what {
            What::Suspended { line, .. } | What::Dropped { line } => {
                *line = line.map(|line| program.listing_line(line));
            }
            What::Printed { line, .. } => *line = program.listing_line(*line),
            _ => {}
        }
    }
    run
}
