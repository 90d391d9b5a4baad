//! The callers only hand messages over; one task writes them. Its peer is slow,
//! so the third caller gives up. Look for half a message: there is none.
//!
//! `cargo run --example a_writer_task_owns_the_socket`

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::{Duration, timeout};

/// Writes one message after the other until all callers are gone.
pub async fn writer(mut socket: DuplexStream, mut messages: mpsc::Receiver<&[u8]>) {
    while let Some(message) = messages.recv().await {
        if socket.write_all(message).await.is_err() {
            break;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let (socket, mut peer) = duplex(4);
    let (outbox, messages) = mpsc::channel::<&[u8]>(1);
    tokio::spawn(writer(socket, messages));

    for caller in 1..=3 {
        match timeout(Duration::from_millis(50), outbox.send(b"HELLOWORLD")).await {
            Ok(sent) => println!("caller {caller} handed its message over: {sent:?}"),
            Err(_) => println!("caller {caller} gave up"),
        }
    }
    drop(outbox);

    let mut received = String::new();
    peer.read_to_string(&mut received).await?;
    println!("the peer has {received}");
    Ok(())
}
