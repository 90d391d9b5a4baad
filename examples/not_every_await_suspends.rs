//! Buys a theatre ticket, and drops the purchase before the first poll, after
//! the first, and after the second. There are three awaits to be cut at. Look
//! for the cuts.
//!
//! `cargo run --example not_every_await_suspends`

use futures::poll;
use tokio::task::yield_now;

async fn take_seat(done: &mut Vec<&str>) {
    done.push("seat taken");
}

async fn pay(done: &mut Vec<&str>) {
    yield_now().await; // the bank takes its time
    done.push("paid");
}

async fn print_ticket(done: &mut Vec<&str>) {
    done.push("ticket printed");
}

/// Three awaits, of which one has to wait.
pub async fn buy(done: &mut Vec<&str>) {
    take_seat(done).await;
    pay(done).await;
    print_ticket(done).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for polls in 0..=2 {
        let mut done = Vec::new();
        let mut ticket = Box::pin(buy(&mut done));
        for _ in 0..polls {
            let _ = poll!(&mut ticket);
        }
        drop(ticket);
        println!("polls: {polls}, done: {done:?}");
    }
}
