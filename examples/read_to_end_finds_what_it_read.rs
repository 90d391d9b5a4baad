//! `select!`'s documentation lists `read_to_end` among the methods that can
//! lose data. Look for the first half of the letter after the second call.
//!
//! `cargo run --example read_to_end_finds_what_it_read`

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let (mut sender, mut receiver) = duplex(64);
    let mut letter = Vec::new();

    sender.write_all(b"Dear Ada, ").await?;
    let limit = Duration::from_millis(50);
    let cut = timeout(limit, receiver.read_to_end(&mut letter)).await;
    println!("first call timed out: {}", cut.is_err());

    sender.write_all(b"it works.").await?;
    drop(sender);
    let count = receiver.read_to_end(&mut letter).await?;
    println!("second call returned: {count} bytes");
    println!("the letter: {}", String::from_utf8_lossy(&letter));
    Ok(())
}
