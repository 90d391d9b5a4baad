//! `futures::io` and `futures::lock`.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Drip, Sweep, hold};
use futures::io::{self, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use futures::lock::Mutex;
use futures::stream::StreamExt;
use tokio::sync::Notify;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt, TokioAsyncWriteCompatExt};

use crate::futures_stream::sweep_next;
use crate::row::{Docs, Row, Word};

/// Bytes that arrive one by one.
type Source = Compat<Drip<&'static [u8]>>;

/// A writer that takes bytes one by one.
type Target = Compat<Drip<Vec<u8>>>;

fn source(text: &'static str) -> Source {
    Drip::new(text.as_bytes()).compat()
}

fn target() -> Target {
    Drip::new(Vec::new()).compat_write()
}

fn written(target: Target) -> Vec<u8> {
    target.into_inner().into_inner()
}

/// How far it got is known to the future alone.
#[test]
fn read_exact() {
    let row = Row {
        api: "futures::io::AsyncReadExt::read_exact",
        page: "futures/io/trait.AsyncReadExt.html#method.read_exact",
        verdict: Word::LosesData,
        left: "The bytes it had read were out of the reader; made again, it wrote over them.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "`read` into a buffer that you keep, with a count that you keep.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || (source("headbody"), [0; 4]),
        async |(source, head)| source.read_exact(head).await.unwrap(),
        async |(mut source, head)| {
            let mut bytes = head.to_vec();
            source.read_to_end(&mut bytes).await.unwrap();
            bytes
        },
    );
    row.holds(&report);
}

/// Every byte is put into the caller's `Vec` as it comes.
#[test]
fn read_to_end() {
    let row = Row {
        api: "futures::io::AsyncReadExt::read_to_end",
        page: "futures/io/trait.AsyncReadExt.html#method.read_to_end",
        verdict: Word::SafeIf("if the `Vec` is kept"),
        left: "The bytes read so far were in the `Vec`; made again with it, the call appended the rest.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "Make the `Vec` once, before the loop.",
        suspensions: 5,
    };
    let kept = Sweep::new().cuts(2).recreate(
        async || (source("hello"), Vec::new()),
        async |(source, all)| {
            source.read_to_end(all).await.unwrap();
        },
        async |(_, all)| all,
    );
    let anew = Sweep::new().recreate(
        async || (source("hello"), Vec::new()),
        async |(source, all)| {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes).await.unwrap();
            *all = bytes;
        },
        async |(_, all)| all,
    );
    row.holds_if(&kept, &anew);
}

