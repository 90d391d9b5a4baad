//! One point of a sweep and no other, with a line of output for each step. What
//! does it print?
//!
//! `cargo run --example one_point_runs_alone`

use cancel_sweep::{Cut, Sweep, suspend};

pub struct Bank {
    pub alice: u32,
    pub bob: u32,
}

pub async fn transfer(bank: &mut Bank) {
    println!("asking the fraud department");
    suspend().await;
    println!("taking the money from Alice");
    bank.alice -= 30;
    suspend().await;
    println!("giving it to Bob");
    bank.bob += 30;
}

fn main() {
    let report = Sweep::new().only([Cut::Woken(2)]).conserved(
        async || Bank { alice: 100, bob: 0 },
        transfer,
        async |bank| bank.alice + bank.bob,
    );
    print!("{report}");
}
