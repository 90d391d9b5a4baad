//! Two boats are called back, and each needs a while to moor.
//! Look for the moment at which `main` goes on.
//!
//! `cargo run --example tracker_waits_for_the_cleanup`

use std::time::Duration;
use tokio::time::sleep;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

async fn boat(name: &str, mooring: Duration, recalled: CancellationToken) {
    recalled.cancelled().await;
    sleep(mooring).await;
    println!("the {name} is moored");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let token = CancellationToken::new();
    let tracker = TaskTracker::new();
    for (name, millis) in [("tug", 100), ("ferry", 500)] {
        let mooring = Duration::from_millis(millis);
        tracker.spawn(boat(name, mooring, token.child_token()));
    }

    token.cancel();
    println!("all boats are recalled");
    tracker.close();
    tracker.wait().await;
    println!("the harbour is closed");
}
