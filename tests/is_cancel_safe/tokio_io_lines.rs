//! `tokio::io`, reading: lines and other pieces.

use cancel_sweep::{Cut, Drip, Sweep, Verdict};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use crate::row::{Docs, Row, Word};

/// A buffered reader, and a peer that sends this many bytes at a time.
type Log = BufReader<Drip<&'static [u8]>>;

fn log(text: &'static str, bytes: usize) -> Log {
    BufReader::new(Drip::by(text.as_bytes(), bytes))
}

async fn rest(reader: &mut Log) -> String {
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    rest
}

/// It shows what has come and takes nothing.
#[test]
fn fill_buf() {
    let row = Row {
        api: "tokio::io::AsyncBufReadExt::fill_buf",
        page: "tokio/io/trait.AsyncBufReadExt.html#method.fill_buf",
        verdict: Word::Safe,
        left: "Unread bytes stayed in the socket.",
        docs: Docs::Says("then it is guaranteed that no data was read"),
        source: "tokio/src/io/util/async_buf_read_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (log("fog at six\n", 4), Vec::new()),
        async |(reader, seen)| {
            let bytes = reader.fill_buf().await.unwrap();
            seen.extend_from_slice(bytes);
            let count = bytes.len();
            reader.consume(count);
        },
        async |(mut reader, seen)| {
            let seen = String::from_utf8(seen).unwrap();
            vec![seen, rest(&mut reader).await]
        },
    );
    row.holds(&report);
}

/// What has come goes into the caller's `Vec` at once. Only the number that
/// it returns starts over.
#[test]
fn read_until() {
    let row = Row {
        api: "tokio::io::AsyncBufReadExt::read_until",
        page: "tokio/io/trait.AsyncBufReadExt.html#method.read_until",
        verdict: Word::SafeIf("if the `Vec` is kept"),
        left: "The bytes read so far were in the `Vec`, and the next call appended the rest; the count it returned left the first ones out.",
        docs: Docs::Says("the method can be called again to continue reading until `byte`"),
        source: "tokio/src/io/util/async_buf_read_ext.rs",
        instead: "Keep the `Vec` outside of what is cancelled, and ask it for its length.",
        suspensions: 5,
    };
    let fields = async || (log("21.5;19.0", 1), Vec::new(), 0);
    let outcome = async |(mut reader, field, _): (Log, Vec<u8>, usize)| {
        let field = String::from_utf8(field).unwrap();
        vec![field, rest(&mut reader).await]
    };
    let keep = async |(reader, field, count): &mut (Log, Vec<u8>, usize)| {
        *count = reader.read_until(b';', field).await.unwrap();
    };
    let with = Sweep::new().cuts(2).recreate(fields, keep, outcome);
    let without = Sweep::new().recreate(
        fields,
        async |(reader, field, _)| {
            let mut bytes = Vec::new();
            reader.read_until(b';', &mut bytes).await.unwrap();
            *field = bytes;
        },
        outcome,
    );
    row.holds_if(&with, &without);
    let count = Sweep::new().recreate(fields, keep, async |(_, _, count)| vec![count]);
    assert_eq!(count.verdict(), Verdict::LosesData, "{count}");
}

/// It takes the `String` apart for the time it reads, and holds the bytes
/// itself. The hour was in the `String` before.
#[test]
fn read_line() {
    let row = Row {
        api: "tokio::io::AsyncBufReadExt::read_line",
        page: "tokio/io/trait.AsyncBufReadExt.html#method.read_line",
        verdict: Word::LosesData,
        left: "The `String` was empty: what had been read was gone, valid UTF-8 though it was, and so was what it held before; a call that was never polled took even that.",
        docs: Docs::Says("The current implementation replaces `buf` with the empty string"),
        source: "tokio/src/io/util/async_buf_read_ext.rs",
        instead: "[`Lines::next_line`](#tokio-io-lines-next-line).",
        suspensions: 4,
    };
    let night = async || (log("fog\nrain\n", 1), String::from("06:00 "));
    let read = async |(reader, line): &mut (Log, String)| {
        reader.read_line(line).await.unwrap();
    };
    let report = Sweep::new().recreate(night, read, async |(mut reader, line)| {
        vec![line, rest(&mut reader).await]
    });
    row.holds(&report);
    let left = Sweep::new().check(night, read, async |(_, line), end| match end {
        Cut::Suspended(_) | Cut::Woken(_) if !line.is_empty() => Err(line),
        _ => Ok(()),
    });
    left.assert_safe();
    let mut line = String::from("06:00 ");
    drop(log("fog\n", 1).read_line(&mut line));
    assert_eq!(line, "");
}

/// The half of a line that has come is in the `Lines`, not in the future.
#[test]
fn next_line() {
    let row = Row {
        api: "tokio::io::Lines::next_line",
        page: "tokio/io/struct.Lines.html#method.next_line",
        verdict: Word::SafeIf("if the `Lines` is kept"),
        left: "The bytes read so far were in the `Lines`, which went on from there; `reader.lines().next_line()` made anew lost them.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio/src/io/util/lines.rs",
        instead: "Call `lines` once, outside of what is cancelled.",
        suspensions: 4,
    };
    let with = Sweep::new().cuts(2).recreate(
        async || (log("fog\nrain\n", 1).lines(), Vec::new()),
        async |(lines, seen)| seen.extend(lines.next_line().await.unwrap()),
        async |(mut lines, mut seen)| {
            while let Some(line) = lines.next_line().await.unwrap() {
                seen.push(line);
            }
            seen
        },
    );
    let without = Sweep::new().recreate(
        async || (log("fog\nrain\n", 1), Vec::new()),
        async |(reader, seen)| seen.extend(reader.lines().next_line().await.unwrap()),
        async |(mut reader, mut seen)| {
            seen.push(rest(&mut reader).await);
            seen
        },
    );
    row.holds_if(&with, &without);
}

/// The half of a segment that has come is in the `Split`, not in the future.
#[test]
fn next_segment() {
    let row = Row {
        api: "tokio::io::Split::next_segment",
        page: "tokio/io/struct.Split.html#method.next_segment",
        verdict: Word::SafeIf("if the `Split` is kept"),
        left: "The bytes read so far were in the `Split`, which went on from there; `reader.split(b'|').next_segment()` made anew lost them.",
        docs: Docs::Silent,
        source: "tokio/src/io/util/split.rs",
        instead: "Call `split` once, outside of what is cancelled.",
        suspensions: 4,
    };
    let with = Sweep::new().cuts(2).recreate(
        async || (log("N 3|E 2|", 1).split(b'|'), Vec::new()),
        async |(winds, seen)| seen.extend(winds.next_segment().await.unwrap()),
        async |(mut winds, mut seen)| {
            while let Some(wind) = winds.next_segment().await.unwrap() {
                seen.push(wind);
            }
            seen
        },
    );
    let without = Sweep::new().recreate(
        async || (log("N 3|E 2|", 1), Vec::new()),
        async |(reader, seen)| seen.extend(reader.split(b'|').next_segment().await.unwrap()),
        async |(mut reader, mut seen)| {
            seen.push(rest(&mut reader).await.into_bytes());
            seen
        },
    );
    row.holds_if(&with, &without);
}
