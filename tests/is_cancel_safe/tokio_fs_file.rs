//! `tokio::fs::File`, once it is open.
//!
//! As in `tokio_fs`: the paused clock waits for the thread that works, and the
//! call suspends because the budget of its task is spent.

use std::fs as std_fs;
use std::io::{Read, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use cancel_sweep::{Cut, Finding, Sweep, Verdict, suspend};
use tempfile::TempDir;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

/// Makes the next call suspend that waits for a thread.
async fn spend_budget() {
    while has_budget_remaining() {
        consume_budget().await;
    }
}

/// As `spend_budget`, for calls that take a free lock first: suspends once, and
/// leaves 1 of the 128 that every poll begins with.
async fn spend_all_but_one() {
    suspend().await;
    for _ in 0..127 {
        consume_budget().await;
    }
}

/// A file, open to be read and written from its beginning.
struct Log {
    file: File,
    path: PathBuf,
    _cabin: TempDir,
}

impl Log {
    async fn saying(words: &str) -> Self {
        let cabin = tempfile::tempdir().unwrap();
        let path = cabin.path().join("log");
        std_fs::write(&path, words).unwrap();
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).open(&path).await.unwrap();
        Self {
            file,
            path,
            _cabin: cabin,
        }
    }

    /// One with a write in flight.
    async fn being_written(words: &str) -> Self {
        let mut log = Self::saying("").await;
        log.file.write_all(words.as_bytes()).await.unwrap();
        log
    }

    fn on_disk(&self) -> String {
        std_fs::read_to_string(&self.path).unwrap()
    }

    /// What is on disk when all that it was given is there.
    async fn flushed(mut self) -> Vec<char> {
        self.file.flush().await.unwrap();
        self.on_disk().chars().collect()
    }
}

/// A thread reads into the `File`, and from there it is copied to the caller.
#[test]
fn read() {
    let row = Row {
        api: "tokio::fs::File::read",
        page: "tokio/io/trait.AsyncReadExt.html#method.read",
        verdict: Word::SafeIf("if you read on from the same `File`"),
        left: "The bytes that the thread had read waited in the `File` for its next read. Turned `into_std`, the file went on behind them.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio/src/io/util/async_read_ext.rs",
        instead: "Read again before `into_std`, or seek to where you want to go on.",
        suspensions: 1,
    };
    let build = async || (Log::saying("all ashore").await, Vec::new());
    let operation = async |(log, said): &mut (Log, Vec<u8>)| {
        let mut four = [0; 4];
        spend_budget().await;
        let length = log.file.read(&mut four).await.unwrap();
        said.extend(&four[..length]);
    };
    let same_file = Sweep::new()
        .cuts(2)
        .recreate(build, operation, async |(mut log, mut said)| {
            log.file.read_to_end(&mut said).await.unwrap();
            said
        });
    let into_std = Sweep::new().check(build, operation, async |(log, mut said), _| {
        let mut file = log.file.into_std().await;
        file.read_to_end(&mut said).unwrap();
        match String::from_utf8_lossy(&said).as_ref() {
            "all ashore" => Ok(()),
            less => Err(Finding::new(Verdict::LosesData, less)),
        }
    });
    row.holds_if(&same_file, &into_std);
}

/// The file is busy with the write before, and takes nothing until that is done.
#[test]
fn write() {
    let row = Row {
        api: "tokio::fs::File::write",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write",
        verdict: Word::Safe,
        left: "None of the bytes had been taken; those of the write before were on their way and arrived.",
        docs: Docs::Says("then it is guaranteed that no data was written to this `AsyncWrite`"),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Log::being_written("man ").await,
        async |log| {
            spend_budget().await;
            let taken = log.file.write(b"overboard").await.unwrap();
            assert_eq!(taken, 9);
        },
        Log::flushed,
    );
    row.holds(&report);
}

