//! A museum, a visitor, and a second visitor after the doors are closed.
//!
//! `cargo run --example closed_tracker_still_spawns`

use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

async fn visit(name: &str, millis: u64) {
    sleep(Duration::from_millis(millis)).await;
    println!("the {name} visitor leaves");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let museum = TaskTracker::new();
    museum.spawn(visit("first", 0));

    let limit = Duration::from_millis(300);
    let waited = timeout(limit, museum.wait()).await;
    println!("done waiting: {}", waited.is_ok());

    museum.close();
    museum.spawn(visit("second", 100));
    museum.wait().await;
    println!("the lights go out");
}
