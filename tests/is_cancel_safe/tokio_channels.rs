//! The channels of `tokio::sync` but for `mpsc`.

use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// Posts on three days, then hangs up.
pub fn daily(post: impl Fn(u32) + Send + 'static) {
    tokio::spawn(async move {
        for day in 1..=3 {
            sleep(BUSY).await;
            post(day);
        }
    });
}

/// Someone who answers once, and what happened to the answer.
struct Question {
    receiver: Option<oneshot::Receiver<&'static str>>,
    answered: JoinHandle<Result<(), &'static str>>,
    happened: Vec<(&'static str, &'static str)>,
}

async fn question() -> Question {
    let (sender, receiver) = oneshot::channel();
    let answered = tokio::spawn(async move {
        sleep(BUSY).await;
        sender.send("yes")
    });
    Question {
        receiver: Some(receiver),
        answered,
        happened: Vec::new(),
    }
}

async fn happened(mut question: Question) -> Vec<(&'static str, &'static str)> {
    if let Err(answer) = question.answered.await.unwrap() {
        question.happened.push(("back to its sender", answer));
    }
    question.happened
}

/// The receiver is the future, and goes down with it.
#[test]
fn oneshot_receiver() {
    let row = Row {
        api: "tokio::sync::oneshot::Receiver",
        page: "tokio/sync/oneshot/struct.Receiver.html",
        verdict: Word::LosesData,
        left: "A message that had been sent was dropped with the receiver; one that was sent later came back to its sender as an error.",
        docs: Docs::Says("To use a `Receiver` in a `tokio::select!` loop, add `&mut` in front"),
        source: "tokio/src/sync/oneshot.rs",
        instead: "[`&mut Receiver`](#ref-tokio-sync-oneshot-receiver).",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        question,
        async |question| {
            if let Some(receiver) = question.receiver.take() {
                let answer = receiver.await.unwrap();
                question.happened.push(("received", answer));
            }
        },
        happened,
    );
    row.holds(&report);
}

/// Only the borrow is dropped: the channel stays open for the answer.
#[test]
fn oneshot_receiver_by_reference() {
    let row = Row {
        api: "&mut tokio::sync::oneshot::Receiver",
        page: "tokio/sync/oneshot/struct.Receiver.html",
        verdict: Word::Safe,
        left: "The message stayed in the channel, or could still be sent.",
        docs: Docs::Says("Awaiting a `&mut Receiver<T>` is cancel safe"),
        source: "tokio/src/sync/oneshot.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        question,
        async |question| {
            if let Some(receiver) = &mut question.receiver {
                let answer = receiver.await.unwrap();
                question.happened.push(("received", answer));
            }
        },
        happened,
    );
    row.holds(&report);
}

/// A channel is closed once and for all.
#[test]
fn oneshot_sender_closed() {
    let row = Row {
        api: "tokio::sync::oneshot::Sender::closed",
        page: "tokio/sync/oneshot/struct.Sender.html#method.closed",
        verdict: Word::Safe,
        left: "The channel stayed closed, and the next call returned at once.",
        docs: Docs::Says("This function is useful when paired with `select!`"),
        source: "tokio/src/sync/oneshot.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = oneshot::channel::<()>();
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

/// Each receiver has a place of its own in the channel, and keeps it.
#[test]
fn broadcast_receiver_recv() {
    let row = Row {
        api: "tokio::sync::broadcast::Receiver::recv",
        page: "tokio/sync/broadcast/struct.Receiver.html#method.recv",
        verdict: Word::Safe,
        left: "Unreceived messages stayed in the channel.",
        docs: Docs::Says("it is guaranteed that no messages were received on this channel"),
        source: "tokio/src/sync/broadcast.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = broadcast::channel(4);
            daily(move |day| assert_eq!(sender.send(day).unwrap(), 1));
            (receiver, Vec::new())
        },
        async |(receiver, received)| received.push(receiver.recv().await),
        async |(mut receiver, mut received)| {
            while received.last().is_none_or(Result::is_ok) {
                received.push(receiver.recv().await);
            }
            received
        },
    );
    row.holds(&report);
}

/// The last receiver leaves, and none comes back.
#[test]
fn broadcast_sender_closed() {
    let row = Row {
        api: "tokio::sync::broadcast::Sender::closed",
        page: "tokio/sync/broadcast/struct.Sender.html#method.closed",
        verdict: Word::Safe,
        left: "The channel was still without receivers, and the next call returned at once.",
        docs: Docs::Silent,
        source: "tokio/src/sync/broadcast.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = broadcast::channel::<()>(1);
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

/// A value counts as seen when the call returns, and not before.
#[test]
fn watch_receiver_changed() {
    let row = Row {
        api: "tokio::sync::watch::Receiver::changed",
        page: "tokio/sync/watch/struct.Receiver.html#method.changed",
        verdict: Word::Safe,
        left: "A value that had come in the meantime still counted as unseen.",
        docs: Docs::Says("it is guaranteed that no values have been marked seen by this call"),
        source: "tokio/src/sync/watch.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = watch::channel(0);
            daily(move |degrees| sender.send(degrees).unwrap());
            (receiver, Vec::new())
        },
        async |(receiver, seen)| {
            receiver.changed().await.unwrap();
            seen.push(*receiver.borrow());
        },
        async |(mut receiver, mut seen)| {
            while receiver.changed().await.is_ok() {
                seen.push(*receiver.borrow());
            }
            seen
        },
    );
    row.holds(&report);
}

/// It suspends once for each value, and asks about the latest when made again.
#[test]
fn watch_receiver_wait_for() {
    let row = Row {
        api: "tokio::sync::watch::Receiver::wait_for",
        page: "tokio/sync/watch/struct.Receiver.html#method.wait_for",
        verdict: Word::Safe,
        left: "The value that it waited for was still in the channel, and the next call returned it.",
        docs: Docs::Says("it is guaranteed that the last seen value `val` (if any) satisfies"),
        source: "tokio/src/sync/watch.rs",
        instead: "",
        suspensions: 2,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = watch::channel(0);
            daily(move |degrees| sender.send(degrees).unwrap());
            (receiver, Vec::new())
        },
        async |(receiver, seen)| {
            let warm = receiver.wait_for(|degrees| *degrees == 2).await;
            seen.push(*warm.unwrap());
        },
        async |(mut receiver, mut seen)| {
            while receiver.changed().await.is_ok() {
                seen.push(*receiver.borrow());
            }
            seen
        },
    );
    row.holds(&report);
}

/// The last receiver leaves, and none comes back.
#[test]
fn watch_sender_closed() {
    let row = Row {
        api: "tokio::sync::watch::Sender::closed",
        page: "tokio/sync/watch/struct.Sender.html#method.closed",
        verdict: Word::Safe,
        left: "The channel was still without receivers, and the next call returned at once.",
        docs: Docs::Says("This method is cancel safe"),
        source: "tokio/src/sync/watch.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sender, receiver) = watch::channel("open");
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
