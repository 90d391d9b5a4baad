//! You get up to go to the counter, and somebody gets up behind you. Look at who
//! is served first, and at what the verdict calls it.
//!
//! `cargo run --example last_in_line_after_a_cut`

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::{Mutex, Notify};
use tokio::time::sleep;

/// Writes down whom it serves.
pub type Counter = Arc<Mutex<Vec<&'static str>>>;

pub async fn busy_counter() -> (Counter, Arc<Notify>) {
    let (counter, chair) = (Counter::default(), Arc::new(Notify::new()));
    hold(
        counter.clone().lock_owned().await,
        Duration::from_millis(10),
    );
    let (theirs, creaks) = (counter.clone(), chair.clone());
    tokio::spawn(async move {
        creaks.notified().await;
        theirs.lock().await.push("the other one");
    });
    (counter, chair)
}

pub async fn queue((counter, chair): &mut (Counter, Arc<Notify>)) {
    chair.notify_one();
    counter.lock().await.push("you");
}

pub async fn served((counter, _): (Counter, Arc<Notify>)) -> Vec<&'static str> {
    sleep(Duration::from_secs(60)).await;
    counter.lock().await.clone()
}

fn main() {
    let report = Sweep::new().recreate(busy_counter, queue, served);
    print!("{report}");
    println!("verdict: {}", report.verdict());
}
