//! `write_all_buf` again, but the function makes its own buffer.
//! Look for where the second try begins.
//!
//! `cargo run --example write_all_buf_inside_the_future`

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, timeout};

/// Writes the message, from a buffer of its own.
pub async fn write_message(socket: &mut DuplexStream) -> io::Result<()> {
    let mut rest: &[u8] = b"HELLOWORLD";
    socket.write_all_buf(&mut rest).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let (mut socket, mut peer) = duplex(4);
    let limit = Duration::from_millis(50);

    let cut = timeout(limit, write_message(&mut socket)).await.is_err();
    println!("first try timed out: {cut}");

    let reader = tokio::spawn(async move {
        let mut received = Vec::new();
        peer.read_to_end(&mut received).await?;
        println!("the peer has {}", received.escape_ascii());
        io::Result::Ok(())
    });
    write_message(&mut socket).await?;
    drop(socket);
    reader.await?
}
