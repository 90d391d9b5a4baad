//! `tokio::io`, reading: bytes and numbers.

use std::fmt::Debug;
use std::io;

use cancel_sweep::{Cut, Drip, Report, Sweep, Verdict};
use tokio::io::AsyncReadExt;

use crate::row::{Docs, Row, Word};

/// A peer that sends one byte at a time.
type Socket = Drip<&'static [u8]>;

/// What came in: here, and what the socket still has.
struct Inbox {
    socket: Socket,
    read: Vec<u8>,
}

fn inbox(bytes: &'static str) -> Inbox {
    Inbox {
        socket: Drip::new(bytes.as_bytes()),
        read: Vec::new(),
    }
}

async fn all_of(mut inbox: Inbox) -> Vec<char> {
    inbox.socket.read_to_end(&mut inbox.read).await.unwrap();
    inbox.read.into_iter().map(char::from).collect()
}

/// It completes with the first bytes that come, so it never holds any while
/// it waits.
#[test]
fn read() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read",
        page: "tokio/io/trait.AsyncReadExt.html#method.read",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the socket.",
        docs: Docs::Says("then it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || inbox("tide tables"),
        async |inbox| {
            let mut buffer = [0; 3];
            let count = inbox.socket.read(&mut buffer).await.unwrap();
            inbox.read.extend_from_slice(&buffer[..count]);
        },
        all_of,
    );
    row.holds(&report);
}

/// Like `read`, it completes with the first bytes that come.
#[test]
fn read_buf() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_buf",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_buf",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the socket, and the buffer was as before.",
        docs: Docs::Says("then it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || inbox("ebb and flow"),
        async |Inbox { socket, read }| {
            socket.read_buf(read).await.unwrap();
        },
        all_of,
    );
    row.holds(&report);
}

/// The buffer is kept, and yet no one knows how much of it is filled: the
/// next call begins at its first byte.
#[test]
fn read_exact() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_exact",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_exact",
        verdict: Word::LosesData,
        left: "The bytes read so far lay in the buffer, their number was gone, and the next call wrote over them.",
        docs: Docs::Says("then some data may already have been read into `buf`"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) into a buffer that you keep, until it holds enough.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || (inbox("HEADbody"), [0; 4]),
        async |(inbox, header)| {
            inbox.socket.read_exact(header).await.unwrap();
        },
        async |(mut inbox, header)| {
            inbox.read.extend_from_slice(&header);
            all_of(inbox).await
        },
    );
    row.holds(&report);
}

/// The bytes go straight into the caller's `Vec`. Only the number that it
/// returns starts over. Tokio's list at `select!` calls it not cancel-safe.
#[test]
fn read_to_end() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_to_end",
        page: "tokio/macro.select.html#cancellation-safety",
        verdict: Word::SafeIf("if the `Vec` is kept"),
        left: "The bytes read so far were in the `Vec`, and the next call appended the rest; the count it returned left the first ones out.",
        docs: Docs::Differs(
            "The following methods are not cancellation safe and can lead to loss of data",
            "read_to_end_finds_what_it_read",
        ),
        source: "tokio/src/macros/select.rs#tokio::select!",
        instead: "Keep the `Vec` outside of what is cancelled, and ask it for its length.",
        suspensions: 6,
    };
    let with = Sweep::new().cuts(2).recreate(
        async || inbox("waves"),
        async |Inbox { socket, read }| {
            socket.read_to_end(read).await.unwrap();
        },
        all_of,
    );
    let without = Sweep::new().recreate(
        async || inbox("waves"),
        async |inbox| {
            let mut read = Vec::new();
            inbox.socket.read_to_end(&mut read).await.unwrap();
            inbox.read = read;
        },
        all_of,
    );
    row.holds_if(&with, &without);
    let count = Sweep::new().recreate(
        async || (inbox("waves"), 0),
        async |(Inbox { socket, read }, count)| {
            *count = socket.read_to_end(read).await.unwrap();
        },
        async |(_, count)| vec![count],
    );
    assert_eq!(count.verdict(), Verdict::LosesData, "{count}");
}

/// It takes the `String` apart for the time it reads, and holds the bytes
/// itself. The salutation was in the `String` before.
#[test]
fn read_to_string() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_to_string",
        page: "tokio/macro.select.html#cancellation-safety",
        verdict: Word::LosesData,
        left: "The `String` was empty: what had been read was gone, and so was what it held before; a call that was never polled took even that.",
        docs: Docs::Says(
            "The following methods are not cancellation safe and can lead to loss of data",
        ),
        source: "tokio/src/macros/select.rs#tokio::select!",
        instead: "[`read_to_end`](#tokio-io-asyncreadext-read-to-end) into a `Vec` that you keep, then `String::from_utf8`.",
        suspensions: 5,
    };
    let letter = async || (inbox("Ann!"), String::from("Dear "));
    let read = async |(inbox, text): &mut (Inbox, String)| {
        inbox.socket.read_to_string(text).await.unwrap();
    };
    let report = Sweep::new().recreate(letter, read, async |(_, text)| vec![text]);
    row.holds(&report);
    let left = Sweep::new().check(letter, read, async |(_, text), end| match end {
        Cut::Suspended(_) | Cut::Woken(_) if !text.is_empty() => Err(text),
        _ => Ok(()),
    });
    left.assert_safe();
    let mut text = String::from("Dear ");
    drop(inbox("Ann!").socket.read_to_string(&mut text));
    assert_eq!(text, "");
}

