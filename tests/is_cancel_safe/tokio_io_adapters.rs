//! `tokio::io`, reading: adapters, pipes, and what can seek.

use std::io::{self, Cursor, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use cancel_sweep::{Drip, Report, Sweep};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt, AsyncWrite, AsyncWriteExt, BufReader, duplex,
    simplex,
};
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

fn letters(bytes: &[u8]) -> Vec<char> {
    bytes.iter().copied().map(char::from).collect()
}

/// It fetches more than was asked for, and what is over waits in its buffer.
#[test]
fn buf_reader() {
    let row = Row {
        api: "tokio::io::BufReader",
        page: "tokio/io/struct.BufReader.html",
        verdict: Word::Safe,
        left: "A `read` that was cut had taken nothing from the socket; what a later one fetched ahead stayed in the `BufReader`.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/buf_reader.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let socket = Drip::by(&b"wind from the north"[..], 7);
            (BufReader::new(socket), Vec::new())
        },
        async |(reader, seen)| {
            let mut two = [0; 2];
            let count = reader.read(&mut two).await.unwrap();
            seen.extend_from_slice(&two[..count]);
        },
        async |(mut reader, mut seen)| {
            reader.read_to_end(&mut seen).await.unwrap();
            letters(&seen)
        },
    );
    row.holds(&report);
}

/// How much may still be read is known to the `Take`. A body of five bytes,
/// and the next message behind it, read with `read_to_end`.
#[test]
fn take() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::take",
        page: "tokio/io/trait.AsyncReadExt.html#method.take",
        verdict: Word::SafeIf("if the `Take` is kept"),
        left: "The `Take` knew how many bytes it had let through; one made anew began to count again, and read on into the next message.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "Call `take` once, outside of what is cancelled, and get the reader back by `into_inner`.",
        suspensions: 5,
    };
    let messages = async || (Drip::new(&b"HELLOnext message"[..]), Vec::new());
    let outcome = async |mut socket: Drip<_>, body: Vec<u8>| {
        let mut next = Vec::new();
        socket.read_to_end(&mut next).await.unwrap();
        vec![letters(&body), letters(&next)]
    };
    let with = Sweep::new().cuts(2).recreate(
        async || {
            let (socket, body) = messages().await;
            (socket.take(5), body)
        },
        async |(five, body)| {
            five.read_to_end(body).await.unwrap();
        },
        async |(five, body)| outcome(five.into_inner(), body).await,
    );
    let without = Sweep::new().recreate(
        messages,
        async |(socket, body)| {
            socket.take(5).read_to_end(body).await.unwrap();
        },
        async |(socket, body)| outcome(socket, body).await,
    );
    row.holds_if(&with, &without);
}

/// The cut comes between the two as well: the first has ended, and the second
/// has sent nothing yet.
#[test]
fn chain() {
    let row = Row {
        api: "tokio::io::AsyncReadExt::chain",
        page: "tokio/io/trait.AsyncReadExt.html#method.chain",
        verdict: Word::Safe,
        left: "Cut in a `read` that went from the first reader to the second, it took nothing from either.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "",
        suspensions: 2,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let (mut first, second) = (Drip::new(&b"a"[..]), Drip::new(&b"bc"[..]));
            let a = first.read_u8().await.unwrap();
            (first.chain(second), vec![a])
        },
        async |(both, seen)| {
            let mut buffer = [0; 2];
            let count = both.read(&mut buffer).await.unwrap();
            seen.extend_from_slice(&buffer[..count]);
        },
        async |(mut both, mut seen)| {
            both.read_to_end(&mut seen).await.unwrap();
            letters(&seen)
        },
    );
    row.holds(&report);
}

/// Speaks letter by letter.
fn speak(mut writer: impl AsyncWrite + Unpin + Send + 'static) {
    tokio::spawn(async move {
        for letter in *b"mayday mayday" {
            sleep(Duration::from_millis(10)).await;
            writer.write_u8(letter).await.unwrap();
        }
        writer.shutdown().await.unwrap();
    });
}

