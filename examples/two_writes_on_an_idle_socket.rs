//! Two writes on a real socket, in a task that has nothing else to do.
//! Look for the place where the future is cut. There is none.
//!
//! `cargo run --example two_writes_on_an_idle_socket`

use std::io;

use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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

    let polled = poll!(Box::pin(write_two_steps(&mut socket)));
    println!("polled once and dropped: {polled:?}");
    drop(socket);

    let mut received = String::new();
    peer.read_to_string(&mut received).await?;
    println!("the peer has {received}");
    Ok(())
}
