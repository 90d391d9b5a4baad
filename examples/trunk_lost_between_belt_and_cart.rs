//! A porter takes a trunk off the belt and puts it on a cart that is full for
//! ten milliseconds. Look for the trunk.
//!
//! `cargo run --example trunk_lost_between_belt_and_cart`

use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::sleep;

pub struct Station {
    belt: Receiver<&'static str>,
    cart: Sender<&'static str>,
    train: Receiver<&'static str>,
}

pub async fn station() -> Station {
    let ((track, belt), (cart, train)) = (channel(2), channel(1));
    let place = cart.clone().reserve_owned().await.unwrap();
    hold(place, Duration::from_millis(10));
    tokio::spawn(async move {
        sleep(Duration::from_millis(5)).await;
        track.send("trunk").await.unwrap();
        track.send("hatbox").await.unwrap();
    });
    Station { belt, cart, train }
}

pub async fn takes_then_loads(station: &mut Station) {
    let piece = station.belt.recv().await.unwrap();
    station.cart.send(piece).await.unwrap();
}

pub async fn reserves_then_takes(station: &mut Station) {
    let place = station.cart.reserve().await.unwrap();
    place.send(station.belt.recv().await.unwrap());
}

/// What is on the cart, and then what is still on the belt.
pub async fn luggage(mut station: Station) -> Vec<&'static str> {
    let mut luggage = vec![station.train.recv().await.unwrap()];
    while let Some(piece) = station.belt.recv().await {
        luggage.push(piece);
    }
    luggage
}

fn main() {
    let report = Sweep::new().recreate(station, takes_then_loads, luggage);
    println!("takes, then loads\n{report}");
    let report = Sweep::new().recreate(station, reserves_then_takes, luggage);
    print!("reserves, then takes\n{report}");
}
