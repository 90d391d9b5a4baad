//! `tokio::net`: how a connection begins.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::Sweep;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::row::{Docs, Row, Word};

/// Only a check that is about to fail waits so long.
const LONG: Duration = Duration::from_secs(5);

/// What each of these connections says until its end.
async fn said(streams: Vec<impl AsyncRead + Unpin>) -> Vec<String> {
    let mut all = Vec::new();
    for mut stream in streams {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        all.push(text);
    }
    all
}

/// Three clients come while the call waits, and one call takes one of them.
#[test]
fn tcp_listener_accept() {
    let row = Row {
        api: "tokio::net::TcpListener::accept",
        page: "tokio/net/struct.TcpListener.html#method.accept",
        verdict: Word::Safe,
        left: "The clients stayed in the listener's queue, in their order.",
        docs: Docs::Says("then it is guaranteed that no new connections were accepted"),
        source: "tokio/src/net/tcp/listener.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let open = Arc::new(Notify::new());
            let opened = Arc::clone(&open);
            tokio::spawn(async move {
                opened.notified().await;
                for name in [b"ada", b"ben", b"cyd"] {
                    let mut client = TcpStream::connect(address).await.unwrap();
                    client.write_all(name).await.unwrap();
                }
            });
            (listener, open, Vec::new())
        },
        async |(listener, open, accepted)| {
            open.notify_one();
            accepted.push(listener.accept().await.unwrap().0);
        },
        async |(listener, _, mut accepted)| {
            while accepted.len() < 3
                && let Ok(next) = timeout(LONG, listener.accept()).await
            {
                accepted.push(next.unwrap().0);
            }
            said(accepted).await
        },
    );
    row.holds(&report);
}

/// Within one machine, the kernel has made the connection before the first suspension.
#[test]
fn tcp_stream_connect() {
    let row = Row {
        api: "tokio::net::TcpStream::connect",
        page: "tokio/net/struct.TcpStream.html#method.connect",
        verdict: Word::DoesTwice,
        left: "The server had a connection already: it accepted one that said nothing and ended, and then the second one.",
        docs: Docs::Silent,
        source: "tokio/src/net/tcp/stream.rs",
        instead: "Pin one `connect` future and poll it by reference; or let the server bear with connections that say nothing.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            (listener, None)
        },
        async |(listener, stream)| {
            let address = listener.local_addr().unwrap();
            *stream = Some(TcpStream::connect(address).await.unwrap());
        },
        async |(listener, stream)| {
            let mut last = TcpStream::connect(listener.local_addr().unwrap()).await;
            last.as_mut().unwrap().write_all(b"last").await.unwrap();
            stream.unwrap().write_all(b"hello").await.unwrap();
            drop(last);
            let mut texts = Vec::new();
            while texts.last().is_none_or(|text| text != "last") {
                let (next, _) = listener.accept().await.unwrap();
                texts.extend(said(vec![next]).await);
            }
            texts
        },
    );
    row.holds(&report);
}

/// Two clients come while the call waits, and one call takes one of them.
#[test]
fn unix_listener_accept() {
    let row = Row {
        api: "tokio::net::UnixListener::accept",
        page: "tokio/net/struct.UnixListener.html#method.accept",
        verdict: Word::Safe,
        left: "The clients stayed in the listener's queue, in their order.",
        docs: Docs::Says("then it is guaranteed that no new connections were accepted"),
        source: "tokio/src/net/unix/listener.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let room = tempfile::tempdir().unwrap();
            let door = room.path().join("door");
            let listener = UnixListener::bind(&door).unwrap();
            let open = Arc::new(Notify::new());
            let opened = Arc::clone(&open);
            tokio::spawn(async move {
                opened.notified().await;
                for name in [b"cat", b"dog"] {
                    let mut guest = UnixStream::connect(&door).await.unwrap();
                    guest.write_all(name).await.unwrap();
                }
            });
            (listener, open, Vec::new(), room)
        },
        async |(listener, open, accepted, _)| {
            open.notify_one();
            accepted.push(listener.accept().await.unwrap().0);
        },
        async |(listener, _, mut accepted, _)| {
            while accepted.len() < 2
                && let Ok(next) = timeout(LONG, listener.accept()).await
            {
                accepted.push(next.unwrap().0);
            }
            said(accepted).await
        },
    );
    row.holds(&report);
}

/// The listener's queue holds the connection before the first suspension.
#[test]
fn unix_stream_connect() {
    let row = Row {
        api: "tokio::net::UnixStream::connect",
        page: "tokio/net/struct.UnixStream.html#method.connect",
        verdict: Word::DoesTwice,
        left: "The server had a connection already: it accepted one that said nothing and ended, and then the second one.",
        docs: Docs::Silent,
        source: "tokio/src/net/unix/stream.rs",
        instead: "Pin one `connect` future and poll it by reference; or let the server bear with connections that say nothing.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let room = tempfile::tempdir().unwrap();
            let door = room.path().join("door");
            (UnixListener::bind(&door).unwrap(), door, None, room)
        },
        async |(_, door, stream, _)| {
            *stream = Some(UnixStream::connect(door).await.unwrap());
        },
        async |(listener, door, stream, _)| {
            let mut last = UnixStream::connect(door).await.unwrap();
            last.write_all(b"last").await.unwrap();
            stream.unwrap().write_all(b"hello").await.unwrap();
            drop(last);
            let mut texts = Vec::new();
            while texts.last().is_none_or(|text| text != "last") {
                let (next, _) = listener.accept().await.unwrap();
                texts.extend(said(vec![next]).await);
            }
            texts
        },
    );
    row.holds(&report);
}
