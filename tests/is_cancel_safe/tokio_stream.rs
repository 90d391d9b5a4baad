//! `tokio_stream::StreamExt`.

use std::fmt::Debug;
use std::time::Duration;

use cancel_sweep::{Report, Sweep};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_stream::{Stream, StreamExt};

use crate::row::{Docs, Row, Word};

pub const PACE: Duration = Duration::from_millis(10);

/// Calls `send` with a number every 10 milliseconds.
pub fn every_pace<N: Send + 'static>(
    numbers: impl IntoIterator<Item = N, IntoIter: Send + 'static>,
    mut send: impl FnMut(N) + Send + 'static,
) {
    let mut numbers = numbers.into_iter();
    tokio::spawn(async move {
        for number in &mut numbers {
            sleep(PACE).await;
            send(number);
        }
    });
}

/// Readings of a sensor that arrive one by one and wait for their reader.
pub fn readings(first: u32) -> UnboundedReceiverStream<u32> {
    let (sender, receiver) = mpsc::unbounded_channel();
    every_pace(first..first + 4, move |reading| {
        sender.send(reading).unwrap()
    });
    UnboundedReceiverStream::new(receiver)
}

/// Takes a while over a reading.
async fn calibrate(reading: u32) -> u32 {
    sleep(2 * PACE).await;
    reading + 100
}

/// Sweeps a call that answers the next item of a world, and lists all items.
pub fn sweep_next<S, T: PartialEq + Debug>(
    world: impl AsyncFn() -> S,
    next: impl AsyncFn(&mut S) -> Option<T>,
) -> Report {
    Sweep::new().cuts(2).recreate(
        async || (world().await, Vec::new()),
        async |(world, seen)| seen.extend(next(world).await),
        async |(mut world, mut seen)| {
            while let Some(item) = next(&mut world).await {
                seen.push(item);
            }
            seen
        },
    )
}

/// Sweeps `next` of a stream that is kept.
pub fn sweep_kept<T: Stream<Item: PartialEq + Debug>>(stream: impl AsyncFn() -> T) -> Report {
    sweep_next(
        async || Box::pin(stream().await),
        async |stream| stream.next().await,
    )
}

/// Sweeps `next` of a stream that says that nothing comes, and asks when it
/// said so.
fn sweep_time<S>(
    world: impl Fn() -> S,
    next: impl AsyncFn(&mut S) -> Option<Result<u32, tokio_stream::Elapsed>>,
) -> Report {
    Sweep::new().recreate(
        async || (world(), Instant::now(), Vec::new()),
        async |(world, start, times)| {
            if let Some(Err(_)) = next(world).await {
                times.push(start.elapsed().as_millis() / 10 * 10);
            }
        },
        async |(_, _, times)| times,
    )
}

