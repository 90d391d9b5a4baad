//! The crane is aborted while its last container hangs in the air. What does
//! its handle say?
//!
//! `cargo run --example abort_comes_too_late`

use std::sync::{Arc, Barrier};

async fn crane(rope: Arc<Barrier>) -> &'static str {
    println!("the container leaves the ship");
    rope.wait();
    rope.wait();
    println!("the container stands on the quay");
    "all unloaded"
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let rope = Arc::new(Barrier::new(2));
    let task = tokio::spawn(crane(rope.clone()));

    rope.wait();
    task.abort();
    println!("abort");
    rope.wait();

    println!("{:?}", task.await);
}
