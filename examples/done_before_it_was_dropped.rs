//! The dive runs to its end before it is dropped. Look for the line at which
//! the rope is wound up.
//!
//! `cargo run --example done_before_it_was_dropped`

use std::time::Duration;

use tokio::time::sleep;

struct Rope;

impl Drop for Rope {
    fn drop(&mut self) {
        println!("the rope is wound up");
    }
}

async fn dive(pearls: &mut u32) {
    let _rope = Rope;
    sleep(Duration::from_millis(100)).await;
    *pearls += 1;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut pearls = 0;

    let mut dive = Box::pin(dive(&mut pearls));
    (&mut dive).await;
    println!("back on board");

    drop(dive);
    println!("dropped, with {pearls} pearl");
}
