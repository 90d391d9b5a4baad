//! Two futures race, and the slower one would print after five seconds.
//! What is printed, and how long does the program take?
//!
//! `cargo run --example select_drops_the_loser`

use std::time::Duration;
use tokio::select;

async fn slow() {
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("slow done");
}

async fn fast() {
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("fast done");
}

#[tokio::main]
async fn main() {
    select! {
        _ = slow() => {}
        _ = fast() => {}
    }
}
