//! `tokio::net`: what waits on a connection.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Report, Sweep};
use futures::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream, UnixStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, unconstrained, yield_now};
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

/// Two ends of a connection, with small buffers, which are filled sooner.
async fn tcp_pair() -> (TcpStream, TcpStream) {
    let (ours, theirs) = (TcpSocket::new_v4().unwrap(), TcpSocket::new_v4().unwrap());
    ours.set_send_buffer_size(65536).unwrap();
    theirs.set_recv_buffer_size(65536).unwrap();
    theirs.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = theirs.listen(1).unwrap();
    let ours = ours.connect(listener.local_addr().unwrap()).await;
    (ours.unwrap(), listener.accept().await.unwrap().0)
}

/// A connection to a peer who says "tram", byte by byte, once asked to.
struct Quiet<S> {
    stream: S,
    ask: Arc<Notify>,
    seen: Vec<String>,
}

impl<S: AsyncRead + Unpin> Quiet<S> {
    fn new(stream: S, mut peer: impl AsyncWrite + Unpin + Send + 'static) -> Self {
        let ask = Arc::new(Notify::new());
        let asked = Arc::clone(&ask);
        tokio::spawn(async move {
            asked.notified().await;
            for byte in b"tram" {
                peer.write_all(&[*byte]).await.unwrap();
                yield_now().await;
            }
        });
        let seen = Vec::new();
        Self { stream, ask, seen }
    }

    async fn all(mut self) -> Vec<String> {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).await.unwrap();
        self.seen.push(rest);
        self.seen
    }
}

/// Cuts `call` while the peer is still to speak; then all it said is read.
fn hearing<S: AsyncRead + Unpin>(
    build: impl AsyncFn() -> Quiet<S>,
    call: impl AsyncFn(&mut Quiet<S>),
) -> Report {
    let operation = async |quiet: &mut Quiet<S>| {
        quiet.ask.notify_one();
        call(quiet).await;
    };
    let sweep = Sweep::new().real_clock();
    sweep.recreate(build, operation, Quiet::all)
}

async fn quiet_tcp() -> Quiet<TcpStream> {
    let (ours, theirs) = tcp_pair().await;
    Quiet::new(ours, theirs)
}

async fn quiet_half() -> Quiet<OwnedReadHalf> {
    let (ours, theirs) = tcp_pair().await;
    Quiet::new(ours.into_split().0, theirs)
}

/// A connection full of dots, to a peer who reads them once asked to.
struct Full<S> {
    stream: S,
    ask: Arc<Notify>,
    peer: JoinHandle<String>,
}

impl<S: AsyncWrite + Unpin> Full<S> {
    async fn new(mut stream: S, mut peer: impl AsyncRead + Unpin + Send + 'static) -> Self {
        stream.write_all(b".").await.unwrap(); // waits until it is known to be writable
        for _ in 0..2 {
            let dots = [b'.'; 65536];
            while let Some(written) = unconstrained(stream.write(&dots)).now_or_never() {
                written.unwrap();
            }
            sleep(Duration::from_millis(1)).await;
        }
        let ask = Arc::new(Notify::new());
        let asked = Arc::clone(&ask);
        let peer = tokio::spawn(async move {
            asked.notified().await;
            let mut text = String::new();
            peer.read_to_string(&mut text).await.unwrap();
            text.replace('.', "")
        });
        Self { stream, ask, peer }
    }

    async fn all(mut self) -> Vec<String> {
        self.stream.write_all(b"bus").await.unwrap();
        drop(self.stream);
        vec![self.peer.await.unwrap()]
    }
}

/// Cuts `call` while the peer does not read; then it reads all there is.
fn waiting_to_write<S: AsyncWrite + Unpin>(
    build: impl AsyncFn() -> Full<S>,
    call: impl AsyncFn(&mut S),
) -> Report {
    let operation = async |full: &mut Full<S>| {
        full.ask.notify_one();
        call(&mut full.stream).await;
    };
    let sweep = Sweep::new().real_clock();
    sweep.recreate(build, operation, Full::all)
}

async fn full_tcp() -> Full<TcpStream> {
    let (ours, theirs) = tcp_pair().await;
    Full::new(ours, theirs).await
}

/// It looks at the first byte of four that come one by one.
#[test]
fn tcp_stream_peek() {
    let row = Row {
        api: "tokio::net::TcpStream::peek",
        page: "tokio/net/struct.TcpStream.html#method.peek",
        verdict: Word::Safe,
        left: "Every byte stayed in the socket, seen or not.",
        docs: Docs::Says("then it is guaranteed that no peek was performed"),
        source: "tokio/src/net/tcp/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing(quiet_tcp, async |quiet| {
        let mut first = [0];
        quiet.stream.peek(&mut first).await.unwrap();
        quiet.seen.push(first.escape_ascii().to_string());
    });
    row.holds(&report);
}

