//! `tokio::sync`.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::{Mutex, Notify, mpsc};

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// A channel of one place, taken for a while.
struct Post {
    sender: mpsc::Sender<&'static str>,
    receiver: mpsc::Receiver<&'static str>,
    letters: Vec<&'static str>,
}

async fn full_post() -> Post {
    let (sender, receiver) = mpsc::channel(1);
    let place = sender.clone().reserve_owned().await.unwrap();
    hold(place, BUSY);
    Post {
        sender,
        receiver,
        letters: vec!["second", "first"],
    }
}

async fn delivered(mut post: Post) -> Vec<&'static str> {
    drop(post.sender);
    let mut letters = Vec::new();
    while let Some(letter) = post.receiver.recv().await {
        letters.push(letter);
    }
    letters
}

/// The letter is inside the future: they go down together.
#[test]
fn mpsc_sender_send() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::send",
        page: "tokio/sync/mpsc/struct.Sender.html#method.send",
        verdict: Word::LosesData,
        left: "The message was dropped with the future; the channel never had it.",
        docs: Docs::Says("then it is guaranteed that the message was not sent"),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "[`reserve`](#tokio-mpsc-sender-reserve), then `Permit::send`.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        full_post,
        async |post| {
            if let Some(letter) = post.letters.pop() {
                post.sender.send(letter).await.unwrap();
            }
        },
        delivered,
    );
    row.holds(&report);
}

/// Whoever waits for a place is in a queue; the message is not in it yet.
#[test]
fn mpsc_sender_reserve() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::reserve",
        page: "tokio/sync/mpsc/struct.Sender.html#method.reserve",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting senders went to the next; the message was not touched.",
        docs: Docs::Says("Cancelling a call to `reserve` makes you lose your place in the queue"),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "Keep one pinned `reserve` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let Post {
                sender,
                mut receiver,
                ..
            } = full_post().await;
            let reader = tokio::spawn(async move {
                let mut letters = Vec::new();
                while let Some(letter) = receiver.recv().await {
                    letters.push(letter);
                }
                letters
            });
            let we_wait = Arc::new(Notify::new());
            let (rival, signal) = (sender.clone(), Arc::clone(&we_wait));
            tokio::spawn(async move {
                signal.notified().await;
                rival.send("the rival's").await.unwrap();
            });
            (sender, reader, we_wait)
        },
        async |(sender, _, we_wait)| {
            we_wait.notify_one();
            sender.reserve().await.unwrap().send("ours");
        },
        async |(sender, reader, _)| {
            drop(sender);
            reader.await.unwrap()
        },
    );
    row.holds(&report);
}

/// The queue is fair, and whoever leaves it starts at its end.
#[test]
fn mutex_lock() {
    let row = Row {
        api: "tokio::sync::Mutex::lock",
        page: "tokio/sync/struct.Mutex.html#method.lock",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting tasks went to the next; what the lock protects was not touched.",
        docs: Docs::Says("Cancelling a call to `lock` makes you lose your place in the queue"),
        source: "tokio/src/sync/mutex.rs",
        instead: "Keep one pinned `lock` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let order = Arc::new(Mutex::new(Vec::new()));
            hold(Arc::clone(&order).lock_owned().await, BUSY);
            let we_wait = Arc::new(Notify::new());
            let (rival, signal) = (Arc::clone(&order), Arc::clone(&we_wait));
            tokio::spawn(async move {
                signal.notified().await;
                rival.lock().await.push("rival");
            });
            (order, we_wait)
        },
        async |(order, we_wait)| {
            we_wait.notify_one();
            order.lock().await.push("we");
        },
        async |(order, _)| {
            tokio::time::sleep(BUSY).await; // the rival has its turn
            order.lock().await.clone()
        },
    );
    row.holds(&report);
}
