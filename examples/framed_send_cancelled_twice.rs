//! One `send` to a peer that reads late, cut off by a timeout and made again.
//! The documentation says that the first one was not sent. Look for how many
//! tickets arrive.
//!
//! `cargo run --example framed_send_cancelled_twice`

use futures::{SinkExt, StreamExt};
use tokio::io::duplex;
use tokio::time::{Duration, timeout};
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), LinesCodecError> {
    let (socket, peer) = duplex(4);
    let mut office = Framed::new(socket, LinesCodec::new());
    let mut printer = Framed::new(peer, LinesCodec::new());
    let limit = Duration::from_millis(50);

    let cut = timeout(limit, office.send("one ticket to Rome"))
        .await
        .is_err();
    println!("first try timed out: {cut}");

    let printing = tokio::spawn(async move {
        while let Some(ticket) = printer.next().await {
            println!("printed: {}", ticket?);
        }
        Ok(())
    });
    office.send("one ticket to Rome").await?;
    drop(office);
    printing.await.expect("the printer never panics")
}
