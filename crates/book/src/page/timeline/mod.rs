//! The timeline of a program: what every future of a recorded run did, as a
//! picture, as one sentence, and step by step in words.
//!
//! Called for every example that a page shows and that has a recording. A run
//! is read into [beats], which stand on [lanes] and are taken
//! together as [steps](mod@steps); a [layout] gives each its place, [svg]
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
mod destructors;
mod endings;
mod key;
mod lanes;
mod layout;
mod marks;
mod rows;
mod shapes;
mod shows;
mod states;
mod steps;
mod svg;
mod sweep;
mod text;
mod wakes;
mod words;

use std::ops::RangeInclusive;

use recording::{Kind, Recording, Run, What};

use beats::Beat;
use lanes::{Lane, Lanes};
use layout::Layout;
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
    /// The row of each lane.
    rows: Vec<usize>,
    steps: Vec<Step>,
    /// The lines of the listing's destructors.
    destructors: Vec<RangeInclusive<usize>>,
    /// Whether it is about one function, called and maybe cancelled, and not
    /// about a whole program.
    is_cut: bool,
    /// Whether what it prints is the output that stands beside it.
    prints: bool,
}

impl<'a> Story<'a> {
    fn of(run: &'a Run, listing: &str, is_cut: bool) -> Self {
        let mut beats = beats::beats(run);
        let lanes = Lanes::of(run, &beats);
        beats.retain(|beat| {
            let is_hidden = beat.of.is_some() && lanes.lane(beat.of).is_none();
            !is_hidden || matches!(beat.what, What::Printed { .. })
        });
        let destructors = destructors::lines(listing);
        let steps = steps::steps(&beats, &lanes, &destructors);
        Self {
            run,
            rows: rows::rows(&lanes, &beats),
            beats,
            lanes,
            steps,
            destructors,
            is_cut,
            prints: true,
        }
    }

    /// A future by its name, in a sentence; a task is called one, and nobody is
    /// who polls the outermost.
    fn name(&self, future: Option<usize>) -> String {
        let Some(future) = future else {
            return if self.is_cut {
                "the caller"
            } else {
                "the runtime"
            }
            .to_owned();
        };
        let (name, which) = self.lanes.name(self.run, future);
        let name = format!("{}{which}", text::code(&name));
        match self.run.futures[future].kind {
            Kind::Task => format!("the task {name}"),
            _ => name,
        }
    }

    /// Whether a task begins with this row.
    fn is_task(&self, row: usize) -> bool {
        let mut lanes = self.lanes.lanes.iter().zip(&self.rows);
        lanes.any(|(lane, of)| *of == row && lane.holder.is_none())
    }
}

/// The block of a recording; `mark` says which check holds it. With a key if it
/// is the first of its page.
pub(super) fn block(
    program: &Program,
    recording: &Recording,
    mark: &str,
    is_first: bool,
) -> String {
    let name = &recording.example;
    if recording.run.events.is_empty() {
        return format!("<p class=\"shows\">No future runs in this program.&#160;{mark}</p>");
    }
    let run = in_listing(program, &recording.run);
    let subject = recording.subject.as_ref();
    // A sweep is no run to look at. What is recorded is its subject, uncut.
    let uncut = subject.filter(|subject| {
        subject
            .cuts
            .last()
            .is_some_and(|cut| cut.run == recording.run)
    });
    let story = Story {
        prints: uncut.is_none(),
        ..Story::of(&run, &program.listing(), uncut.is_some())
    };
    let cuts = subject.map(|subject| cuts::cuts(name, program, subject));
    Block {
        example: name,
        id: name,
        class: "timeline",
        before: "",
        is_first,
        mark,
        after: &cuts.unwrap_or_default(),
    }
    .html(&story)
}

/// A timeline on a page.
struct Block<'a> {
    example: &'a str,
    /// With what the ids of its steps begin.
    id: &'a str,
    class: &'a str,
    /// What stands before the picture.
    before: &'a str,
    /// Whether it needs a key.
    is_first: bool,
    /// The mark after the sentence.
    mark: &'a str,
    /// What stands after the steps.
    after: &'a str,
}

impl Block<'_> {
    fn html(&self, story: &Story<'_>) -> String {
        let Self {
            example,
            id,
            class,
            before,
            is_first,
            mark,
            after,
        } = self;
        let layout = sweep::layout(story);
        let mut shows = shows::shows(story);
        if !story.prints {
            let alone = story.lanes.name(story.run, 0).0;
            shows = format!(
                "This is one run of {} that nobody cancels. {shows}",
                text::code(&alone)
            );
        }
        let lanes = story.lanes.lanes.iter();
        let names: Vec<String> = lanes.map(Lane::label).collect();
        format!(
            "<div class=\"{class}\" id=\"timeline-{id}\" data-example=\"{example}\" data-lanes=\"{names}\">\n{before}\
             <div class=\"picture\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline of {example}\">{svg}</div>\n{key}\
             <p class=\"shows\">{sentence}&#160;{mark}</p>\n\
             <details class=\"steps\"><summary>Step by step, in words</summary>\n<ol>\n{steps}</ol>\n</details>\n\
             {after}</div>",
            names = escape(&serde_json::Value::from(names).to_string()),
            svg = svg::svg(
                &format!("timeline-{id}"),
                story,
                &layout,
                &text::plain(&shows)
            ),
            key = match is_first {
                true => key::key(&format!("timeline-{id}")),
                false => String::new(),
            },
            sentence = text::html(&shows),
            steps = steps(id, story, &layout),
        )
    }
}

fn steps(id: &str, story: &Story<'_>, layout: &Layout) -> String {
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
            if story.prints { states.printed } else { 0 },
            text::html(&teller.step(step)),
        );
    }
    items
}

/// A run with the lines of the listing in place of those of the file.
fn in_listing(program: &Program, run: &Run) -> Run {
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
