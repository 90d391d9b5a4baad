//! `tokio::io::AsyncWriteExt`.

use std::io::IoSlice;
use std::time::Duration;

use cancel_sweep::{Drip, Sweep};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::row::{Docs, Row, Word};

const SLOW: Duration = Duration::from_millis(10);

/// A pipe that has room for two bytes, and neither left, to a reader who takes
/// one now and then.
struct Jam {
    pipe: DuplexStream,
    reader: JoinHandle<Vec<char>>,
    /// What is still to be sent.
    rest: &'static [u8],
}

async fn jam() -> Jam {
    let (mut pipe, mut far) = duplex(2);
    pipe.write_all(b"> ").await.unwrap();
    let reader = tokio::spawn(async move {
        let mut seen = Vec::new();
        loop {
            sleep(SLOW).await;
            match far.read_u8().await {
                Ok(byte) => seen.push(char::from(byte)),
                Err(_) => return seen,
            }
        }
    });
    let rest = b"north";
    Jam { pipe, reader, rest }
}

/// Sends the rest and tells what the reader saw.
async fn arrived(mut jam: Jam) -> Vec<char> {
    while !jam.rest.is_empty() {
        let sent = jam.pipe.write(jam.rest).await.unwrap();
        jam.rest = &jam.rest[sent..];
    }
    drop(jam.pipe);
    jam.reader.await.unwrap()
}

/// A wire that takes one byte at a time, and its other end.
struct Wire {
    near: Drip<DuplexStream>,
    far: DuplexStream,
    /// What the sender keeps between calls.
    kept: &'static [u8],
}

async fn wire() -> Wire {
    let (near, far) = duplex(256);
    Wire {
        near: Drip::new(near),
        far,
        kept: b"25.75",
    }
}

async fn received(Wire { near, mut far, .. }: Wire) -> Vec<u8> {
    drop(near);
    let mut bytes = Vec::new();
    far.read_to_end(&mut bytes).await.unwrap();
    bytes
}

/// The pipe is full; the call puts in what fits as soon as a byte has left.
#[test]
fn write() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write",
        verdict: Word::Safe,
        left: "The pipe had none of the bytes: the call ends with the first one that it takes.",
        docs: Docs::Says("it is guaranteed that no data was written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        jam,
        async |jam| {
            let sent = jam.pipe.write(jam.rest).await.unwrap();
            jam.rest = &jam.rest[sent..];
        },
        arrived,
    );
    row.holds(&report);
}

/// The same full pipe; the buffer counts by itself what went in.
#[test]
fn write_buf() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_buf",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_buf",
        verdict: Word::Safe,
        left: "The pipe had none of the bytes, and the buffer had not been advanced.",
        docs: Docs::Says("it is guaranteed that no data was written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        jam,
        async |jam| {
            jam.pipe.write_buf(&mut jam.rest).await.unwrap();
        },
        arrived,
    );
    row.holds(&report);
}

/// The same full pipe; two slices go in with one call, or as much as fits.
#[test]
fn write_vectored() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_vectored",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_vectored",
        verdict: Word::Safe,
        left: "The pipe had none of the bytes of any slice.",
        docs: Docs::Says("it is guaranteed that no data was written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        jam,
        async |jam| {
            let (head, tail) = jam.rest.split_at(1);
            let slices = [IoSlice::new(head), IoSlice::new(tail)];
            let sent = jam.pipe.write_vectored(&slices).await.unwrap();
            jam.rest = &jam.rest[sent..];
        },
        arrived,
    );
    row.holds(&report);
}

/// How far it came is counted in the future, and the next call knows nothing
/// of it.
#[test]
fn write_all() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_all",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_all",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent them again.",
        docs: Docs::Says("future calls to `write_all` will start over"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "[`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf), with a buffer that \
                  you keep.",
        suspensions: 5,
    };
    let report = Sweep::new().recreate(
        wire,
        async |wire| wire.near.write_all(wire.kept).await.unwrap(),
        received,
    );
    row.holds(&report);
}

/// How far it came is counted in the buffer: without, that is made anew for
/// each call.
#[test]
fn write_all_buf() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_all_buf",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_all_buf",
        verdict: Word::SafeIf("if the buffer is kept"),
        left: "The buffer had been advanced past the bytes that were sent; a buffer made anew \
               sent them again.",
        docs: Docs::Says("by the amount of bytes that have been partially written"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Own the buffer outside of the future, and call again until it is empty.",
        suspensions: 5,
    };
    let kept = Sweep::new().cuts(2).recreate(
        wire,
        async |wire| wire.near.write_all_buf(&mut wire.kept).await.unwrap(),
        received,
    );
    let anew = Sweep::new().recreate(
        wire,
        async |wire| {
            let mut buffer = wire.kept;
            wire.near.write_all_buf(&mut buffer).await.unwrap();
        },
        received,
    );
    row.holds_if(&kept, &anew);
}

