//! How long a changed program takes, against `cargo run --example` of the same
//! change. Wants a quiet machine, so it is asked for by hand:
//!
//! `cargo test -p book --test serve run_speed -- --ignored --nocapture`

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::support::Page;
use super::support::runs::{self, root};

/// How often each is measured; by turns, so that both have the same weather.
const ROUNDS: usize = 15;

/// The program while it is measured.
const NAME: &str = "measured_and_removed";

/// A program of the book that does not wait for anything, as a file of its own, so
/// that cargo sees the change too. It goes when the test ends.
struct Example {
    file: PathBuf,
    source: String,
}

impl Example {
    fn new() -> Self {
        let examples = root().join("examples");
        let source = examples.join("one_poll_takes_128_messages.rs");
        Self {
            file: examples.join(format!("{NAME}.rs")),
            source: fs::read_to_string(source).unwrap(),
        }
    }

    /// Changes it. What it is now.
    fn change(&self, round: usize) -> String {
        let line = format!("fn main() {{\n    println!(\"change {round}\");");
        let changed = self.source.replacen("fn main() {", &line, 1);
        assert_ne!(changed, self.source);
        fs::write(&self.file, &changed).unwrap();
        changed
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// A changed program takes at most 1.1 times as long from the page as it takes with
/// cargo.
#[test]
#[ignore = "it measures, and wants a quiet machine"]
fn a_change_runs_as_soon_as_with_cargo() {
    let _alone = runs::alone();
    let example = Example::new();
    example.change(0);
    let (_server, client) = runs::start(runs::RUN_SECONDS);
    let page = Page::open(client);
    let from_the_page = |source: &str| {
        let start = Instant::now();
        let events = page.start(NAME, Some(source)).rest();
        assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
        start.elapsed()
    };
    let with_cargo = || {
        let start = Instant::now();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--example", NAME]);
        let status = cargo.current_dir(root()).stdout(Stdio::null()).status();
        assert!(status.unwrap().success());
        start.elapsed()
    };
    let (mut page_times, mut cargo_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let source = example.change(round);
        let times = (from_the_page(&source), with_cargo());
        // The first compiles what the others only change.
        if round > 0 {
            page_times.push(times.0);
            cargo_times.push(times.1);
        }
    }
    let (page, cargo) = (median(page_times), median(cargo_times));
    let ratio = page.as_secs_f64() / cargo.as_secs_f64();
    println!("from the page {page:.2?}, with cargo {cargo:.2?}: {ratio:.2} times as long");
    assert!(ratio <= 1.1);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
