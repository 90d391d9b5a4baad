//! A write to disk has to wait for a thread, and its future is dropped while it
//! waits. Look for what is on disk in the end.
//!
//! `cargo run --example cancelled_write_lands_anyway`

use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, io, process};

use tokio::task::spawn_blocking;
use tokio::time::timeout;

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(1)
        .build()?;
    let book = env::temp_dir().join(format!("log-book-{}", process::id()));

    runtime.block_on(async {
        let (release, held) = mpsc::channel::<()>();
        spawn_blocking(move || held.recv());

        let write = tokio::fs::write(&book, "all ashore");
        let cut = timeout(Duration::from_millis(50), write).await;
        println!("given up: {}", cut.is_err());
        println!("the log book exists: {}", book.exists());

        release.send(()).unwrap();
        // The one thread takes its jobs in order, so the write is behind us.
        spawn_blocking(|| ()).await?;
        println!("the log book says: {}", fs::read_to_string(&book)?);
        fs::remove_file(&book)
    })
}
