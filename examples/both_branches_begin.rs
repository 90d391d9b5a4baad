//! Two cooks start at the same time; the first dish on the table wins. Which
//! lines are printed, and in which order?
//!
//! `cargo run --example both_branches_begin`

use std::time::Duration;
use tokio::select;
use tokio::time::sleep;

async fn cook(dish: &str, minutes: u64) {
    println!("{dish}: water on");
    sleep(Duration::from_millis(minutes * 10)).await;
    println!("{dish}: on the table");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    select! {
        biased;
        _ = cook("rice", 50) => {}
        _ = cook("pasta", 10) => {}
    }
    println!("dinner");
}
