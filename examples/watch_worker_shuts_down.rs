//! A clerk writes letters until the office closes, in the middle of one.
//! Look for what becomes of that letter.
//!
//! `cargo run --example watch_worker_shuts_down`

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

async fn do_work() {
    println!("a letter is begun");
    sleep(Duration::from_secs(1)).await;
    println!("the letter is posted");
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
    let (shutdown, told) = watch::channel(false);
    let clerk = tokio::spawn(worker(told));

    sleep(Duration::from_millis(200)).await;
    shutdown.send(true).expect("the clerk listens");
    clerk.await.expect("the clerk does not panic");
    println!("the office is closed");
}
