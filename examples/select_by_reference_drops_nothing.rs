//! The race is over a reference to `ferry`, not over `ferry` itself. It loses,
//! and it is still there to be awaited.
//!
//! `cargo run --example select_by_reference_drops_nothing`

use std::pin::pin;
use std::time::Duration;
use tokio::select;
use tokio::time::sleep;

async fn ferry() {
    println!("the ferry leaves");
    sleep(Duration::from_millis(500)).await;
    println!("the ferry arrives");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut ferry = pin!(ferry());

    select! {
        _ = &mut ferry => println!("nobody had to wait"),
        _ = sleep(Duration::from_millis(100)) => println!("tired of waiting"),
    }

    println!("wait a little longer");
    ferry.await;
}
