//! The same task, and `main` waits for it.
//!
//! `cargo run --example token_task_awaited`

use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

async fn do_work() {
    sleep(Duration::from_secs(1)).await;
    println!("the work is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let token = CancellationToken::new();
    let child = token.child_token();

    let task = tokio::spawn(async move {
        tokio::select! {
            _ = child.cancelled() => println!("cancelled"),
            _ = do_work() => {}
        }
    });

    token.cancel();
    task.await.expect("the task does not panic");
    println!("main returns");
}