/// It takes the caller's `String` apart, and puts it together at the end.
#[test]
fn read_to_string() {
    let row = Row {
        api: "futures::io::AsyncReadExt::read_to_string",
        page: "futures/io/trait.AsyncReadExt.html#method.read_to_string",
        verdict: Word::LosesData,
        left: "The `String` was empty: the bytes read so far were gone, and what was in it before as well.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "[`read_to_end`](#futures-io-asyncreadext-read-to-end) into a `Vec` that you keep, then `String::from_utf8`.",
        suspensions: 5,
    };
    let report = Sweep::new().recreate(
        async || (source("hello"), "was there: ".to_owned()),
        async |(source, all)| {
            source.read_to_string(all).await.unwrap();
        },
        async |(_, all)| all.into_bytes(),
    );
    row.holds(&report);
}

/// How far it got is known to the future alone.
#[test]
fn write_all() {
    let row = Row {
        api: "futures::io::AsyncWriteExt::write_all",
        page: "futures/io/trait.AsyncWriteExt.html#method.write_all",
        verdict: Word::DoesTwice,
        left: "The bytes it had written were out, nobody knew how many, and made again it wrote them a second time.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "`write` with a count that you keep, or [`copy_buf`](#futures-io-copy-buf) from a kept reader.",
        suspensions: 5,
    };
    let report = Sweep::new().recreate(
        async || target(),
        async |target| target.write_all(b"hello").await.unwrap(),
        async |target| written(target),
    );
    row.holds(&report);
}

/// What it has read and not yet written is in a buffer of its own.
#[test]
fn copy() {
    let row = Row {
        api: "futures::io::copy",
        page: "futures/io/fn.copy.html",
        verdict: Word::LosesData,
        left: "The bytes in its own buffer were gone: out of the reader, and not written.",
        docs: Docs::Silent,
        source: "futures-util/src/io/copy.rs",
        instead: "[`copy_buf`](#futures-io-copy-buf) from a `BufReader` that you keep.",
        suspensions: 10,
    };
    let report = Sweep::new().recreate(
        async || (source("hello"), target()),
        async |(source, target)| {
            io::copy(source, target).await.unwrap();
        },
        async |(_, target)| written(target),
    );
    row.holds(&report);
}

/// A byte leaves the buffer when it is written, not before.
#[test]
fn copy_buf() {
    let row = Row {
        api: "futures::io::copy_buf",
        page: "futures/io/fn.copy_buf.html",
        verdict: Word::SafeIf("if the buffered reader is kept, and passed by reference"),
        left: "Every byte was written or still in the kept reader's buffer; with a buffered reader made anew, those in the buffer were gone.",
        docs: Docs::Silent,
        source: "futures-util/src/io/copy_buf.rs",
        instead: "Make the `BufReader` once, before the loop.",
        suspensions: 10,
    };
    let kept = Sweep::new().recreate(
        async || (BufReader::new(source("hello")), target()),
        async |(source, target)| {
            io::copy_buf(source, target).await.unwrap();
        },
        async |(_, target)| written(target),
    );
    let anew = Sweep::new().recreate(
        async || (source("hello"), target()),
        async |(source, target)| {
            io::copy_buf(BufReader::new(source), target).await.unwrap();
        },
        async |(_, target)| written(target),
    );
    row.holds_if(&kept, &anew);
}

/// The half line is inside the future until its end has come.
#[test]
fn read_line() {
    let row = Row {
        api: "futures::io::AsyncBufReadExt::read_line",
        page: "futures/io/trait.AsyncBufReadExt.html#method.read_line",
        verdict: Word::LosesData,
        left: "The half line was gone: out of the reader, and not in the `String`, which had what it had before.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "[`lines`](#futures-io-asyncbufreadext-lines), kept, or [`read_until`](#futures-io-asyncbufreadext-read-until).",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || {
            (
                BufReader::new(source("one\ntwo\n")),
                "was there: ".to_owned(),
            )
        },
        async |(source, line)| {
            source.read_line(line).await.unwrap();
        },
        async |(mut source, mut line)| {
            source.read_to_string(&mut line).await.unwrap();
            line.into_bytes()
        },
    );
    row.holds(&report);
}

/// Every byte is put into the caller's `Vec` as it comes.
#[test]
fn read_until() {
    let row = Row {
        api: "futures::io::AsyncBufReadExt::read_until",
        page: "futures/io/trait.AsyncBufReadExt.html#method.read_until",
        verdict: Word::SafeIf("if the `Vec` is kept"),
        left: "The half line was in the `Vec`; made again with it, the call appended the rest.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "Make the `Vec` before the loop, and clear it only after a whole line.",
        suspensions: 4,
    };
    let kept = Sweep::new().cuts(2).recreate(
        async || (BufReader::new(source("one\ntwo\n")), Vec::new()),
        async |(source, line)| {
            source.read_until(b'\n', line).await.unwrap();
        },
        async |(mut source, line)| {
            let mut rest = Vec::new();
            source.read_to_end(&mut rest).await.unwrap();
            vec![line, rest]
        },
    );
    let anew = sweep_next(
        || BufReader::new(source("one\ntwo\n")),
        async |source| {
            let mut line = Vec::new();
            source.read_until(b'\n', &mut line).await.unwrap();
            (!line.is_empty()).then_some(line)
        },
    );
    row.holds_if(&kept, &anew);
}

/// The half line is inside the stream of lines, wherever that is.
#[test]
fn lines() {
    let row = Row {
        api: "futures::io::AsyncBufReadExt::lines",
        page: "futures/io/trait.AsyncBufReadExt.html#method.lines",
        verdict: Word::SafeIf(
            "if the stream that `lines` made is kept, and only its `next` is dropped",
        ),
        left: "The half line stayed in the kept stream; with a stream made anew for each line, it was gone.",
        docs: Docs::Silent,
        source: "futures-util/src/io/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 4,
    };
    let kept = sweep_next(
        || BufReader::new(source("one\ntwo\n")).lines(),
        async |lines| lines.next().await.map(Result::unwrap),
    );
    let anew = sweep_next(
        || BufReader::new(source("one\ntwo\n")),
        async |source| source.lines().next().await.map(Result::unwrap),
    );
    row.holds_if(&kept, &anew);
}

/// A rival asks for the lock while we wait for it.
#[test]
fn mutex_lock() {
    let row = Row {
        api: "futures::lock::Mutex::lock",
        page: "futures/lock/struct.Mutex.html#method.lock",
        verdict: Word::LosesPlace,
        left: "Its place went to a rival that had come after it; what the lock protects was not touched.",
        docs: Docs::Silent,
        source: "futures-util/src/lock/mutex.rs",
        instead: "Keep one pinned `lock` future and poll it by reference. Where the order matters, take [Tokio's](#tokio-sync-mutex-lock), which is fair.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let order = Arc::new(Mutex::new(Vec::new()));
            let busy = Arc::clone(&order).lock_owned().await;
            hold(busy, Duration::from_millis(10));
            let we_wait = Arc::new(Notify::new());
            let (rival, signal) = (Arc::clone(&order), Arc::clone(&we_wait));
            tokio::spawn(async move {
                signal.notified().await;
                rival.lock().await.push("rival");
            });
            (order, we_wait)
        },
        async |(order, we_wait)| {
            we_wait.notify_one();
            order.lock().await.push("we");
        },
        async |(order, _)| {
            tokio::time::sleep(Duration::from_millis(10)).await; // the rival has its turn
            order.lock().await.clone()
        },
    );
    row.holds(&report);
}
