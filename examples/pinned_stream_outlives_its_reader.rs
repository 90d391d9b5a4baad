//! A reader takes a stream, draws one ticket and returns. Look for when each
//! of the two boxes is closed.
//!
//! `cargo run --example pinned_stream_outlives_its_reader`

use std::pin::pin;

use futures::stream::{self, Stream, StreamExt};

struct TicketBox;

impl Drop for TicketBox {
    fn drop(&mut self) {
        println!("the box is closed");
    }
}

/// The tickets from 40 on. The stream owns the box.
fn tickets() -> impl Stream<Item = i32> {
    let first = (TicketBox, 40);
    stream::unfold(first, async |(open, n)| Some((n, (open, n + 1))))
}

/// Takes the stream, and so drops it when it returns?
pub async fn draw_one(mut stream: impl Stream<Item = i32> + Unpin) {
    println!("drawn: {:?}", stream.next().await);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    draw_one(Box::pin(tickets())).await;
    println!("the first reader has returned");

    let pinned = pin!(tickets());
    draw_one(pinned).await;
    println!("the second reader has returned");
}
