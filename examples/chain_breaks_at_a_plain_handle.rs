//! The chef waits for the cook, and the cook waits for the hand. The chef is
//! cancelled. Which of the three get done?
//!
//! `cargo run --example chain_breaks_at_a_plain_handle`

use tokio::spawn;
use tokio::time::{Duration, sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

async fn hand() {
    sleep(Duration::from_millis(400)).await;
    println!("the hand is done");
}

async fn cook() {
    spawn(hand()).await.unwrap();
    println!("the cook is done");
}

async fn chef() {
    AbortOnDropHandle::new(spawn(cook())).await.unwrap();
    println!("the chef is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let waited = timeout(Duration::from_millis(20), chef()).await;
    println!("cancelled: {}", waited.is_err());

    sleep(Duration::from_secs(1)).await;
}
