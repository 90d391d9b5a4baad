//! A baker who bakes until told to stop, and nobody ever sends a word.
//!
//! `cargo run --example watch_sender_dropped`

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

async fn do_work() {
    sleep(Duration::from_millis(300)).await;
    println!("a loaf is baked");
}

pub async fn worker(mut shutdown: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = shutdown.changed() => {
                println!("shutting down");
                break;
            }
            _ = do_work() => {}
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (_, told) = watch::channel(false);
    worker(told).await;
}
