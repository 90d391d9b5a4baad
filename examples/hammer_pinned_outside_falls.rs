//! The same auction. The `sleep` is made once, before the loop, and each turn
//! waits for that one.
//!
//! `cargo run --example hammer_pinned_outside_falls`

use std::pin::pin;
use std::time::Duration;
use tokio::select;
use tokio::time::{interval, sleep};

const LIMIT: Duration = Duration::from_millis(300);

/// Takes bids until the hammer falls, or until there are no more.
pub async fn auction() -> &'static str {
    let mut bids = interval(LIMIT / 10);
    let mut hammer = pin!(sleep(LIMIT));
    for _ in 0..40 {
        select! {
            _ = &mut hammer => return "sold",
            _ = bids.tick() => {}
        }
    }
    "forty bids, and no end"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", auction().await);
}
