//! Claims of the chapter "Streams".

use std::pin::pin;
use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use futures::poll;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};

use crate::log::Log;
use crate::swept::first_failure;

#[path = "../../examples/pinned_stream_outlives_its_reader.rs"]
#[allow(dead_code)]
mod pinned_stream_outlives_its_reader;
#[path = "../../examples/weighed_next_loses_parcels.rs"]
#[allow(dead_code)]
mod weighed_next_loses_parcels;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

// --- The end of a stream -----------------------------------------------------

/// Numbers from 40 on. The stream owns a guard, and has another one while it
/// makes the next number, which takes a second.
fn numbers(log: &Log) -> BoxStream<'static, i32> {
    let first = (log.clone(), log.guard("stream"), 40);
    let step = async |(log, guard, n): (Log, _, _)| {
        let _step = log.guard("step");
        sleep(seconds(1)).await;
        Some((n, (log, guard, n + 1)))
    };
    stream::unfold(first, step).boxed()
}

/// The document's loop.
async fn up_to_42(stream: &mut BoxStream<'_, i32>) {
    while let Some(item) = stream.next().await {
        if item == 42 {
            break;
        }
    }
}

/// Behind the `break` the stream is as it was, and `next` goes on with the item
/// that follows; behind a `drop` there is nothing left.
#[tokio::test(start_paused = true)]
async fn a_broken_off_loop_leaves_the_stream_alive() {
    let log = Log::default();
    let mut stream = numbers(&log);
    up_to_42(&mut stream).await;
    assert_eq!(log.take(), ["step dropped"; 3]);
    assert_eq!(stream.next().await, Some(43));
    assert_eq!(stream.next().await, Some(44));
    assert_eq!(log.take(), ["step dropped"; 2]);

    drop(stream);
    assert_eq!(log.take(), ["stream dropped"]);
}

/// A stream that is dropped while it makes an item drops what it was doing, and
/// that item is never made; dropping the `next` that waited for it does neither.
#[tokio::test(start_paused = true)]
async fn a_dropped_stream_is_cancelled() {
    for dropped in [true, false] {
        let log = Log::default();
        let (made, mut items) = mpsc::unbounded_channel();
        let mut stream = numbers(&log).inspect(move |item| made.send(*item).unwrap());
        assert!(poll!(Box::pin(stream.next())).is_pending());
        assert!(
            log.take().is_empty(),
            "`next` is dropped, the stream is not"
        );

        if dropped {
            drop(stream);
            assert_eq!(log.take(), ["step dropped", "stream dropped"]);
            sleep(seconds(60)).await;
            assert_eq!(items.recv().await, None);
        } else {
            assert_eq!(stream.next().await, Some(40));
            assert_eq!(items.recv().await, Some(40));
        }
    }
}

/// Broken off and then left alone, a stream lives to the end of its scope.
#[tokio::test(start_paused = true)]
async fn a_stream_is_cancelled_at_the_end_of_its_scope() {
    let log = Log::default();
    {
        let mut stream = numbers(&log);
        up_to_42(&mut stream).await;
        log.take();
        sleep(seconds(60)).await;
        log.note("end of the scope");
    }
    log.note("behind the scope");
    let order = ["end of the scope", "stream dropped", "behind the scope"];
    assert_eq!(log.events(), order);
}

/// A reader that is given a boxed stream drops it when it returns; one that is
/// given a pinned stream has a reference, and the stream lives on.
#[tokio::test(start_paused = true)]
async fn a_reader_of_a_pinned_stream_drops_a_reference() {
    use pinned_stream_outlives_its_reader::draw_one;

    let log = Log::default();
    draw_one(numbers(&log)).await;
    assert_eq!(log.take(), ["step dropped", "stream dropped"]);

    let mut stream = pin!(numbers(&log));
    draw_one(stream.as_mut()).await;
    assert_eq!(log.take(), ["step dropped"]);
    assert_eq!(stream.next().await, Some(41));
}

