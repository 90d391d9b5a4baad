//! Where everything is noted down: one notebook per process.

use std::cell::RefCell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use recording::{Event, Kind, Run, Seen, What};

use crate::clock;

/// The number of a lane: its index in [`Run::futures`].
pub(crate) type Id = usize;

/// What is known of a lane while it is there.
pub(crate) struct Known {
    pub(crate) life: Life,
    /// Its body has begun, and says so itself when it ends.
    entered: bool,
    /// It has no [`Lane`](crate::Lane) around it: a function of the listing
    /// that was passed on and called elsewhere. Its awaits tell when it is
    /// polled.
    pub(crate) bare: bool,
    /// The line it was last suspended at, and what it waited for there.
    pub(crate) site: Option<(usize, &'static str)>,
    pub(crate) woken: bool,
}

/// How far a lane has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    Inert,
    Running,
    Suspended,
    Over,
}

#[derive(Default)]
pub(crate) struct Notebook {
    pub(crate) on: bool,
    pub(crate) run: Run,
    pub(crate) lanes: Vec<Known>,
}

static NOTEBOOK: Mutex<Notebook> = Mutex::new(Notebook {
    on: false,
    run: Run {
        futures: Vec::new(),
        events: Vec::new(),
    },
    lanes: Vec::new(),
});

thread_local! {
    /// The lanes that are being polled in this thread, the innermost last.
    static POLLED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn notebook() -> MutexGuard<'static, Notebook> {
    NOTEBOOK.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Notebook {
    /// Notes an event of a lane, or of nobody in particular.
    pub(crate) fn note(&mut self, of: Option<Id>, what: What) {
        if self.on {
            let at = clock::now();
            self.run.events.push(Event { at, of, what });
        }
    }

    /// A new lane, made by the one that is running.
    pub(crate) fn make(&mut self, kind: Kind, name: &str, line: usize, bare: bool) -> Option<Id> {
        if !self.on {
            return None;
        }
        let id = self.lanes.len();
        self.run.futures.push(Seen {
            name: name.to_owned(),
            kind,
            line,
            parent: running(),
        });
        self.lanes.push(Known {
            life: Life::Inert,
            entered: false,
            bare,
            site: None,
            woken: false,
        });
        self.note(Some(id), What::Made);
        Some(id)
    }

    /// A poll of a lane begins.
    pub(crate) fn poll(&mut self, id: Id) {
        self.lanes[id].life = Life::Running;
        self.lanes[id].woken = false;
        self.note(Some(id), What::Polled);
    }

    /// A poll of a lane ends with `Pending`.
    pub(crate) fn suspend(&mut self, id: Id) {
        let lane = &mut self.lanes[id];
        lane.life = Life::Suspended;
        let line = lane.site.map(|(line, _)| line);
        let on = lane.site.map(|(_, on)| on.to_owned());
        self.note(Some(id), What::Suspended { line, on });
    }

    /// A lane is over.
    pub(crate) fn end(&mut self, id: Id, what: What) {
        self.lanes[id].life = Life::Over;
        self.note(Some(id), what);
    }

    /// A lane is dropped before it was done.
    pub(crate) fn dropped(&mut self, id: Id) {
        let line = self.lanes[id].site.map(|(line, _)| line);
        self.end(id, What::Dropped { line });
    }
}

/// The lane whose code runs in this thread.
pub(crate) fn running() -> Option<Id> {
    POLLED.with_borrow(|polled| polled.last().copied())
}

/// How many lanes are being polled in this thread.
pub(crate) fn depth() -> usize {
    POLLED.with_borrow(Vec::len)
}

pub(crate) fn push(id: Id) {
    POLLED.with_borrow_mut(|polled| polled.push(id));
}

pub(crate) fn unwind_to(depth: usize) {
    POLLED.with_borrow_mut(|polled| polled.truncate(depth));
}

/// A body begins; called by the first statement of every body in a recorded
/// copy. What it returns is dropped after everything else in the body.
pub fn enter(name: &str, line: usize) -> Frame {
    let mut notebook = notebook();
    if !notebook.on {
        return Frame(None);
    }
    if let Some(id) = running() {
        let lane = &mut notebook.lanes[id];
        if !lane.entered {
            lane.entered = true;
            return Frame(Some(id));
        }
    }
    let id = notebook.make(Kind::Body, name, line, true);
    if let Some(id) = id {
        notebook.lanes[id].entered = true;
        notebook.poll(id);
        push(id);
    }
    Frame(id)
}

/// Lives as long as a body. Made by [`enter`].
pub struct Frame(Option<Id>);

impl Drop for Frame {
    fn drop(&mut self) {
        let Some(id) = self.0 else { return };
        let mut notebook = notebook();
        let lane = &notebook.lanes[id];
        if !lane.bare {
            return;
        }
        match lane.life {
            Life::Running => {
                let panics = std::thread::panicking();
                notebook.end(id, if panics { What::Panicked } else { What::Done });
            }
            Life::Suspended => notebook.dropped(id),
            Life::Inert | Life::Over => {}
        }
        POLLED.with_borrow_mut(|polled| polled.retain(|other| *other != id));
    }
}

/// A destructor of the listing begins; called by its first statement.
pub fn destructor(name: &str) {
    let name = name.to_owned();
    notebook().note(running(), What::Destructor { name });
}

/// Something is printed; called in place of `println!` and `print!`.
pub fn printed(line: usize, text: String) {
    notebook().note(running(), What::Printed { text, line });
}
