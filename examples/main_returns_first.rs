//! A task with ten seconds to go, and a `main` that does not wait for it.
//!
//! `cargo run --example main_returns_first`

use std::time::Duration;

struct Radio;

impl Drop for Radio {
    fn drop(&mut self) {
        println!("the radio goes off");
    }
}

async fn listen() {
    let _radio = Radio;
    println!("the radio is on");
    tokio::time::sleep(Duration::from_secs(10)).await;
    println!("the concert is over");
}

#[tokio::main]
async fn main() {
    tokio::spawn(listen());
    tokio::time::sleep(Duration::from_millis(200)).await;
    println!("main returns");
}
