//! A box of tickets, drawn one by one until 42 comes up. Look for what `next`
//! says after the `break`, and for when the box is closed.
//!
//! `cargo run --example break_leaves_the_stream_alive`

use futures::stream::{self, BoxStream, StreamExt};

struct TicketBox;

impl Drop for TicketBox {
    fn drop(&mut self) {
        println!("the box is closed");
    }
}

/// The tickets from 40 on. The stream owns the box.
fn tickets() -> BoxStream<'static, i32> {
    let first = (TicketBox, 40);
    stream::unfold(first, async |(open, n)| Some((n, (open, n + 1)))).boxed()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    {
        let mut stream = tickets();
        while let Some(item) = stream.next().await {
            if item == 42 {
                break; // stream cancelled
            }
        }
        println!("behind the loop, next says {:?}", stream.next().await);
        println!("behind the loop, next says {:?}", stream.next().await);
    }
    println!("behind the scope");
}
