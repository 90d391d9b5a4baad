//! Soup and stew are ordered, and the kitchen is told to close while the soup
//! is cooking. The token is a branch inside the loop.
//!
//! `cargo run --example token_inside_the_loop`

use std::time::Duration;
use tokio::{select, sync::mpsc, time::sleep};
use tokio_util::sync::CancellationToken;

pub async fn kitchen(mut orders: mpsc::Receiver<&str>, closing: CancellationToken) {
    while let Some(order) = select! {
        biased;
        () = closing.cancelled() => None,
        order = orders.recv() => order,
    } {
        println!("{order} is cooking");
        sleep(Duration::from_secs(1)).await;
        println!("{order} is served");
    }
    println!("the kitchen is clean");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (waiter, orders) = mpsc::channel(2);
    let closing = CancellationToken::new();
    let kitchen = tokio::spawn(kitchen(orders, closing.clone()));

    for order in ["soup", "stew"] {
        waiter.send(order).await.expect("the kitchen is open");
    }
    sleep(Duration::from_millis(200)).await;
    closing.cancel();
    kitchen.await.expect("the kitchen does not panic");
}
