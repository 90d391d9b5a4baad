//! A write waits for the one thread, the future is dropped, and then the runtime
//! is dropped as well. Look for whether the log book exists.
//!
//! `cargo run --example queued_write_at_shutdown`

use std::time::Duration;
use std::{env, fs, io, process};

use futures::poll;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()?;
    let book = env::temp_dir().join(format!("log-book-{}", process::id()));

    runtime.block_on(async {
        let (begun, has_begun) = oneshot::channel();
        spawn_blocking(|| {
            let _ = begun.send(());
            std::thread::sleep(Duration::from_millis(300));
            println!("the thread is free");
        });
        let _ = has_begun.await;
        let _ = poll!(Box::pin(tokio::fs::write(&book, "all ashore")));
    });
    println!("the write is dropped");

    drop(runtime);
    println!("the runtime is dropped");
    println!("the log book says: {}", fs::read_to_string(&book)?);
    fs::remove_file(&book)
}