/// A task that feeds a stream through a channel goes on behind the `break`, and
/// ends when the stream is dropped.
#[tokio::test(start_paused = true)]
async fn a_producer_hears_of_the_end_when_the_stream_is_dropped() {
    let (feed, items) = mpsc::channel(1);
    let producer = tokio::spawn(async move {
        let mut sent = 40;
        while feed.send(sent).await.is_ok() {
            sent += 1;
        }
        sent
    });
    let receive = async |mut items: mpsc::Receiver<i32>| Some((items.recv().await?, items));
    let mut stream = stream::unfold(items, receive).boxed();
    up_to_42(&mut stream).await;
    sleep(seconds(60)).await;
    assert!(!producer.is_finished());

    drop(stream);
    // 43 was in the channel, and nobody has seen it.
    assert_eq!(producer.await.unwrap(), 44);
}

// --- A `next` that is dropped ------------------------------------------------

/// Something that gives parcels, and those that have arrived.
struct Belt {
    parcels: BoxStream<'static, u32>,
    arrived: Vec<u32>,
}

/// Four parcels, each after a second.
fn belt() -> Belt {
    let parcels = stream::iter(1..=4).then(weigh).boxed();
    let arrived = Vec::new();
    Belt { parcels, arrived }
}

async fn weigh(parcel: u32) -> u32 {
    sleep(seconds(1)).await;
    parcel
}

async fn next_of_each(belt: &mut Belt) {
    while let Some(parcel) = belt.parcels.next().await {
        belt.arrived.push(parcel);
    }
}

/// What has arrived and what the belt still has must be all four, in order.
async fn all_four(belt: Belt, _: Cut) -> Result<(), String> {
    let Belt { parcels, arrived } = belt;
    let all: Vec<u32> = stream::iter(arrived).chain(parcels).collect().await;
    if all != [1, 2, 3, 4] {
        return Err(format!("{all:?}"));
    }
    Ok(())
}

/// Drop `next` at every suspension, of streams that wait in different ways:
/// nothing is lost. A `next` that takes an item and then awaits loses it.
#[test]
fn a_dropped_next_loses_nothing() {
    type Parcels = BoxStream<'static, u32>;
    let after_a_wait: fn() -> Parcels = || belt().parcels;
    let two_at_a_time: fn() -> Parcels = || stream::iter(1..=4).map(weigh).buffered(2).boxed();
    let in_two_steps: fn() -> Parcels = || {
        let two_steps = async |parcel| {
            let parcel = weigh(weigh(parcel).await).await;
            (parcel <= 4).then_some((parcel, parcel + 1))
        };
        stream::unfold(1, two_steps).fuse().boxed()
    };
    for parcels in [after_a_wait, two_at_a_time, in_two_steps] {
        let build = async || Belt {
            parcels: parcels(),
            ..belt()
        };
        let report = Sweep::new().check(build, next_of_each, all_four);
        // The very count is the stream's affair, as long as there are cuts.
        assert!(report.suspensions() >= 4, "{report}");
        report.assert_safe();
    }

    use weighed_next_loses_parcels::next_weighed;
    let weighed = async |belt: &mut Belt| {
        while let Some(parcel) = next_weighed(&mut belt.parcels).await {
            belt.arrived.push(parcel);
        }
    };
    let report = Sweep::new().check(async || belt(), weighed, all_four);
    assert_eq!(first_failure(&report), "suspended 2: [2, 3, 4]");
}

/// `collect` keeps what it has taken in its future, and loses it with it; the
/// same loop over `next` does not.
#[test]
fn a_dropped_collect_loses_what_it_has() {
    let collect = async |belt: &mut Belt| {
        belt.arrived = belt.parcels.by_ref().collect().await;
    };
    let report = Sweep::new().check(async || belt(), collect, all_four);
    assert_eq!(first_failure(&report), "suspended 2: [2, 3, 4]");

    let report = Sweep::new().check(async || belt(), next_of_each, all_four);
    assert_eq!(report.suspensions(), 4);
    report.assert_safe();
}

