//! The same two lines once more, with a handle that owns its task. Is `work
//! done` printed?
//!
//! `cargo run --example abort_on_drop_handle`

use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

async fn do_work() {
    println!("work begins");
    tokio::time::sleep(Duration::from_millis(200)).await;
    println!("work done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let handle = AbortOnDropHandle::new(tokio::spawn(do_work()));
    drop(handle); // task cancelled

    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("main returns");
}
