//! `futures::stream`: the streams that are made of other streams.

use std::fmt::Debug;

use cancel_sweep::Report;
use futures::stream::{self, Stream, StreamExt};

use crate::futures_stream::{arriving, engrave, sweep_next};
use crate::row::{Docs, Row, Word};

/// Sweeps `next` of a stream that is kept.
fn sweep_kept<T: Stream<Item: PartialEq + Debug>>(stream: impl Fn() -> T) -> Report {
    sweep_next(|| Box::pin(stream()), async |stream| stream.next().await)
}

/// The pair that is half complete is inside the chunks, wherever they are.
#[test]
fn chunks() {
    let row = Row {
        api: "futures::stream::StreamExt::chunks",
        page: "futures/stream/trait.StreamExt.html#method.chunks",
        verdict: Word::SafeIf(
            "if the stream that `chunks` made is kept, and only its `next` is dropped",
        ),
        left: "The half-filled chunk stayed in the kept stream; with a stream made anew for each chunk, it was gone.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(|| arriving("abcd", 10).chunks(2));
    let anew = sweep_next(
        || arriving("abcd", 10),
        async |letters| letters.by_ref().chunks(2).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// The future that `then` made of an item holds the item.
#[test]
fn then() {
    let row = Row {
        api: "futures::stream::StreamExt::then",
        page: "futures/stream/trait.StreamExt.html#method.then",
        verdict: Word::SafeIf(
            "if the stream that `then` made is kept, and only its `next` is dropped",
        ),
        left: "The item that was being worked on stayed in the kept stream and its work went on; with a stream made anew for each item, both were gone.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(|| arriving("abc", 10).then(engrave));
    let anew = sweep_next(
        || arriving("abc", 10),
        async |letters| Box::pin(letters.by_ref().then(engrave)).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// Up to two letters are on their way, and both are inside the buffer.
#[test]
fn buffered() {
    let row = Row {
        api: "futures::stream::StreamExt::buffered",
        page: "futures/stream/trait.StreamExt.html#method.buffered",
        verdict: Word::SafeIf(
            "if the stream that `buffered` made is kept, and only its `next` is dropped",
        ),
        left: "The futures that were running stayed in the kept stream; with a stream made anew for each item, all of them were gone.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(|| arriving("abcd", 10).map(engrave).buffered(2));
    let anew = sweep_next(
        || arriving("abcd", 10),
        async |letters| letters.by_ref().map(engrave).buffered(2).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// As with `buffered`; only the order of what comes out is another.
#[test]
fn buffer_unordered() {
    let row = Row {
        api: "futures::stream::StreamExt::buffer_unordered",
        page: "futures/stream/trait.StreamExt.html#method.buffer_unordered",
        verdict: Word::SafeIf(
            "if the stream that `buffer_unordered` made is kept, and only its `next` is dropped",
        ),
        left: "The futures that were running stayed in the kept stream; with a stream made anew for each item, all of them were gone.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(|| arriving("abcd", 10).map(engrave).buffer_unordered(2));
    let anew = sweep_next(
        || arriving("abcd", 10),
        async |letters| {
            let mut engraved = letters.by_ref().map(engrave).buffer_unordered(2);
            engraved.next().await
        },
    );
    row.holds_if(&kept, &anew);
}

/// The letter of the faster side waits inside the zip for its number.
#[test]
fn zip() {
    let row = Row {
        api: "futures::stream::StreamExt::zip",
        page: "futures/stream/trait.StreamExt.html#method.zip",
        verdict: Word::SafeIf(
            "if the stream that `zip` made is kept, and only its `next` is dropped",
        ),
        left: "The item that waited for its partner stayed in the kept stream; with a stream made anew for each pair, it was gone.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(|| arriving("abc", 10).zip(arriving("123", 17)));
    let anew = sweep_next(
        || (arriving("abc", 10), arriving("123", 17)),
        async |(letters, numbers)| letters.by_ref().zip(numbers.by_ref()).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// How many are still to be skipped is known to the skip alone.
#[test]
fn skip() {
    let row = Row {
        api: "futures::stream::StreamExt::skip",
        page: "futures/stream/trait.StreamExt.html#method.skip",
        verdict: Word::SafeIf(
            "if the stream that `skip` made is kept, and only its `next` is dropped",
        ),
        left: "The kept stream knew how many it had skipped; made anew after the cut, `skip` counted from zero and threw away items that it should have let through.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/stream/mod.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 3,
    };
    let kept = sweep_kept(|| arriving("xxab", 10).skip(2));
    let anew = sweep_next(
        || arriving("xxab", 10),
        async |letters| letters.by_ref().skip(2).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// It holds no items, so it may even be made anew for every call.
#[test]
fn select() {
    let row = Row {
        api: "futures::stream::select",
        page: "futures/stream/fn.select.html",
        verdict: Word::Safe,
        left: "Made of two references, and made anew for each item, it lost nothing: every item stayed in its own stream.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/select.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        || (arriving("abc", 10), arriving("123", 17)),
        async |(letters, numbers)| {
            let mut both = stream::select(letters.by_ref(), numbers.by_ref());
            both.next().await
        },
    );
    row.holds(&report);
}

/// It holds the streams in a set, and none of their items.
#[test]
fn select_all() {
    let row = Row {
        api: "futures::stream::select_all",
        page: "futures/stream/fn.select_all.html",
        verdict: Word::Safe,
        left: "Made of references, and made anew for each item, it lost nothing: every item stayed in its own stream.",
        docs: Docs::Silent,
        source: "futures-util/src/stream/select_all.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        || [arriving("abc", 10), arriving("123", 17)],
        async |streams| stream::select_all(streams).next().await,
    );
    row.holds(&report);
}
