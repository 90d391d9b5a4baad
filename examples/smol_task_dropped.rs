//! The same two lines, with the executor that is inside smol. Is `work done`
//! printed?
//!
//! `cargo run --example smol_task_dropped`

use std::time::Duration;

async fn do_work() {
    println!("work begins");
    tokio::time::sleep(Duration::from_millis(200)).await;
    println!("work done");
}

async fn with(executor: &async_executor::Executor<'_>) {
    let handle = executor.spawn(do_work());
    drop(handle); // task cancelled

    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("main returns");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let executor = async_executor::Executor::new();
    executor.run(with(&executor)).await;
}
