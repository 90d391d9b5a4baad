//! Where everything stands in the picture from left to right, and how wide its
//! words are.
//!
//! Time is a row of moments, not a ruler: a moment is as wide as what happens
//! in it needs, and what passes between two is said in words. All lengths are
//! CSS pixels.

use super::text::{clean, cut, short};

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
    /// The lanes' names, wherever a reader may need one.
    pub(super) names: Vec<Name>,
    /// The row of what each beat prints.
    pub(super) rows: Vec<usize>,
    /// The picture in pieces for paper; none if it can be made to fit.
    pub(super) pieces: Vec<Piece>,
    pub(super) width: i32,
}

impl Layout {
    /// From `start` to `end`, or to where the picture is cut on paper.
    pub(super) fn room(&self, start: i32, end: i32) -> i32 {
        let mut pieces = self.pieces.iter();
        let piece = pieces.find(|piece| (piece.start..piece.end).contains(&start));
        piece.map_or(end, |piece| piece.end.min(end)) - start
    }
}

/// A part of the picture that is as wide as paper.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) start: i32,
    pub(super) end: i32,
    /// The lanes that began in an earlier piece and are still there.
    pub(super) lanes: Vec<usize>,
    /// The time, if it began in an earlier piece.
    pub(super) at: Option<u64>,
}

/// The name of a lane at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) lane: usize,
    pub(super) x: i32,
    /// Whether it only helps the memory.
    pub(super) again: bool,
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
