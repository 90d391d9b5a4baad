//! A thread counts the stars, and nobody waits that long for the answer. What
//! does it print?
//!
//! `cargo run --example thread_counts_on_alone`

use std::thread;

use tokio::sync::oneshot;
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tell, told) = oneshot::channel();
    let observatory = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        println!("counted them all");
        println!("somebody heard it: {}", tell.send(5077).is_ok());
    });

    let waited = timeout(Duration::from_millis(20), told).await;
    println!("gave up: {}", waited.is_err());

    observatory.join().unwrap();
}
