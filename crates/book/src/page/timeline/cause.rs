//! What events do not say themselves, but what follows them does: what a wake
//! came from, and whether a branch has won.

use std::ops::RangeInclusive;

use recording::{Kind, What};
use syn::spanned::Spanned;
use syn::{ImplItem, Item};

use super::Story;
use super::beats::{Beat, Stand};
use super::text::short;

/// What woke a task.
pub(super) enum Cause<'a> {
    /// The time of this expression is up.
    Time(&'a str),
    /// This expression is over, for its time is up or what it was given is done.
    Over(&'a str),
    /// This expression is ready.
    Ready(&'a str),
}

impl<'a> Cause<'a> {
    /// What the beat at `index`, a wake by nobody, came from: it is told by
    /// who goes on in the poll that it led to.
    pub(super) fn of(story: &Story<'a>, index: usize) -> Option<Self> {
        let woken = &story.beats[index];
        let after = &story.beats[index + 1..];
        let is_poll = |beat: &&Beat<'_>| *beat.what == What::Polled;
        let start = after
            .iter()
            .position(|beat| is_poll(&beat) && beat.of == woken.of)?;
        let polls: Vec<&Beat<'_>> = after[start..].iter().take_while(is_poll).collect();
        let last = polls.last()?;
        let on = match last.stood? {
            Stand { on: Some(on), .. } => on,
            // A future that has no code in the listing is what it waits for.
            Stand { line: None, .. } => &story.run.futures[last.of?].name,
            Stand { .. } => return None,
        };
        let next = after.get(start + polls.len());
        let cuts = next.is_some_and(|next| {
            matches!(next.what, What::Dropped { .. }) && next.within == last.of
        });
        let call = short(on, usize::MAX);
        match () {
            () if on.ends_with('!') => None,
            () if is_timer(&call) || (is_timeout(&call) && cuts) => Some(Self::Time(on)),
            () if is_timeout(&call) => Some(Self::Over(on)),
            () => Some(Self::Ready(on)),
        }
    }
}

/// Whether a call waits for nothing but time.
fn is_timer(call: &str) -> bool {
    ["sleep(", "sleep_until("]
        .iter()
        .any(|word| call.starts_with(word))
        || call.ends_with(".tick()")
}

/// Whether a call drops what it was given when a time is up.
fn is_timeout(call: &str) -> bool {
    ["timeout(", "timeout_at("]
        .iter()
        .any(|word| call.starts_with(word))
}

impl Story<'_> {
    /// Whether the future that is done with the beat at `index` is a branch,
    /// and other branches of its `select!` are dropped next.
    pub(super) fn wins(&self, index: usize) -> bool {
        let select = |of: Option<usize>| {
            let seen = &self.run.futures[of?];
            (seen.kind == Kind::Branch).then_some(seen.parent)
        };
        let own = select(self.beats[index].of);
        let next = self.beats.get(index + 1);
        own.is_some()
            && next.is_some_and(|next| {
                matches!(next.what, What::Dropped { .. }) && select(next.of) == own
            })
    }
}

/// The lines of the destructors that a listing defines; none if it is no Rust.
pub(super) fn destructors(listing: &str) -> Vec<RangeInclusive<usize>> {
    let file = syn::parse_file(listing);
    let items = file.map(|file| file.items).unwrap_or_default();
    let impls = items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(item),
        _ => None,
    });
    let of_drop = impls.filter(|item| {
        let path = item.trait_.as_ref().map(|(path, _)| path);
        path.and_then(|path| path.segments.last())
            .is_some_and(|name| name.ident == "Drop")
    });
    let functions = of_drop.flat_map(|item| &item.items);
    functions
        .filter_map(|item| match item {
            ImplItem::Fn(function) => {
                let span = function.span();
                Some(span.start().line..=span.end().line)
            }
            _ => None,
        })
        .collect()
}
