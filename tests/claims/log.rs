//! What happened in a test, in order. Futures, tasks and destructors of one
//! test share a [`Log`]; the chapters' tests compare it with what they claim.

use std::sync::{Arc, Mutex, PoisonError};

/// A list of events. Clones are handles to the same list.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Adds an event.
    pub fn note(&self, event: impl Into<String>) {
        self.list(|events| events.push(event.into()));
    }

    /// A guard that adds `"NAME dropped"` when it is dropped.
    pub fn guard(&self, name: &'static str) -> Guard {
        Guard(self.clone(), name)
    }

    /// All events so far.
    pub fn events(&self) -> Vec<String> {
        self.list(|events| events.clone())
    }

    /// The events since this was last asked.
    pub fn take(&self) -> Vec<String> {
        self.list(std::mem::take)
    }

    fn list<T>(&self, with: impl FnOnce(&mut Vec<String>) -> T) -> T {
        // A test that panics on purpose must not take the log with it.
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells its log that it is dropped.
pub struct Guard(Log, &'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.note(format!("{} dropped", self.1));
    }
}
