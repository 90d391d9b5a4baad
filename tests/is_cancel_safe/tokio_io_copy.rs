//! `tokio::io`: copying, splitting and joining.

use std::time::Duration;

use cancel_sweep::{Drip, Sweep, Verdict};
use tokio::io::{
    self, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, DuplexStream, Join, duplex, join,
    split,
};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

/// Everything that arrives at the far end of a wire.
async fn all(mut far: DuplexStream) -> Vec<char> {
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    text.chars().collect()
}

/// A printer that takes one letter at a time, and its paper.
fn printer() -> (Drip<DuplexStream>, DuplexStream) {
    let (near, far) = duplex(256);
    (Drip::new(near), far)
}

const PAGE: &[u8] = b"0123456789";

/// The page lies ready, and the printer is slow: what was read waits in the
/// future.
#[test]
fn copy() {
    let row = Row {
        api: "tokio::io::copy",
        page: "tokio/io/fn.copy.html",
        verdict: Word::LosesData,
        left: "What had been read but not yet written was in a buffer inside the future, and \
               went with it.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/copy.rs",
        instead: "[`copy_buf`](#tokio-io-copy-buf) from a `BufReader` that you keep, or a copy in \
                  a task of its own.",
        suspensions: 10,
    };
    let report = Sweep::new().recreate(
        async || (PAGE, printer()),
        async |(page, (near, _))| {
            io::copy(page, near).await.unwrap();
        },
        async |(_, (near, far))| {
            drop(near);
            all(far).await
        },
    );
    row.holds(&report);
}

/// It takes from the reader's buffer only what the printer has taken: without,
/// the buffer is made anew for each call.
#[test]
fn copy_buf() {
    let row = Row {
        api: "tokio::io::copy_buf",
        page: "tokio/io/fn.copy_buf.html",
        verdict: Word::SafeIf("if the reader is kept and the writer has no buffer"),
        left: "What was not written stayed in the buffer of the reader, and was lost with a \
               `BufReader` made for the one call. A `BufWriter` that it was flushing was not \
               flushed by the next call, and the peer and we waited for each other. The number \
               that the next call returned counted only its own bytes.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/copy_buf.rs",
        instead: "Own the `BufReader` outside of the future, and \
                  [`flush`](#tokio-io-bufwriter-flush) a `BufWriter` before you call it again.",
        suspensions: 10,
    };
    let kept = async || (BufReader::with_capacity(4, PAGE), printer(), 0);
    let report = Sweep::new().cuts(2).recreate(
        kept,
        async |(page, (near, _), _)| {
            io::copy_buf(page, near).await.unwrap();
        },
        async |(_, (near, far), _)| {
            drop(near);
            all(far).await
        },
    );
    let anew = Sweep::new().recreate(
        async || (PAGE, printer()),
        async |(page, (near, _))| {
            let mut page = BufReader::with_capacity(4, page);
            io::copy_buf(&mut page, near).await.unwrap();
        },
        async |(_, (near, far))| {
            drop(near);
            all(far).await
        },
    );
    row.holds_if(&report, &anew);

    let counted = Sweep::new().recreate(
        kept,
        async |(page, (near, _), count)| *count = io::copy_buf(page, near).await.unwrap(),
        async |(_, _, count)| (0..count).collect(),
    );
    assert_eq!(counted.verdict(), Verdict::LosesData);

    let stalls = Sweep::new().recreate(
        talk,
        async |(ear, mouth, _)| {
            io::copy_buf(ear, mouth).await.unwrap();
        },
        async |(_, mouth, echo)| {
            drop(mouth);
            echo.await.unwrap()
        },
    );
    assert_eq!(stalls.verdict(), Verdict::Unfinished);
    let flushes_first = Sweep::new().cuts(2).recreate(
        talk,
        async |(ear, mouth, _)| {
            mouth.flush().await.unwrap();
            io::copy_buf(ear, mouth).await.unwrap();
        },
        async |(_, mouth, echo)| {
            drop(mouth);
            echo.await.unwrap()
        },
    );
    flushes_first.assert_safe();
}

/// Someone who says something, then waits to hear it, three times over.
async fn talk() -> (
    BufReader<DuplexStream>,
    BufWriter<Drip<DuplexStream>>,
    JoinHandle<Vec<u8>>,
) {
    let (mut says, ear) = duplex(256);
    let (mouth, mut hears) = printer();
    let echo = tokio::spawn(async move {
        let mut heard = Vec::new();
        for letter in *b"abc" {
            says.write_u8(letter).await.unwrap();
            heard.push(hears.read_u8().await.unwrap());
        }
        drop(says);
        hears.read_to_end(&mut heard).await.unwrap();
        heard
    });
    (BufReader::new(ear), BufWriter::new(mouth), echo)
}

