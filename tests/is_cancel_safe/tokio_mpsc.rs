//! `tokio::sync::mpsc`.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

use crate::row::{Docs, Row, Word};
use crate::tokio_channels::daily;

const BUSY: Duration = Duration::from_millis(10);

/// A channel of one place, taken for a while, and our letters, the last first.
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

/// What arrived, and then what we still have.
async fn delivered_and_kept(mut post: Post) -> Vec<&'static str> {
    drop(post.sender);
    let mut letters = Vec::new();
    while let Some(letter) = post.receiver.recv().await {
        letters.push(letter);
    }
    letters.append(&mut post.letters);
    letters
}

/// A channel of which a place is taken for a while, somebody who reads it, and
/// a rival who queues for a place as soon as we wait for one.
struct Contested {
    sender: mpsc::Sender<&'static str>,
    reader: JoinHandle<Vec<&'static str>>,
    we_wait: Arc<Notify>,
}

async fn contested(places: usize) -> Contested {
    let (sender, mut receiver) = mpsc::channel(places);
    hold(sender.clone().reserve_owned().await.unwrap(), BUSY);
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
    Contested {
        sender,
        reader,
        we_wait,
    }
}

async fn read(contested: Contested) -> Vec<&'static str> {
    drop(contested.sender);
    contested.reader.await.unwrap()
}

/// The letter is inside the future: they go down together.
#[test]
fn mpsc_sender_send() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::send",
        page: "tokio/sync/mpsc/struct.Sender.html#method.send",
        verdict: Word::LosesData,
        left: "The message was dropped with the future; the channel never had it.",
        docs: Docs::Says("in that case, the message is dropped and will be lost"),
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
        delivered_and_kept,
    );
    row.holds(&report);
}

/// Run to its end, it hands the letter back; a drop beats its timer.
#[test]
fn mpsc_sender_send_timeout() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::send_timeout",
        page: "tokio/sync/mpsc/struct.Sender.html#method.send_timeout",
        verdict: Word::LosesData,
        left: "The message was dropped with the future; only its own timeout handed it back, in the error.",
        docs: Docs::Silent,
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "[`reserve`](#tokio-mpsc-sender-reserve) inside `timeout`, then `Permit::send`.",
        suspensions: 1,
    };
    let short = BUSY / 5;
    let report = Sweep::new().recreate(
        full_post,
        async |post| {
            let letter = post.letters.pop().unwrap();
            let sent = post.sender.send_timeout(letter, short).await;
            if let Err(SendTimeoutError::Timeout(letter)) = sent {
                post.letters.push(letter);
            }
        },
        delivered_and_kept,
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
        async || contested(1).await,
        async |Contested {
                   sender, we_wait, ..
               }| {
            we_wait.notify_one();
            sender.reserve().await.unwrap().send("ours");
        },
        read,
    );
    row.holds(&report);
}

