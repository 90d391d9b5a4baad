//! The crane is aborted while its container hangs in the air. The two barriers
//! see to it that `abort` comes between the first line and the second.
//!
//! `cargo run --example aborted_task_finishes_its_step`

use std::sync::{Arc, Barrier};

use tokio::task::yield_now;

async fn crane(rope: Arc<Barrier>) {
    println!("the container leaves the ship");
    rope.wait();
    rope.wait();
    println!("the container stands on the quay");
    yield_now().await;
    println!("the next container leaves the ship");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let rope = Arc::new(Barrier::new(2));
    let task = tokio::spawn(crane(rope.clone()));

    rope.wait();
    task.abort();
    println!("abort");
    rope.wait();

    let cancelled = task.await.is_err_and(|error| error.is_cancelled());
    println!("cancelled: {cancelled}");
}
