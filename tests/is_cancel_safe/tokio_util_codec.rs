//! `tokio_util::codec`, `tokio_util::udp`, `tokio_util::net`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cancel_sweep::{Drip, Sweep};
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, duplex};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Notify;
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::time::timeout;
use tokio_util::codec::{BytesCodec, Framed, FramedRead, FramedWrite, LinesCodec};
use tokio_util::net::Listener;
use tokio_util::udp::UdpFramed;

use crate::row::{Docs, Row, Word};

/// Time enough for a check that fails to say so instead of waiting for ever.
const LONG: Duration = Duration::from_secs(5);

/// The frames come letter by letter; `next` is cut in the middle of the first.
#[test]
fn framed_next() {
    let row = Row {
        api: "tokio_util::codec::Framed::next",
        page: "tokio_util/codec/struct.Framed.html#cancellation-safety",
        verdict: Word::Safe,
        left: "The letters read so far stayed in the buffer of the `Framed`.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-util/src/codec/framed.rs",
        instead: "",
        suspensions: 4,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let wire = Drip::new(b"one\ntwo\nsix\n".as_slice());
            (Framed::new(wire, LinesCodec::new()), Vec::new())
        },
        async |(wire, heard)| heard.push(wire.next().await.unwrap().unwrap()),
        async |(mut wire, mut heard)| {
            while let Some(frame) = wire.next().await {
                heard.push(frame.unwrap());
            }
            heard
        },
    );
    row.holds(&report);
}

/// The frames come letter by letter; `next` is cut in the middle of the first.
#[test]
fn framed_read_next() {
    let row = Row {
        api: "tokio_util::codec::FramedRead::next",
        page: "tokio_util/codec/struct.FramedRead.html#cancellation-safety",
        verdict: Word::Safe,
        left: "The letters read so far stayed in the buffer of the `FramedRead`.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio-util/src/codec/framed_read.rs",
        instead: "",
        suspensions: 4,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let wire = Drip::new(b"rain\nsun\nhail\n".as_slice());
            (FramedRead::new(wire, LinesCodec::new()), Vec::new())
        },
        async |(wire, heard)| heard.push(wire.next().await.unwrap().unwrap()),
        async |(mut wire, mut heard)| {
            while let Some(frame) = wire.next().await {
                heard.push(frame.unwrap());
            }
            heard
        },
    );
    row.holds(&report);
}

/// A slow wire, and all that has gone through it.
type Wire = Drip<Vec<u8>>;

fn lines(wire: &Wire) -> Vec<String> {
    let lines = str::from_utf8(wire.get_ref()).unwrap().lines();
    lines.map(str::to_owned).collect()
}

/// It was cut while it flushed, when the frame was in the buffer already. What
/// the documentation says is true of a cut before that.
#[test]
fn framed_send() {
    let row = Row {
        api: "tokio_util::codec::Framed::send",
        page: "tokio_util/codec/struct.Framed.html#cancellation-safety",
        verdict: Word::DoesTwice,
        left: "The frame stayed in the write buffer and went out with the next flush; sent again, it arrived twice.",
        docs: Docs::Differs(
            "guaranteed that the message was not sent",
            "framed_send_cancelled_twice",
        ),
        source: "tokio-util/src/codec/framed.rs",
        instead: "`feed` it once, then [`flush`](#tokio-util-codec-framedwrite-flush) as often as it takes.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || Framed::new(Wire::new(Vec::new()), LinesCodec::new()),
        async |wire| wire.send("fire").await.unwrap(),
        async |mut wire| {
            SinkExt::<&str>::flush(&mut wire).await.unwrap();
            lines(wire.get_ref())
        },
    );
    row.holds(&report);
}

/// It was cut while it flushed, when the frame was in the buffer already. What
/// the documentation says is true of a cut before that.
#[test]
fn framed_write_send() {
    let row = Row {
        api: "tokio_util::codec::FramedWrite::send",
        page: "tokio_util/codec/struct.FramedWrite.html#cancellation-safety",
        verdict: Word::DoesTwice,
        left: "The frame stayed in the write buffer and went out with the next flush; sent again, it arrived twice.",
        docs: Docs::Differs(
            "guaranteed that the message was not sent",
            "framed_send_cancelled_twice",
        ),
        source: "tokio-util/src/codec/framed_write.rs",
        instead: "[`feed`](#tokio-util-codec-framedwrite-feed) it once, then [`flush`](#tokio-util-codec-framedwrite-flush) as often as it takes.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || FramedWrite::new(Wire::new(Vec::new()), LinesCodec::new()),
        async |wire| wire.send("flood").await.unwrap(),
        async |mut wire| {
            SinkExt::<&str>::flush(&mut wire).await.unwrap();
            lines(wire.get_ref())
        },
    );
    row.holds(&report);
}

