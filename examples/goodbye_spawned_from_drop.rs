//! Look at what the harbour hears: the goodbye that `drop` spawns arrives after
//! a cancellation, and is lost when the runtime shuts down.
//!
//! `cargo run --example goodbye_spawned_from_drop`

use std::time::Duration;

use tokio::sync::mpsc;

/// The harbour waits for its last words.
pub struct Radio(pub mpsc::Sender<&'static str>);

impl Drop for Radio {
    fn drop(&mut self) {
        let harbour = self.0.clone();
        tokio::spawn(async move {
            let _ = harbour.send("over and out").await;
        });
    }
}

/// A long night.
pub async fn keep_watch(_radio: Radio) {
    tokio::time::sleep(Duration::from_secs(10)).await;
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (radio, mut harbour) = mpsc::channel(1);

    runtime.block_on(async {
        let a_moment = Duration::from_millis(200);

        let _ = tokio::time::timeout(a_moment, keep_watch(Radio(radio.clone()))).await;
        println!("after the cancellation: {:?}", harbour.recv().await);

        tokio::spawn(keep_watch(Radio(radio)));
        tokio::time::sleep(a_moment).await;
    });

    drop(runtime);
    println!("after the shutdown: {:?}", harbour.blocking_recv());
}
