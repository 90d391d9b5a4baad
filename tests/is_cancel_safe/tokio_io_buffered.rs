//! `tokio::io`: writers that hold bytes back.

use std::cell::Cell;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use std::{env, io, thread};

use cancel_sweep::{Cut, Drip, Report, Sweep};
use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream, BufWriter, DuplexStream,
    Join, ReadHalf, WriteHalf, duplex, join, split,
};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

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

/// A notebook with room for eight letters, six of them taken.
struct Notebook {
    writer: Option<BufWriter<Drip<DuplexStream>>>,
    far: DuplexStream,
}

async fn notebook() -> Notebook {
    let (near, far) = printer();
    let mut writer = BufWriter::with_capacity(8, near);
    writer.write_all(b"abcdef").await.unwrap();
    let writer = Some(writer);
    Notebook { writer, far }
}

/// Everything that comes through once the writer, if it is still there, has
/// been flushed.
async fn flushed(Notebook { writer, far }: Notebook) -> Vec<char> {
    if let Some(mut writer) = writer {
        writer.flush().await.unwrap();
    }
    all(far).await
}

/// The printer is slow, and the call that keeps the notebook is dropped while
/// it empties it.
#[test]
fn buf_writer() {
    let row = Row {
        api: "tokio::io::BufWriter",
        page: "tokio/io/struct.BufWriter.html",
        verdict: Word::LosesData,
        left: "It was dropped with the future that owned it, and with it the bytes that it had \
               taken but not yet sent.",
        docs: Docs::Says("the contents of its buffer will be discarded"),
        source: "tokio/src/io/util/buf_writer.rs",
        instead: "Own it outside of the future, and [`flush`](#tokio-io-bufwriter-flush) it before \
                  it is dropped.",
        suspensions: 10,
    };
    let report = Sweep::new().recreate(
        async || (&b"0123456789"[..], printer()),
        async |(page, (near, _))| {
            let mut writer = BufWriter::new(near);
            writer.write_all_buf(page).await.unwrap();
            writer.flush().await.unwrap();
        },
        async |(_, (near, far))| {
            drop(near);
            all(far).await
        },
    );
    row.holds(&report);
}

/// The buffer must be emptied first, one letter at a time. Then eight letters
/// are as many as it holds; without, there are nine.
#[test]
fn buf_writer_write_all() {
    let row = Row {
        api: "tokio::io::BufWriter::write_all",
        page: "tokio/io/struct.BufWriter.html",
        verdict: Word::SafeIf("if what you write is no larger than its buffer"),
        left: "The buffer had taken none of the bytes, and still had the earlier ones that were \
               not sent. Of one byte more, the first went past it, and the next call sent that \
               one again.",
        docs: Docs::Says("future calls to `write_all` will start over"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "For more than its capacity, \
                  [`write_all_buf`](#tokio-io-asyncwriteext-write-all-buf).",
        suspensions: 6,
    };
    let write = |letters: &'static [u8]| {
        Sweep::new().recreate(
            notebook,
            async |notebook| {
                let writer = notebook.writer.as_mut().unwrap();
                writer.write_all(letters).await.unwrap();
            },
            flushed,
        )
    };
    row.holds_if(&write(b"ghijklmn"), &write(b"ghijklmno"));
}

