//! Two loaves are in two ovens, for 100 and 200 ms. A second passes between the
//! first `next` and the second. Look for when the second oven is free.
//!
//! `cargo run --example unpolled_stream_stands_still`

use std::time::Duration;

use futures::stream::{self, StreamExt};
use tokio::sync::Semaphore;
use tokio::time::sleep;

async fn bake(loaf: u32, ovens: &Semaphore) -> u32 {
    let _oven = ovens.acquire().await.unwrap();
    println!("loaf {loaf} goes in");
    sleep(Duration::from_millis(100) * loaf).await;
    println!("loaf {loaf} comes out");
    loaf
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let ovens = Semaphore::new(2);
    let loaves = stream::iter([1, 2]).map(|loaf| bake(loaf, &ovens));
    let mut baked = loaves.buffer_unordered(2);

    println!("sold: {:?}", baked.next().await);
    sleep(Duration::from_secs(1)).await;
    println!("a second later, free ovens: {}", ovens.available_permits());

    println!("sold: {:?}", baked.next().await);
    println!("at once, free ovens: {}", ovens.available_permits());
}
