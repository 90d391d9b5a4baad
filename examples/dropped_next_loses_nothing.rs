//! Four parcels come down a belt, one every 100 ms. A bell rings every 20 ms,
//! and each time the `next` that was waiting is dropped. Look for what arrives.
//!
//! `cargo run --example dropped_next_loses_nothing`

use futures::Stream;
use futures::stream::{self, StreamExt};
use tokio::select;
use tokio::time::{Duration, interval, sleep};

const PERIOD: Duration = Duration::from_millis(20);

fn belt() -> impl Stream<Item = u32> + Unpin {
    let parcels = stream::iter(1..=4).then(async |parcel| {
        sleep(PERIOD * 5).await;
        parcel
    });
    Box::pin(parcels)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut belt, mut bell) = (belt(), interval(PERIOD));
    let (mut arrived, mut rings) = (Vec::new(), 0);
    loop {
        select! {
            parcel = belt.next() => match parcel {
                Some(parcel) => arrived.push(parcel),
                None => break,
            },
            _ = bell.tick() => rings += 1,
        }
    }
    println!("the bell rang more than four times: {}", rings > 4);
    println!("arrived: {arrived:?}");
}
