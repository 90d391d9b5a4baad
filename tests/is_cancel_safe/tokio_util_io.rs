//! `tokio_util::io`, `tokio_util::compat`.

use std::io::{self, ErrorKind, IoSlice, Read};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use cancel_sweep::{Cut, Drip, Sweep, hold, suspend};
use futures::{SinkExt, StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::codec::{BytesCodec, FramedWrite};
use tokio_util::compat::TokioAsyncReadCompatExt;
use tokio_util::io::{
    CopyToBytes, InspectReader, InspectWriter, ReaderStream, SinkWriter, StreamReader,
    SyncIoBridge, read_buf, read_exact_arc, simplex, write_all_vectored,
};
use tokio_util::sync::PollSender;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// Says one letter at a time.
fn air() -> Drip<&'static [u8]> {
    Drip::new(b"MAYDAYMAYDAY")
}

/// The letters come one at a time, and each makes a chunk.
#[test]
fn reader_stream_next() {
    let row = Row {
        api: "tokio_util::io::ReaderStream::next",
        page: "tokio_util/io/struct.ReaderStream.html#impl-Stream-for-ReaderStream%3CR%3E",
        verdict: Word::Safe,
        left: "Unread letters stayed in the reader.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (ReaderStream::new(air()), Vec::new()),
        async |(air, heard)| heard.extend(air.next().await.unwrap().unwrap()),
        async |(mut air, mut heard)| {
            while let Some(letters) = air.next().await {
                heard.extend(letters.unwrap());
            }
            heard
        },
    );
    row.holds(&report);
}

/// The stream pauses before each chunk, and one chunk is less than we ask for.
#[test]
fn stream_reader_read() {
    let row = Row {
        api: "tokio_util::io::StreamReader::read",
        page: "tokio_util/io/struct.StreamReader.html#impl-AsyncRead-for-StreamReader%3CS,+B%3E",
        verdict: Word::Safe,
        left: "Unread chunks stayed in the stream.",
        docs: Docs::Says("it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let chunks = stream::iter(["MA", "YD", "AY"]).then(async |chunk| {
                suspend().await;
                io::Result::Ok(chunk.as_bytes())
            });
            (StreamReader::new(Box::pin(chunks)), Vec::new())
        },
        async |(air, heard)| {
            let mut letters = [0; 3];
            let length = air.read(&mut letters).await.unwrap();
            heard.extend_from_slice(&letters[..length]);
        },
        async |(mut air, mut heard)| {
            air.read_to_end(&mut heard).await.unwrap();
            heard
        },
    );
    row.holds(&report);
}

/// One read, into a buffer of our own that grows.
#[test]
fn read_buf_() {
    let row = Row {
        api: "tokio_util::io::read_buf",
        page: "tokio_util/io/fn.read_buf.html",
        verdict: Word::Safe,
        left: "Unread letters stayed in the reader, and the buffer was as before.",
        docs: Docs::Silent,
        source: "tokio-util/src/io/read_buf.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (air(), BytesMut::new()),
        async |(air, heard)| {
            read_buf(air, heard).await.unwrap();
        },
        async |(mut air, mut heard)| {
            while read_buf(&mut air, &mut heard).await.unwrap() > 0 {}
            heard.to_vec()
        },
    );
    row.holds(&report);
}

/// The `Arc` that it fills is inside the future.
#[test]
fn read_exact_arc_() {
    let row = Row {
        api: "tokio_util::io::read_exact_arc",
        page: "tokio_util/io/fn.read_exact_arc.html",
        verdict: Word::LosesData,
        left: "The letters read so far were dropped with the future; the reader had gone past them.",
        docs: Docs::Silent,
        source: "tokio-util/src/io/read_arc.rs",
        instead: "[`read_buf`](#tokio-util-io-read-buf) in a loop, with the buffer outside.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || (air(), Vec::new()),
        async |(air, heard)| {
            let letters = read_exact_arc(air, 6).await.unwrap();
            heard.extend_from_slice(&letters);
        },
        async |(mut air, mut heard)| {
            air.read_to_end(&mut heard).await.unwrap();
            heard
        },
    );
    row.holds(&report);
}

/// How far it had come is inside the future: made again, it starts over.
#[test]
fn write_all_vectored_() {
    let row = Row {
        api: "tokio_util::io::write_all_vectored",
        page: "tokio_util/io/fn.write_all_vectored.html",
        verdict: Word::DoesTwice,
        left: "The letters written so far had arrived, and nothing said how many; written again from the start, they arrived twice.",
        docs: Docs::Says("This method is not cancellation safe"),
        source: "tokio-util/src/io/write_all_vectored.rs",
        instead: "`AsyncWriteExt::write_vectored` in a loop, with the position outside.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || Drip::new(Vec::new()),
        async |air| {
            let mut parts = [IoSlice::new(b"MAY"), IoSlice::new(b"DAY")];
            write_all_vectored(air, &mut parts).await.unwrap();
        },
        async |air| air.into_inner(),
    );
    row.holds(&report);
}