/// A log with four letters in its buffer, over a wire that takes one at a time.
async fn log() -> (BufWriter<Drip<DuplexStream>>, DuplexStream) {
    let (near, far) = duplex(256);
    let mut log = BufWriter::new(Drip::new(near));
    log.write_all(b"boot").await.unwrap();
    (log, far)
}

/// A `BufWriter` counts in itself how much of its buffer went out.
#[test]
fn flush() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::flush",
        page: "tokio/io/trait.AsyncWriteExt.html#method.flush",
        verdict: Word::Safe,
        left: "The writer still had the bytes that were not sent, and only those.",
        docs: Docs::Says("by the amount of bytes that have been partially flushed"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 5,
    };
    let report = Sweep::new().cuts(2).recreate(
        log,
        async |(log, _)| log.flush().await.unwrap(),
        async |(log, far)| {
            let (near, kept) = (log.into_inner(), b"");
            received(Wire { near, far, kept }).await
        },
    );
    row.holds(&report);
}

/// It sends the buffer, then ends the stream; the reader waits for that end.
#[test]
fn shutdown() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::shutdown",
        page: "tokio/io/trait.AsyncWriteExt.html#method.shutdown",
        verdict: Word::Safe,
        left: "The writer still had the bytes that were not sent, and the stream was still open: \
               the next call sent them and ended it.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 5,
    };
    let report = Sweep::new().cuts(2).recreate(
        log,
        async |(log, _)| log.shutdown().await.unwrap(),
        async |(log, mut far)| {
            let mut text = String::new();
            let end = timeout(SLOW, far.read_to_string(&mut text)).await;
            end.expect("the stream has no end").unwrap();
            drop(log);
            text.chars().collect::<Vec<_>>()
        },
    );
    row.holds(&report);
}

/// Sweeps each of these calls over a slow wire, and holds the row to it.
macro_rules! hold_each {
    ($row:ident: $($call:ident($number:expr)),+) => {
        $($row.holds(&Sweep::new().recreate(
            wire,
            async |wire| wire.near.$call($number).await.unwrap(),
            received,
        ));)+
    };
}

/// One byte is sent or not: there is no half of it.
#[test]
fn write_u8() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_u8",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_u8",
        verdict: Word::Safe,
        left: "The byte had not been sent.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    hold_each!(row: write_u8(21));
}

/// One byte is sent or not: there is no half of it.
#[test]
fn write_i8() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_i8",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_i8",
        verdict: Word::Safe,
        left: "The byte had not been sent.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    hold_each!(row: write_i8(-21));
}

/// The wire takes the first byte, then lets us wait for the second.
#[test]
fn write_u16() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_u16",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_u16",
        verdict: Word::DoesTwice,
        left: "The first byte stayed on the wire, and the next call sent both. `write_i16`, \
               `write_u16_le` and `write_i16_le` did the same.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Put the number into a buffer that you keep, then \
                  [`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf).",
        suspensions: 2,
    };
    hold_each!(row: write_u16(1013), write_i16(-40), write_u16_le(1013), write_i16_le(-40));
}

/// The wire takes one byte at a time.
#[test]
fn write_u32() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_u32",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_u32",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent all four. `write_i32`, \
               `write_u32_le` and `write_i32_le` did the same.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Put the number into a buffer that you keep, then \
                  [`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf).",
        suspensions: 4,
    };
    hold_each!(row: write_u32(8848), write_i32(-10_935), write_u32_le(8848), write_i32_le(-10_935));
}

/// The wire takes one byte at a time.
#[test]
fn write_u64() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_u64",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_u64",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent all eight. \
               `write_i64`, `write_u64_le`, `write_i64_le`, and the four for `u128` and `i128` \
               did the same.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Put the number into a buffer that you keep, then \
                  [`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf).",
        suspensions: 8,
    };
    hold_each!(row: write_u64(299_792_458), write_i64(-1), write_u64_le(7), write_i64_le(-7));
    hold_each!(row: write_u128(7), write_i128(-7), write_u128_le(7), write_i128_le(-7));
}

/// The wire takes one byte at a time.
#[test]
fn write_f64() {
    let row = Row {
        api: "tokio::io::AsyncWriteExt::write_f64",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_f64",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent all eight. \
               `write_f64_le`, `write_f32` and `write_f32_le` did the same.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Put the number into a buffer that you keep, then \
                  [`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf).",
        suspensions: 4,
    };
    hold_each!(row: write_f64(25.75), write_f64_le(25.75), write_f32(0.5), write_f32_le(0.5));
}
