//! Three trains and a token that closes the line: during the trip, before it,
//! and at the very moment of arrival.
//!
//! `cargo run --example run_until_cancelled_on_three_trains`

use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

async fn train(number: u32) -> &'static str {
    println!("train {number} leaves");
    sleep(Duration::from_secs(1)).await;
    "arrived"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let line = CancellationToken::new();
    let close = line.clone();
    tokio::spawn(async move {
        sleep(Duration::from_millis(200)).await;
        close.cancel();
    });
    println!("{:?}", line.run_until_cancelled(train(1)).await);
    println!("{:?}", line.run_until_cancelled(train(2)).await);

    let line = CancellationToken::new();
    let arrives_and_closes = async {
        let end = train(3).await;
        line.cancel();
        end
    };
    println!("{:?}", line.run_until_cancelled(arrives_and_closes).await);
}
