//! Builds the future anew, polls it once more than the last time, drops it
//! there, and asks the peer what it got. Look for a line with half a message.
//!
//! `cargo run --example drop_at_every_suspension`

use std::io;

use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::yield_now;

pub async fn write_two_steps(socket: &mut DuplexStream) -> io::Result<()> {
    socket.write_all(b"HELLO").await?;
    socket.write_all(b"WORLD").await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for polls in 0.. {
        // A pipe in memory with room for five bytes, and a peer that reads.
        let (mut socket, mut peer) = duplex(5);
        let reader = tokio::spawn(async move {
            let mut received = String::new();
            peer.read_to_string(&mut received).await.map(|_| received)
        });

        let mut future = Box::pin(write_two_steps(&mut socket));
        let mut completed = false;
        for _ in 0..polls {
            yield_now().await; // the peer has its turn
            completed = poll!(&mut future).is_ready();
        }
        drop(future);
        drop(socket);

        let received = reader.await.unwrap().unwrap();
        println!("polls: {polls}, completed: {completed}, the peer has {received:?}");
        if completed {
            break;
        }
    }
}
