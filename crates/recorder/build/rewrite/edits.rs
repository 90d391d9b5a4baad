//! Insertions into a text that may enclose one another.

use std::ops::Range;

/// Text to be put before and after a range, or in place of it.
struct Edit {
    range: Range<usize>,
    before: String,
    after: String,
}

/// The insertions into one text.
#[derive(Default)]
pub(super) struct Edits {
    wraps: Vec<Edit>,
    blanks: Vec<Range<usize>>,
}

impl Edits {
    /// Puts text around `range`. Of two with the same range, the first is the
    /// outer one.
    pub(super) fn wrap(&mut self, range: Range<usize>, before: String, after: &str) {
        assert!(!before.contains('\n') && !after.contains('\n'));
        self.wraps.push(Edit {
            range,
            before,
            after: after.to_owned(),
        });
    }

    /// Puts text behind `range`, and before all that begins there.
    pub(super) fn behind(&mut self, range: Range<usize>, text: &str) {
        self.wrap(range, String::new(), text);
    }

    /// Puts text at one place.
    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.wrap(at..at, text, "");
    }

    /// Replaces everything in `range` but line ends by spaces.
    pub(super) fn blank(&mut self, range: Range<usize>) {
        self.blanks.push(range);
    }

    /// The text with all of it.
    pub(super) fn apply(mut self, source: &str) -> String {
        // Outer before inner, and stable for equal ranges.
        self.wraps
            .sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
        let mut inserts: Vec<(usize, u8, usize, &str)> = Vec::new();
        for (rank, edit) in self.wraps.iter().enumerate() {
            let Range { start, end } = edit.range;
            if start == end {
                // A mere insertion stands behind what closes there, and inside
                // of what opens there.
                inserts.push((start, 2, rank, &edit.before));
                continue;
            }
            inserts.push((start, 1, rank, &edit.before));
            // What opened last closes first.
            inserts.push((end, 0, usize::MAX - rank, &edit.after));
        }
        inserts.sort_by_key(|(at, order, rank, _)| (*at, *order, *rank));

        let mut text = String::new();
        let mut done = 0;
        for (at, _, _, insert) in inserts {
            text += &self.kept(source, done..at);
            text += insert;
            done = at;
        }
        text + &self.kept(source, done..source.len())
    }

    /// A part of the source, with its blanked places.
    fn kept(&self, source: &str, range: Range<usize>) -> String {
        let from = range.start;
        let blanked = |at: usize| self.blanks.iter().any(|blank| blank.contains(&at));
        source[range]
            .char_indices()
            .map(|(at, c)| match c {
                '\n' => c,
                _ if blanked(from + at) => ' ',
                c => c,
            })
            .collect()
    }
}
