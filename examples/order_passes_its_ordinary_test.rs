//! A test of a function that is not cancel-safe. The test even tries to
//! cancel it. Look for what it finds.
//!
//! `cargo run --example order_passes_its_ordinary_test`

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;

pub async fn order(kitchen: &mut DuplexStream) -> io::Result<()> {
    kitchen.write_all(b"table 7: ").await?;
    kitchen.write_all(b"two soups").await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut waiter, mut kitchen) = duplex(64);

    let cut = timeout(Duration::ZERO, order(&mut waiter)).await.is_err();
    println!("cut off: {cut}");
    drop(waiter);

    let mut received = String::new();
    kitchen.read_to_string(&mut received).await.unwrap();
    println!("in the kitchen: {received}");
    assert_eq!(received, "table 7: two soups");
}
