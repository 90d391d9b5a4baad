//! The same belt and the same bell, but now each parcel is weighed before it is
//! handed over, which takes a second. Look for what arrives.
//!
//! `cargo run --example weighed_next_loses_parcels`

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

/// Takes the next parcel and weighs it.
pub async fn next_weighed(belt: &mut (impl Stream<Item = u32> + Unpin)) -> Option<u32> {
    let parcel = belt.next().await?;
    sleep(PERIOD * 50).await; // on the scales
    Some(parcel)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut belt, mut bell) = (belt(), interval(PERIOD));
    let (mut arrived, mut rings) = (Vec::new(), 0);
    loop {
        select! {
            parcel = next_weighed(&mut belt) => match parcel {
                Some(parcel) => arrived.push(parcel),
                None => break,
            },
            _ = bell.tick() => rings += 1,
        }
    }
    println!("the bell rang more than four times: {}", rings > 4);
    println!("arrived: {arrived:?}");
}
