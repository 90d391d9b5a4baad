//! `tokio::net`: datagrams received.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Report, Sweep};
use tokio::net::{UdpSocket, UnixDatagram};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::row::{Docs, Row, Word};

/// Only a check that is about to fail waits so long.
const LONG: Duration = Duration::from_secs(5);

/// What a weather station sends, each in a datagram of its own.
const READINGS: [&str; 3] = ["12.5 degrees", "13.1 degrees", "over"];

/// A socket to which the station sends its readings, once asked to.
struct Desk<S> {
    socket: S,
    ask: Arc<Notify>,
    heard: Vec<String>,
}

impl<S> Desk<S> {
    fn new(socket: S) -> (Self, Arc<Notify>) {
        let ask = Arc::new(Notify::new());
        let heard = Vec::new();
        (
            Self {
                socket,
                ask: Arc::clone(&ask),
                heard,
            },
            ask,
        )
    }

    fn hear(&mut self, datagram: &[u8]) {
        self.heard.push(datagram.escape_ascii().to_string());
    }
}

/// Cuts `call`, which takes or sees one reading; then the rest is received.
fn hearing<S>(
    build: impl AsyncFn() -> Desk<S>,
    call: impl AsyncFn(&mut Desk<S>),
    receive: impl AsyncFn(&S, &mut [u8]) -> io::Result<usize>,
) -> Report {
    Sweep::new().real_clock().recreate(
        build,
        async |desk| {
            desk.ask.notify_one();
            call(desk).await;
        },
        async |mut desk| {
            let mut buf = [0; 32];
            while desk.heard.last().is_none_or(|last| last != "over")
                && let Ok(length) = timeout(LONG, receive(&desk.socket, &mut buf)).await
            {
                desk.hear(&buf[..length.unwrap()]);
            }
            desk.heard
        },
    )
}

fn hearing_udp(call: impl AsyncFn(&mut Desk<UdpSocket>)) -> Report {
    let build = async || {
        let station = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        station.connect(socket.local_addr().unwrap()).await.unwrap();
        socket.connect(station.local_addr().unwrap()).await.unwrap();
        let (desk, asked) = Desk::new(socket);
        tokio::spawn(async move {
            asked.notified().await;
            for reading in READINGS {
                station.send(reading.as_bytes()).await.unwrap();
            }
        });
        desk
    };
    hearing(build, call, UdpSocket::recv)
}

fn hearing_unix(call: impl AsyncFn(&mut Desk<UnixDatagram>)) -> Report {
    let build = async || {
        let (station, socket) = UnixDatagram::pair().unwrap();
        let (desk, asked) = Desk::new(socket);
        tokio::spawn(async move {
            asked.notified().await;
            for reading in READINGS {
                station.send(reading.as_bytes()).await.unwrap();
            }
        });
        desk
    };
    hearing(build, call, UnixDatagram::recv)
}

