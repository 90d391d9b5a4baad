//! One `write_all` of 60 MB on a real socket whose peer reads nothing until
//! the writer has given up. Look for what arrived.
//!
//! `cargo run --example write_all_to_a_peer_that_does_not_read`

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, timeout};

pub async fn write_message(socket: &mut TcpStream, msg: &[u8]) -> io::Result<()> {
    socket.write_all(msg).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut socket = TcpStream::connect(listener.local_addr()?).await?;
    let (mut peer, _) = listener.accept().await?;

    let msg = b"HELLOWORLD".repeat(6_000_000);
    let limit = Duration::from_millis(200);
    let sent = timeout(limit, write_message(&mut socket, &msg)).await;
    println!("timed out: {}", sent.is_err());
    drop(socket);

    let mut received = Vec::new();
    peer.read_to_end(&mut received).await?;
    println!("something arrived: {}", !received.is_empty());
    println!("all of it arrived: {}", received.len() == msg.len());
    println!("it is the beginning: {}", msg.starts_with(&received));
    Ok(())
}
