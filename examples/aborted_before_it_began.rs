//! Look for `cleaning up`: the same guard in the same task, aborted right after
//! it was spawned.
//!
//! `cargo run --example aborted_before_it_began`

use std::time::Duration;

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        println!("cleaning up");
    }
}

async fn task() {
    let _guard = Guard;
    tokio::time::sleep(Duration::from_secs(10)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let handle = tokio::spawn(task());
    handle.abort();

    let error = handle.await.unwrap_err();
    println!("cancelled: {}", error.is_cancelled());
}
