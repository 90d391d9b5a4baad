//! Two pages to copy, and a limit that is long enough for one.
//!
//! `cargo run --example second_timeout_goes_on`

use std::pin::pin;
use tokio::time::{Duration, sleep, timeout};

const PAGE: Duration = Duration::from_millis(400);

async fn copy() {
    for page in 1..=2 {
        sleep(PAGE).await;
        println!("page {page}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut copy = pin!(copy());

    for _ in 0..3 {
        match timeout(PAGE * 3 / 2, &mut copy).await {
            Ok(()) => return println!("complete"),
            Err(_) => println!("time is up"),
        }
    }
    println!("gave up");
}
