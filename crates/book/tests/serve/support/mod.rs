//! A throw-away book, the program that serves it, and a client that sends what
//! a browser never would.

mod book;
mod client;
pub mod page;
#[cfg(target_os = "linux")]
pub mod runs;
mod server;

use std::thread;
use std::time::{Duration, Instant};

pub use book::Book;
pub use client::{Client, Events, Response};
pub use page::Page;
pub use server::Server;

/// How long a test waits for what must happen. A machine under load may take
/// its time; a test that passes never waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until `look` finds something.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
