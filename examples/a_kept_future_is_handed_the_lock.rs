//! The guest is still waiting for the microphone when we stop polling. Then the
//! host puts it down. Does the listener get it?
//!
//! `cargo run --example a_kept_future_is_handed_the_lock`

use std::time::Duration;

use futures::poll;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// Says something as soon as the microphone is free.
pub async fn speak(microphone: &Mutex<()>, who: &str) {
    let _turn = microphone.lock().await;
    println!("{who} begins");
    sleep(Duration::from_millis(250)).await;
    println!("{who} ends");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let microphone = Mutex::new(());
    let host = microphone.lock().await;

    let mut guest = Box::pin(speak(&microphone, "the guest"));
    let _ = poll!(&mut guest);

    drop(host);
    println!("the host puts the microphone down");

    let listener = speak(&microphone, "the listener");
    let spoke = timeout(Duration::from_millis(1250), listener).await;
    println!("the listener spoke: {}", spoke.is_ok());
}
