//! What just happened and why, one step after the other, for a reader who has
//! never heard of polling. What a term means is said in full where it comes up
//! first, and shortly afterwards.

use recording::{Kind, What};

use super::Story;
use super::beats::{Beat, Stand};
use super::steps::{Folded, Step};
use super::text::{clean, code, cut, list, printed, short};

/// Tells a story, and knows what it has explained.
pub(super) struct Teller<'a> {
    story: &'a Story<'a>,
    now: Option<u64>,
    told: Told,
}

#[derive(Default)]
struct Told {
    made: bool,
    polled: bool,
    suspended: bool,
    idle: bool,
    woken: bool,
    done: bool,
    dropped: bool,
    never_began: bool,
}

/// Whether this is the first time that something is told.
fn first(told: &mut bool) -> bool {
    !std::mem::replace(told, true)
}

impl<'a> Teller<'a> {
    pub(super) fn new(story: &'a Story<'a>) -> Self {
        Self {
            story,
            now: None,
            told: Told::default(),
        }
    }

    /// The sentences of one step; the time comes first where it has changed.
    pub(super) fn step(&mut self, step: &Step) -> String {
        let beats = &self.story.beats[step.beats.clone()];
        let last = beats.last().map_or(0, |beat| beat.at);
        let words = match step.folded {
            Some(Folded::Turns(1)) => format!("… One more turn like these, until {last} ms."),
            Some(Folded::Turns(turns)) => {
                format!("… {turns} more turns like these, until {last} ms.")
            }
            Some(Folded::Steps(steps)) => {
                format!("… {steps} steps are left out here, until {last} ms.")
            }
            None => self.beats(beats, step.beats.start),
        };
        match self.now.replace(last) {
            Some(now) if now == last || step.folded.is_some() => words,
            _ => format!("{last} ms: {words}"),
        }
    }

