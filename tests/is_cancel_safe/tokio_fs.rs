//! `tokio::fs`, what takes a path.
//!
//! The work is done by a thread, and the paused clock stands still until the
//! thread is done: the moment that a sweep waits after a cut is long enough
//! however slow the disk is. However fast it is, the first poll finds the
//! budget of the task spent and suspends, with the work handed over.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::{fs as std_fs, iter};

use cancel_sweep::{Cut, Report, Sweep};
use tempfile::TempDir;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncReadExt;
use tokio::task::coop::{consume_budget, has_budget_remaining};

use crate::row::{Docs, Row, Word};

/// Makes the next call suspend that waits for a thread.
async fn spend_budget() {
    while has_budget_remaining() {
        consume_budget().await;
    }
}

/// A folder with a log book in it.
async fn cabin() -> TempDir {
    let cabin = tempfile::tempdir().unwrap();
    std_fs::write(cabin.path().join("log"), "all ashore").unwrap();
    cabin
}

/// Sweeps a call that is broken wherever it was cut and `done` all the same.
#[track_caller]
fn dropped(call: impl AsyncFn(&Path) -> io::Result<()>, done: impl Fn(&Path) -> bool) -> Report {
    let report = Sweep::new().check(
        cabin,
        async |cabin: &mut TempDir| {
            spend_budget().await;
            call(cabin.path()).await.unwrap();
        },
        async |cabin, end| match (end, done(cabin.path())) {
            (Cut::Completed(_), true) | (_, false) => Ok(()),
            (_, true) => Err("done all the same"),
        },
    );
    let first = report.first_failure().map(|point| point.cuts.clone());
    assert_eq!(first, Some(vec![Cut::Suspended(1)]), "{report}");
    report
}

/// Whether the call fails for want of a file when it is made again.
#[track_caller]
fn assert_fails_the_second_time(call: impl AsyncFn(&Path) -> io::Result<()>) {
    let report = Sweep::new().only([Cut::Suspended(1)]).check(
        cabin,
        async |cabin: &mut TempDir| {
            spend_budget().await;
            call(cabin.path()).await.unwrap();
        },
        async |cabin, _| match call(cabin.path()).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => Err(format!("{other:?}")),
        },
    );
    report.assert_safe();
}

fn log_says(cabin: &Path) -> String {
    std_fs::read_to_string(cabin.join("log")).unwrap_or_default()
}

/// The thread has the path and the bytes, and nobody tells it.
#[test]
fn write() {
    let row = Row {
        api: "tokio::fs::write",
        page: "tokio/fs/fn.write.html",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it replaced the contents of the file all the same.",
        docs: Docs::Silent,
        source: "tokio/src/fs/write.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled; before you write to the same file again, be sure that it has ended.",
        suspensions: 1,
    };
    let report = dropped(
        async |cabin| fs::write(cabin.join("log"), "man overboard").await,
        |cabin| log_says(cabin) == "man overboard",
    );
    row.holds(&report);
}

/// The file is read to its end for nobody; made anew, it is read again.
#[test]
fn read() {
    let row = Row {
        api: "tokio::fs::read",
        page: "tokio/fs/fn.read.html",
        verdict: Word::Safe,
        left: "The file was as before, and the next call read all of it.",
        docs: Docs::Silent,
        source: "tokio/src/fs/read.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (cabin().await, Vec::new()),
        async |(cabin, said)| {
            spend_budget().await;
            said.extend(fs::read(cabin.path().join("log")).await.unwrap());
        },
        async |(cabin, mut said)| {
            said.extend(log_says(cabin.path()).bytes());
            said
        },
    );
    row.holds(&report);
}

/// As `read`; what was read so far is in nobody's `String`.
#[test]
fn read_to_string() {
    let row = Row {
        api: "tokio::fs::read_to_string",
        page: "tokio/fs/fn.read_to_string.html",
        verdict: Word::Safe,
        left: "The file was as before, and the next call read all of it.",
        docs: Docs::Silent,
        source: "tokio/src/fs/read_to_string.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (cabin().await, Vec::new()),
        async |(cabin, said)| {
            spend_budget().await;
            let log = cabin.path().join("log");
            said.push(fs::read_to_string(log).await.unwrap());
        },
        async |(cabin, mut said)| {
            said.push(log_says(cabin.path()));
            said
        },
    );
    row.holds(&report);
}

/// The thread copies to the end.
#[test]
fn copy() {
    let row = Row {
        api: "tokio::fs::copy",
        page: "tokio/fs/fn.copy.html",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it made the whole copy all the same.",
        docs: Docs::Silent,
        source: "tokio/src/fs/copy.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled.",
        suspensions: 1,
    };
    let report = dropped(
        async |cabin| {
            let (log, copy) = (cabin.join("log"), cabin.join("copy"));
            fs::copy(log, copy).await.map(|_| ())
        },
        |cabin| std_fs::read_to_string(cabin.join("copy")).is_ok_and(|copy| copy == "all ashore"),
    );
    row.holds(&report);
}

/// Who makes it anew does not find the file any more.
#[test]
fn rename() {
    let row = Row {
        api: "tokio::fs::rename",
        page: "tokio/fs/fn.rename.html",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it renamed the file all the same; made anew, it failed, for there was no file of the old name.",
        docs: Docs::Silent,
        source: "tokio/src/fs/rename.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled; else look which of the two names exists.",
        suspensions: 1,
    };
    let call = async |cabin: &Path| fs::rename(cabin.join("log"), cabin.join("log of may")).await;
    let report = dropped(call, |cabin| cabin.join("log of may").exists());
    row.holds(&report);
    assert_fails_the_second_time(call);
}

