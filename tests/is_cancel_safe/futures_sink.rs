//! `futures::sink` and `futures::channel`.

use std::future::poll_fn;
use std::time::Duration;

use cancel_sweep::{Drip, Sweep};
use futures::channel::{mpsc, oneshot};
use futures::io::{AsyncWriteExt, IntoSink};
use futures::sink::SinkExt;
use futures::stream::{self, StreamExt};
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};

use crate::futures_stream::{arriving, read_slowly, sweep_next};
use crate::row::{Docs, Row, Word};

/// A channel that is full until its slow reader begins.
struct Post {
    sender: mpsc::Sender<char>,
    reader: JoinHandle<Vec<char>>,
    letters: Vec<char>,
}

async fn full_post() -> Post {
    let (mut sender, receiver) = mpsc::channel(0);
    sender.try_send('a').unwrap();
    Post {
        sender,
        reader: read_slowly(receiver),
        letters: vec!['b'],
    }
}

async fn delivered(post: Post) -> Vec<char> {
    drop(post.sender);
    post.reader.await.unwrap()
}

/// A sink that writes byte by byte, and its other end.
type Wire = (
    IntoSink<Compat<Drip<DuplexStream>>, &'static str>,
    DuplexStream,
);

async fn wire() -> Wire {
    let (ours, theirs) = tokio::io::duplex(64);
    (Drip::new(ours).compat_write().into_sink(), theirs)
}

async fn wire_with_a_line() -> Wire {
    let (mut wire, peer) = wire().await;
    wire.feed("hello").await.unwrap();
    (wire, peer)
}

/// What the peer reads, to the end of it.
async fn arrived((wire, mut peer): Wire) -> Vec<u8> {
    drop(wire);
    let mut bytes = Vec::new();
    peer.read_to_end(&mut bytes).await.unwrap();
    bytes
}