/// Reads once from one end, then what is left.
fn read_from<R: AsyncRead + Unpin>(open: impl AsyncFn() -> R) -> Report {
    Sweep::new().cuts(2).recreate(
        async || (open().await, Vec::new()),
        async |(reader, heard)| {
            let mut buffer = [0; 3];
            let count = reader.read(&mut buffer).await.unwrap();
            heard.extend_from_slice(&buffer[..count]);
        },
        async |(mut reader, mut heard)| {
            reader.read_to_end(&mut heard).await.unwrap();
            letters(&heard)
        },
    )
}

/// The peer has only one byte's room, and waits for the reader in turn.
#[test]
fn duplex_read() {
    let row = Row {
        api: "tokio::io::duplex",
        page: "tokio/io/fn.duplex.html",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the pipe when a `read` was cut, also one that had come just then.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/mem.rs",
        instead: "",
        suspensions: 1,
    };
    let report = read_from(async || {
        let (ours, theirs) = duplex(1);
        speak(theirs);
        ours
    });
    row.holds(&report);
}

/// The one-way pipe.
#[test]
fn simplex_read() {
    let row = Row {
        api: "tokio::io::simplex",
        page: "tokio/io/fn.simplex.html",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the pipe when a `read` was cut, also one that had come just then.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/mem.rs",
        instead: "",
        suspensions: 1,
    };
    let report = read_from(async || {
        let (reader, writer) = simplex(1);
        speak(writer);
        reader
    });
    row.holds(&report);
}

/// A tape that takes a moment to wind, as a disk would.
struct Tape {
    reel: Cursor<&'static [u8]>,
    winding: bool,
}

impl AsyncSeek for Tape {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        self.winding = true;
        Pin::new(&mut self.reel).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        if self.winding {
            self.winding = false;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Pin::new(&mut self.reel).poll_complete(cx)
    }
}

/// Seeks on a tape that stands at its third letter, then plays the rest.
fn wind(seek: impl AsyncFn(&mut Tape)) -> Report {
    Sweep::new().cuts(2).recreate(
        async || {
            let mut reel = Cursor::new(&b"abcdefghij"[..]);
            reel.set_position(2);
            let winding = false;
            Tape { reel, winding }
        },
        async |tape| seek(tape).await,
        async |mut tape| {
            let mut played = String::new();
            tape.reel.read_to_string(&mut played).await.unwrap();
            vec![played]
        },
    )
}

/// On a tape made for this test: the move begins with the first poll, and
/// nothing takes it back.
#[test]
fn seek() {
    let row = Row {
        api: "tokio::io::AsyncSeekExt::seek",
        page: "tokio/io/trait.AsyncSeekExt.html#method.seek",
        verdict: Word::SafeIf("if it counts from the start or the end"),
        left: "The move had begun and was not taken back: made again with `SeekFrom::Current`, it went twice as far.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_seek_ext.rs",
        instead: "`SeekFrom::Start`, with a position that you keep.",
        suspensions: 1,
    };
    let to = |position| {
        wind(async move |tape| {
            tape.seek(position).await.unwrap();
        })
    };
    let without = to(SeekFrom::Current(3));
    row.holds_if(&to(SeekFrom::Start(5)), &without);
    row.holds_if(&to(SeekFrom::End(-4)), &without);
}

/// On the same tape: it goes to the start, however often.
#[test]
fn rewind() {
    let row = Row {
        api: "tokio::io::AsyncSeekExt::rewind",
        page: "tokio/io/trait.AsyncSeekExt.html#method.rewind",
        verdict: Word::Safe,
        left: "The move had begun and was not taken back; the next call waited for it, and ended at the start.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_seek_ext.rs",
        instead: "",
        suspensions: 1,
    };
    row.holds(&wind(async |tape| {
        tape.rewind().await.unwrap();
    }));
}
