//! The same function, in a test that drops it after no poll, after one poll,
//! after two. Look for the poll that leaves half an order.
//!
//! `cargo run --example bare_loop_tears_an_order`

use std::io;

use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

pub async fn order(kitchen: &mut DuplexStream) -> io::Result<()> {
    kitchen.write_all(b"table 7: ").await?;
    kitchen.write_all(b"two soups").await?;
    Ok(())
}

/// Drops `order` after each number of polls. A `#[test]` can return this.
pub fn is_whole_or_absent(room: usize) -> Result<(), String> {
    for polls in 0..100 {
        let (mut waiter, mut kitchen) = duplex(room);
        let mut future = Box::pin(order(&mut waiter));
        let (mut received, mut completed) = (Vec::new(), false);
        for _ in 0..polls {
            completed = (&mut future).now_or_never().is_some();
            let _ = kitchen.read_buf(&mut received).now_or_never();
        }
        drop(future);
        let received = String::from_utf8_lossy(&received);
        if !["", "table 7: two soups"].contains(&&*received) {
            return Err(format!("dropped after {polls}: {received:?}"));
        }
        if completed {
            return Ok(());
        }
    }
    Err("no end after 100 polls".into())
}

fn main() {
    println!("{:?}", is_whole_or_absent(64));
    println!("{:?}", is_whole_or_absent(9));
}
