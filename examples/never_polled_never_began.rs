//! Look at the oven: a future dropped before its first poll lets go of its
//! arguments, and not one line of its body has run.
//!
//! `cargo run --example never_polled_never_began`

use std::time::Duration;

/// What a customer wants.
pub struct Order(pub &'static str);

impl Drop for Order {
    fn drop(&mut self) {
        println!("tear up the order for {}", self.0);
    }
}

/// Puts it into the oven, then waits until it is done.
pub async fn bake(order: Order, oven: &mut Vec<&'static str>) {
    oven.push(order.0);
    tokio::time::sleep(Duration::from_secs(10)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut oven = Vec::new();

    drop(bake(Order("bread"), &mut oven));
    println!("never polled: the oven holds {oven:?}");

    let limit = Duration::from_millis(200);
    let _ = tokio::time::timeout(limit, bake(Order("cake"), &mut oven)).await;
    println!("polled, then dropped: the oven holds {oven:?}");
}
