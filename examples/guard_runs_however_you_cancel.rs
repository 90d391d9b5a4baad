//! Look for `cleaning up`: ten seconds of sleep are cut short in three ways,
//! and the guard runs each time.
//!
//! `cargo run --example guard_runs_however_you_cancel`

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
    let a_moment = Duration::from_millis(200);

    println!("abort");
    let handle = tokio::spawn(task());
    tokio::time::sleep(a_moment).await;
    handle.abort();
    let _ = handle.await;

    println!("timeout");
    let _ = tokio::time::timeout(a_moment, task()).await;

    println!("select!");
    tokio::select! {
        () = task() => {}
        () = tokio::time::sleep(a_moment) => {}
    }
}
