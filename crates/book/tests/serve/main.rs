//! The server behind `cargo run`: the real program, over real HTTP, on a small
//! throw-away book.
//!
//! Nothing here sleeps for a fixed time. A test waits for a line, an event or a
//! condition, and gives up after [`support::PATIENCE`].

mod pages;
mod rebuilds;
mod refusals;
#[cfg(target_os = "linux")]
mod run;
#[cfg(unix)]
mod run_attacks;
#[cfg(target_os = "linux")]
mod run_limits;
#[cfg(target_os = "linux")]
mod run_speed;
mod shutdown;
mod support;
