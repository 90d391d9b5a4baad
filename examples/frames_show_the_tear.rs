//! A message with its length in front, cut off in three places. Look for what
//! the peer takes it for, and for the cut that it does not notice.
//!
//! `cargo run --example frames_show_the_tear`

use futures::{SinkExt, StreamExt};
use tokio::io::duplex;
use tokio::time::{Duration, timeout};
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for room in [2, 4, 8, 64] {
        let (socket, peer) = duplex(room);
        let mut sender = FramedWrite::new(socket, LengthDelimitedCodec::new());
        let mut receiver = FramedRead::new(peer, LengthDelimitedCodec::new());

        let message = Bytes::from_static(b"HELLOWORLD");
        let _ = timeout(Duration::from_millis(50), sender.send(message)).await;
        drop(sender);

        print!("room for {room} bytes: ");
        match receiver.next().await {
            Some(Ok(message)) => println!("a whole message, {}", message.escape_ascii()),
            Some(Err(error)) => println!("a torn message, {error}"),
            None => println!("nothing"),
        }
    }
}