/// One side of a proxy: what it says lies ready, and it listens slowly.
type Side = Join<&'static [u8], Drip<DuplexStream>>;

fn side(says: &'static str) -> (Side, DuplexStream) {
    let (near, hears) = printer();
    (join(says.as_bytes(), near), hears)
}

async fn heard(sides: [(Side, DuplexStream); 2]) -> Vec<char> {
    let mut heard = Vec::new();
    for (side, hears) in sides {
        drop(side);
        heard.extend(all(hears).await);
    }
    heard
}

/// A buffer for each direction, both inside the future.
#[test]
fn copy_bidirectional() {
    let row = Row {
        api: "tokio::io::copy_bidirectional",
        page: "tokio/io/fn.copy_bidirectional.html",
        verdict: Word::LosesData,
        left: "What had been read from either side but not yet written was in buffers inside the \
               future, and went with it.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/copy_bidirectional.rs",
        instead: "Let it run in a task of its own, and end it by closing one of the streams.",
        suspensions: 5,
    };
    let report = Sweep::new().recreate(
        async || [side("HELLO"), side("world")],
        async |[(one, _), (other, _)]| {
            io::copy_bidirectional(one, other).await.unwrap();
        },
        heard,
    );
    row.holds(&report);
}

/// Even with buffers of one byte, that byte is inside the future.
#[test]
fn copy_bidirectional_with_sizes() {
    let row = Row {
        api: "tokio::io::copy_bidirectional_with_sizes",
        page: "tokio/io/fn.copy_bidirectional_with_sizes.html",
        verdict: Word::LosesData,
        left: "With buffers of one byte, one byte of each direction was lost: it had been read \
               but not yet written.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/copy_bidirectional.rs",
        instead: "Let it run in a task of its own, and end it by closing one of the streams.",
        suspensions: 5,
    };
    let report = Sweep::new().recreate(
        async || [side("HELLO"), side("world")],
        async |[(one, _), (other, _)]| {
            io::copy_bidirectional_with_sizes(one, other, 1, 1)
                .await
                .unwrap();
        },
        heard,
    );
    row.holds(&report);
}

/// Through a pipe of one byte, the peer says a letter for every two that it
/// hears: without the writing half, that a task keeps busy, nothing comes.
#[test]
fn read_half_read() {
    let row = Row {
        api: "tokio::io::ReadHalf::read",
        page: "tokio/io/struct.ReadHalf.html",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the stream, and the other half wrote on.",
        docs: Docs::Says("it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (near, mut far) = duplex(1);
            let peer = tokio::spawn(async move {
                let mut heard = Vec::new();
                for byte in *b"YES" {
                    sleep(Duration::from_millis(10)).await;
                    heard.push(far.read_u8().await.unwrap());
                    heard.push(far.read_u8().await.unwrap());
                    far.write_u8(byte).await.unwrap();
                }
                heard
            });
            let (read, mut write) = split(near);
            tokio::spawn(async move { write.write_all(b"hello?").await });
            (read, Vec::new(), peer)
        },
        async |(read, heard, _)| {
            let mut some = [0; 4];
            let count = read.read(&mut some).await.unwrap();
            heard.extend_from_slice(&some[..count]);
        },
        async |(mut read, mut heard, peer)| {
            read.read_to_end(&mut heard).await.unwrap();
            heard.extend(peer.await.unwrap());
            heard.into_iter().map(char::from).collect()
        },
    );
    row.holds(&report);
}

/// A half writes as the whole does.
#[test]
fn write_half_write_all() {
    let row = Row {
        api: "tokio::io::WriteHalf::write_all",
        page: "tokio/io/struct.WriteHalf.html",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent them again.",
        docs: Docs::Says("future calls to `write_all` will start over"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "[`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf), with a buffer that \
                  you keep.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || {
            let (near, far) = printer();
            (split(near), far)
        },
        async |((_, write), _)| write.write_all(b"dear").await.unwrap(),
        async |(near, far)| {
            drop(near);
            all(far).await
        },
    );
    row.holds(&report);
}

/// Joined to any reader, the writer is what it was.
#[test]
fn join_write_all() {
    let row = Row {
        api: "tokio::io::Join::write_all",
        page: "tokio/io/struct.Join.html",
        verdict: Word::DoesTwice,
        left: "The first bytes stayed on the wire, and the next call sent them again.",
        docs: Docs::Says("future calls to `write_all` will start over"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "[`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf), with a buffer that \
                  you keep.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || side("anything"),
        async |(side, _)| side.write_all(b"well").await.unwrap(),
        async |(side, hears)| {
            drop(side);
            all(hears).await
        },
    );
    row.holds(&report);
}
