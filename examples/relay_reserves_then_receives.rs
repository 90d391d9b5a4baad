//! The same letters and the same van, but the relay makes sure of its place in
//! the van before it takes a letter. Count the letters.
//!
//! `cargo run --example relay_reserves_then_receives`

use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

/// Moves one letter from the inbox into the van.
pub async fn relay(inbox: &mut Receiver<&'static str>, van: &Sender<&'static str>) {
    let place = van.reserve().await.expect("the van is there");
    if let Some(letter) = inbox.recv().await {
        place.send(letter);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (post, mut inbox) = channel(3);
    let (van, mut driver) = channel(1);
    for letter in ["a love letter", "a bill", "a postcard"] {
        post.send(letter).await.unwrap();
    }

    for _ in 0..3 {
        let _ = timeout(Duration::from_millis(20), relay(&mut inbox, &van)).await;
    }

    while let Ok(letter) = driver.try_recv() {
        println!("in the van: {letter}");
    }
    while let Ok(letter) = inbox.try_recv() {
        println!("in the inbox: {letter}");
    }
}