/// Three datagrams come while the call waits, and one call takes the first.
#[test]
fn udp_socket_recv() {
    let row = Row {
        api: "tokio::net::UdpSocket::recv",
        page: "tokio/net/struct.UdpSocket.html#method.recv",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Says("it is guaranteed that no messages were received on this socket"),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut buf = [0; 32];
        let length = desk.socket.recv(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// Three datagrams come while the call waits, and one call takes the first.
#[test]
fn udp_socket_recv_from() {
    let row = Row {
        api: "tokio::net::UdpSocket::recv_from",
        page: "tokio/net/struct.UdpSocket.html#method.recv_from",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Says("it is guaranteed that no messages were received on this socket"),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut buf = [0; 32];
        let (length, _) = desk.socket.recv_from(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// The call is dropped with its buffer, and no datagram with it.
#[test]
fn udp_socket_recv_buf() {
    let row = Row {
        api: "tokio::net::UdpSocket::recv_buf",
        page: "tokio/net/struct.UdpSocket.html#method.recv_buf",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Silent,
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut datagram = Vec::with_capacity(32);
        desk.socket.recv_buf(&mut datagram).await.unwrap();
        desk.hear(&datagram);
    });
    row.holds(&report);
}

/// The call is dropped with its buffer, and no datagram with it.
#[test]
fn udp_socket_recv_buf_from() {
    let row = Row {
        api: "tokio::net::UdpSocket::recv_buf_from",
        page: "tokio/net/struct.UdpSocket.html#method.recv_buf_from",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Silent,
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut datagram = Vec::with_capacity(32);
        desk.socket.recv_buf_from(&mut datagram).await.unwrap();
        desk.hear(&datagram);
    });
    row.holds(&report);
}

/// Three datagrams come while the call waits, and one call looks at the first.
#[test]
fn udp_socket_peek() {
    let row = Row {
        api: "tokio::net::UdpSocket::peek",
        page: "tokio/net/struct.UdpSocket.html#method.peek",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, seen or not.",
        docs: Docs::Silent,
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut buf = [0; 32];
        let length = desk.socket.peek(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// Three datagrams come while the call waits, and one call looks at the first.
#[test]
fn udp_socket_peek_from() {
    let row = Row {
        api: "tokio::net::UdpSocket::peek_from",
        page: "tokio/net/struct.UdpSocket.html#method.peek_from",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, seen or not.",
        docs: Docs::Silent,
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        let mut buf = [0; 32];
        let (length, _) = desk.socket.peek_from(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// Its wake-up is dropped with it, what woke it is not.
#[test]
fn udp_socket_readable() {
    let row = Row {
        api: "tokio::net::UdpSocket::readable",
        page: "tokio/net/struct.UdpSocket.html#method.readable",
        verdict: Word::Safe,
        left: "Nothing was received, and the next `readable` returned for the same datagram.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_udp(async |desk| {
        desk.socket.readable().await.unwrap();
    });
    row.holds(&report);
}

/// Three datagrams come while the call waits, and one call takes the first.
#[test]
fn unix_datagram_recv() {
    let row = Row {
        api: "tokio::net::UnixDatagram::recv",
        page: "tokio/net/struct.UnixDatagram.html#method.recv",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Says("it is guaranteed that no messages were received on this socket"),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_unix(async |desk| {
        let mut buf = [0; 32];
        let length = desk.socket.recv(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// Three datagrams come while the call waits, and one call takes the first.
#[test]
fn unix_datagram_recv_from() {
    let row = Row {
        api: "tokio::net::UnixDatagram::recv_from",
        page: "tokio/net/struct.UnixDatagram.html#method.recv_from",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Says("it is guaranteed that no messages were received on this socket"),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_unix(async |desk| {
        let mut buf = [0; 32];
        let (length, _) = desk.socket.recv_from(&mut buf).await.unwrap();
        desk.hear(&buf[..length]);
    });
    row.holds(&report);
}

/// The call is dropped with its buffer, and no datagram with it.
#[test]
fn unix_datagram_recv_buf() {
    let row = Row {
        api: "tokio::net::UnixDatagram::recv_buf",
        page: "tokio/net/struct.UnixDatagram.html#method.recv_buf",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Silent,
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_unix(async |desk| {
        let mut datagram = Vec::with_capacity(32);
        desk.socket.recv_buf(&mut datagram).await.unwrap();
        desk.hear(&datagram);
    });
    row.holds(&report);
}

/// The call is dropped with its buffer, and no datagram with it.
#[test]
fn unix_datagram_recv_buf_from() {
    let row = Row {
        api: "tokio::net::UnixDatagram::recv_buf_from",
        page: "tokio/net/struct.UnixDatagram.html#method.recv_buf_from",
        verdict: Word::Safe,
        left: "The datagram stayed in the socket, and so did those behind it.",
        docs: Docs::Silent,
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_unix(async |desk| {
        let mut datagram = Vec::with_capacity(32);
        desk.socket.recv_buf_from(&mut datagram).await.unwrap();
        desk.hear(&datagram);
    });
    row.holds(&report);
}

/// Its wake-up is dropped with it, what woke it is not.
#[test]
fn unix_datagram_readable() {
    let row = Row {
        api: "tokio::net::UnixDatagram::readable",
        page: "tokio/net/struct.UnixDatagram.html#method.readable",
        verdict: Word::Safe,
        left: "Nothing was received, and the next `readable` returned for the same datagram.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = hearing_unix(async |desk| {
        desk.socket.readable().await.unwrap();
    });
    row.holds(&report);
}