/// A reading that came while nobody asked waits in the channel.
#[test]
fn next() {
    let row = Row {
        api: "tokio_stream::StreamExt::next",
        page: "tokio_stream/trait.StreamExt.html#method.next",
        verdict: Word::Safe,
        left: "The future was only a reference to the stream; every item stayed in the stream.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(async || readings(1), async |readings| readings.next().await);
    row.holds(&report);
}

/// It is `next`, with the error in another place.
#[test]
fn try_next() {
    let row = Row {
        api: "tokio_stream::StreamExt::try_next",
        page: "tokio_stream/trait.StreamExt.html#method.try_next",
        verdict: Word::Safe,
        left: "The future was only a reference to the stream; every item stayed in the stream.",
        docs: Docs::Says("dropping it will never lose a value"),
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        async || readings(1).map(Ok::<_, ()>),
        async |readings| readings.try_next().await.unwrap(),
    );
    row.holds(&report);
}

/// What was collected so far is inside the future.
#[test]
fn collect() {
    let row = Row {
        api: "tokio_stream::StreamExt::collect",
        page: "tokio_stream/trait.StreamExt.html#method.collect",
        verdict: Word::LosesData,
        left: "The items collected so far were dropped with the future; called on a reference, the stream went on with the item after them.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "[`next`](#tokio-stream-streamext-next) in a loop, into a collection that you keep.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || (readings(1), Vec::new()),
        async |(readings, all)| all.extend(readings.collect::<Vec<_>>().await),
        async |(_, all)| all,
    );
    row.holds(&report);
}

/// What was folded so far is inside the future.
#[test]
fn fold() {
    let row = Row {
        api: "tokio_stream::StreamExt::fold",
        page: "tokio_stream/trait.StreamExt.html#method.fold",
        verdict: Word::LosesData,
        left: "The value folded so far was dropped with the future; called on a reference, the stream went on with the item after it.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "[`next`](#tokio-stream-streamext-next) in a loop, into a value that you keep.",
        suspensions: 4,
    };
    let report = Sweep::new().recreate(
        async || (readings(1), Vec::new()),
        async |(readings, sums)| sums.push(readings.fold(0, |sum, reading| sum + reading).await),
        async |(_, sums)| sums,
    );
    row.holds(&report);
}

/// Had a reading decided it, it would have ended: what it took changes nothing.
#[test]
fn all() {
    let row = Row {
        api: "tokio_stream::StreamExt::all",
        page: "tokio_stream/trait.StreamExt.html#method.all",
        verdict: Word::Safe,
        left: "The items it had taken were all true; made again, it went on with the next and came to the same answer, and the same items were left.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 3,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (readings(1), None),
        async |(readings, all)| *all = Some(readings.all(|reading| reading != 3).await),
        async |(readings, all)| {
            let rest: Vec<_> = readings.collect().await;
            vec![(all, rest)]
        },
    );
    row.holds(&report);
}

/// It holds no items, so it may even be made anew for every call.
#[test]
fn merge() {
    let row = Row {
        api: "tokio_stream::StreamExt::merge",
        page: "tokio_stream/trait.StreamExt.html#method.merge",
        verdict: Word::Safe,
        left: "Made of two references, and made anew for each item, it lost nothing: every item stayed in its own stream.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        async || {
            let inside = readings(1);
            sleep(PACE / 2).await;
            (inside, readings(50))
        },
        async |(inside, outside)| (&mut *inside).merge(&mut *outside).next().await,
    );
    row.holds(&report);
}

/// It holds no items, so it may even be made anew for every call.
#[test]
fn chain() {
    let row = Row {
        api: "tokio_stream::StreamExt::chain",
        page: "tokio_stream/trait.StreamExt.html#method.chain",
        verdict: Word::Safe,
        left: "Made of two references, and made anew for each item, it lost nothing: every item stayed in its own stream.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        async || (readings(1), readings(50)),
        async |(first, second)| (&mut *first).chain(&mut *second).next().await,
    );
    row.holds(&report);
}

/// The future that `then` made of an item holds the item.
#[test]
fn then() {
    let row = Row {
        api: "tokio_stream::StreamExt::then",
        page: "tokio_stream/trait.StreamExt.html#method.then",
        verdict: Word::SafeIf(
            "if the stream that `then` made is kept, and only its `next` is dropped",
        ),
        left: "The item that was being worked on stayed in the kept stream and its work went on; with a stream made anew for each item, both were gone.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(async || readings(1).then(calibrate));
    let anew = sweep_next(
        async || readings(1),
        async |readings| Box::pin(readings.then(calibrate)).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// The chunk that is half complete is inside the chunks, wherever they are.
#[test]
fn chunks_timeout() {
    let row = Row {
        api: "tokio_stream::StreamExt::chunks_timeout",
        page: "tokio_stream/trait.StreamExt.html#method.chunks_timeout",
        verdict: Word::SafeIf(
            "if the stream that `chunks_timeout` made is kept, and only its `next` is dropped",
        ),
        left: "The half-filled chunk stayed in the kept stream; with a stream made anew for each chunk, it was gone.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 2,
    };
    let kept = sweep_kept(async || readings(1).chunks_timeout(2, 10 * PACE));
    let anew = sweep_next(
        async || readings(1),
        async |readings| Box::pin(readings.chunks_timeout(2, 10 * PACE)).next().await,
    );
    row.holds_if(&kept, &anew);
}

/// The sensor is silent, and the stream has to say so after 20 milliseconds.
#[test]
fn timeout() {
    let row = Row {
        api: "tokio_stream::StreamExt::timeout",
        page: "tokio_stream/trait.StreamExt.html#method.timeout",
        verdict: Word::SafeIf(
            "if the stream that `timeout` made is kept, and only its `next` is dropped",
        ),
        left: "The kept stream said that nothing had come, on time; with a stream made anew for each item, the time began again.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 1,
    };
    let kept = sweep_time(
        || Box::pin(tokio_stream::pending().timeout(2 * PACE)),
        async |readings| readings.next().await,
    );
    let anew = sweep_time(tokio_stream::pending, async |readings| {
        Box::pin(readings.timeout(2 * PACE)).next().await
    });
    row.holds_if(&kept, &anew);
}

/// As with `timeout`.
#[test]
fn timeout_repeating() {
    let row = Row {
        api: "tokio_stream::StreamExt::timeout_repeating",
        page: "tokio_stream/trait.StreamExt.html#method.timeout_repeating",
        verdict: Word::SafeIf(
            "if the stream that `timeout_repeating` made is kept, and only its `next` is dropped",
        ),
        left: "The kept stream said that nothing had come, on time; with a stream made anew for each item, the time began again.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "Make the stream once, before the loop.",
        suspensions: 1,
    };
    let twenty = || interval_at(Instant::now() + 2 * PACE, 2 * PACE);
    let kept = sweep_time(
        || Box::pin(tokio_stream::pending().timeout_repeating(twenty())),
        async |readings| readings.next().await,
    );
    let anew = sweep_time(tokio_stream::pending, async |readings| {
        let mut readings = Box::pin(readings.timeout_repeating(twenty()));
        readings.next().await
    });
    row.holds_if(&kept, &anew);
}

/// All readings are there, and are let through every 20 milliseconds.
#[test]
fn throttle() {
    let row = Row {
        api: "tokio_stream::StreamExt::throttle",
        page: "tokio_stream/trait.StreamExt.html#method.throttle",
        verdict: Word::Safe,
        left: "The kept stream had only the pause in it, and that went on; no item was let through too early, none was lost.",
        docs: Docs::Silent,
        source: "tokio-stream/src/stream_ext.rs",
        instead: "",
        suspensions: 1,
    };
    let report = sweep_next(
        async || {
            let mut readings = Box::pin(tokio_stream::iter(1..4).throttle(2 * PACE));
            readings.next().await; // the first comes at once
            (readings, Instant::now())
        },
        async |(readings, start)| {
            let reading = readings.next().await?;
            Some((reading, start.elapsed().as_millis() / 10 * 10))
        },
    );
    row.holds(&report);
}