/// Who makes it anew does not find the file any more.
#[test]
fn remove_file() {
    let row = Row {
        api: "tokio::fs::remove_file",
        page: "tokio/fs/fn.remove_file.html",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it removed the file all the same; made anew, it failed, for there was no file.",
        docs: Docs::Silent,
        source: "tokio/src/fs/remove_file.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled; made anew, take `ErrorKind::NotFound` for success.",
        suspensions: 1,
    };
    let call = async |cabin: &Path| fs::remove_file(cabin.join("log")).await;
    let report = dropped(call, |cabin| !cabin.join("log").exists());
    row.holds(&report);
    assert_fails_the_second_time(call);
}

/// Made anew, it finds the folders and is content.
#[test]
fn create_dir_all() {
    let row = Row {
        api: "tokio::fs::create_dir_all",
        page: "tokio/fs/fn.create_dir_all.html",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it made all the folders all the same; made anew, it succeeded.",
        docs: Docs::Silent,
        source: "tokio/src/fs/create_dir_all.rs",
        instead: "Make it again: it does not mind folders that exist. Or await it to its end, in a task of its own.",
        suspensions: 1,
    };
    let call = async |cabin: &Path| fs::create_dir_all(cabin.join("charts/north")).await;
    let report = dropped(call, |cabin| cabin.join("charts/north").is_dir());
    row.holds(&report);

    let again = Sweep::new().recreate(
        async || (cabin().await, Vec::new()),
        async |(cabin, ends)| {
            spend_budget().await;
            ends.push(call(cabin.path()).await.is_ok());
        },
        async |(_, ends)| ends,
    );
    again.assert_safe();
}

/// The directory is read some entries at a time; here the first 32 have been
/// read, and the call waits for the thread that fetches the others.
#[test]
fn read_dir_next_entry() {
    let row = Row {
        api: "tokio::fs::ReadDir::next_entry",
        page: "tokio/fs/struct.ReadDir.html#method.next_entry",
        verdict: Word::Safe,
        left: "The entries that the thread had fetched stayed in the `ReadDir`, each of them once.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio/src/fs/read_dir.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let shelf = tempfile::tempdir().unwrap();
            for volume in 10..50 {
                std_fs::write(shelf.path().join(format!("volume {volume}")), "").unwrap();
            }
            let mut entries = fs::read_dir(shelf.path()).await.unwrap();
            let mut seen = Vec::new();
            for _ in 0..32 {
                seen.push(entries.next_entry().await.unwrap().unwrap().file_name());
            }
            (shelf, entries, seen)
        },
        async |(_, entries, seen)| {
            spend_budget().await;
            seen.push(entries.next_entry().await.unwrap().unwrap().file_name());
        },
        async |(_shelf, mut entries, mut seen)| {
            while let Some(entry) = entries.next_entry().await.unwrap() {
                seen.push(entry.file_name());
            }
            seen.sort(); // a directory has no order of its own
            seen
        },
    );
    row.holds(&report);
}

/// What is opened for nobody has been looked at, and no more.
#[test]
fn file_open() {
    let row = Row {
        api: "tokio::fs::File::open",
        page: "tokio/fs/struct.File.html#method.open",
        verdict: Word::Safe,
        left: "The file was as before, and the next call opened it.",
        docs: Docs::Silent,
        source: "tokio/src/fs/file.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (cabin().await, Vec::new()),
        async |(cabin, logs)| {
            spend_budget().await;
            logs.push(File::open(cabin.path().join("log")).await.unwrap());
        },
        async |(_cabin, logs)| {
            let mut said = Vec::new();
            for mut log in logs {
                log.read_to_end(&mut said).await.unwrap();
            }
            said
        },
    );
    row.holds(&report);
}

/// It empties a file that exists, and that is not undone.
#[test]
fn file_create() {
    let row = Row {
        api: "tokio::fs::File::create",
        page: "tokio/fs/struct.File.html#method.create",
        verdict: Word::GoesOn,
        left: "Dropped once it had been polled, it emptied the file that existed all the same.",
        docs: Docs::Silent,
        source: "tokio/src/fs/file.rs",
        instead: "Create a file of another name, and rename it when it is complete.",
        suspensions: 1,
    };
    let report = dropped(
        async |cabin| File::create(cabin.join("log")).await.map(|_| ()),
        |cabin| log_says(cabin).is_empty(),
    );
    row.holds(&report);
}

/// With `create_new`, the second call finds what the first has created.
#[test]
fn open_options_open() {
    let row = Row {
        api: "tokio::fs::OpenOptions::open",
        page: "tokio/fs/struct.OpenOptions.html#method.open",
        verdict: Word::SafeIf("if it neither creates nor empties the file"),
        left: "With `create_new` the file was created all the same; made anew, the call failed with `AlreadyExists`.",
        docs: Docs::Silent,
        source: "tokio/src/fs/open_options.rs",
        instead: "Await it to its end, in a task of its own if the caller may be cancelled.",
        suspensions: 1,
    };
    let sweep = |options: OpenOptions, name: &str| {
        Sweep::new().recreate(
            async || (cabin().await, Vec::new()),
            async |(cabin, ends)| {
                spend_budget().await;
                let opened = options.open(cabin.path().join(name)).await;
                ends.push(opened.map(|_| ()).map_err(|error| error.kind()));
            },
            async |(cabin, ends)| {
                let said = Ok(log_says(cabin.path()));
                let ends = ends.into_iter().map(|end| end.map(|()| name.to_owned()));
                ends.chain(iter::once(said)).collect()
            },
        )
    };
    let reads = sweep(OpenOptions::new().read(true).clone(), "log");
    let creates = OpenOptions::new().write(true).create_new(true).clone();
    let creates = sweep(creates, "log of june");
    row.holds_if(&reads, &creates);
    assert!(creates.to_string().contains("AlreadyExists"), "{creates}");
}
