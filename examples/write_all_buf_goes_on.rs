//! One `write_all_buf` to a peer that reads late, cut off by a timeout and
//! tried again. The buffer lives outside. Look for where the second try begins.
//!
//! `cargo run --example write_all_buf_goes_on`

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, timeout};

/// Writes what is left of the message, and takes it off the buffer as it goes.
pub async fn write_rest(socket: &mut DuplexStream, rest: &mut &[u8]) -> io::Result<()> {
    socket.write_all_buf(rest).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let (mut socket, mut peer) = duplex(4);
    let limit = Duration::from_millis(50);
    let mut rest: &[u8] = b"HELLOWORLD";

    let cut = timeout(limit, write_rest(&mut socket, &mut rest)).await;
    println!("first try timed out: {}", cut.is_err());

    let mut received = Vec::new();
    peer.read_buf(&mut received).await?;
    println!("the peer has {}", received.escape_ascii());

    let reader = tokio::spawn(async move {
        peer.read_to_end(&mut received).await?;
        println!("the peer has {}", received.escape_ascii());
        io::Result::Ok(())
    });
    write_rest(&mut socket, &mut rest).await?;
    drop(socket);
    reader.await?
}