/// The item is in the sink before the flush, and whoever is cut cannot tell.
#[test]
fn send() {
    let row = Row {
        api: "futures::sink::SinkExt::send",
        page: "futures/sink/trait.SinkExt.html#method.send",
        verdict: Word::DoesTwice,
        left: "Cut while it flushed, the item was in the sink already; sent again, it went out twice.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "[`feed`](#futures-sink-sinkext-feed), then [`flush`](#futures-sink-sinkext-flush).",
        suspensions: 6,
    };
    let report = Sweep::new().recreate(
        wire,
        async |(wire, _)| wire.send("hello").await.unwrap(),
        arrived,
    );
    row.holds(&report);
}

/// The letter is inside the future until there is room for it.
#[test]
fn mpsc_sender_send() {
    let row = Row {
        api: "futures::channel::mpsc::Sender::send",
        page: "futures/channel/mpsc/struct.Sender.html",
        verdict: Word::LosesData,
        left: "Cut while the channel was full, the message was dropped with the future; cut later, while it flushed, the message was in the channel.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "[`poll_ready_unpin`](#futures-sink-sinkext-poll-ready-unpin) in a `poll_fn`, then `start_send`.",
        suspensions: 2,
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

/// Its only suspension is before the letter is in the sink.
#[test]
fn feed() {
    let row = Row {
        api: "futures::sink::SinkExt::feed",
        page: "futures/sink/trait.SinkExt.html#method.feed",
        verdict: Word::SafeIf("if you keep a copy of the item to feed again"),
        left: "Cut while the sink was full, the sink never had the item, and feeding a copy of it delivered it once; without a copy it was gone.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "[`poll_ready_unpin`](#futures-sink-sinkext-poll-ready-unpin) in a `poll_fn`, then `start_send_unpin`.",
        suspensions: 1,
    };
    let copied = Sweep::new().cuts(2).recreate(
        full_post,
        async |post| post.sender.feed('b').await.unwrap(),
        delivered,
    );
    let moved = Sweep::new().recreate(
        full_post,
        async |post| {
            if let Some(letter) = post.letters.pop() {
                post.sender.feed(letter).await.unwrap();
            }
        },
        delivered,
    );
    row.holds_if(&copied, &moved);
}

/// The place in the queue belongs to the sender: no rival gets ahead of it.
#[test]
fn poll_ready() {
    let row = Row {
        api: "futures::sink::SinkExt::poll_ready_unpin",
        page: "futures/sink/trait.SinkExt.html#method.poll_ready_unpin",
        verdict: Word::Safe,
        left: "No item was in it; over a channel, the sender kept its place in the queue ahead of a rival.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let post = full_post().await;
            let mut rival = post.sender.clone();
            rival.try_send('x').unwrap();
            tokio::spawn(async move { rival.send('y').await.unwrap() });
            post
        },
        async |post| {
            poll_fn(|cx| post.sender.poll_ready_unpin(cx))
                .await
                .unwrap();
            let letter = post.letters.pop().unwrap();
            post.sender.start_send_unpin(letter).unwrap();
        },
        delivered,
    );
    row.holds(&report);
}

/// What is still to be written is in the sink.
#[test]
fn flush() {
    let row = Row {
        api: "futures::sink::SinkExt::flush",
        page: "futures/sink/trait.SinkExt.html#method.flush",
        verdict: Word::Safe,
        left: "What was not written yet stayed in the sink; the next `flush` went on with it.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 6,
    };
    let report = Sweep::new().cuts(2).recreate(
        wire_with_a_line,
        async |(wire, _)| wire.flush().await.unwrap(),
        arrived,
    );
    row.holds(&report);
}

/// Flushing and shutting down are both in the sink.
#[test]
fn close() {
    let row = Row {
        api: "futures::sink::SinkExt::close",
        page: "futures/sink/trait.SinkExt.html#method.close",
        verdict: Word::Safe,
        left: "What was not written yet stayed in the sink; the next `close` wrote it and closed.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 6,
    };
    let report = Sweep::new().cuts(2).recreate(
        wire_with_a_line,
        async |(wire, _)| wire.close().await.unwrap(),
        async |(wire, mut peer)| {
            let mut bytes = Vec::new();
            let end = timeout(Duration::from_secs(1), peer.read_to_end(&mut bytes)).await;
            drop(wire); // closed before, or the peer would have seen no end
            end.unwrap().unwrap();
            bytes
        },
    );
    row.holds(&report);
}

/// A letter that there is no room for is out of the stream, inside the future.
#[test]
fn send_all() {
    let row = Row {
        api: "futures::sink::SinkExt::send_all",
        page: "futures/sink/trait.SinkExt.html#method.send_all",
        verdict: Word::LosesData,
        left: "The item that waited for room in the sink was gone: out of the stream, and not in the sink.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "[`poll_ready_unpin`](#futures-sink-sinkext-poll-ready-unpin) before `next`, so that an item is taken only when there is room.",
        suspensions: 3,
    };
    let report = Sweep::new().recreate(
        async || (full_post().await, stream::iter(['b', 'c', 'd']).map(Ok)),
        async |(post, letters)| post.sender.send_all(letters).await.unwrap(),
        async |(post, _)| delivered(post).await,
    );
    row.holds(&report);
}

/// A letter that came while nobody asked waits in the channel.
#[test]
fn mpsc_receiver_next() {
    let row = Row {
        api: "futures::channel::mpsc::Receiver::next",
        page: "futures/channel/mpsc/struct.Receiver.html",
        verdict: Word::Safe,
        left: "Unread messages stayed in the channel.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        || {
            let (sender, receiver) = mpsc::channel(0);
            tokio::spawn(arriving("abc", 10).map(Ok).forward(sender));
            receiver
        },
        async |letters| letters.next().await,
    );
    row.holds(&report);
}

/// A receiver whose answer comes after a while.
fn an_answer() -> oneshot::Receiver<char> {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        if let Some(letter) = arriving("a", 10).next().await {
            _ = sender.send(letter);
        }
    });
    receiver
}

/// By value, the receiver is inside the future, and so is the answer.
#[test]
fn oneshot_by_value() {
    let row = Row {
        api: "futures::channel::oneshot::Receiver",
        page: "futures/channel/oneshot/struct.Receiver.html",
        verdict: Word::LosesData,
        left: "The receiver was dropped; the answer had nowhere to go, or was dropped with it.",
        docs: Docs::Silent,
        source: "futures-channel/src/oneshot.rs",
        instead: "Await it [by reference](#ref-futures-channel-oneshot-receiver).",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (Some(an_answer()), Vec::new()),
        async |(answer, seen)| {
            if let Some(answer) = answer.take() {
                seen.extend(answer.await);
            }
        },
        async |(_, seen)| seen,
    );
    row.holds(&report);
}

/// By reference, only the reference is inside the future.
#[test]
fn oneshot_by_reference() {
    let row = Row {
        api: "&mut futures::channel::oneshot::Receiver",
        page: "futures/channel/oneshot/struct.Receiver.html",
        verdict: Word::Safe,
        left: "The answer stayed in the channel, for the receiver that was kept.",
        docs: Docs::Silent,
        source: "futures-channel/src/oneshot.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (an_answer(), Vec::new()),
        async |(answer, seen)| seen.extend(answer.await),
        async |(_, seen)| seen,
    );
    row.holds(&report);
}
