//! Three posters, half a second each, and a limit of a tenth of a second on
//! every one of them. Which are printed in the end?
//!
//! `cargo run --example three_timeouts`

use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_millis(100);

async fn print(poster: &str) {
    sleep(LIMIT * 5).await;
    println!("the {poster} poster is printed");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("owned: {:?}", timeout(LIMIT, print("owned")).await);

    let mut lent = pin!(print("lent"));
    println!("lent: {:?}", timeout(LIMIT, &mut lent).await);

    let spawned = tokio::spawn(print("spawned"));
    println!("spawned: {:?}", timeout(LIMIT, spawned).await);

    sleep(LIMIT * 10).await;
    println!("a while later, the lent one is awaited");
    lent.await;
}
