//! The parent task starts two more and comes to its end. What becomes of them?
//!
//! `cargo run --example children_outlive_their_parent`

use std::time::Duration;
use tokio::time::sleep;

async fn child(name: &str) {
    println!("{name} begins to play");
    sleep(Duration::from_millis(500)).await;
    println!("{name} has played enough");
}

async fn parent() {
    tokio::spawn(child("anna"));
    tokio::spawn(child("ben"));
    sleep(Duration::from_millis(100)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(parent()).await.unwrap();
    println!("the parent has gone");

    sleep(Duration::from_secs(1)).await;
    println!("main returns");
}
