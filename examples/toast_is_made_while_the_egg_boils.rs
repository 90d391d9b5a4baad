//! Two dishes, and one thread to make them. Look for what happens between the
//! two lines about the egg.
//!
//! `cargo run --example toast_is_made_while_the_egg_boils`

use std::time::Duration;

use tokio::join;
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

    join!(egg, toast);
    println!("breakfast");
}
