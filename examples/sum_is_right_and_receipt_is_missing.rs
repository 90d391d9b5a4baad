//! A transfer that changes both accounts at once and then prints a receipt. Two
//! sweeps ask two questions about it. What are the two verdicts?
//!
//! `cargo run --example sum_is_right_and_receipt_is_missing`

use cancel_sweep::{Cut, Sweep, suspend};

pub struct Bank {
    pub alice: u32,
    pub bob: u32,
    pub receipts: u32,
}

pub async fn bank() -> Bank {
    Bank {
        alice: 100,
        bob: 0,
        receipts: 0,
    }
}

pub async fn transfer(bank: &mut Bank) {
    suspend().await; // the fraud department
    bank.alice -= 30;
    bank.bob += 30;
    suspend().await; // the printer
    bank.receipts += 30;
}

pub async fn sum(bank: &Bank) -> u32 {
    bank.alice + bank.bob
}

pub async fn has_a_receipt(bank: Bank, _: Cut) -> Result<(), String> {
    if bank.receipts != bank.bob {
        return Err(format!("{} arrived, {} receipted", bank.bob, bank.receipts));
    }
    Ok(())
}

fn main() {
    let report = Sweep::new().conserved(bank, transfer, sum);
    println!("the sum: {}", report.verdict());
    let report = Sweep::new().check(bank, transfer, has_a_receipt);
    println!("the receipt: {}", report.verdict());
}
