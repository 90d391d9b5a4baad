//! Printing five pages blocks, 300 ms for each. The caller waits only until the
//! first page has begun. Look for the page before which the printer stops.
//!
//! `cargo run --example blocking_work_asks_between_pages`

use std::time::Duration;
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;

/// Dropping this future cancels the token, which the job looks at.
pub async fn print(pages: u32, one: impl Fn(u32) + Send + 'static) -> Result<(), JoinError> {
    let token = CancellationToken::new();
    let _cancels_when_dropped = token.clone().drop_guard();

    spawn_blocking(move || {
        for page in 1..=pages {
            if token.is_cancelled() {
                return println!("stopped before page {page}");
            }
            one(page);
        }
    })
    .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (begin, mut begun) = mpsc::unbounded_channel();
    let one = move |page| {
        let _ = begin.send(page);
        std::thread::sleep(Duration::from_millis(300));
        println!("page {page} is printed");
    };

    select! {
        _ = print(5, one) => println!("all pages are printed"),
        _ = begun.recv() => println!("the first page has begun, and nobody waits"),
    }
}
