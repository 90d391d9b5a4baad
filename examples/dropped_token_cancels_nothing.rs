//! Two radio stations go off the air by dropping what they hold.
//! Look for the one whose listeners notice.
//!
//! `cargo run --example dropped_token_cancels_nothing`

use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

async fn listen(station: CancellationToken) {
    let limit = Duration::from_millis(500);
    match timeout(limit, station.cancelled()).await {
        Ok(()) => println!("off the air"),
        Err(_) => println!("still listening"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let token = CancellationToken::new();
    let listener = token.child_token();
    drop(token);
    listen(listener).await;

    let token = CancellationToken::new();
    let listener = token.child_token();
    let guard = token.drop_guard();
    drop(guard);
    listen(listener).await;
}