/// A sink into a channel that is full for a while, and the channel.
async fn full_post() -> (PollSender<Bytes>, mpsc::Receiver<Bytes>) {
    let (sender, receiver) = mpsc::channel(1);
    hold(sender.clone().reserve_owned().await.unwrap(), BUSY);
    (PollSender::new(sender), receiver)
}

/// The channel is full, and the bytes are ours until it has room.
#[test]
fn sink_writer_write() {
    let row = Row {
        api: "tokio_util::io::SinkWriter::write",
        page: "tokio_util/io/struct.SinkWriter.html#impl-AsyncWrite-for-SinkWriter%3CS%3E",
        verdict: Word::Safe,
        left: "The sink had nothing of the bytes, which the caller still had.",
        docs: Docs::Says("it is guaranteed that no data was written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (sink, receiver) = full_post().await;
            let sink = sink.sink_map_err(|_| io::Error::from(ErrorKind::BrokenPipe));
            (SinkWriter::new(CopyToBytes::new(sink)), receiver)
        },
        async |(writer, _)| assert_eq!(writer.write(b"letter").await.unwrap(), 6),
        async |(writer, mut receiver)| {
            drop(writer);
            let mut letters = Vec::new();
            while let Some(letter) = receiver.recv().await {
                letters.push(letter);
            }
            letters
        },
    );
    row.holds(&report);
}

/// The bytes are copied when the sink is ready. A channel has them then, and
/// needs no flush; a `FramedWrite` was cut in its flush.
#[test]
fn copy_to_bytes_send() {
    let row = Row {
        api: "tokio_util::io::CopyToBytes::send",
        page: "tokio_util/io/struct.CopyToBytes.html#impl-Sink%3C%26%5Bu8%5D%3E-for-CopyToBytes%3CS%3E",
        verdict: Word::SafeIf("if the sink in it never waits in its flush"),
        left: "A full channel had nothing of the bytes, which the caller still had; a `FramedWrite` had them in its buffer, and sent again, they arrived twice.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "`feed` the bytes once, then `flush` as often as it takes.",
        suspensions: 1,
    };
    let never_waits = Sweep::new().cuts(2).recreate(
        async || {
            let (sink, receiver) = full_post().await;
            (CopyToBytes::new(sink), receiver)
        },
        async |(sink, _)| sink.send(b"letter".as_slice()).await.unwrap(),
        async |(sink, mut receiver)| {
            drop(sink);
            let mut letters = Vec::new();
            while let Some(letter) = receiver.recv().await {
                letters.push(letter);
            }
            letters
        },
    );
    let waits = Sweep::new().recreate(
        async || CopyToBytes::new(FramedWrite::new(Drip::new(Vec::new()), BytesCodec::new())),
        async |sink| sink.send(b"letter".as_slice()).await.unwrap(),
        async |sink| sink.into_inner().into_inner().into_inner(),
    );
    row.holds_if(&never_waits, &waits);
}

/// What an inspector has seen.
type Seen = Arc<Mutex<Vec<u8>>>;

/// The inspector's list and ours are compared, each letter once in both.
#[test]
fn inspect_reader_read() {
    let row = Row {
        api: "tokio_util::io::InspectReader::read",
        page: "tokio_util/io/struct.InspectReader.html#impl-AsyncRead-for-InspectReader%3CR,+F%3E",
        verdict: Word::Safe,
        left: "Unread letters stayed in the reader, and the inspector had not seen them.",
        docs: Docs::Says("it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let seen = Seen::default();
            let list = Arc::clone(&seen);
            let inspect = move |letters: &[u8]| list.lock().unwrap().extend(letters);
            (InspectReader::new(air(), inspect), Vec::new(), seen)
        },
        async |(air, heard, _)| {
            let mut letters = [0; 6];
            let length = air.read(&mut letters).await.unwrap();
            heard.extend_from_slice(&letters[..length]);
        },
        async |(mut air, mut heard, seen)| {
            air.read_to_end(&mut heard).await.unwrap();
            [heard, seen.lock().unwrap().clone()].concat()
        },
    );
    row.holds(&report);
}

/// The inspector's list and what arrived are compared, each letter once in
/// both.
#[test]
fn inspect_writer_write() {
    let row = Row {
        api: "tokio_util::io::InspectWriter::write",
        page: "tokio_util/io/struct.InspectWriter.html#impl-AsyncWrite-for-InspectWriter%3CW,+F%3E",
        verdict: Word::Safe,
        left: "The writer had nothing of the letters, and the inspector had not seen them.",
        docs: Docs::Says("it is guaranteed that no data was written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let seen = Seen::default();
            let list = Arc::clone(&seen);
            let inspect = move |letters: &[u8]| list.lock().unwrap().extend(letters);
            let air = InspectWriter::new(Drip::new(Vec::new()), inspect);
            (air, b"MAYDAY".as_slice(), seen)
        },
        async |(air, message, _)| *message = &message[air.write(message).await.unwrap()..],
        async |(mut air, message, seen)| {
            air.write_all(message).await.unwrap();
            let arrived = air.into_inner().into_inner();
            [arrived, seen.lock().unwrap().clone()].concat()
        },
    );
    row.holds(&report);
}