    fn beats(&mut self, beats: &[Beat<'_>], start: usize) -> String {
        let [beat, rest @ ..] = beats else {
            return String::new();
        };
        let mut words = match beat.what {
            What::Made => self.made(beat),
            What::Polled => self.polled(beat),
            What::Suspended { line, on } => {
                let stand = Stand {
                    line: *line,
                    on: on.as_deref(),
                };
                self.suspended(beat, stand)
            }
            What::Woken { by } => self.woken(beat, *by, start, !rest.is_empty()),
            What::Done => self.done(beat, start),
            What::Dropped { line } => self.dropped(beat, *line),
            What::Destructor { name } => self.destructor(beat, name),
            What::Printed { text, .. } => self.printed(beat, text),
            What::Panicked => format!(
                "{} panics: it ends here, and its locals are dropped while the panic travels outwards.",
                self.name(beat.of)
            ),
        };
        words += &self.with_it(beat, rest);
        words
    }

    /// The rest of a step that goes down to whom a wake concerns, or comes
    /// back up from who has to wait.
    fn with_it(&self, beat: &Beat<'_>, rest: &[Beat<'_>]) -> String {
        let at = |beat: &Beat<'_>, line: Option<usize>| match line {
            Some(line) => format!("{} at line {line}", self.name(beat.of)),
            None => self.name(beat.of),
        };
        let waiting: Vec<String> = rest
            .iter()
            .filter_map(|beat| match beat.what {
                What::Suspended { line, .. } => Some(at(beat, *line)),
                _ => None,
            })
            .collect();
        if !waiting.is_empty() {
            let verb = if waiting.len() == 1 { "waits" } else { "wait" };
            return format!(" With it {verb} {}.", list(&waiting));
        }
        let polled = rest.iter().filter(|beat| *beat.what == What::Polled);
        let polled: Vec<&Beat<'_>> = polled.filter(|polled| polled.of != beat.of).collect();
        let Some(last) = polled.last() else {
            return String::new();
        };
        let chain: Vec<String> = polled
            .iter()
            .map(|beat| format!("{} polls {}", self.name(beat.within), self.name(beat.of)))
            .collect();
        let goes_on = match last.stood.and_then(|stood| stood.line) {
            Some(line) => format!(", which goes on from line {line}"),
            None => String::new(),
        };
        format!(" {}{goes_on}.", capital(&list(&chain)))
    }

    fn made(&mut self, beat: &Beat<'_>) -> String {
        let name = self.name(beat.of);
        if self.kind(beat.of) == Some(Kind::Task) {
            return match beat.within {
                Some(_) => format!(
                    "{} spawns {name}. The runtime will poll it, but not before it gets its turn.",
                    self.name(beat.within)
                ),
                None => {
                    format!("{name} is spawned. The runtime will poll it when it gets its turn.")
                }
            };
        }
        let full = first(&mut self.told.made);
        let why = if full {
            " Nothing of it runs: a future does nothing until somebody polls it."
        } else {
            " Nothing of it runs yet."
        };
        format!("{name} is made.{why}")
    }

    fn polled(&mut self, beat: &Beat<'_>) -> String {
        let (who, name) = (self.poller(beat), self.name(beat.of));
        match beat.stood {
            None => {
                let what = match self.kind(beat.of) {
                    Some(Kind::Main | Kind::Task | Kind::Body) => "its body begins to run",
                    _ => "only now it begins to run",
                };
                let why = if first(&mut self.told.polled) {
                    " To poll a future is to let it run until it is done or has to wait."
                } else {
                    ""
                };
                format!("{who} polls {name} for the first time: {what}.{why}")
            }
            Some(Stand {
                line: Some(line), ..
            }) => {
                format!("{who} polls {name} again: it goes on from line {line}.")
            }
            Some(_) => format!("{who} polls {name} again."),
        }
    }

    fn suspended(&mut self, beat: &Beat<'_>, stand: Stand<'_>) -> String {
        let name = self.name(beat.of);
        let place = stand.line.map(|line| format!("line {line}"));
        let at = place
            .as_ref()
            .map(|place| format!(" at {place}"))
            .unwrap_or_default();
        let on = match stand.on {
            Some(on) if on.ends_with('!') => format!(" in {}", code(on)),
            Some(on) => format!(" for {}", code(&short(on, 40))),
            None => String::new(),
        };
        if beat.within.is_none() {
            let why = if first(&mut self.told.idle) {
                ". The thread is free: nothing of this task runs until something wakes it"
            } else {
                ""
            };
            return format!(
                "{name} has to wait{on}{at}: it returns `Pending` to the runtime{why}."
            )
            .replace("`Pending`", &code("Pending"));
        }
        let holder = self.name(beat.within);
        let pending = code("Pending");
        if !first(&mut self.told.suspended) {
            return format!("{name} has to wait{on}{at}: it returns {pending} to {holder}.");
        }
        let place = place.unwrap_or_else(|| "that place".to_owned());
        format!(
            "{name} has to wait{on}{at}. It is suspended: it returns {pending} to {holder}, and stays at {place}, \
             with everything it holds, until it is polled again or dropped."
        )
    }

    fn woken(
        &mut self,
        beat: &Beat<'_>,
        by: Option<usize>,
        index: usize,
        then_polled: bool,
    ) -> String {
        let name = self.name(beat.of);
        let cause = self.ready(beat, index);
        let polled = match (then_polled, first(&mut self.told.woken)) {
            (true, true) => {
                "is woken, which runs nothing yet, but tells the runtime to poll it again, and it does"
            }
            (true, false) => "is woken, and the runtime polls it again",
            (false, true) => {
                "is woken, which runs nothing yet, but tells the runtime to poll it again"
            }
            (false, false) => "is woken: the runtime will poll it again",
        };
        match (by, cause) {
            (Some(by), _) if Some(by) == beat.of => {
                format!("{name} wakes itself: it wants to be polled again at once.")
            }
            (Some(by), _) => format!(
                "Because of what {} did, {name} {polled}.",
                self.name(Some(by))
            ),
            (None, Some(cause)) => format!("{cause}: {name} {polled}."),
            (None, None) => format!("{} {polled}.", capital(&name)),
        }
    }

    /// What a wake came from, as far as what follows tells: who goes on in the
    /// poll that it led to, and what that one had waited for.
    fn ready(&self, woken: &Beat<'_>, index: usize) -> Option<String> {
        let after = &self.story.beats[index + 1..];
        let start = after
            .iter()
            .position(|beat| *beat.what == What::Polled && beat.of == woken.of)?;
        let polls = after[start..]
            .iter()
            .take_while(|beat| *beat.what == What::Polled);
        let last = polls.last()?;
        let on = last.stood?.on?;
        if on.ends_with('!') {
            return None;
        }
        let on_code = code(&short(on, 40));
        Some(match is_timer(on) {
            true => format!("The time of {on_code} is up"),
            false => format!("{on_code} is ready"),
        })
    }

    fn done(&mut self, beat: &Beat<'_>, index: usize) -> String {
        let name = self.name(beat.of);
        let ready = code("Ready");
        let rest = &self.story.beats[index + 1..];
        match self.kind(beat.of) {
            Some(Kind::Main) if rest.is_empty() => {
                return format!("{name} is done, and the program ends.");
            }
            Some(Kind::Main) => {
                return format!("{name} is done. The runtime shuts down, and drops what is left.");
            }
            Some(Kind::Task) => return format!("{name} is done."),
            _ => {}
        }
        let result = match first(&mut self.told.done) {
            true => format!("is done: this poll returns {ready}, with its result"),
            false => format!("is done: it returns {ready}"),
        };
        if self.wins(beat, rest) {
            return format!(
                "{name} {result}, so its branch wins the {}.",
                code("select!")
            );
        }
        format!("{name} {result}.")
    }

    /// Whether a branch is done and others of its `select!` are dropped next.
    fn wins(&self, beat: &Beat<'_>, rest: &[Beat<'_>]) -> bool {
        let futures = &self.story.run.futures;
        let branch_of = |of: Option<usize>| {
            let seen = &futures[of?];
            (seen.kind == Kind::Branch).then_some(seen.parent)
        };
        let own = branch_of(beat.of);
        let next = rest
            .iter()
            .find(|next| !matches!(next.what, What::Printed { .. }));
        own.is_some()
            && next.is_some_and(|next| {
                matches!(next.what, What::Dropped { .. }) && branch_of(next.of) == own
            })
    }

    fn dropped(&mut self, beat: &Beat<'_>, line: Option<usize>) -> String {
        let name = self.name(beat.of);
        if beat.with_holder {
            return match line {
                Some(line) => format!("With it goes {name}, at line {line}."),
                None => format!("With it goes {name}, which was never polled."),
            };
        }
        let who = self.poller(beat);
        match line {
            Some(line) if first(&mut self.told.dropped) => format!(
                "{who} drops {name} where it stands, at line {line}. That is its cancellation: what follows that line never runs."
            ),
            Some(line) => format!("{who} drops {name} where it stands, at line {line}."),
            None if first(&mut self.told.never_began) => format!(
                "{who} drops {name}, which was never polled: it never began, and no line of it runs."
            ),
            None => format!("{who} drops {name}, which was never polled."),
        }
    }

    fn destructor(&mut self, beat: &Beat<'_>, name: &str) -> String {
        let name = code(&short(name, 40));
        match beat.by_drop {
            true => format!("Because of that drop, the destructor of {name} runs."),
            false => format!("The destructor of {name} runs, as at the end of any scope."),
        }
    }

    fn printed(&self, beat: &Beat<'_>, text: &str) -> String {
        let said = printed(&cut(&clean(text), 60));
        match beat.of {
            Some(_) if !beat.by_drop => format!("{} prints {said}.", self.name(beat.of)),
            _ => format!("{said} is printed."),
        }
    }

    fn kind(&self, future: Option<usize>) -> Option<Kind> {
        future.map(|future| self.story.run.futures[future].kind)
    }

    /// A future by its name; a task is called one.
    fn name(&self, future: Option<usize>) -> String {
        self.story.name(future)
    }

    fn poller(&self, beat: &Beat<'_>) -> String {
        match beat.within {
            Some(_) => capital(&self.name(beat.within)),
            None => "The runtime".to_owned(),
        }
    }
}

/// Whether an expression waits for time to pass.
fn is_timer(on: &str) -> bool {
    let call = short(on, usize::MAX);
    let words = ["sleep(", "sleep_until(", "timeout(", ".tick()"];
    words.iter().any(|word| call.starts_with(word)) || call.ends_with(".tick()")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(letter) => letter.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
