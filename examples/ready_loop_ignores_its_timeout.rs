//! Five hundred sacks of a millisecond each, and a limit of a hundred. Does the
//! timeout stop the mill?
//!
//! `cargo run --example ready_loop_ignores_its_timeout`

use std::cell::Cell;
use std::future::ready;
use std::thread;
use std::time::Duration;

use tokio::time::timeout;

/// Grinds five hundred sacks, with an await before each.
pub async fn mill(grind: impl Fn()) {
    for _ in 0..500 {
        ready(()).await;
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
