//! The time of a recording: milliseconds on the runtime's paused clock.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

#[derive(Clone, Copy)]
struct Clock {
    start: Instant,
    /// The latest time that was read.
    now: u64,
}

static CLOCK: Mutex<Option<Clock>> = Mutex::new(None);

/// Lets time begin now, in the runtime whose clock it is.
pub(crate) fn start() {
    let start = Instant::now();
    *CLOCK.lock().unwrap_or_else(PoisonError::into_inner) = Some(Clock { start, now: 0 });
}

/// Lets no time pass until the next start.
pub(crate) fn stop() {
    *CLOCK.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Milliseconds since the start. Where no runtime is, for instance while one
/// is dropped, time stands still.
pub(crate) fn now() -> u64 {
    let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(clock) = &mut *clock else { return 0 };
    if Handle::try_current().is_ok() {
        let passed = Instant::now().duration_since(clock.start).as_millis();
        clock.now = u64::try_from(passed).unwrap_or(u64::MAX);
    }
    clock.now
}

/// Blocks the thread for as long, on the paused clock: called in place of
/// `thread::sleep`.
pub fn sleep(duration: Duration) {
    // The clock has moved once this is polled; what it does afterwards is to
    // let other tasks run, which a blocked thread does not.
    let advance = pin!(tokio::time::advance(duration));
    let _ = advance.poll(&mut Context::from_waker(Waker::noop()));
}
