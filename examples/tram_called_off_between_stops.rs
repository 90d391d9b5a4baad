//! A tram is called off half-way to its second stop: once the driver looks at a
//! flag, once the ride is in a `select!`. Look for who gets to the second stop.
//!
//! `cargo run --example tram_called_off_between_stops`

use std::time::Duration;

use tokio::time::sleep;
use tokio::{join, select};
use tokio_util::sync::CancellationToken;

async fn ride(stop: u32) {
    sleep(Duration::from_millis(400)).await;
    println!("at stop {stop}");
}

/// Looks between two stops.
pub async fn with_a_flag(called_off: &CancellationToken) {
    for stop in 1.. {
        if called_off.is_cancelled() {
            break;
        }
        ride(stop).await;
    }
}

/// Listens all the time.
pub async fn with_select(called_off: &CancellationToken) {
    for stop in 1.. {
        select! {
            () = called_off.cancelled() => break,
            () = ride(stop) => {}
        }
    }
}

async fn call_off(tram: &CancellationToken) {
    sleep(Duration::from_millis(600)).await;
    println!("called off");
    tram.cancel();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("with a flag");
    let tram = CancellationToken::new();
    join!(with_a_flag(&tram), call_off(&tram));

    println!("with select!");
    let tram = CancellationToken::new();
    join!(with_select(&tram), call_off(&tram));
}
