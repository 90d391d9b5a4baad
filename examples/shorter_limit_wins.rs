//! Two limits around the same ten seconds. Which of them runs out, and how can
//! you tell?
//!
//! `cargo run --example shorter_limit_wins`

use tokio::time::{Duration, sleep, timeout};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_millis(500);

async fn cross_the_desert() {
    sleep(Duration::from_secs(10)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let result = timeout(LONG, timeout(SHORT, cross_the_desert())).await;
    println!("the inner limit is shorter: {result:?}");

    let result = timeout(SHORT, timeout(LONG, cross_the_desert())).await;
    println!("the outer limit is shorter: {result:?}");
}