/// It counts in the writer how much went out: without, the future owns the
/// writer.
#[test]
fn buf_writer_flush() {
    let row = Row {
        api: "tokio::io::BufWriter::flush",
        page: "tokio/io/struct.BufWriter.html",
        verdict: Word::SafeIf("if the `BufWriter` is kept"),
        left: "The writer still had the bytes that were not sent; dropped with the future, it \
               took them along.",
        docs: Docs::Says("by the amount of bytes that have been partially flushed"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Own the writer outside of the future, and flush again.",
        suspensions: 7,
    };
    let kept = Sweep::new().cuts(2).recreate(
        notebook,
        async |notebook| notebook.writer.as_mut().unwrap().flush().await.unwrap(),
        flushed,
    );
    let owned = Sweep::new().recreate(
        notebook,
        async |notebook| {
            if let Some(mut writer) = notebook.writer.take() {
                writer.flush().await.unwrap();
            }
        },
        flushed,
    );
    row.holds_if(&kept, &owned);
}

/// It sends what is in the buffer and then ends the stream: without, the
/// future owns the writer.
#[test]
fn buf_writer_shutdown() {
    let row = Row {
        api: "tokio::io::BufWriter::shutdown",
        page: "tokio/io/struct.BufWriter.html",
        verdict: Word::SafeIf("if the `BufWriter` is kept"),
        left: "The writer still had the bytes that were not sent; dropped with the future, it \
               took them along, and the reader saw a stream that ended early.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Own the writer outside of the future, and shut it down again.",
        suspensions: 7,
    };
    let kept = Sweep::new().cuts(2).recreate(
        notebook,
        async |notebook| notebook.writer.as_mut().unwrap().shutdown().await.unwrap(),
        async |Notebook { writer, far }| {
            let text = all(far).await;
            drop(writer);
            text
        },
    );
    let owned = Sweep::new().recreate(
        notebook,
        async |notebook| {
            if let Some(mut writer) = notebook.writer.take() {
                writer.shutdown().await.unwrap();
            }
        },
        async |Notebook { far, .. }| all(far).await,
    );
    row.holds_if(&kept, &owned);
}

/// It has a reply to send, and has read ahead of the first line: without, the
/// future owns it while it sends.
#[test]
fn buf_stream_flush() {
    let row = Row {
        api: "tokio::io::BufStream::flush",
        page: "tokio/io/struct.BufStream.html",
        verdict: Word::SafeIf("if the `BufStream` is kept"),
        left: "The stream still had the bytes that were not sent and those that it had read \
               ahead; dropped with the future, it took both along.",
        docs: Docs::Says("by the amount of bytes that have been partially flushed"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "Own the stream outside of the future, and flush again.",
        suspensions: 4,
    };
    let talk = async || {
        let (near, mut far) = duplex(256);
        far.write_all(b"who?\nwhen?\n").await.unwrap();
        let mut stream = BufStream::new(join_both(near));
        let mut question = String::new();
        stream.read_line(&mut question).await.unwrap();
        stream.write_all(b"me\n").await.unwrap();
        (Some(stream), far)
    };
    let said = async |(stream, mut far): (Option<BufStream<_>>, DuplexStream)| {
        far.shutdown().await.unwrap();
        let mut next = String::new();
        if let Some(mut stream) = stream {
            stream.read_line(&mut next).await.unwrap();
        }
        [next.chars().collect(), all(far).await].concat()
    };
    let kept = Sweep::new().cuts(2).recreate(
        talk,
        async |(stream, _)| stream.as_mut().unwrap().flush().await.unwrap(),
        said,
    );
    let owned = Sweep::new().recreate(
        talk,
        async |(stream, _)| {
            if let Some(mut taken) = stream.take() {
                taken.flush().await.unwrap();
                *stream = Some(taken);
            }
        },
        said,
    );
    row.holds_if(&kept, &owned);
}

/// Reads at once, and writes one byte at a time.
fn join_both(stream: DuplexStream) -> Join<ReadHalf<DuplexStream>, Drip<WriteHalf<DuplexStream>>> {
    let (read, write) = split(stream);
    join(read, Drip::new(write))
}

/// Run in a process of its own, whose output a file catches. Its lock is held
/// until the call has been dropped, so nothing can be printed before that.
#[test]
fn stdout() {
    let row = Row {
        api: "tokio::io::stdout",
        page: "tokio/io/fn.stdout.html",
        verdict: Word::GoesOn,
        left: "`write_all` had left the line to a thread and returned; the `flush` that waited \
               for it was dropped, and then the line was printed. `stderr` did the same.",
        docs: Docs::Silent,
        source: "tokio/src/io/stdout.rs",
        instead: "Nothing takes a line back; `flush().await` to its end before you count on it.",
        suspensions: 1,
    };
    if let Some(folder) = env::var_os("PRINTS_INTO") {
        let folder = Path::new(&folder);
        row.holds(&prints(
            tokio::io::stdout,
            || io::stdout().lock(),
            &folder.join("out"),
        ));
        row.holds(&prints(
            tokio::io::stderr,
            || io::stderr().lock(),
            &folder.join("err"),
        ));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [out, err] = ["out", "err"].map(|name| folder.path().join(name));
    let ended = Command::new(env::current_exe().unwrap())
        .args(["tokio_io_buffered::stdout", "--exact", "--nocapture"])
        .env("PRINTS_INTO", folder.path())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .status()
        .unwrap();
    let [out, err] = [out, err].map(|file| fs::read_to_string(file).unwrap());
    assert!(ended.success() && out.contains("1 passed"), "{out}\n{err}");
}

/// Drops a printer that waits for the lock, and waits for the line in `file`.
fn prints<P: AsyncWrite + Unpin, L: 'static>(
    printer: fn() -> P,
    lock: fn() -> L,
    file: &Path,
) -> Report {
    let runs = Cell::new(0);
    Sweep::new().real_clock().check(
        async || {
            runs.set(runs.get() + 1);
            let we_wait = Arc::new(Notify::new());
            let (signal, unlock) = (Arc::clone(&we_wait), locked(lock));
            tokio::spawn(async move {
                signal.notified().await;
                drop(unlock);
            });
            (printer(), format!("line {}\n", runs.get()), we_wait)
        },
        async |(printer, line, we_wait)| {
            we_wait.notify_one();
            printer.write_all(line.as_bytes()).await.unwrap();
            printer.flush().await.unwrap();
        },
        async |(printer, line, _), end| {
            drop(printer);
            if end != Cut::Suspended(1) {
                return Ok(()); // it may have been printed before the drop
            }
            let printed = timeout(Duration::from_secs(10), async {
                while !fs::read_to_string(file).unwrap().contains(&line) {
                    sleep(Duration::from_millis(1)).await;
                }
            });
            match printed.await {
                Ok(()) => Err("the line was printed after the drop"),
                Err(_) => Ok(()),
            }
        },
    )
}

/// Takes a lock on a thread that keeps it until the answer is dropped.
fn locked<L: 'static>(lock: fn() -> L) -> mpsc::Sender<()> {
    let (unlock, wait) = mpsc::channel::<()>();
    let (ready, is_ready) = mpsc::channel();
    thread::spawn(move || {
        let _lock = lock();
        ready.send(()).unwrap();
        wait.recv().unwrap_err();
    });
    is_ready.recv().unwrap();
    unlock
}
