//! Moves 50 from one account to the other, and drops the transfer wherever it
//! can be dropped. Look for the line in which money is missing.
//!
//! `cargo run --example transfer_changes_as_it_goes`

use futures::poll;
use tokio::sync::Mutex;

/// Takes the money from one account and gives it to the other.
pub async fn transfer(amount: u32, from: &Mutex<u32>, to: &Mutex<u32>) {
    *from.lock().await -= amount;
    *to.lock().await += amount;
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
