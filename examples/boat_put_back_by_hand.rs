//! Three guests take a boat out, and each is called back by a thunderstorm.
//! Look for how many boats lie at the jetty afterwards.
//!
//! `cargo run --example boat_put_back_by_hand`

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// There are two of them.
pub struct Boat;

async fn row(_boat: &Boat) {
    sleep(Duration::from_millis(500)).await;
}

/// Takes a boat, rows, and puts it back.
pub async fn trip(jetty: &Mutex<Vec<Boat>>) {
    let Some(boat) = jetty.lock().unwrap().pop() else {
        return println!("no boat left");
    };
    row(&boat).await;
    jetty.lock().unwrap().push(boat);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let jetty = Mutex::new(vec![Boat, Boat]);

    for _ in 0..3 {
        let _ = timeout(Duration::from_millis(20), trip(&jetty)).await;
    }
    println!("at the jetty: {}", jetty.lock().unwrap().len());
}