/// The thread reads on: our friend wrote only after we had gone.
#[test]
fn sync_io_bridge() {
    let row = Row {
        api: "tokio_util::io::SyncIoBridge",
        page: "tokio_util/io/struct.SyncIoBridge.html",
        verdict: Word::GoesOn,
        left: "What was dropped was the wait for `spawn_blocking`; its thread read on to the end, and the letters went to nobody.",
        docs: Docs::Silent,
        source: "tokio-util/src/io/sync_bridge.rs",
        instead: "Read with `AsyncReadExt`, and give the blocking work what was read.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().check(
        async || {
            let (wire, mut friend) = duplex(64);
            let (we_wait, (tell, told)) = (Arc::new(Notify::new()), oneshot::channel());
            let signal = Arc::clone(&we_wait);
            tokio::spawn(async move {
                signal.notified().await;
                friend.write_all(b"come home").await.unwrap();
            });
            (Some((SyncIoBridge::new(wire), tell)), we_wait, told)
        },
        async |(reader, we_wait, _)| {
            let (mut bridge, tell) = reader.take().unwrap();
            we_wait.notify_one();
            let thread = spawn_blocking(move || {
                let mut letters = String::new();
                bridge.read_to_string(&mut letters).unwrap();
                tell.send(letters).unwrap();
            });
            thread.await.unwrap();
        },
        async |(reader, _, told), end| {
            drop(reader);
            match (end, told.await) {
                (Cut::Suspended(_), Ok(letters)) => Err(format!("read on: {letters}")),
                _ => Ok(()),
            }
        },
    );
    row.holds(&report);
}

/// Letters come in a while.
#[test]
fn simplex_receiver_read() {
    let row = Row {
        api: "tokio_util::io::simplex::Receiver::read",
        page: "tokio_util/io/simplex/struct.Receiver.html#cancellation-safety",
        verdict: Word::Safe,
        left: "Unread letters stayed in the channel.",
        docs: Docs::Says("it is guaranteed that no bytes were received"),
        source: "tokio-util/src/io/simplex.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (mut sender, receiver) = simplex::new(64);
            tokio::spawn(async move {
                sleep(BUSY).await;
                sender.write_all(b"MAYDAY").await.unwrap();
            });
            (receiver, Vec::new())
        },
        async |(receiver, heard)| {
            let mut letters = [0; 4];
            let length = receiver.read(&mut letters).await.unwrap();
            heard.extend_from_slice(&letters[..length]);
        },
        async |(mut receiver, mut heard)| {
            receiver.read_to_end(&mut heard).await.unwrap();
            heard
        },
    );
    row.holds(&report);
}

/// The channel is full until its reader comes, in a while.
#[test]
fn simplex_sender_write() {
    let row = Row {
        api: "tokio_util::io::simplex::Sender::write",
        page: "tokio_util/io/simplex/struct.Sender.html#cancellation-safety",
        verdict: Word::Safe,
        left: "The channel had nothing of the letters, which the caller still had.",
        docs: Docs::Says("it is guaranteed that no bytes were sent on this channel"),
        source: "tokio-util/src/io/simplex.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (mut sender, mut receiver) = simplex::new(3);
            sender.write_all(b"MAY").await.unwrap();
            let reader = tokio::spawn(async move {
                sleep(BUSY).await;
                let mut heard = Vec::new();
                receiver.read_to_end(&mut heard).await.unwrap();
                heard
            });
            (sender, b"DAYDAY".as_slice(), reader)
        },
        async |(sender, message, _)| *message = &message[sender.write(message).await.unwrap()..],
        async |(mut sender, message, reader)| {
            sender.write_all(message).await.unwrap();
            drop(sender);
            reader.await.unwrap()
        },
    );
    row.holds(&report);
}

/// One read in the ways of `futures`, from a reader of Tokio's.
#[test]
fn compat_read() {
    let row = Row {
        api: "tokio_util::compat::Compat::read",
        page: "tokio_util/compat/struct.Compat.html#impl-AsyncRead-for-Compat%3CT%3E",
        verdict: Word::Safe,
        left: "Unread letters stayed in the reader.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (air().compat(), Vec::new()),
        async |(air, heard)| {
            let mut letters = [0; 6];
            let read = futures::AsyncReadExt::read(air, &mut letters);
            let length = read.await.unwrap();
            heard.extend_from_slice(&letters[..length]);
        },
        async |(air, mut heard)| {
            air.into_inner().read_to_end(&mut heard).await.unwrap();
            heard
        },
    );
    row.holds(&report);
}
