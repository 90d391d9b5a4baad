//! The sentence under a picture: what was dropped, since that is what this
//! book is about, and otherwise that nothing was.

use recording::What;

use super::Story;
use super::beats::Beat;
use super::text::{code, list, short};

/// So many drops are named.
const NAMED: usize = 3;

/// What the picture of a story shows.
pub(super) fn shows(story: &Story<'_>) -> String {
    let drops: Vec<usize> = (0..story.beats.len())
        .filter(|index| {
            let beat = &story.beats[*index];
            matches!(beat.what, What::Dropped { .. }) && !beat.with_holder
        })
        .collect();
    let mut words = match drops.as_slice() {
        [] => nothing(story),
        drops => {
            let named: Vec<String> = drops
                .iter()
                .take(NAMED)
                .map(|index| dropped(story, *index))
                .collect();
            let more = match drops.len().saturating_sub(NAMED) {
                0 => String::new(),
                1 => " One more future is dropped after that.".to_owned(),
                more => format!(" {more} more futures are dropped after that."),
            };
            named.join(" ") + &more
        }
    };
    for (name, count) in &story.lanes.left_out {
        let verb = if *count == 1 { "is" } else { "are" };
        words += &format!(" {count} more of {} {verb} not drawn.", code(name));
    }
    words
}

fn nothing(story: &Story<'_>) -> String {
    let end = story.beats.last().map_or(0, |beat| beat.at);
    let done = |beat: &&Beat<'_>| *beat.what == What::Done;
    let done = story.beats.iter().filter(done).count();
    let made = story.lanes.lanes.len();
    match (made, story.lanes.left_out.is_empty()) {
        (1, true) if done == 1 => format!(
            "Nothing is dropped before its end: {} is done at {end} ms.",
            story.name(story.beats[0].of)
        ),
        _ => format!("Nothing is dropped before its end; the last step is at {end} ms."),
    }
}

/// One drop: when, what, where it stood, and what came of it.
fn dropped(story: &Story<'_>, index: usize) -> String {
    let beat = &story.beats[index];
    let stood = match beat.what {
        What::Dropped { line: Some(line) } => format!("suspended at line {line}"),
        _ => "never polled".to_owned(),
    };
    let part: Vec<&Beat<'_>> = story.beats[index + 1..]
        .iter()
        .take_while(|next| {
            next.by_drop && (next.with_holder || !matches!(next.what, What::Dropped { .. }))
        })
        .collect();
    let with: Vec<String> = part
        .iter()
        .filter(|next| matches!(next.what, What::Dropped { .. }))
        .map(|next| story.name(next.of))
        .collect();
    let destructors: Vec<String> = part
        .iter()
        .filter_map(|next| match next.what {
            What::Destructor { name } => Some(code(&short(name, 30))),
            _ => None,
        })
        .collect();
    let with = match with.as_slice() {
        [] => String::new(),
        with => format!(", and with it {}", list(with)),
    };
    let destructors = match destructors.as_slice() {
        [] => String::new(),
        [one] => format!("; the destructor of {one} runs"),
        more => format!(
            "; then run, in this order, the destructors of {}",
            list(more)
        ),
    };
    format!(
        "At {} ms {}, {stood}, is dropped{with}{destructors}.",
        beat.at,
        story.name(beat.of),
    )
}
