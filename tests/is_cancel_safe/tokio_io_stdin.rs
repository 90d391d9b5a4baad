//! `tokio::io::stdin`, in a process of its own: this test started once more,
//! whose standard input is a pipe that we feed.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use tokio::io::{self, AsyncReadExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::row::{Docs, Row, Word};

/// Set in the process that reads.
const FED: &str = "CANCEL_SWEEP_STDIN_IS_FED";

/// The thread that reads knows nothing of the future. The next byte is not
/// there before the read waits for it.
#[test]
fn stdin() {
    let row = Row {
        api: "tokio::io::stdin",
        page: "tokio/io/fn.stdin.html",
        verdict: Word::GoesOn,
        left: "A thread went on waiting, took the next byte, and nobody got it, for its `Stdin` was dropped; one that was kept gave it to the next `read`.",
        docs: Docs::Says("it is impossible to cancel that read"),
        source: "tokio/src/io/stdin.rs",
        instead: "Keep one `Stdin`; or read in a thread of your own and send the lines through a channel.",
        suspensions: 1,
    };
    if env::var_os(FED).is_none() {
        return start_again_and_feed("tokio_io_stdin::stdin");
    }
    let dropped = Sweep::new().real_clock().check(
        async || feeder(),
        async |(we_wait, _)| {
            we_wait.notify_one();
            io::stdin().read_u8().await.unwrap();
        },
        async |(_, expected), end| match end {
            Cut::Suspended(_) | Cut::Woken(_) => nothing_is_missing(expected).await,
            _ => Ok(()),
        },
    );
    row.holds(&dropped);
    let kept = Sweep::new().real_clock().recreate(
        async || (feeder(), io::stdin(), None),
        async |((we_wait, _), stdin, byte)| {
            we_wait.notify_one();
            *byte = stdin.read_u8().await.ok();
        },
        async |((_, expected), _, byte)| vec![byte == Some(expected)],
    );
    kept.assert_safe();
}

/// The number of bytes asked for so far. Each byte is its own number.
static BYTES: AtomicU8 = AtomicU8::new(0);

fn ask_for_a_byte() {
    BYTES.fetch_add(1, Ordering::Relaxed);
    eprintln!("feed");
}

/// Asks for a byte when the signal comes; and which byte that will be.
fn feeder() -> (Arc<Notify>, u8) {
    let we_wait = Arc::new(Notify::new());
    let signal = Arc::clone(&we_wait);
    tokio::spawn(async move {
        signal.notified().await;
        ask_for_a_byte();
    });
    (we_wait, BYTES.load(Ordering::Relaxed))
}

/// Reads on, and asks for more when nothing comes, until a byte is missing.
/// It may take some turns: two threads wait for the same input.
async fn nothing_is_missing(mut expected: u8) -> Result<(), String> {
    for _ in 0..50 {
        let byte = next_byte().await;
        if byte != expected {
            let left_over = BYTES.load(Ordering::Relaxed).wrapping_sub(byte) - 1;
            for _ in 0..left_over {
                next_byte().await;
            }
            return Err(format!("the dropped read took byte {expected}"));
        }
        expected = expected.wrapping_add(1);
    }
    Ok(())
}

async fn next_byte() -> u8 {
    let mut stdin = io::stdin();
    let mut read = pin!(stdin.read_u8());
    loop {
        match timeout(Duration::from_millis(20), &mut read).await {
            Ok(byte) => return byte.unwrap(),
            Err(_) => ask_for_a_byte(),
        }
    }
}

/// Starts this test in a process of its own, and gives it a byte whenever it
/// asks for one.
fn start_again_and_feed(test: &str) {
    let mut reader = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(FED, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = reader.stdin.take().unwrap();
    let mut said = String::new();
    let mut byte = 0u8;
    for line in BufReader::new(reader.stderr.take().unwrap()).lines() {
        match line.unwrap().as_str() {
            "feed" => {
                pipe.write_all(&[byte]).unwrap();
                byte = byte.wrapping_add(1);
            }
            other => said = said + other + "\n",
        }
    }
    assert!(reader.wait().unwrap().success(), "{said}");
}
