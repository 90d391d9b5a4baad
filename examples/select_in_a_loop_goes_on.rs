//! The same download, made once before the loop. Each turn lends it to
//! `select!` and gets it back.
//!
//! `cargo run --example select_in_a_loop_goes_on`

use std::pin::pin;
use std::time::Duration;
use tokio::select;
use tokio::time::{Instant, interval_at, sleep};

const PART: Duration = Duration::from_millis(600);

async fn download() {
    for part in 1..=2 {
        sleep(PART).await;
        println!("part {part}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let period = PART * 3 / 2;
    let mut progress = interval_at(Instant::now() + period, period);
    let mut download = pin!(download());

    for _ in 0..2 {
        select! {
            _ = &mut download => return println!("complete"),
            _ = progress.tick() => println!("still downloading"),
        }
    }
    println!("gave up");
}
