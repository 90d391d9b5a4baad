//! What a wake came from: the event does not say it, but what follows does.

use recording::What;

use super::Story;
use super::beats::{Beat, Stand};
use super::text::{capital, code, short};
use super::words::{Teller, first};

/// What woke a task.
enum Cause<'a> {
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
    fn of(story: &Story<'a>, index: usize) -> Option<Self> {
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

impl Teller<'_> {
    /// A wake, of which the poll may be told with it.
    pub(super) fn woken(
        &mut self,
        beat: &Beat<'_>,
        by: Option<usize>,
        index: usize,
        then_polled: bool,
    ) -> String {
        let (name, root) = (self.name(beat.of), self.name(None));
        let then = match (first(&mut self.told.woken), then_polled) {
            (true, true) => format!(
                ". To wake it runs nothing yet, it only asks {root} to poll it again. {} does so",
                capital(&root)
            ),
            (true, false) => {
                format!(". To wake it runs nothing yet, it only asks {root} to poll it again")
            }
            (false, true) => format!(", and {root} polls it again"),
            (false, false) => format!(": {root} will poll it again"),
        };
        match (by, Cause::of(self.story, index)) {
            (Some(by), _) if Some(by) == beat.of => {
                format!("{name} wakes itself: it asks to be polled again at once.")
            }
            (Some(by), _) => {
                format!("what {} just did wakes {name}{then}.", self.name(Some(by)))
            }
            (None, Some(Cause::Time(on))) => {
                let on = code(&short(on, 40));
                format!("the time of {on} is up, so {name} is woken{then}.")
            }
            (None, Some(Cause::Over(on))) => {
                let on = code(&short(on, 40));
                format!("{on} is over, so {name} is woken{then}.")
            }
            (None, Some(Cause::Ready(on))) => {
                let on = code(&short(on, 40));
                format!("{on} is ready, so {name} is woken{then}.")
            }
            (None, None) => format!("{name} is woken{then}."),
        }
    }
}