/// Its wake-up is dropped with it, what woke it is not.
#[test]
fn tcp_stream_readable() {
    let row = Row {
        api: "tokio::net::TcpStream::readable",
        page: "tokio/net/struct.TcpStream.html#method.readable",
        verdict: Word::Safe,
        left: "Nothing was read, and the next `readable` returned for the same bytes.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/tcp/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing(quiet_tcp, async |quiet| {
        quiet.stream.readable().await.unwrap();
    });
    row.holds(&report);
}

/// Asked for one interest, it is `readable` or `writable`; here it waits for bytes.
#[test]
fn tcp_stream_ready() {
    let row = Row {
        api: "tokio::net::TcpStream::ready",
        page: "tokio/net/struct.TcpStream.html#method.ready",
        verdict: Word::Safe,
        left: "Nothing was read, and the next `ready` returned for the same bytes.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/tcp/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing(quiet_tcp, async |quiet| {
        let ready = quiet.stream.ready(Interest::READABLE).await.unwrap();
        quiet.seen.push(ready.is_readable().to_string());
    });
    row.holds(&report);
}

/// The buffers of both ends are full until the peer reads.
#[test]
fn tcp_stream_writable() {
    let row = Row {
        api: "tokio::net::TcpStream::writable",
        page: "tokio/net/struct.TcpStream.html#method.writable",
        verdict: Word::Safe,
        left: "Nothing was written, and the next `writable` returned as soon as there was room.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/tcp/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let report = waiting_to_write(full_tcp, async |stream| {
        stream.writable().await.unwrap();
    });
    row.holds(&report);
}

/// As with the whole stream, so with its half.
#[test]
fn owned_read_half_peek() {
    let row = Row {
        api: "tokio::net::tcp::OwnedReadHalf::peek",
        page: "tokio/net/tcp/struct.OwnedReadHalf.html#method.peek",
        verdict: Word::Safe,
        left: "Every byte stayed in the socket, seen or not.",
        docs: Docs::Silent,
        source: "tokio/src/net/tcp/split_owned.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing(quiet_half, async |quiet| {
        let mut first = [0];
        quiet.stream.peek(&mut first).await.unwrap();
        quiet.seen.push(first.escape_ascii().to_string());
    });
    row.holds(&report);
}

/// As with the whole stream, so with its half.
#[test]
fn owned_read_half_readable() {
    let row = Row {
        api: "tokio::net::tcp::OwnedReadHalf::readable",
        page: "tokio/net/tcp/struct.OwnedReadHalf.html#method.readable",
        verdict: Word::Safe,
        left: "Nothing was read, and the next `readable` returned for the same bytes.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/tcp/split_owned.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing(quiet_half, async |quiet| {
        quiet.stream.readable().await.unwrap();
    });
    row.holds(&report);
}

/// The buffers of both ends are full until the peer reads.
#[test]
fn owned_write_half_writable() {
    let row = Row {
        api: "tokio::net::tcp::OwnedWriteHalf::writable",
        page: "tokio/net/tcp/struct.OwnedWriteHalf.html#method.writable",
        verdict: Word::Safe,
        left: "Nothing was written, and the next `writable` returned as soon as there was room.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/tcp/split_owned.rs",
        instead: "",
        suspensions: 1,
    };
    let full_half = async || {
        let (ours, theirs) = tcp_pair().await;
        Full::new(ours.into_split().1, theirs).await
    };
    let report = waiting_to_write(full_half, async |half: &mut OwnedWriteHalf| {
        half.writable().await.unwrap();
    });
    row.holds(&report);
}

/// Its wake-up is dropped with it, what woke it is not.
#[test]
fn unix_stream_readable() {
    let row = Row {
        api: "tokio::net::UnixStream::readable",
        page: "tokio/net/struct.UnixStream.html#method.readable",
        verdict: Word::Safe,
        left: "Nothing was read, and the next `readable` returned for the same bytes.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/unix/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let quiet_unix = async || {
        let (ours, theirs) = UnixStream::pair().unwrap();
        Quiet::new(ours, theirs)
    };
    let report = hearing(quiet_unix, async |quiet| {
        quiet.stream.readable().await.unwrap();
    });
    row.holds(&report);
}

/// The buffer is full until the peer reads.
#[test]
fn unix_stream_writable() {
    let row = Row {
        api: "tokio::net::UnixStream::writable",
        page: "tokio/net/struct.UnixStream.html#method.writable",
        verdict: Word::Safe,
        left: "Nothing was written, and the next `writable` returned as soon as there was room.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/unix/stream.rs",
        instead: "",
        suspensions: 1,
    };
    let full_unix = async || {
        let (ours, theirs) = UnixStream::pair().unwrap();
        Full::new(ours, theirs).await
    };
    let report = waiting_to_write(full_unix, async |stream| {
        stream.writable().await.unwrap();
    });
    row.holds(&report);
}
