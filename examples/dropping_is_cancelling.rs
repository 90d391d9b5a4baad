//! Make tea, and change your mind half-way. Look for what the call does, what
//! one poll does, and what `drop` does.
//!
//! `cargo run --example dropping_is_cancelling`

use std::time::Duration;

use futures::poll;
use tokio::time::sleep;

struct Stove;

impl Drop for Stove {
    fn drop(&mut self) {
        println!("the stove goes off");
    }
}

async fn make_tea() {
    let _stove = Stove;
    println!("the water is on");
    sleep(Duration::from_millis(100)).await;
    println!("the tea is ready");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let a_while = Duration::from_millis(500);

    let mut tea = Box::pin(make_tea());
    sleep(a_while).await;
    println!("called, a while ago");

    let _ = poll!(&mut tea);
    println!("polled once");

    drop(tea);
    sleep(a_while).await;
    println!("dropped, a while ago");
}
