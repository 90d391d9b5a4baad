//! `futures::future`, and the sets of futures in `futures::stream`.

use std::cell::RefCell;
use std::pin::pin;

use cancel_sweep::{Report, Sweep, suspend};
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{self, FutureExt, LocalBoxFuture};
use futures::stream::{FuturesOrdered, FuturesUnordered, StreamExt};

use crate::futures_stream::{arriving, sweep_next};
use crate::row::{Docs, Row, Word};

/// A stream of letters and a slower one of numbers.
type Sides = (UnboundedReceiver<char>, UnboundedReceiver<char>);

/// Sweeps a call that takes one item from each side, and lists the items that
/// are left as well.
fn sweep_both(both: impl AsyncFn(&mut Sides) -> Vec<char>) -> Report {
    Sweep::new().recreate(
        async || ((arriving("ab", 10), arriving("12", 17)), Vec::new()),
        async |(sides, seen)| seen.extend(both(sides).await),
        async |((letters, numbers), mut seen)| {
            seen.extend(letters.chain(numbers).collect::<Vec<_>>().await);
            seen
        },
    )
}

/// The word that the letters make up, one by one.
fn word(letters: &'static str, apart: u64) -> LocalBoxFuture<'static, String> {
    arriving(letters, apart).collect().boxed_local()
}

/// The letter is there, the number is not, and the letter is inside the join.
#[test]
fn join() {
    let row = Row {
        api: "futures::future::join",
        page: "futures/future/fn.join.html",
        verdict: Word::LosesData,
        left: "The output of the side that had completed was dropped with the future.",
        docs: Docs::Silent,
        source: "futures-util/src/future/join.rs",
        instead: "[`maybe_done`](#futures-future-maybe-done) around each side, or a task for each.",
        suspensions: 2,
    };
    row.holds(&sweep_both(async |(letters, numbers)| {
        let (letter, number) = future::join(letters.next(), numbers.next()).await;
        letter.into_iter().chain(number).collect()
    }));
}

/// As with `join`.
#[test]
fn try_join() {
    let row = Row {
        api: "futures::future::try_join",
        page: "futures/future/fn.try_join.html",
        verdict: Word::LosesData,
        left: "The output of the side that had completed was dropped with the future.",
        docs: Docs::Silent,
        source: "futures-util/src/future/try_join.rs",
        instead: "[`maybe_done`](#futures-future-maybe-done) around each side, or a task for each.",
        suspensions: 2,
    };
    row.holds(&sweep_both(async |(letters, numbers)| {
        let letter = letters.next().map(|letter| letter.ok_or("no letter"));
        let number = numbers.next().map(|number| number.ok_or("no number"));
        let both = future::try_join(letter, number).await;
        both.map_or(Vec::new(), |(letter, number)| vec![letter, number])
    }));
}

/// As with `join`.
#[test]
fn join_all() {
    let row = Row {
        api: "futures::future::join_all",
        page: "futures/future/fn.join_all.html",
        verdict: Word::LosesData,
        left: "The outputs of the futures that had completed were dropped with the others.",
        docs: Docs::Silent,
        source: "futures-util/src/future/join_all.rs",
        instead: "A kept [`FuturesUnordered`](#futures-stream-futuresunordered-next) or [`FuturesOrdered`](#futures-stream-futuresordered-next).",
        suspensions: 2,
    };
    row.holds(&sweep_both(async |(letters, numbers)| {
        let both = future::join_all([letters.next(), numbers.next()]).await;
        both.into_iter().flatten().collect()
    }));
}

/// A side that is done keeps its output and may be polled again.
#[test]
fn maybe_done() {
    let row = Row {
        api: "futures::future::maybe_done",
        page: "futures/future/fn.maybe_done.html",
        verdict: Word::SafeIf("if it is kept, and polled by reference"),
        left: "Kept outside, the side that had completed still had its output; made anew inside the call, it took the output down with it.",
        docs: Docs::Silent,
        source: "futures-util/src/future/maybe_done.rs",
        instead: "Make it once, before the loop, and poll it by reference until `take_output` has something.",
        suspensions: 2,
    };
    let kept = Sweep::new().cuts(2).recreate(
        async || {
            let make = |letters| Box::pin(future::maybe_done(word(letters, 10)));
            (make("ab"), make("cde"))
        },
        async |(short, long)| {
            future::join(short, long).await;
        },
        async |(mut short, mut long)| {
            vec![short.as_mut().take_output(), long.as_mut().take_output()]
        },
    );
    let anew = sweep_both(async |(letters, numbers)| {
        let mut letter = pin!(future::maybe_done(letters.next()));
        let mut number = pin!(future::maybe_done(numbers.next()));
        future::join(letter.as_mut(), number.as_mut()).await;
        let both = [letter.take_output(), number.take_output()];
        both.into_iter().flatten().flatten().collect()
    });
    row.holds_if(&kept, &anew);
}

/// The one that comes second is given back at the end, not at a cut.
#[test]
fn select() {
    let row = Row {
        api: "futures::future::select",
        page: "futures/future/fn.select.html",
        verdict: Word::SafeIf("if both futures are passed by reference"),
        left: "By reference, both futures went on where they were; by value, both were dropped with what they had done.",
        docs: Docs::Silent,
        source: "futures-util/src/future/select.rs",
        instead: "Pin both futures outside and pass `&mut`.",
        suspensions: 3,
    };
    let by_reference = Sweep::new().cuts(2).recreate(
        async || (word("quick", 10), word("slow", 17), Vec::new()),
        async |(quick, slow, words)| {
            words.push(future::select(quick, slow).await.factor_first().0);
        },
        async |(_, slow, mut words)| {
            words.push(slow.await);
            words
        },
    );
    let by_value = Sweep::new().recreate(
        async || (arriving("quick", 10), arriving("slow", 17), Vec::new()),
        async |(quick, slow, words)| {
            let first = future::select(quick.collect::<String>(), slow.collect::<String>());
            let (first, second) = first.await.factor_first();
            words.extend([first, second.await]);
        },
        async |(_, _, words)| words,
    );
    row.holds_if(&by_reference, &by_value);
}

/// The servers note that they are asked; the first says no, the second yes.
#[test]
fn select_ok() {
    let row = Row {
        api: "futures::future::select_ok",
        page: "futures/future/fn.select_ok.html",
        verdict: Word::DoesTwice,
        left: "The attempt under way was dropped, and so was the knowledge of the one that had failed; made again, it began both again.",
        docs: Docs::Silent,
        source: "futures-util/src/future/select_ok.rs",
        instead: "A kept [`FuturesUnordered`](#futures-stream-futuresunordered-next), asked with `next` until one is `Ok`.",
        suspensions: 2,
    };
    type Log = RefCell<Vec<&'static str>>;
    async fn first(log: &Log) -> Result<(), &'static str> {
        log.borrow_mut().push("asked the first");
        suspend().await;
        Err("no")
    }
    async fn second(log: &Log) -> Result<(), &'static str> {
        log.borrow_mut().push("asked the second");
        suspend().await;
        suspend().await;
        Ok(())
    }
    let report = Sweep::new().recreate(
        async || RefCell::new(Vec::new()),
        async |log| {
            let both = [first(log).boxed_local(), second(log).boxed_local()];
            future::select_ok(both).await.unwrap();
        },
        async |log| log.into_inner(),
    );
    row.holds(&report);
}