/// It takes the sender with it, so a clone goes in.
#[test]
fn mpsc_sender_reserve_owned() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::reserve_owned",
        page: "tokio/sync/mpsc/struct.Sender.html#method.reserve_owned",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting senders went to the next, and the clone of the sender that it was called on was dropped.",
        docs: Docs::Says(
            "Cancelling a call to `reserve_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "Keep one pinned `reserve_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || contested(1).await,
        async |Contested {
                   sender, we_wait, ..
               }| {
            we_wait.notify_one();
            let place = sender.clone().reserve_owned().await.unwrap();
            place.send("ours");
        },
        async |contested| {
            let ours = 1;
            assert_eq!(contested.sender.strong_count(), ours);
            read(contested).await
        },
    );
    row.holds(&report);
}

/// One place is free and one is not: the free one is set aside while we wait.
#[test]
fn mpsc_sender_reserve_many() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::reserve_many",
        page: "tokio/sync/mpsc/struct.Sender.html#method.reserve_many",
        verdict: Word::LosesPlace,
        left: "The places that it had gathered went to the next waiting sender; no message was touched.",
        docs: Docs::Says(
            "Cancelling a call to `reserve_many` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "Keep one pinned `reserve_many` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || contested(2).await,
        async |Contested {
                   sender, we_wait, ..
               }| {
            we_wait.notify_one();
            for place in sender.reserve_many(2).await.unwrap() {
                place.send("ours");
            }
        },
        read,
    );
    row.holds(&report);
}

/// A channel is closed once and for all.
#[test]
fn mpsc_sender_closed() {
    let row = Row {
        api: "tokio::sync::mpsc::Sender::closed",
        page: "tokio/sync/mpsc/struct.Sender.html#method.closed",
        verdict: Word::Safe,
        left: "The channel stayed closed, and the next call returned at once.",
        docs: Docs::Says("This method is cancel safe"),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::channel::<()>(1);
            hold(receiver, BUSY);
            (sender, Vec::new())
        },
        async |(sender, heard)| {
            sender.closed().await;
            heard.push("closed");
        },
        async |(_, heard)| heard,
    );
    row.holds(&report);
}

/// What arrives between the wake-up and the drop is still there afterwards.
#[test]
fn mpsc_receiver_recv() {
    let row = Row {
        api: "tokio::sync::mpsc::Receiver::recv",
        page: "tokio/sync/mpsc/struct.Receiver.html#method.recv",
        verdict: Word::Safe,
        left: "Unreceived messages stayed in the channel.",
        docs: Docs::Says("it is guaranteed that no messages were received on this channel"),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::channel(3);
            daily(move |day| sender.try_send(day).unwrap());
            (receiver, Vec::new())
        },
        async |(receiver, received)| received.extend(receiver.recv().await),
        async |(mut receiver, mut received)| {
            while let Some(day) = receiver.recv().await {
                received.push(day);
            }
            received
        },
    );
    row.holds(&report);
}

/// The batch is inside the future: what is put there too early is gone.
#[test]
fn mpsc_receiver_recv_many() {
    let row = Row {
        api: "tokio::sync::mpsc::Receiver::recv_many",
        page: "tokio/sync/mpsc/struct.Receiver.html#method.recv_many",
        verdict: Word::Safe,
        left: "Unreceived messages stayed in the channel; the buffer had got none of them.",
        docs: Docs::Says("it is guaranteed that no messages were received on this channel"),
        source: "tokio/src/sync/mpsc/bounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::channel(6);
            daily(move |day| {
                sender.try_send((day, "morning")).unwrap();
                sender.try_send((day, "evening")).unwrap();
            });
            (receiver, Vec::new())
        },
        async |(receiver, received)| {
            let mut batch = Vec::new();
            receiver.recv_many(&mut batch, 3).await;
            received.append(&mut batch);
        },
        async |(mut receiver, mut received)| {
            while let Some(post) = receiver.recv().await {
                received.push(post);
            }
            received
        },
    );
    row.holds(&report);
}

/// What arrives between the wake-up and the drop is still there afterwards.
#[test]
fn mpsc_unbounded_receiver_recv() {
    let row = Row {
        api: "tokio::sync::mpsc::UnboundedReceiver::recv",
        page: "tokio/sync/mpsc/struct.UnboundedReceiver.html#method.recv",
        verdict: Word::Safe,
        left: "Unreceived messages stayed in the channel.",
        docs: Docs::Says("it is guaranteed that no messages were received on this channel"),
        source: "tokio/src/sync/mpsc/unbounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::unbounded_channel();
            daily(move |day| sender.send(day).unwrap());
            (receiver, Vec::new())
        },
        async |(receiver, received)| received.extend(receiver.recv().await),
        async |(mut receiver, mut received)| {
            while let Some(day) = receiver.recv().await {
                received.push(day);
            }
            received
        },
    );
    row.holds(&report);
}

/// The batch is inside the future: what is put there too early is gone.
#[test]
fn mpsc_unbounded_receiver_recv_many() {
    let row = Row {
        api: "tokio::sync::mpsc::UnboundedReceiver::recv_many",
        page: "tokio/sync/mpsc/struct.UnboundedReceiver.html#method.recv_many",
        verdict: Word::Safe,
        left: "Unreceived messages stayed in the channel; the buffer had got none of them.",
        docs: Docs::Says("it is guaranteed that no messages were received on this channel"),
        source: "tokio/src/sync/mpsc/unbounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::unbounded_channel();
            daily(move |day| {
                sender.send((day, "morning")).unwrap();
                sender.send((day, "evening")).unwrap();
            });
            (receiver, Vec::new())
        },
        async |(receiver, received)| {
            let mut batch = Vec::new();
            receiver.recv_many(&mut batch, 3).await;
            received.append(&mut batch);
        },
        async |(mut receiver, mut received)| {
            while let Some(post) = receiver.recv().await {
                received.push(post);
            }
            received
        },
    );
    row.holds(&report);
}

/// A channel is closed once and for all.
#[test]
fn mpsc_unbounded_sender_closed() {
    let row = Row {
        api: "tokio::sync::mpsc::UnboundedSender::closed",
        page: "tokio/sync/mpsc/struct.UnboundedSender.html#method.closed",
        verdict: Word::Safe,
        left: "The channel stayed closed, and the next call returned at once.",
        docs: Docs::Says("This method is cancel safe"),
        source: "tokio/src/sync/mpsc/unbounded.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = mpsc::unbounded_channel::<()>();
            hold(receiver, BUSY);
            (sender, Vec::new())
        },
        async |(sender, heard)| {
            sender.closed().await;
            heard.push("closed");
        },
        async |(_, heard)| heard,
    );
    row.holds(&report);
}
