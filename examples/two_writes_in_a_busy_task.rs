//! The same two writes, in a task that has already done a lot in this poll.
//! Look for what the peer has before and after the second try.
//!
//! `cargo run --example two_writes_in_a_busy_task`

use std::io;

use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{coop::consume_budget, yield_now};

pub async fn write_two_steps(socket: &mut TcpStream) -> io::Result<()> {
    socket.write_all(b"HELLO").await?;
    socket.write_all(b"WORLD").await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut socket = TcpStream::connect(listener.local_addr()?).await?;
    let (mut peer, _) = listener.accept().await?;

    // 127 reads, messages or locks that were all ready at once.
    yield_now().await;
    for _ in 0..127 {
        consume_budget().await;
    }

    let polled = poll!(Box::pin(write_two_steps(&mut socket)));
    println!("polled once and dropped: {polled:?}");
    let mut received = Vec::new();
    peer.read_buf(&mut received).await?;
    println!("the peer has {}", received.escape_ascii());

    write_two_steps(&mut socket).await?;
    drop(socket);
    peer.read_to_end(&mut received).await?;
    println!("tried again: the peer has {}", received.escape_ascii());
    Ok(())
}
