//! Look at the two balances: the guard puts the money back when the transfer
//! panics. This transfer is cancelled.
//!
//! `cargo run --example commit_unless_panicking`

use std::cell::Cell;
use std::time::Duration;

struct Transaction<'a> {
    account: &'a Cell<u32>,
    before: u32,
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.account.set(self.before);
        }
    }
}

/// Takes the money here, waits for the bank, gives it there.
pub async fn transfer(amount: u32, from: &Cell<u32>, to: &Cell<u32>) {
    let before = from.get();
    let _transaction = Transaction {
        account: from,
        before,
    };
    from.set(before - amount);
    tokio::time::sleep(Duration::from_secs(10)).await;
    to.set(to.get() + amount);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (alice, bob) = (Cell::new(100), Cell::new(0));
    let limit = Duration::from_millis(200);

    let _ = tokio::time::timeout(limit, transfer(50, &alice, &bob)).await;
    println!("alice has {}, bob has {}", alice.get(), bob.get());
}
