//! Five seconds of work and a limit of one. Look for the order of the last two
//! lines.
//!
//! `cargo run --example timeout_drops_its_future`

use tokio::time::{Duration, timeout};

struct Tools;

impl Drop for Tools {
    fn drop(&mut self) {
        println!("the tools are put away");
    }
}

async fn do_work() {
    let _tools = Tools;
    println!("the work begins");
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("the work is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let result = timeout(Duration::from_secs(1), async { do_work().await }).await;

    println!("{result:?}");
}
