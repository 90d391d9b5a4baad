//! The same clerk, the same moment. The work is pinned outside the `select!`,
//! so hearing the signal does not drop it.
//!
//! `cargo run --example watch_worker_finishes_first`

use std::pin::pin;
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
        let mut work = pin!(do_work());
        tokio::select! {
            _ = shutdown.changed() => {
                println!("shutting down");
                work.await;
                break;
            }
            _ = &mut work => {}
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
