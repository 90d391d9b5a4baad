//! `tokio_stream::wrappers`, and the `StreamMap`.

use cancel_sweep::{Drip, Sweep};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, interval_at, sleep};
use tokio_stream::wrappers::{
    BroadcastStream, IntervalStream, LinesStream, ReceiverStream, TcpListenerStream, WatchStream,
};
use tokio_stream::{StreamExt, StreamMap};

use crate::row::{Docs, Row, Word};
use crate::tokio_stream::{PACE, every_pace, readings, sweep_kept, sweep_next};

/// The streams are in the map, and their readings in the streams.
#[test]
fn stream_map_next() {
    let row = Row {
        api: "tokio_stream::StreamMap::next",
        page: "tokio_stream/struct.StreamMap.html",
        verdict: Word::Safe,
        left: "Every item stayed in its own stream, and every stream in the map.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_kept(async || {
        let inside = readings(1);
        sleep(PACE / 2).await;
        StreamMap::from_iter([("inside", inside), ("outside", readings(50))])
    });
    row.holds(&report);
}

/// The channel has one place: the sender waits as well.
#[test]
fn receiver_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::ReceiverStream::next",
        page: "tokio_stream/wrappers/struct.ReceiverStream.html",
        verdict: Word::Safe,
        left: "Unread messages stayed in the channel.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_kept(async || {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for reading in 1..5 {
                sleep(PACE).await;
                sender.send(reading).await.unwrap();
            }
        });
        ReceiverStream::new(receiver)
    });
    row.holds(&report);
}

/// It holds a future of its receiver inside itself, and keeps it.
#[test]
fn broadcast_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::BroadcastStream::next",
        page: "tokio_stream/wrappers/struct.BroadcastStream.html",
        verdict: Word::Safe,
        left: "Unread messages stayed in the channel.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_kept(async || {
        let (sender, receiver) = broadcast::channel(4);
        every_pace(1..5, move |reading| _ = sender.send(reading).unwrap());
        BroadcastStream::new(receiver)
    });
    row.holds(&report);
}

/// It holds a future of its receiver inside itself, and keeps it.
#[test]
fn watch_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::WatchStream::next",
        page: "tokio_stream/wrappers/struct.WatchStream.html",
        verdict: Word::Safe,
        left: "A value that had not been seen was still new to the next call.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_kept(async || {
        let (sender, receiver) = watch::channel(0);
        every_pace(1..5, move |reading| sender.send(reading).unwrap());
        WatchStream::from_changes(receiver)
    });
    row.holds(&report);
}

/// Lists when each tick was due.
#[test]
fn interval_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::IntervalStream::next",
        page: "tokio_stream/wrappers/struct.IntervalStream.html",
        verdict: Word::Safe,
        left: "A tick that nobody had heard was still there for the next call; none was skipped.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        async || {
            let start = Instant::now();
            let ticks = IntervalStream::new(interval_at(start + PACE, PACE));
            (ticks.take(4), start)
        },
        async |(ticks, start)| ticks.next().await.map(|tick| tick - *start),
    );
    row.holds(&report);
}

/// The bytes of the line arrive one by one.
#[test]
fn lines_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::LinesStream::next",
        page: "tokio_stream/wrappers/struct.LinesStream.html",
        verdict: Word::Safe,
        left: "The half line stayed in the stream.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 3,
    };
    let report = sweep_next(
        async || LinesStream::new(BufReader::new(Drip::new(&b"17\n18\n19\n"[..])).lines()),
        async |lines| lines.next().await.map(Result::unwrap),
    );
    row.holds(&report);
}

/// The client connects while somebody waits for it, or has just left.
#[test]
fn tcp_listener_stream_next() {
    let row = Row {
        api: "tokio_stream::wrappers::TcpListenerStream::next",
        page: "tokio_stream/wrappers/struct.TcpListenerStream.html",
        verdict: Word::Safe,
        left: "The connection waited in the listener; the next call accepted it.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (we_wait, told) = oneshot::channel();
            let client = tokio::spawn(async move {
                told.await.unwrap();
                TcpStream::connect(address).await.unwrap()
            });
            let clients = TcpListenerStream::new(listener);
            (clients, Some(we_wait), client, None)
        },
        async |(clients, we_wait, _, accepted)| {
            if let Some(we_wait) = we_wait.take() {
                we_wait.send(()).unwrap();
            }
            *accepted = clients.next().await;
        },
        async |(_, _, client, accepted)| {
            let client = client.await.unwrap().local_addr().unwrap();
            let accepted = accepted.unwrap().unwrap().peer_addr().unwrap();
            vec![client == accepted]
        },
    );
    row.holds(&report);
}
