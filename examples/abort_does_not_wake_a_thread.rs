//! Two tasks sleep for ten seconds, and both are aborted at once. Look for the
//! one that is still asleep half a second later.
//!
//! `cargo run --example abort_does_not_wake_a_thread`

use std::sync::mpsc;
use std::time::Duration;

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()?;
    let (begun, has_begun) = mpsc::channel();
    let also_begun = begun.clone();

    let blocking = runtime.spawn(async move {
        let _ = begun.send(());
        std::thread::sleep(Duration::from_secs(10));
    });
    let waiting = runtime.spawn(async move {
        let _ = also_begun.send(());
        tokio::time::sleep(Duration::from_secs(10)).await;
    });
    has_begun.iter().take(2).for_each(drop);

    blocking.abort();
    waiting.abort();
    std::thread::sleep(Duration::from_millis(500));
    println!(
        "the task in std::thread::sleep ended: {}",
        blocking.is_finished()
    );
    println!(
        "the task in tokio::time::sleep ended: {}",
        waiting.is_finished()
    );

    // Returning from `main` would drop the runtime and wait for the sleeper.
    runtime.shutdown_background();
    Ok(())
}
