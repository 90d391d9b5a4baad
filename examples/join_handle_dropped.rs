//! The two lines and their comment, as they are often written. Is `work done`
//! printed?
//!
//! `cargo run --example join_handle_dropped`

use std::time::Duration;

async fn do_work() {
    println!("work begins");
    tokio::time::sleep(Duration::from_millis(200)).await;
    println!("work done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let handle = tokio::spawn(do_work());
    drop(handle); // task cancelled

    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("main returns");
}
