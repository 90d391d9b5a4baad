//! What a page is told about its run: one event a line, as the
//! [protocol](super) says.

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

use super::limits::Limit;

/// One line of the response. The last says how it ended.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Preparing {
        compiled: usize,
    },
    Queued {
        ahead: usize,
    },
    Compiling,
    Diagnostic(Diagnostic),
    Started,
    Stdout {
        text: String,
        ms: u64,
    },
    Stderr {
        text: String,
        ms: u64,
    },
    Exited {
        code: i32,
        ms: u64,
        as_recorded: bool,
    },
    Killed {
        signal: i32,
        message: String,
        ms: u64,
    },
    Limited {
        limit: Limit,
        message: String,
        ms: Option<u64>,
    },
    Rejected {
        message: String,
    },
    Replaced {
        message: String,
    },
    Failed {
        message: String,
    },
    Stopped {
        message: String,
    },
}

/// A message of the compiler.
#[derive(Debug, Serialize)]
pub struct Diagnostic {
    /// `error`, `warning`, `note`, …
    pub level: String,
    /// The message alone, on one line.
    pub message: String,
    /// The whole, as a terminal shows it.
    pub rendered: String,
    /// The places in the program that it is about.
    pub spans: Vec<Span>,
}

/// A place in the program: lines and columns from 1, columns in characters, the
/// end exclusive.
#[derive(Debug, Serialize)]
pub struct Span {
    /// Where it begins.
    pub line: usize,
    /// Where it begins.
    pub column: usize,
    /// Where it ends.
    pub end_line: usize,
    /// Where it ends.
    pub end_column: usize,
    /// Whether the message is about this place, or only mentions it.
    pub primary: bool,
    /// What the compiler says of this place.
    pub label: Option<String>,
}

/// Where the events of one run go.
///
/// The channel has no bound, and needs none: every limit on a run is a limit on
/// what is sent here. So telling never waits, and a page that reads slowly holds
/// up neither its own run nor the next in the queue.
#[derive(Debug, Clone)]
pub struct Tell(pub UnboundedSender<Event>);

impl Tell {
    /// Sends an event. When the page is gone there is nobody to tell, and the run
    /// is being cancelled by the same token that says so.
    pub fn tell(&self, event: Event) {
        let _ = self.0.send(event);
    }
}