/// The file takes four bytes at a time here, where it would take 2 MiB, and the
/// thread has the first four when the call is cut.
#[test]
fn write_all() {
    let row = Row {
        api: "tokio::fs::File::write_all",
        page: "tokio/io/trait.AsyncWriteExt.html#method.write_all",
        verdict: Word::DoesTwice,
        left: "What the `File` had taken was written all the same, also when the `File` was dropped too; made anew, it wrote the beginning again.",
        docs: Docs::Says(
            "future calls to `write_all` will start over from the beginning of the buffer",
        ),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "`write_all_buf` with a buffer that is kept: it is advanced by what was taken.",
        suspensions: 1,
    };
    let build = async || {
        let mut log = Log::saying("").await;
        log.file.set_max_buf_size(4);
        log
    };
    let operation = async |log: &mut Log| {
        spend_budget().await;
        log.file.write_all(b"all ashore").await.unwrap();
    };
    let report = Sweep::new().recreate(build, operation, Log::flushed);
    row.holds(&report);

    let first_cut = Sweep::new().only([Cut::Suspended(1)]);
    let dropped_with_its_file = first_cut.check(build, operation, async |mut log, _| {
        log.file = File::open(&log.path).await.unwrap();
        sleep(Duration::from_millis(1)).await;
        match log.on_disk().as_str() {
            "all " => Ok(()),
            other => Err(format!("{other:?} on disk")),
        }
    });
    dropped_with_its_file.assert_safe();
}

/// It only waits for the thread that writes.
#[test]
fn flush() {
    let row = Row {
        api: "tokio::fs::File::flush",
        page: "tokio/io/trait.AsyncWriteExt.html#method.flush",
        verdict: Word::Safe,
        left: "The write went on, and the next call waited for it.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio/src/io/util/async_write_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Log::being_written("all ashore").await,
        async |log| {
            spend_budget().await;
            log.file.flush().await.unwrap();
        },
        async |log| log.on_disk().chars().collect(),
    );
    row.holds(&report);
}

/// Cut while it waits for the write in flight, and while it syncs.
#[test]
fn sync_all() {
    let row = Row {
        api: "tokio::fs::File::sync_all",
        page: "tokio/fs/struct.File.html#method.sync_all",
        verdict: Word::Safe,
        left: "The write in flight stayed with the `File`, and the next call waited for it and synced.",
        docs: Docs::Silent,
        source: "tokio/src/fs/file.rs",
        instead: "",
        suspensions: 2,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Log::being_written("all ashore").await,
        async |log| {
            spend_all_but_one().await;
            log.file.sync_all().await.unwrap();
        },
        async |log| log.on_disk().chars().collect(),
    );
    row.holds(&report);
}

/// The thread has the new length, and nobody tells it.
#[test]
fn set_len() {
    let row = Row {
        api: "tokio::fs::File::set_len",
        page: "tokio/fs/struct.File.html#method.set_len",
        verdict: Word::GoesOn,
        left: "Dropped once it had been handed to a thread, it shortened the file all the same.",
        docs: Docs::Silent,
        source: "tokio/src/fs/file.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled.",
        suspensions: 2,
    };
    let report = Sweep::new().check(
        async || Log::saying("all ashore").await,
        async |log| {
            spend_all_but_one().await;
            log.file.set_len(3).await.unwrap();
        },
        async |log, end| match (end, log.on_disk().as_str()) {
            (Cut::Completed(_), "all") | (_, "all ashore") => Ok(()),
            (_, other) => Err(format!("{other:?} on disk")),
        },
    );
    row.holds(&report);
    // The first suspension is ours, the second is for the thread.
    let first = report.first_failure().map(|point| point.cuts.clone());
    assert_eq!(first, Some(vec![Cut::Suspended(2)]), "{report}");
}

/// Dropped, it seeks; made anew, it seeks again, from where it is now.
#[test]
fn seek() {
    let row = Row {
        api: "tokio::fs::File::seek",
        page: "tokio/io/trait.AsyncSeekExt.html#method.seek",
        verdict: Word::SafeIf("if it counts from the start or the end"),
        left: "The file was moved all the same; made anew with `SeekFrom::Current`, it was moved twice as far.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/async_seek_ext.rs",
        instead: "`SeekFrom::Start`, with a position that you keep.",
        suspensions: 1,
    };
    let sweep = |to| {
        Sweep::new().cuts(2).recreate(
            async || Log::saying("fore, mid, aft").await,
            async |log| {
                spend_budget().await;
                log.file.seek(to).await.unwrap();
            },
            async |mut log| {
                let mut rest = Vec::new();
                log.file.read_to_end(&mut rest).await.unwrap();
                rest
            },
        )
    };
    sweep(SeekFrom::End(-3)).assert_safe();
    row.holds_if(&sweep(SeekFrom::Start(6)), &sweep(SeekFrom::Current(6)));
}