/// The buffer is full, so `feed` flushes the frame before ours, and holds ours
/// until there is room.
#[test]
fn framed_write_feed() {
    let row = Row {
        api: "tokio_util::codec::FramedWrite::feed",
        page: "tokio_util/codec/struct.FramedWrite.html#impl-Sink%3CI%3E-for-FramedWrite%3CT,+E%3E",
        verdict: Word::LosesData,
        left: "The frame was dropped with the future; the buffer never had it.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "Keep the frame and feed a clone; after a cut, feed again.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || {
            let mut wire = FramedWrite::new(Wire::new(Vec::new()), LinesCodec::new());
            wire.set_backpressure_boundary(1);
            wire.feed("fire").await.unwrap();
            (wire, vec!["flood"])
        },
        async |(wire, letters)| {
            if let Some(letter) = letters.pop() {
                wire.feed(letter).await.unwrap();
            }
        },
        async |(mut wire, _)| {
            SinkExt::<&str>::flush(&mut wire).await.unwrap();
            lines(wire.get_ref())
        },
    );
    row.holds(&report);
}

/// What has been written is taken off the buffer before the next suspension.
#[test]
fn framed_write_flush() {
    let row = Row {
        api: "tokio_util::codec::FramedWrite::flush",
        page: "tokio_util/codec/struct.FramedWrite.html#impl-Sink%3CI%3E-for-FramedWrite%3CT,+E%3E",
        verdict: Word::Safe,
        left: "The letters not yet written stayed in the write buffer, and only those.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 4,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut wire = FramedWrite::new(Wire::new(Vec::new()), LinesCodec::new());
            wire.feed("fire").await.unwrap();
            wire
        },
        async |wire| SinkExt::<&str>::flush(wire).await.unwrap(),
        async |wire| lines(wire.get_ref()),
    );
    row.holds(&report);
}

/// It flushes, then shuts the wire down. Made again, it goes on with either.
#[test]
fn framed_write_close() {
    let row = Row {
        api: "tokio_util::codec::FramedWrite::close",
        page: "tokio_util/codec/struct.FramedWrite.html#impl-Sink%3CI%3E-for-FramedWrite%3CT,+E%3E",
        verdict: Word::Safe,
        left: "The letters not yet written stayed in the write buffer, and only those; the next `close` wrote them and shut the wire down.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 4,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (wire, mut peer) = duplex(1);
            let reader = tokio::spawn(async move {
                let mut heard = String::new();
                let end = timeout(LONG, peer.read_to_string(&mut heard)).await;
                [heard, format!("ended: {}", end.is_ok())].to_vec()
            });
            let mut wire = FramedWrite::new(wire, LinesCodec::new());
            wire.feed("good night").await.unwrap();
            (wire, reader)
        },
        async |(wire, _)| SinkExt::<&str>::close(wire).await.unwrap(),
        async |(_wire, reader)| reader.await.unwrap(),
    );
    row.holds(&report);
}

/// Two datagrams come as soon as we wait, the first of them with two frames.
#[test]
fn udp_framed_next() {
    let row = Row {
        api: "tokio_util::udp::UdpFramed::next",
        page: "tokio_util/udp/struct.UdpFramed.html#impl-Stream-for-UdpFramed%3CC,+T%3E",
        verdict: Word::Safe,
        left: "Datagrams that nobody had read stayed in the socket.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let buoy = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let ship = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            buoy.connect(ship.local_addr().unwrap()).await.unwrap();
            let we_wait = Arc::new(Notify::new());
            let signal = Arc::clone(&we_wait);
            tokio::spawn(async move {
                signal.notified().await;
                buoy.send(b"4 m\n7 m\n").await.unwrap();
                buoy.send(b"9 m\n").await.unwrap();
            });
            (UdpFramed::new(ship, LinesCodec::new()), we_wait, Vec::new())
        },
        async |(ship, we_wait, depths)| {
            we_wait.notify_one();
            depths.push(ship.next().await.unwrap().unwrap().0);
        },
        async |(mut ship, _, mut depths)| {
            while depths.len() < 3
                && let Ok(Some(depth)) = timeout(LONG, ship.next()).await
            {
                depths.push(depth.unwrap().0);
            }
            depths
        },
    );
    row.holds(&report);
}

