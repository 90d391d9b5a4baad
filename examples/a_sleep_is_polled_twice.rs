//! Sleeps for half a second, and writes down every poll. Look for how many
//! there are, and for what each of them answers.
//!
//! `cargo run --example a_sleep_is_polled_twice`

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use tokio::time::sleep;

/// Sleeps, and returns how often the sleep was polled.
pub async fn nap(time: Duration) -> u32 {
    let mut polls = 0;
    let mut sleep = pin!(sleep(time));
    let watched = poll_fn(|context| {
        let answer = sleep.as_mut().poll(context);
        polls += 1;
        println!("poll {polls}: {answer:?}");
        answer
    });
    watched.await;
    polls
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let polls = nap(Duration::from_millis(500)).await;
    println!("awake after {polls} polls");
}
