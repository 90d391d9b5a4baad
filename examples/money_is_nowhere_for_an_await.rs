//! A transfer asks the fraud department and writes in a journal, which takes
//! time. Look for the sums, and for where the money was.
//!
//! `cargo run --example money_is_nowhere_for_an_await`

use cancel_sweep::{Sweep, suspend};

pub struct Bank {
    pub alice: u32,
    pub bob: u32,
}

pub async fn bank() -> Bank {
    Bank { alice: 100, bob: 0 }
}

pub async fn changes_as_it_goes(bank: &mut Bank) {
    suspend().await; // the fraud department
    bank.alice -= 30;
    suspend().await; // the journal
    bank.bob += 30;
}

pub async fn waits_then_changes(bank: &mut Bank) {
    suspend().await; // the fraud department
    suspend().await; // the journal
    bank.alice -= 30;
    bank.bob += 30;
}

pub async fn sum(bank: &Bank) -> u32 {
    bank.alice + bank.bob
}

fn main() {
    let report = Sweep::new().conserved(bank, changes_as_it_goes, sum);
    println!("changes as it goes\n{report}");
    let report = Sweep::new().conserved(bank, waits_then_changes, sum);
    print!("waits, then changes\n{report}");
}
