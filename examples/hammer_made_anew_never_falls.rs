//! An auction that should end after 300 ms, with a bid every 30 ms. Each turn of
//! the loop makes a new `sleep`.
//!
//! `cargo run --example hammer_made_anew_never_falls`

use std::time::Duration;
use tokio::select;
use tokio::time::{interval, sleep};

const LIMIT: Duration = Duration::from_millis(300);

/// Takes bids until the hammer falls, or until there are no more.
pub async fn auction() -> &'static str {
    let mut bids = interval(LIMIT / 10);
    for _ in 0..40 {
        select! {
            _ = sleep(LIMIT) => return "sold",
            _ = bids.tick() => {}
        }
    }
    "forty bids, and no end"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", auction().await);
}
