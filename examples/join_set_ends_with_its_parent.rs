//! The same family, with the children in a `JoinSet` that the parent owns.
//!
//! `cargo run --example join_set_ends_with_its_parent`

use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn child(name: &str) {
    println!("{name} begins to play");
    sleep(Duration::from_millis(500)).await;
    println!("{name} has played enough");
}

async fn parent() {
    let mut children = JoinSet::new();
    children.spawn(child("anna"));
    children.spawn(child("ben"));
    sleep(Duration::from_millis(100)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(parent()).await.unwrap();
    println!("the parent has gone");

    sleep(Duration::from_secs(1)).await;
    println!("main returns");
}
