//! Two ways to send an order to a kitchen that takes nine bytes at a time, each
//! dropped at every suspension and tried again. Look for the lines that say
//! `does it twice`.
//!
//! `cargo run --example order_torn_and_order_resumed`

use cancel_sweep::{Drip, Sweep};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

pub struct World {
    pub waiter: Drip<DuplexStream>,
    pub order: &'static [u8],
    pub kitchen: DuplexStream,
}

pub async fn world() -> World {
    let (waiter, kitchen) = duplex(64);
    let (waiter, order) = (Drip::by(waiter, 9), &b"table 7: two soups"[..]);
    World {
        waiter,
        order,
        kitchen,
    }
}

pub async fn two_writes(world: &mut World) {
    world.waiter.write_all(b"table 7: ").await.unwrap();
    world.waiter.write_all(b"two soups").await.unwrap();
}

pub async fn the_rest_of_the_order(world: &mut World) {
    world.waiter.write_all_buf(&mut world.order).await.unwrap();
}

pub async fn received(mut world: World) -> Vec<String> {
    drop(world.waiter);
    let mut received = String::new();
    world.kitchen.read_to_string(&mut received).await.unwrap();
    received.split(": ").map(str::to_owned).collect()
}

fn main() {
    let report = Sweep::new().recreate(world, two_writes, received);
    println!("two writes\n{report}");
    let report = Sweep::new().recreate(world, the_rest_of_the_order, received);
    print!("the rest of the order\n{report}");
}
