//! Both branches are ready at once, a thousand times. Who wins?
//!
//! `cargo run --example select_starts_anywhere`

use std::future::ready;
use tokio::select;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut first, mut second) = (0, 0);
    for _ in 0..1000 {
        select! {
            _ = ready(()) => first += 1,
            _ = ready(()) => second += 1,
        }
    }
    println!("both branches won: {}", first > 0 && second > 0);

    let (mut first, mut second) = (0, 0);
    for _ in 0..1000 {
        select! {
            biased;
            _ = ready(()) => first += 1,
            _ = ready(()) => second += 1,
        }
    }
    println!("biased: the first won {first} times, the second {second}");
}
