//! One `write_all` to a peer that reads late, cut off by a timeout and tried
//! again. Look for how far the first try came.
//!
//! `cargo run --example write_all_starts_over`

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, timeout};

pub async fn write_message(socket: &mut DuplexStream) -> io::Result<()> {
    let msg = b"HELLOWORLD";
    socket.write_all(msg).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let (mut socket, mut peer) = duplex(4);
    let limit = Duration::from_millis(50);

    let cut = timeout(limit, write_message(&mut socket)).await.is_err();
    println!("first try timed out: {cut}");

    let mut received = Vec::new();
    peer.read_buf(&mut received).await?;
    println!("the peer has {}", received.escape_ascii());

    let reader = tokio::spawn(async move {
        peer.read_to_end(&mut received).await?;
        println!("the peer has {}", received.escape_ascii());
        io::Result::Ok(())
    });
    write_message(&mut socket).await?;
    drop(socket);
    reader.await?
}