// --- Futures in a stream -----------------------------------------------------

async fn bake(loaf: u32, log: Log, ovens: &Semaphore) -> u32 {
    let _guard = log.guard("oven");
    let _oven = ovens.acquire().await.unwrap();
    sleep(seconds(1) * loaf).await;
    log.note(format!("loaf {loaf} baked"));
    loaf
}

type Loaves<'a> = BoxStream<'a, u32>;

/// Two loaves in two ovens, in a stream with room for both.
fn loaves<'a>(log: &'a Log, ovens: &'a Semaphore, ordered: bool) -> Loaves<'a> {
    let loaves = stream::iter([1, 2]).map(|loaf| bake(loaf, log.clone(), ovens));
    if ordered {
        loaves.buffered(2).boxed()
    } else {
        loaves.buffer_unordered(2).boxed()
    }
}

/// While nobody polls the stream its futures stand still, and keep what they
/// hold; a task goes on.
#[tokio::test(start_paused = true)]
async fn futures_in_a_stream_stand_still_with_it() {
    for ordered in [true, false] {
        let (log, ovens) = (Log::default(), Semaphore::new(2));
        let mut baked = loaves(&log, &ovens, ordered);
        assert_eq!(baked.next().await, Some(1));
        assert_eq!(log.take(), ["loaf 1 baked", "oven dropped"]);

        sleep(seconds(60)).await;
        assert!(log.take().is_empty());
        assert_eq!(ovens.available_permits(), 1);

        // It has been ready all the time.
        assert_eq!(poll!(Box::pin(baked.next())), Some(2).into());
        assert_eq!(log.take(), ["loaf 2 baked", "oven dropped"]);
        assert_eq!(ovens.available_permits(), 2);
    }

    let log = Log::default();
    let task_log = log.clone();
    tokio::spawn(async move { bake(2, task_log, &Semaphore::new(1)).await });
    sleep(seconds(60)).await;
    assert_eq!(log.take(), ["loaf 2 baked", "oven dropped"]);
}

/// The futures in a stream are dropped with it; tasks whose handles are in a
/// stream run on.
#[tokio::test(start_paused = true)]
async fn futures_in_a_stream_are_dropped_with_it() {
    for ordered in [true, false] {
        let (log, ovens) = (Log::default(), Semaphore::new(2));
        let mut baking = loaves(&log, &ovens, ordered);
        assert!(poll!(Box::pin(baking.next())).is_pending());
        assert_eq!(ovens.available_permits(), 0);
        drop(baking);
        assert_eq!(ovens.available_permits(), 2);
        sleep(seconds(60)).await;
        assert_eq!(log.take(), ["oven dropped", "oven dropped"]);
    }

    let log = Log::default();
    let tasks = stream::iter([1, 2]).map(|loaf| {
        let log = log.clone();
        tokio::spawn(async move { bake(loaf, log, &Semaphore::new(1)).await })
    });
    let mut baking = tasks.buffer_unordered(2);
    assert!(poll!(Box::pin(baking.next())).is_pending());
    drop(baking);
    sleep(seconds(60)).await;
    let baked = [
        "loaf 1 baked",
        "oven dropped",
        "loaf 2 baked",
        "oven dropped",
    ];
    assert_eq!(log.take(), baked);
}

/// A loop that waits for what a future in its own stream holds, or is about to
/// get, waits for ever; with the stream dropped it does not wait at all.
#[tokio::test(start_paused = true)]
async fn a_loop_may_wait_for_its_own_stream_for_ever() {
    let a_day = seconds(24 * 60 * 60);
    for ordered in [true, false] {
        let (log, ovens) = (Log::default(), Semaphore::new(1));
        let mut baked = loaves(&log, &ovens, ordered);
        assert_eq!(baked.next().await, Some(1));
        // The second loaf was next in the queue for the only oven.
        assert!(timeout(a_day, ovens.acquire()).await.is_err());

        drop(baked);
        assert!(poll!(Box::pin(ovens.acquire())).is_ready());
    }
}
