//! The same transfer waits for both accounts before it changes either, and is
//! dropped in the same places. Look at the sums.
//!
//! `cargo run --example transfer_waits_then_changes`

use futures::poll;
use tokio::sync::Mutex;

/// Waits for both accounts, then moves the money.
pub async fn transfer(amount: u32, from: &Mutex<u32>, to: &Mutex<u32>) {
    let mut from = from.lock().await;
    let mut to = to.lock().await;
    *from -= amount;
    *to += amount;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for polls in 0.. {
        let (alice, bob) = (Mutex::new(100), Mutex::new(0));
        // Somebody is busy with each account, so that the transfer has to wait.
        let mut busy = vec![bob.lock().await, alice.lock().await];

        let mut future = Box::pin(transfer(50, &alice, &bob));
        let mut completed = false;
        for _ in 0..polls {
            completed = poll!(&mut future).is_ready();
            busy.pop();
        }
        drop(future);
        drop(busy);

        let (alice, bob) = (alice.into_inner(), bob.into_inner());
        let sum = alice + bob;
        println!("polls: {polls}, completed: {completed}, {alice} + {bob} = {sum}");
        if completed {
            break;
        }
    }
}
