//! The guest needs a quarter of a second and is interrupted. Then the host waits
//! for the microphone, five times as long. Does the host get it?
//!
//! `cargo run --example a_kept_future_holds_its_lock`

use std::time::Duration;

use tokio::select;
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
    let mut guest = Box::pin(speak(&microphone, "the guest"));

    select! {
        () = &mut guest => {}
        () = sleep(Duration::from_millis(50)) => println!("we interrupt"),
    }

    let host = speak(&microphone, "the host");
    let spoke = timeout(Duration::from_millis(1250), host).await;
    println!("the host spoke: {}", spoke.is_ok());
}
