//! `futures::stream`: the calls.

use std::cell::RefCell;
use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use cancel_sweep::{Report, Sweep, suspend};
use futures::channel::mpsc::{self, Receiver, UnboundedReceiver};
use futures::stream::{self, StreamExt, TryStreamExt};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

/// Letters that arrive one by one, this many milliseconds apart, and wait for
/// their reader.
pub fn arriving(letters: &'static str, apart: u64) -> UnboundedReceiver<char> {
    let (sender, receiver) = mpsc::unbounded();
    tokio::spawn(async move {
        for letter in letters.chars() {
            sleep(Duration::from_millis(apart)).await;
            sender.unbounded_send(letter).unwrap();
        }
    });
    receiver
}

/// Takes a while over a letter, and gives it back as a capital.
pub async fn engrave(letter: char) -> char {
    sleep(Duration::from_millis(25)).await;
    letter.to_ascii_uppercase()
}

/// Sweeps a call that answers the next item of a world, and lists all items.
pub fn sweep_next<S, T: PartialEq + Debug>(
    world: impl Fn() -> S,
    next: impl AsyncFn(&mut S) -> Option<T>,
) -> Report {
    Sweep::new().cuts(2).recreate(
        async || (world(), Vec::new()),
        async |(world, seen)| seen.extend(next(world).await),
        async |(mut world, mut seen)| {
            while let Some(item) = next(&mut world).await {
                seen.push(item);
            }
            seen
        },
    )
}

/// Sweeps a call that takes all letters, and lists what it made of them.
fn sweep_all<T: PartialEq + Debug>(
    all: impl AsyncFn(&mut UnboundedReceiver<char>) -> Vec<T>,
) -> Report {
    Sweep::new().recreate(
        async || (arriving("abc", 10), Vec::new()),
        async |(letters, made)| made.extend(all(letters).await),
        async |(_, made)| made,
    )
}

/// A reader that takes its time over every letter.
pub fn read_slowly(mut letters: Receiver<char>) -> JoinHandle<Vec<char>> {
    tokio::spawn(async move {
        let mut read = Vec::new();
        sleep(Duration::from_millis(10)).await;
        while let Some(letter) = letters.next().await {
            read.push(letter);
            sleep(Duration::from_millis(10)).await;
        }
        read
    })
}

