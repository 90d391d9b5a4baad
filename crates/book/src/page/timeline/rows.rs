//! Which row of the picture each lane has. Lanes that the same future holds
//! one after the other share a row, so that a long program stays low.

use std::ops::Range;

use super::beats::Beat;
use super::lanes::{Lane, Lanes};
use super::states::{State, States};

/// The row of each lane, from the top.
pub(super) fn rows(lanes: &Lanes, beats: &[Beat<'_>]) -> Vec<usize> {
    let spans = spans(lanes, beats);
    let mut tree = Tree::default();
    for (lane, span) in lanes.lanes.iter().zip(spans) {
        tree.place(lane, span);
    }
    let mut order = Vec::new();
    for row in 0..tree.rows.len() {
        if tree.rows[row].holder.is_none() {
            tree.with_held(row, &mut order);
        }
    }
    let top = |row: &usize| order.iter().position(|other| other == row).unwrap_or(0);
    tree.row_of.iter().map(top).collect()
}

#[derive(Default)]
struct Tree {
    rows: Vec<Row>,
    row_of: Vec<usize>,
}

/// A row under that of who holds its lanes.
struct Row {
    holder: Option<usize>,
    /// The beat after the last of its latest lane.
    end: usize,
}

impl Tree {
    fn place(&mut self, lane: &Lane, span: Range<usize>) {
        let holder = lane.holder.map(|holder| self.row_of[holder]);
        let free = |row: &Row| holder.is_some() && row.holder == holder && row.end <= span.start;
        let row = self.rows.iter().position(free).unwrap_or_else(|| {
            self.rows.push(Row { holder, end: 0 });
            self.rows.len() - 1
        });
        self.rows[row].end = span.end;
        self.row_of.push(row);
    }

    fn with_held(&self, row: usize, order: &mut Vec<usize>) {
        order.push(row);
        for held in 0..self.rows.len() {
            if self.rows[held].holder == Some(row) {
                self.with_held(held, order);
            }
        }
    }
}

/// From the first beat of each lane to its last; without an end while it is
/// still there.
fn spans(lanes: &Lanes, beats: &[Beat<'_>]) -> Vec<Range<usize>> {
    let mut states = States::new(lanes);
    let mut spans = vec![
        Range {
            start: beats.len(),
            end: 0
        };
        lanes.lanes.len()
    ];
    for (index, beat) in beats.iter().enumerate() {
        states.apply(beat, lanes);
        if let Some(lane) = lanes.lane(beat.of) {
            spans[lane].start = spans[lane].start.min(index);
            spans[lane].end = index + 1;
        }
    }
    for (span, state) in spans.iter_mut().zip(&states.lanes) {
        if !matches!(state, State::Done | State::Dropped | State::Panicked) {
            span.end = usize::MAX;
        }
    }
    spans
}
