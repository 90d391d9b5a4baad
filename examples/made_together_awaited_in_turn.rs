//! Both dishes are called for, and then awaited one after the other. Look for
//! where the bread is while the egg boils.
//!
//! `cargo run --example made_together_awaited_in_turn`

use std::time::Duration;

use tokio::time::sleep;

pub async fn boil_egg() {
    println!("the egg is in the water");
    sleep(Duration::from_millis(600)).await;
    println!("the egg is done");
}

pub async fn toast_bread() {
    println!("the bread is in the toaster");
    sleep(Duration::from_millis(300)).await;
    println!("the toast is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let egg = boil_egg();
    let toast = toast_bread();

    egg.await;
    toast.await;
    println!("breakfast");
}