/// A letter that came while nobody asked waits in the channel.
#[test]
fn next() {
    let row = Row {
        api: "futures::stream::StreamExt::next",
        page: "futures/stream/trait.StreamExt.html#method.next",
        verdict: Word::Safe,
        left: "The future was only a reference to the stream; every item stayed in the stream.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(|| arriving("abc", 10), async |letters| letters.next().await);
    row.holds(&report);
}

/// It takes the letter out of the channel, and no further than the `Peekable`.
#[test]
fn peek() {
    let row = Row {
        api: "futures::stream::Peekable::peek",
        page: "futures/stream/struct.Peekable.html#method.peek",
        verdict: Word::Safe,
        left: "The item that had been looked at stayed in the `Peekable`.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/peek.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (arriving("abc", 10).peekable(), Vec::new()),
        async |(letters, seen)| seen.extend(Pin::new(letters).peek().await),
        async |(letters, mut seen)| {
            seen.extend(letters.collect::<Vec<_>>().await);
            seen
        },
    );
    row.holds(&report);
}

/// By value, it takes the stream into the future and gives it back at the end.
#[test]
fn into_future() {
    let row = Row {
        api: "futures::stream::StreamExt::into_future",
        page: "futures/stream/trait.StreamExt.html#method.into_future",
        verdict: Word::SafeIf("if it is called on a reference to the stream"),
        left: "Called on a reference, every item stayed in the stream; called on the stream itself, the whole stream went down with the future.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "[`next`](#futures-stream-streamext-next).",
        suspensions: 1,
    };
    let by_reference = sweep_next(
        || arriving("abc", 10),
        async |letters| letters.by_ref().into_future().await.0,
    );
    let by_value = sweep_next(
        || Some(arriving("abc", 10)),
        async |place| {
            let (letter, letters) = place.take()?.into_future().await;
            *place = Some(letters);
            letter
        },
    );
    row.holds_if(&by_reference, &by_value);
}

/// It is `next` for the `select!` of futures.
#[test]
fn select_next_some() {
    let row = Row {
        api: "futures::stream::StreamExt::select_next_some",
        page: "futures/stream/trait.StreamExt.html#method.select_next_some",
        verdict: Word::Safe,
        left: "The future was only a reference to the stream; every item stayed in the stream.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (arriving("abc", 10), Vec::new()),
        async |(letters, seen)| seen.push(letters.select_next_some().await),
        async |(letters, mut seen)| {
            seen.extend(letters.collect::<Vec<_>>().await);
            seen
        },
    );
    row.holds(&report);
}

/// What was collected so far is inside the future.
#[test]
fn collect() {
    let row = Row {
        api: "futures::stream::StreamExt::collect",
        page: "futures/stream/trait.StreamExt.html#method.collect",
        verdict: Word::LosesData,
        left: "The items collected so far were dropped with the future; called on a reference, the stream went on with the item after them.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "[`next`](#futures-stream-streamext-next) in a loop, into a collection that you keep.",
        suspensions: 3,
    };
    row.holds(&sweep_all(async |letters| letters.collect().await));
}

/// What was folded so far is inside the future.
#[test]
fn fold() {
    let row = Row {
        api: "futures::stream::StreamExt::fold",
        page: "futures/stream/trait.StreamExt.html#method.fold",
        verdict: Word::LosesData,
        left: "The value folded so far was dropped with the future; called on a reference, the stream went on with the item after it.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "[`next`](#futures-stream-streamext-next) in a loop, into a value that you keep.",
        suspensions: 3,
    };
    row.holds(&sweep_all(async |letters| {
        let word = letters.fold(String::new(), async |word, letter| {
            format!("{word}{letter}")
        });
        word.await.chars().collect()
    }));
}

/// The letter in hand is inside the future that the closure made of it.
#[test]
fn for_each() {
    let row = Row {
        api: "futures::stream::StreamExt::for_each",
        page: "futures/stream/trait.StreamExt.html#method.for_each",
        verdict: Word::LosesData,
        left: "The item that the closure was working on was gone: out of the stream, and its work not done. The items before it were done.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "[`next`](#futures-stream-streamext-next) in `select!`, and the work in the handler of its branch.",
        suspensions: 6,
    };
    let report = Sweep::new().recreate(
        async || (arriving("abc", 10), RefCell::new(Vec::new())),
        async |(letters, shelf)| {
            let shelve = async |letter| {
                suspend().await;
                shelf.borrow_mut().push(letter);
            };
            letters.by_ref().for_each(shelve).await;
        },
        async |(_, shelf)| shelf.into_inner(),
    );
    row.holds(&report);
}

/// Two letters are in hand at once.
#[test]
fn for_each_concurrent() {
    let row = Row {
        api: "futures::stream::StreamExt::for_each_concurrent",
        page: "futures/stream/trait.StreamExt.html#method.for_each_concurrent",
        verdict: Word::LosesData,
        left: "All items that were being worked on were gone: out of the stream, and their work not done.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "A kept [`FuturesUnordered`](#futures-stream-futuresunordered-next), or a `JoinSet`.",
        suspensions: 3,
    };
    let report = Sweep::new().recreate(
        async || (arriving("abc", 10), RefCell::new(Vec::new())),
        async |(letters, shelf)| {
            let shelve = async |letter| {
                let capital = engrave(letter).await;
                shelf.borrow_mut().push(capital);
            };
            letters.by_ref().for_each_concurrent(2, shelve).await;
        },
        async |(_, shelf)| shelf.into_inner(),
    );
    row.holds(&report);
}

/// A letter that the full channel has no place for waits inside the future.
#[test]
fn forward() {
    let row = Row {
        api: "futures::stream::StreamExt::forward",
        page: "futures/stream/trait.StreamExt.html#method.forward",
        verdict: Word::LosesData,
        left: "The item that waited for room in the sink was gone: out of the stream, and not in the sink.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "[`poll_ready_unpin`](#futures-sink-sinkext-poll-ready-unpin) before `next`, so that an item is taken only when there is room.",
        suspensions: 2,
    };
    let report = Sweep::new().recreate(
        async || {
            let (sender, receiver) = mpsc::channel(0);
            (stream::iter(['a', 'b', 'c']), sender, read_slowly(receiver))
        },
        async |(letters, sender, _)| letters.by_ref().map(Ok).forward(sender).await.unwrap(),
        async |(_, sender, reader)| {
            drop(sender);
            reader.await.unwrap()
        },
    );
    row.holds(&report);
}

/// It is `next`, with the error in another place.
#[test]
fn try_next() {
    let row = Row {
        api: "futures::stream::TryStreamExt::try_next",
        page: "futures/stream/trait.TryStreamExt.html#method.try_next",
        verdict: Word::Safe,
        left: "The future was only a reference to the stream; every item stayed in the stream.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/try_stream/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        || arriving("abc", 10).map(Ok::<_, ()>),
        async |letters| letters.try_next().await.unwrap(),
    );
    row.holds(&report);
}

/// What was collected so far is inside the future.
#[test]
fn try_collect() {
    let row = Row {
        api: "futures::stream::TryStreamExt::try_collect",
        page: "futures/stream/trait.TryStreamExt.html#method.try_collect",
        verdict: Word::LosesData,
        left: "The items collected so far were dropped with the future; called on a reference, the stream went on with the item after them.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/try_stream/mod.rs",
        instead: "[`try_next`](#futures-stream-trystreamext-try-next) in a loop, into a collection that you keep.",
        suspensions: 3,
    };
    row.holds(&sweep_all(async |letters| {
        let collected: Result<Vec<_>, ()> = letters.map(Ok).try_collect().await;
        collected.unwrap()
    }));
}

/// The letter in hand is inside the future that the closure made of it.
#[test]
fn try_for_each() {
    let row = Row {
        api: "futures::stream::TryStreamExt::try_for_each",
        page: "futures/stream/trait.TryStreamExt.html#method.try_for_each",
        verdict: Word::LosesData,
        left: "The item that the closure was working on was gone: out of the stream, and its work not done. The items before it were done.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/try_stream/mod.rs",
        instead: "[`try_next`](#futures-stream-trystreamext-try-next) in `select!`, and the work in the handler of its branch.",
        suspensions: 6,
    };
    let report = Sweep::new().recreate(
        async || (arriving("abc", 10), RefCell::new(Vec::new())),
        async |(letters, shelf)| {
            let shelve = async |letter| {
                suspend().await;
                shelf.borrow_mut().push(letter);
                Ok::<_, ()>(())
            };
            letters.by_ref().map(Ok).try_for_each(shelve).await.unwrap();
        },
        async |(_, shelf)| shelf.into_inner(),
    );
    row.holds(&report);
}
