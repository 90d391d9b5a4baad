//! The first branch is switched off by `if false`. Is `open_gate()` called?
//!
//! `cargo run --example disabled_branch_still_evaluates`

use std::future::{Ready, ready};
use tokio::select;

fn open_gate() -> Ready<()> {
    println!("the gate opens");
    ready(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    select! {
        _ = open_gate(), if false => println!("through the gate"),
        _ = ready(()) => println!("along the road"),
    }
}
