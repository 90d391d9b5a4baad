//! Two radios, and one was switched on after the message went out.
//! Look for the one that waits for ever.
//!
//! `cargo run --example watch_receiver_made_late`

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// Whether it is heard within half a second.
pub async fn heard(message: impl Future) -> bool {
    let limit = Duration::from_millis(500);
    timeout(limit, message).await.is_ok()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (shutdown, mut early) = watch::channel(false);
    shutdown.send(true).expect("one radio is on");
    let mut late = shutdown.subscribe();

    println!("early, changed: {}", heard(early.changed()).await);
    println!("late, changed: {}", heard(late.changed()).await);
    println!("late, wait_for: {}", heard(late.wait_for(|it| *it)).await);
}
