//! One `match` and three kinds of work: each of them ends in another arm.
//!
//! `cargo run --example timeout_has_three_endings`

use tokio::time::{Duration, sleep, timeout};

async fn report(do_work: impl AsyncFn() -> Result<&'static str, &'static str>) {
    match timeout(Duration::from_secs(1), do_work()).await {
        Ok(Ok(value)) => println!("success: {value}"),
        Ok(Err(e)) => println!("task error: {e}"),
        Err(_) => println!("timed out"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    report(async || Ok("ten loaves")).await;

    report(async || Err("the oven is cold")).await;

    report(async || {
        sleep(Duration::from_secs(5)).await;
        Ok("ten loaves, for tomorrow")
    })
    .await;
}