/// Two numbers of any size, the bytes all different.
const BYTES: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz012345";

/// Reads one of them, then what is left.
fn number<T: Debug>(read: impl AsyncFn(&mut Socket) -> io::Result<T>) -> Report {
    Sweep::new().recreate(
        async || (Drip::new(&BYTES[..]), String::new()),
        async |(socket, number)| *number = format!("{:?}", read(socket).await.unwrap()),
        async |(mut socket, number)| {
            let mut rest = String::new();
            socket.read_to_string(&mut rest).await.unwrap();
            vec![number, rest]
        },
    )
}

/// A single byte is read whole or not at all.
#[test]
fn read_u8() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_u8",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_u8",
        verdict: Word::Safe,
        left: "The byte stayed in the socket.",
        docs: Docs::Says("it is guaranteed that no data were read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    row.holds(&number(async |socket| socket.read_u8().await));
}

/// A single byte is read whole or not at all.
#[test]
fn read_i8() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_i8",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_i8",
        verdict: Word::Safe,
        left: "The byte stayed in the socket.",
        docs: Docs::Says("it is guaranteed that no data were read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    row.holds(&number(async |socket| socket.read_i8().await));
}

/// The first byte is in the future while it waits for the second.
#[test]
fn read_u16() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_u16",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_u16",
        verdict: Word::LosesData,
        left: "The first byte was gone, and the next number began in the middle of this one; `read_i16`, `read_u16_le` and `read_i16_le` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 2 bytes, then `u16::from_be_bytes`.",
        suspensions: 2,
    };
    row.holds(&number(async |socket| socket.read_u16().await));
    row.holds(&number(async |socket| socket.read_i16().await));
    row.holds(&number(async |socket| socket.read_u16_le().await));
    row.holds(&number(async |socket| socket.read_i16_le().await));
}

/// The length before a frame is the usual victim.
#[test]
fn read_u32() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_u32",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_u32",
        verdict: Word::LosesData,
        left: "The bytes read so far were gone, and the next number began in the middle of this one; `read_i32`, `read_u32_le` and `read_i32_le` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 4 bytes, then `u32::from_be_bytes`; for frames, `tokio_util::codec::LengthDelimitedCodec`.",
        suspensions: 4,
    };
    row.holds(&number(async |socket| socket.read_u32().await));
    row.holds(&number(async |socket| socket.read_i32().await));
    row.holds(&number(async |socket| socket.read_u32_le().await));
    row.holds(&number(async |socket| socket.read_i32_le().await));
}

/// Cut before its last byte, it has lost seven.
#[test]
fn read_u64() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_u64",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_u64",
        verdict: Word::LosesData,
        left: "The bytes read so far were gone, and the next number began in the middle of this one; `read_i64`, `read_u64_le` and `read_i64_le` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 8 bytes, then `u64::from_be_bytes`.",
        suspensions: 8,
    };
    row.holds(&number(async |socket| socket.read_u64().await));
    row.holds(&number(async |socket| socket.read_i64().await));
    row.holds(&number(async |socket| socket.read_u64_le().await));
    row.holds(&number(async |socket| socket.read_i64_le().await));
}

/// Cut before its last byte, it has lost fifteen.
#[test]
fn read_u128() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_u128",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_u128",
        verdict: Word::LosesData,
        left: "The bytes read so far were gone, and the next number began in the middle of this one; `read_i128`, `read_u128_le` and `read_i128_le` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 16 bytes, then `u128::from_be_bytes`.",
        suspensions: 16,
    };
    row.holds(&number(async |socket| socket.read_u128().await));
    row.holds(&number(async |socket| socket.read_i128().await));
    row.holds(&number(async |socket| socket.read_u128_le().await));
    row.holds(&number(async |socket| socket.read_i128_le().await));
}

/// A sensor's reading, of which half has come.
#[test]
fn read_f32() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_f32",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_f32",
        verdict: Word::LosesData,
        left: "The bytes read so far were gone, and the next number began in the middle of this one; `read_f32_le` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 4 bytes, then `f32::from_be_bytes`.",
        suspensions: 4,
    };
    row.holds(&number(async |socket| socket.read_f32().await));
    row.holds(&number(async |socket| socket.read_f32_le().await));
}

/// The order of its bytes makes no difference.
#[test]
fn read_f64_le() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::read_f64_le",
        page: "tokio/io/trait.AsyncReadExt.html#method.read_f64_le",
        verdict: Word::LosesData,
        left: "The bytes read so far were gone, and the next number began in the middle of this one; `read_f64` did the same.",
        docs: Docs::Says("then some data may be lost"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "[`read_buf`](#tokio-io-asyncreadext-read-buf) until the buffer that you keep holds 8 bytes, then `f64::from_le_bytes`.",
        suspensions: 8,
    };
    row.holds(&number(async |socket| socket.read_f64_le().await));
    row.holds(&number(async |socket| socket.read_f64().await));
}
