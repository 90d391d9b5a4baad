//! The marks on the lanes: what happens at one place of one bar.

use std::cmp::Ordering;

use recording::What;

use super::beats::Beat;
use super::layout::{mono, plate, small};
use super::shapes::{BAR, arrow, burst, circle, cross, diamond, rect, tick};
use super::svg::{PLATE, Picture};
use super::text::short;

impl Picture<'_> {
    /// The mark of one beat.
    pub(super) fn beat(&mut self, index: usize, x: i32) {
        let beat = &self.story.beats[index];
        let lane = self.lane(beat.of);
        if let What::Printed { text, .. } = beat.what {
            self.printed(beat, x, self.layout.rows[index], text);
        }
        let Some(lane) = lane else { return };
        let (top, y) = (self.bar(lane), self.middle(lane));
        match beat.what {
            What::Done => {
                self.add("done", &circle(x, y, 9));
                self.add("tick", &tick(x, y));
            }
            What::Dropped { .. } => {
                self.add("drop", &cross(x, y));
                self.hooks[lane] = x + 8;
            }
            What::Panicked => self.add("panic", &burst(x, y)),
            What::Destructor { name } => {
                if beat.by_drop {
                    self.add(
                        "destructor",
                        &format!("M{} {y}H{}", self.hooks[lane], x - 5),
                    );
                }
                let name = short(name, 18);
                let end = x + 13 + small(&name);
                self.add("plate", &rect(x, top + 2, end - x, BAR - 4));
                self.add("destructor", &diamond(x, y));
                self.text(x + 8, y + 4, "type", &name);
                self.hooks[lane] = end;
            }
            What::Woken { by } => {
                let by = self.lane(*by).map_or(top, |by| self.bar(by));
                self.add(
                    "wake",
                    &match by.cmp(&top) {
                        Ordering::Less => arrow(x, by + BAR, top),
                        Ordering::Greater => arrow(x, by, top + BAR),
                        Ordering::Equal => arrow(x, top - 12, top),
                    },
                );
            }
            What::Made => {
                let maker = self
                    .lane(beat.within)
                    .map_or(top, |maker| self.bar(maker) + BAR);
                if maker < top {
                    self.add("tie", &format!("M{x} {maker}V{top}"));
                }
            }
            What::Polled | What::Suspended { .. } | What::Printed { .. } => {}
        }
    }

    /// Something printed, tied to who printed it.
    fn printed(&mut self, beat: &Beat<'_>, x: i32, row: usize, text: &str) {
        let row = i32::try_from(row).unwrap_or(0);
        let top = self.paper + row * (PLATE + 3);
        if let Some(lane) = self.lane(beat.of) {
            let y = self.middle(lane);
            if beat.by_drop {
                self.add(
                    "destructor",
                    &format!("M{} {y}H{}", self.hooks[lane], x - 3),
                );
                self.hooks[lane] = x + 3;
            }
            self.add("tie", &format!("M{x} {y}V{top}"));
            self.add("says", &circle(x, y, 3));
        }
        let shown = plate(text);
        self.add("said", &rect(x, top, mono(&shown) + 10, PLATE));
        self.add("by", &format!("M{x} {top}v{PLATE}"));
        self.text(x + 6, top + 14, "out", &shown);
    }
}
