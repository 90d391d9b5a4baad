//! The same sacks and the same limit, with another await. Does the timeout stop
//! the mill now?
//!
//! `cargo run --example ready_loop_spends_a_budget`

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use tokio::task::coop::consume_budget;
use tokio::time::timeout;

/// Grinds five hundred sacks, with an await before each.
pub async fn mill(grind: impl Fn()) {
    for _ in 0..500 {
        consume_budget().await;
        grind();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let sacks = Cell::new(0);
    let grind = || {
        thread::sleep(Duration::from_millis(1)); // work, and no await in it
        sacks.set(sacks.get() + 1);
    };

    let result = timeout(Duration::from_millis(100), mill(grind)).await;
    println!("timed out: {}", result.is_err());
    println!("all ground: {}", sacks.get() == 500);
}
