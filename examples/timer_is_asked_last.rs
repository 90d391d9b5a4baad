//! No time at all for the first future, and far too little for the second.
//! Does either of them time out?
//!
//! `cargo run --example timer_is_asked_last`

use tokio::time::{Duration, Instant, timeout};

const LIMIT: Duration = Duration::from_millis(100);

async fn count_the_votes() -> &'static str {
    std::thread::sleep(LIMIT * 5);
    "all counted"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let result = timeout(Duration::ZERO, async { "no need to count" }).await;
    println!("{result:?}");

    let start = Instant::now();
    let result = timeout(LIMIT, count_the_votes()).await;
    println!("{result:?}");
    println!("too late: {}", start.elapsed() > LIMIT * 4);
}
