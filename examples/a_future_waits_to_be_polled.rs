//! The egg takes half a second, and `main` gives it a whole one. Look for the
//! line at which it is put into the water.
//!
//! `cargo run --example a_future_waits_to_be_polled`

use std::time::Duration;

use tokio::time::sleep;

pub async fn boil_egg() {
    println!("the egg is in the water");
    sleep(Duration::from_millis(500)).await;
    println!("the egg is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let egg = boil_egg();
    println!("called");

    sleep(Duration::from_secs(1)).await;
    println!("called a second ago");

    egg.await;
    println!("served");
}
