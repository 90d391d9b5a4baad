//! Look at what the harbour hears now: whoever owns the radio closes it, in
//! async code that nobody cancels.
//!
//! `cargo run --example goodbye_closed_explicitly`

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// The harbour waits for its last words.
pub struct Radio(pub mpsc::Sender<&'static str>);

impl Radio {
    /// Says them.
    pub async fn close(self) {
        let _ = self.0.send("over and out").await;
    }
}

async fn keep_watch(_radio: &Radio) {
    tokio::time::sleep(Duration::from_secs(10)).await;
}

/// Owns the radio: whatever ends the watch, the radio is closed.
pub async fn sailor(radio: Radio, relieved: oneshot::Receiver<()>) {
    tokio::select! {
        () = keep_watch(&radio) => {}
        _ = relieved => {}
    }
    radio.close().await;
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (radio, mut harbour) = mpsc::channel(1);

    runtime.block_on(async {
        let (relieve, relieved) = oneshot::channel();
        let sailor = tokio::spawn(sailor(Radio(radio), relieved));
        tokio::time::sleep(Duration::from_millis(200)).await;

        relieve.send(()).unwrap();
        sailor.await.unwrap();
    });

    drop(runtime);
    println!("after the shutdown: {:?}", harbour.blocking_recv());
}