/// The clones have one future between them, and any of them keeps it.
#[test]
fn shared() {
    let row = Row {
        api: "futures::future::Shared",
        page: "futures/future/struct.Shared.html",
        verdict: Word::SafeIf("if another clone is kept"),
        left: "The shared future stayed where it was, held by the other clone, and the next clone went on with it; without another clone it was dropped.",
        docs: Docs::Silent,
        source: "futures-util/src/future/future/shared.rs",
        instead: "Keep one clone outside, and await clones of it.",
        suspensions: 3,
    };
    let cloned = Sweep::new().cuts(2).recreate(
        async || (word("abc", 10).shared(), Vec::new()),
        async |(word, words)| words.push(word.clone().await),
        async |(_, words)| words,
    );
    let alone = Sweep::new().recreate(
        async || (Some(word("abc", 10).shared()), Vec::new()),
        async |(word, words)| {
            if let Some(word) = word.take() {
                words.push(word.await);
            }
        },
        async |(_, words)| words,
    );
    row.holds_if(&cloned, &alone);
}

/// The futures are in the set, not in the call.
#[test]
fn futures_unordered_next() {
    let row = Row {
        api: "futures::stream::FuturesUnordered::next",
        page: "futures/stream/struct.FuturesUnordered.html",
        verdict: Word::Safe,
        left: "The futures stayed in the set, each where it was; an output that was ready waited there.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 3,
    };
    let report = sweep_next(
        || FuturesUnordered::from_iter([word("slow", 10), word("fast", 7)]),
        async |words| words.next().await,
    );
    row.holds(&report);
}

/// An output that came too early waits in the set for its turn.
#[test]
fn futures_ordered_next() {
    let row = Row {
        api: "futures::stream::FuturesOrdered::next",
        page: "futures/stream/struct.FuturesOrdered.html",
        verdict: Word::Safe,
        left: "The futures stayed in the set, each where it was, and so did an output whose turn had not come.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "",
        suspensions: 3,
    };
    let report = sweep_next(
        || FuturesOrdered::from_iter([word("slow", 10), word("fast", 7)]),
        async |words| words.next().await,
    );
    row.holds(&report);
}
