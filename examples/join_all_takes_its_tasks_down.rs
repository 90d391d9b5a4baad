//! Three walkers are waited for, and the wait is given up when one is home:
//! first in a loop of our own, then in `join_all`. Look for who comes home.
//!
//! `cargo run --example join_all_takes_its_tasks_down`

use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_millis(300);

fn walkers() -> JoinSet<&'static str> {
    let mut walkers = JoinSet::new();
    for (time, name) in [(150, "anna"), (450, "ben"), (600, "cleo")] {
        walkers.spawn(async move {
            sleep(Duration::from_millis(time)).await;
            println!("  {name} is home");
            name
        });
    }
    walkers
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("join_next in a loop:");
    let (mut set, mut home) = (walkers(), Vec::new());
    let wait = async {
        while let Some(name) = set.join_next().await {
            home.push(name.unwrap());
        }
    };
    let _ = timeout(PATIENCE, wait).await;
    println!("  given up, with {home:?}");
    home.extend(set.join_all().await);
    println!("  waited again, and have {home:?}");

    println!("join_all:");
    let home = timeout(PATIENCE, walkers().join_all()).await;
    println!("  given up, with {:?}", home.unwrap_or_default());
    sleep(Duration::from_millis(600)).await;
    println!("  nobody else comes");
}
