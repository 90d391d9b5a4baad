//! A lamp that flashes every 20 ms, and beside it a task that takes 500 ms,
//! first with one sleep and then with the other. Look for the dark half second.
//!
//! `cargo run --example blocked_thread_stops_the_lamp`

use std::time::Duration;
use tokio::time::{Instant, interval};

const PERIOD: Duration = Duration::from_millis(20);
const BUSY: Duration = Duration::from_millis(500);

/// Flashes thirty times beside this task. Returns the longest time in the dark.
pub async fn longest_gap(beside: impl Future<Output = ()> + Send + 'static) -> Duration {
    let lamp = tokio::spawn(async {
        let mut flashes = interval(PERIOD);
        let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
        for _ in 0..30 {
            flashes.tick().await;
            longest = longest.max(last.elapsed());
            last = Instant::now();
        }
        longest
    });
    tokio::spawn(beside);
    lamp.await.unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let gap = longest_gap(async { std::thread::sleep(BUSY) }).await;
    println!(
        "std::thread::sleep: dark for more than 20 periods: {}",
        gap > PERIOD * 20
    );

    let gap = longest_gap(async { tokio::time::sleep(BUSY).await }).await;
    println!(
        "tokio::time::sleep: dark for more than 20 periods: {}",
        gap > PERIOD * 20
    );
}
