//! The same three guests hire their boat, and the hire ends with its scope.
//! Look for how many boats lie at the jetty afterwards.
//!
//! `cargo run --example boat_put_back_by_a_guard`

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// There are two of them.
pub struct Boat;

struct Hire<'a>(&'a Mutex<Vec<Boat>>, Option<Boat>);

impl Drop for Hire<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().extend(self.1.take());
    }
}

async fn row(_boat: &Boat) {
    sleep(Duration::from_millis(500)).await;
}

/// Takes a boat and rows.
pub async fn trip(jetty: &Mutex<Vec<Boat>>) {
    let Some(boat) = jetty.lock().unwrap().pop() else {
        return println!("no boat left");
    };
    let hire = Hire(jetty, Some(boat));
    row(hire.1.as_ref().unwrap()).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let jetty = Mutex::new(vec![Boat, Boat]);

    for _ in 0..3 {
        let _ = timeout(Duration::from_millis(20), trip(&jetty)).await;
    }
    println!("at the jetty: {}", jetty.lock().unwrap().len());
}
