//! One thread for blocking work, and two jobs for it. Both are aborted when
//! the first has begun. Look for the one that is carried out all the same.
//!
//! `cargo run --example abort_reaches_only_the_queue`

use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()?;

    runtime.block_on(async {
        let (begun, has_begun) = oneshot::channel();
        let first = spawn_blocking(|| {
            let _ = begun.send(());
            std::thread::sleep(Duration::from_millis(300));
            println!("the first poster is printed");
        });
        let second = spawn_blocking(|| println!("the second poster is printed"));

        let _ = has_begun.await;
        first.abort();
        second.abort();
        println!("both are aborted");

        println!("the first job: {:?}", first.await);
        let cancelled = second.await.is_err_and(|error| error.is_cancelled());
        println!("the second job was cancelled: {cancelled}");
    });
    Ok(())
}