type Depth = (Bytes, SocketAddr);

/// Sends datagrams, and a socket that receives them.
async fn sounding() -> (UdpFramed<BytesCodec>, UdpSocket) {
    let buoy = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let ship = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    (UdpFramed::new(buoy, BytesCodec::new()), ship)
}

fn depth(text: &'static str, ship: &UdpSocket) -> Depth {
    (Bytes::from(text), ship.local_addr().unwrap())
}

/// Uses up what Tokio lets a task do before it must yield: then the next use of
/// a socket suspends.
async fn be_busy() {
    while has_budget_remaining() {
        consume_budget().await;
    }
}

async fn received((mut buoy, ship): (UdpFramed<BytesCodec>, UdpSocket)) -> Vec<String> {
    buoy.send(depth("end", &ship)).await.unwrap();
    let (mut heard, mut datagram) = (Vec::new(), [0; 8]);
    while !heard.ends_with(&["end".to_owned()])
        && let Ok(length) = timeout(LONG, ship.recv(&mut datagram)).await
    {
        let text = String::from_utf8_lossy(&datagram[..length.unwrap()]);
        heard.push(text.into_owned());
    }
    heard
}

/// A busy task had to wait before it could write, when the frame was in the
/// buffer already.
#[test]
fn udp_framed_send() {
    let row = Row {
        api: "tokio_util::udp::UdpFramed::send",
        page: "tokio_util/udp/struct.UdpFramed.html#impl-Sink%3C(I,+SocketAddr)%3E-for-UdpFramed%3CC,+T%3E",
        verdict: Word::DoesTwice,
        left: "The frame stayed in the write buffer and went out with the next send; sent again, it arrived twice.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "`feed` it once, then [`flush`](#tokio-util-udp-udpframed-flush) as often as it takes.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        sounding,
        async |(buoy, ship)| {
            be_busy().await;
            buoy.send(depth("4 m", ship)).await.unwrap();
        },
        received,
    );
    row.holds(&report);
}

/// A busy task had to wait before it could write.
#[test]
fn udp_framed_flush() {
    let row = Row {
        api: "tokio_util::udp::UdpFramed::flush",
        page: "tokio_util/udp/struct.UdpFramed.html#impl-Sink%3C(I,+SocketAddr)%3E-for-UdpFramed%3CC,+T%3E",
        verdict: Word::Safe,
        left: "The frame stayed in the write buffer, and the next flush sent it, once.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().cuts(2).recreate(
        async || {
            let (mut buoy, ship) = sounding().await;
            buoy.feed(depth("7 m", &ship)).await.unwrap();
            (buoy, ship)
        },
        async |(buoy, _)| {
            be_busy().await;
            SinkExt::<Depth>::flush(buoy).await.unwrap();
        },
        received,
    );
    row.holds(&report);
}

/// Two guests come as soon as we wait.
#[test]
fn listener_accept() {
    let row = Row {
        api: "tokio_util::net::Listener::accept",
        page: "tokio_util/net/trait.Listener.html#method.accept",
        verdict: Word::Safe,
        left: "Connections that nobody had accepted stayed in the listener's queue.",
        docs: Docs::Silent,
        source: "tokio-util/src/net/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = door.local_addr().unwrap();
            let we_wait = Arc::new(Notify::new());
            let signal = Arc::clone(&we_wait);
            let guests = tokio::spawn(async move {
                signal.notified().await;
                let first = TcpStream::connect(address).await.unwrap();
                let second = TcpStream::connect(address).await.unwrap();
                let port = |guest: &TcpStream| guest.local_addr().unwrap().port();
                let ports = [port(&first), port(&second)];
                (first, second, ports)
            });
            (door, we_wait, Vec::new(), guests)
        },
        async |(door, we_wait, inside, _)| {
            we_wait.notify_one();
            let (_, address) = Listener::accept(door).await.unwrap();
            inside.push(address.port());
        },
        async |(mut door, _, mut inside, guests)| {
            let (_first, _second, ports) = guests.await.unwrap();
            while inside.len() < 2
                && let Ok(Ok(guest)) = timeout(LONG, Listener::accept(&mut door)).await
            {
                inside.push(guest.1.port());
            }
            // Their ports differ from run to run: which of them came when?
            let came = |port| ports.iter().position(|other| *other == port);
            inside.into_iter().map(came).collect()
        },
    );
    row.holds(&report);
}
