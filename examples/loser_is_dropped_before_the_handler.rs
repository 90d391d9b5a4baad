//! The loser owns a guard that says when it is dropped. Is that before or
//! after the code behind the winner's `=>`?
//!
//! `cargo run --example loser_is_dropped_before_the_handler`

use std::time::Duration;
use tokio::select;
use tokio::time::sleep;

struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        println!("{} is dropped", self.0);
    }
}

async fn slow() {
    let _guard = Guard("slow");
    sleep(Duration::from_secs(5)).await;
    println!("slow done");
}

async fn fast() {
    let _guard = Guard("fast");
    sleep(Duration::from_millis(100)).await;
    println!("fast done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    select! {
        _ = slow() => println!("the handler of slow runs"),
        _ = fast() => println!("the handler of fast runs"),
    }
}
