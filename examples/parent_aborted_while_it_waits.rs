//! The waiter stands waiting for the cook when he is aborted. What does the
//! cook do?
//!
//! `cargo run --example parent_aborted_while_it_waits`

use std::time::Duration;
use tokio::time::sleep;

async fn cook() {
    sleep(Duration::from_millis(500)).await;
    println!("the soup is ready");
}

async fn waiter() {
    tokio::spawn(cook()).await.unwrap();
    println!("the soup is served");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let waiter = tokio::spawn(waiter());
    sleep(Duration::from_millis(100)).await;

    waiter.abort();
    let error = waiter.await.unwrap_err();
    println!("the waiter is cancelled: {}", error.is_cancelled());

    sleep(Duration::from_secs(1)).await;
    println!("main returns");
}
