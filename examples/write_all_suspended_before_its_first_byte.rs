//! One `write_all` on a real socket, in a task that has nothing left to spend
//! in this poll. Look for what the peer has after the cut and the retry.
//!
//! `cargo run --example write_all_suspended_before_its_first_byte`

use std::io;

use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{coop::consume_budget, yield_now};

pub async fn write_message(socket: &mut TcpStream) -> io::Result<()> {
    let msg = b"HELLOWORLD";
    socket.write_all(msg).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut socket = TcpStream::connect(listener.local_addr()?).await?;
    let (mut peer, _) = listener.accept().await?;

    yield_now().await;
    for _ in 0..128 {
        consume_budget().await;
    }

    let polled = poll!(Box::pin(write_message(&mut socket)));
    println!("polled once and dropped: {polled:?}");
    write_message(&mut socket).await?;
    drop(socket);

    let mut received = String::new();
    peer.read_to_string(&mut received).await?;
    println!("the peer has {received}");
    Ok(())
}
