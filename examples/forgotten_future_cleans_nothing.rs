//! Look for what is missing: the future has begun and will never be polled
//! again, but it is forgotten instead of dropped.
//!
//! `cargo run --example forgotten_future_cleans_nothing`

use std::time::Duration;

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        println!("cleaning up");
    }
}

async fn task() {
    let _guard = Guard;
    println!("begun");
    tokio::time::sleep(Duration::from_secs(10)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut future = Box::pin(task());
    let _ = futures::poll!(&mut future);

    std::mem::forget(future);
    println!("forgotten");
}
