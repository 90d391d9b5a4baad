//! A task listens to a token, and the token is cancelled.
//! Look for the word `cancelled`.
//!
//! `cargo run --example token_main_returns_first`

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

    tokio::spawn(async move {
        tokio::select! {
            _ = child.cancelled() => println!("cancelled"),
            _ = do_work() => {}
        }
    });

    token.cancel();
    println!("main returns");
}
