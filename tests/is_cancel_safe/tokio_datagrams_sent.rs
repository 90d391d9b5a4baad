//! `tokio::net`: datagrams sent.

use std::net::{SocketAddr, UdpSocket as StdUdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use cancel_sweep::{Report, Sweep};
use tempfile::TempDir;
use tokio::net::{UdpSocket, UnixDatagram};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::row::{Docs, Row, Word};

/// A station's socket that the runtime has never seen: what is made of it does
/// not know yet that it may send, and its first call has to wait for that.
struct Fresh {
    station: StdUdpSocket,
    desk: UdpSocket,
    address: SocketAddr,
}

impl Fresh {
    fn socket(&self) -> UdpSocket {
        UdpSocket::from_std(self.station.try_clone().unwrap()).unwrap()
    }
}

/// Cuts the first call on a fresh socket; then all it sent is received.
fn sending_udp(call: impl AsyncFn(&Fresh, UdpSocket)) -> Report {
    Sweep::new().real_clock().recreate(
        async || {
            let station = StdUdpSocket::bind("127.0.0.1:0").unwrap();
            let desk = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let address = desk.local_addr().unwrap();
            station.connect(address).unwrap();
            station.set_nonblocking(true).unwrap();
            Fresh {
                station,
                desk,
                address,
            }
        },
        async |fresh| call(fresh, fresh.socket()).await,
        async |Fresh { station, desk, .. }| {
            station.send(b"over").unwrap();
            let mut buf = [0; 32];
            let mut heard = Vec::new();
            while heard.last().is_none_or(|last| last != "over") {
                let length = desk.recv(&mut buf).await.unwrap();
                heard.push(buf[..length].escape_ascii().to_string());
            }
            heard
        },
    )
}

/// A station whose datagrams pile up until the desk, once asked to, reads.
struct Jammed {
    station: UnixDatagram,
    ask: Arc<Notify>,
    desk: JoinHandle<Vec<String>>,
    path: PathBuf,
    _room: TempDir,
}

async fn jammed(connected: bool) -> Jammed {
    let room = tempfile::tempdir().unwrap();
    let path = room.path().join("desk");
    let desk = UnixDatagram::bind(&path).unwrap();
    let station = UnixDatagram::unbound().unwrap();
    if connected {
        station.connect(&path).unwrap();
    }
    station.writable().await.unwrap();
    while station.try_send_to(b".", &path).is_ok() {}
    let ask = Arc::new(Notify::new());
    let asked = Arc::clone(&ask);
    let desk = tokio::spawn(async move {
        asked.notified().await;
        let mut heard = Vec::new();
        let mut buf = [0; 32];
        while heard.last().is_none_or(|last| last != "over") {
            let length = desk.recv(&mut buf).await.unwrap();
            if buf[..length] != *b"." {
                heard.push(buf[..length].escape_ascii().to_string());
            }
        }
        heard
    });
    Jammed {
        station,
        ask,
        desk,
        path,
        _room: room,
    }
}

/// Cuts `call` while the desk does not read; then it reads all there is.
fn sending_unix(connected: bool, call: impl AsyncFn(&Jammed)) -> Report {
    Sweep::new().real_clock().recreate(
        async || jammed(connected).await,
        async |jammed| {
            jammed.ask.notify_one();
            call(jammed).await;
        },
        async |jammed| {
            jammed.station.send_to(b"over", &jammed.path).await.unwrap();
            jammed.desk.await.unwrap()
        },
    )
}

/// The first call on a new socket suspends until the runtime knows that it may send.
#[test]
fn udp_socket_writable() {
    let row = Row {
        api: "tokio::net::UdpSocket::writable",
        page: "tokio/net/struct.UdpSocket.html#method.writable",
        verdict: Word::Safe,
        left: "Nothing was sent, and the next `writable` returned.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_udp(async |_, socket| socket.writable().await.unwrap());
    row.holds(&report);
}

/// The first call on a new socket suspends until the runtime knows that it may send.
#[test]
fn udp_socket_send() {
    let row = Row {
        api: "tokio::net::UdpSocket::send",
        page: "tokio/net/struct.UdpSocket.html#method.send",
        verdict: Word::Safe,
        left: "The datagram was not sent; made again, the call sent it once.",
        docs: Docs::Says("then it is guaranteed that the message was not sent"),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_udp(async |_, socket| {
        socket.send(b"12.5 degrees").await.unwrap();
    });
    row.holds(&report);
}

/// The first call on a new socket suspends until the runtime knows that it may send.
#[test]
fn udp_socket_send_to() {
    let row = Row {
        api: "tokio::net::UdpSocket::send_to",
        page: "tokio/net/struct.UdpSocket.html#method.send_to",
        verdict: Word::Safe,
        left: "The datagram was not sent; made again, the call sent it once.",
        docs: Docs::Says("then it is guaranteed that the message was not sent"),
        source: "tokio/src/net/udp.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_udp(async |fresh, socket| {
        let sent = socket.send_to(b"12.5 degrees", fresh.address).await;
        sent.unwrap();
    });
    row.holds(&report);
}

/// The receiver's queue is full until it reads.
#[test]
fn unix_datagram_writable() {
    let row = Row {
        api: "tokio::net::UnixDatagram::writable",
        page: "tokio/net/struct.UnixDatagram.html#method.writable",
        verdict: Word::Safe,
        left: "Nothing was sent, and the next `writable` returned as soon as there was room.",
        docs: Docs::Says(
            "Once a readiness event occurs, the method will continue to return immediately",
        ),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_unix(true, async |jammed| {
        jammed.station.writable().await.unwrap();
    });
    row.holds(&report);
}

/// The receiver's queue is full until it reads.
#[test]
fn unix_datagram_send() {
    let row = Row {
        api: "tokio::net::UnixDatagram::send",
        page: "tokio/net/struct.UnixDatagram.html#method.send",
        verdict: Word::Safe,
        left: "The datagram was not sent; made again, the call sent it once.",
        docs: Docs::Says("then it is guaranteed that the message was not sent"),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_unix(true, async |jammed| {
        jammed.station.send(b"12.5 degrees").await.unwrap();
    });
    row.holds(&report);
}

/// The receiver's queue is full until it reads.
#[test]
fn unix_datagram_send_to() {
    let row = Row {
        api: "tokio::net::UnixDatagram::send_to",
        page: "tokio/net/struct.UnixDatagram.html#method.send_to",
        verdict: Word::Safe,
        left: "The datagram was not sent; made again, the call sent it once.",
        docs: Docs::Says("then it is guaranteed that the message was not sent"),
        source: "tokio/src/net/unix/datagram/socket.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sending_unix(false, async |jammed| {
        let Jammed { station, path, .. } = jammed;
        station.send_to(b"12.5 degrees", path).await.unwrap();
    });
    row.holds(&report);
}
