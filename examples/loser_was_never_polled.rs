//! The first branch is ready at once, so nobody ever polls the second one.
//! How much of `deliver` happens?
//!
//! `cargo run --example loser_was_never_polled`

use std::future::ready;
use tokio::select;

struct Parcel;

impl Drop for Parcel {
    fn drop(&mut self) {
        println!("the parcel is dropped");
    }
}

async fn deliver(_parcel: Parcel) {
    println!("the delivery begins");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    select! {
        biased;
        _ = ready(()) => println!("the door was open"),
        _ = deliver(Parcel) => println!("the parcel is delivered"),
    }
}
