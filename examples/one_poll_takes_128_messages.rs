//! A thousand letters lie in the box, so `recv` never has to wait. The future
//! that takes them out is polled once and dropped.
//!
//! `cargo run --example one_poll_takes_128_messages`

use std::cell::Cell;

use futures::poll;
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (post, mut letter_box) = mpsc::unbounded_channel();
    for letter in 1..=1000 {
        post.send(letter).expect("the box is there");
    }

    let taken = Cell::new(0);
    let polled = poll!(Box::pin(async {
        while letter_box.recv().await.is_some() {
            taken.set(taken.get() + 1);
        }
    }));
    println!("{polled:?} after {} letters", taken.get());
}
