//! The notifications, barriers and cells of `tokio::sync`.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Cut, Finding, Sweep, Verdict, suspend};
use tokio::sync::futures::Notified;
use tokio::sync::{Barrier, Notify, OnceCell, SetOnce};
use tokio::time::{sleep, timeout};

use crate::row::{Docs, Row, Word};
use crate::tokio_sync::Queue;

const BUSY: Duration = Duration::from_millis(10);

type Bell = &'static Arc<Notify>;

/// A bell that is rung so often, and nobody listens yet. It stays for ever, so
/// a `Notified` that borrows it can be kept.
fn rung(times: u32, ring: fn(&Notify)) -> (Bell, Queue) {
    let bell: Bell = Box::leak(Box::default());
    tokio::spawn(async move {
        for _ in 0..times {
            sleep(BUSY).await;
            ring(bell);
        }
    });
    (bell, Queue::default())
}

/// A bell that is rung for one at a time, twice, and a rival who listens.
async fn rung_for_two() -> (Bell, Queue) {
    let (bell, queue) = rung(2, Notify::notify_one);
    queue.rival(bell.notified());
    (bell, queue)
}

/// With `notify_one`: two rings are enough for two, whoever leaves in between.
#[test]
fn notify_notified() {
    let row = Row {
        api: "tokio::sync::Notify::notified",
        page: "tokio/sync/struct.Notify.html#method.notified",
        verdict: Word::LosesPlace,
        left: "Its place went to the next waiter, and so did a `notify_one` that had already reached it; with no other waiter, the next call got that.",
        docs: Docs::Says("Cancelling a call to `notified` makes you lose your place in the queue"),
        source: "tokio/src/sync/notify.rs",
        instead: "Keep one pinned [`Notified`](#ref-tokio-sync-futures-notified) and poll it by reference.",
        suspensions: 1,
    };
    let wait = async |(bell, queue): &mut (Bell, Queue)| {
        queue.we_wait();
        bell.notified().await;
        queue.serve("we");
    };
    let report = Sweep::new().recreate(rung_for_two, wait, async |(_, queue)| queue.turns().await);
    row.holds(&report);
    let alone = Sweep::new().cuts(2).recreate(
        async || rung(1, Notify::notify_one),
        wait,
        async |(_, queue)| queue.turns().await,
    );
    alone.assert_safe();
}

/// The same queue as that of `notified`.
#[test]
fn notify_notified_owned() {
    let row = Row {
        api: "tokio::sync::Notify::notified_owned",
        page: "tokio/sync/struct.Notify.html#method.notified_owned",
        verdict: Word::LosesPlace,
        left: "Its place went to the next waiter, and so did a `notify_one` that had already reached it.",
        docs: Docs::Says(
            "Cancelling a call to `notified_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/notify.rs",
        instead: "Keep one pinned [`Notified`](#ref-tokio-sync-futures-notified) and poll it by reference.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        rung_for_two,
        async |(bell, queue)| {
            queue.we_wait();
            Arc::clone(bell).notified_owned().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// With `notify_waiters`: it is for those who wait, and we had left.
#[test]
fn notify_notified_by_notify_waiters() {
    let row = Row {
        api: "tokio::sync::Notify::notified (notify_waiters)",
        page: "tokio/sync/struct.Notify.html#method.notified",
        verdict: Word::LosesData,
        left: "A `notified` that had been woken and was dropped took its notification with it; made again, it waited for the next.",
        docs: Docs::Says("Cancelling a call to `notified` makes you lose your place in the queue"),
        source: "tokio/src/sync/notify.rs",
        instead: "Keep one pinned [`Notified`](#ref-tokio-sync-futures-notified), or say it with a [`watch`](#tokio-watch-receiver-changed) channel.",
        suspensions: 1,
    };
    let report = Sweep::new().check(
        async || rung(1, Notify::notify_waiters),
        async |(bell, _)| bell.notified().await,
        async |(bell, _), end| {
            if let Cut::Completed(_) = end {
                return Ok(());
            }
            let heard = timeout(BUSY * 3, bell.notified()).await;
            heard.map_err(|_| Finding::new(Verdict::LosesData, "nobody rings again"))
        },
    );
    row.holds(&report);
}

/// The future itself stays in the queue, and keeps what reaches it there.
#[test]
fn notified_by_reference() {
    let row = Row {
        api: "&mut tokio::sync::futures::Notified",
        page: "tokio/sync/futures/struct.Notified.html",
        verdict: Word::Safe,
        left: "The future kept its place in the queue, and a notification that had reached it, from `notify_one` and from `notify_waiters`.",
        docs: Docs::Silent,
        source: "tokio/src/sync/notify.rs",
        instead: "",
        suspensions: 1,
    };
    let listen = |(bell, queue): (Bell, Queue)| {
        let mut notified = Box::pin(bell.notified());
        notified.as_mut().enable(); // from here on in the queue
        (notified, queue)
    };
    let wait = async |(notified, queue): &mut (Pin<Box<Notified<'static>>>, Queue)| {
        queue.we_wait();
        notified.as_mut().await;
        queue.serve("we");
    };
    let one_by_one = Sweep::new().cuts(2).recreate(
        async || listen(rung_for_two().await),
        wait,
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&one_by_one);
    let all_at_once = Sweep::new().cuts(2).recreate(
        async || listen(rung(1, Notify::notify_waiters)),
        wait,
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&all_at_once);
}

/// Two meet here, unless one of them is counted twice and meets itself.
#[test]
fn barrier_wait() {
    let row = Row {
        api: "tokio::sync::Barrier::wait",
        page: "tokio/sync/struct.Barrier.html#method.wait",
        verdict: Word::DoesTwice,
        left: "The arrival still counted; made again, the call counted as another arrival and opened the barrier before the other side had come.",
        docs: Docs::Says("This method is not cancel safe"),
        source: "tokio/src/sync/barrier.rs",
        instead: "Keep one pinned `wait` future and poll it by reference.",
        suspensions: 1,
    };
    let report = Sweep::new().check(
        async || {
            let gate = Arc::new(Barrier::new(2));
            let other = Arc::clone(&gate);
            tokio::spawn(async move {
                sleep(BUSY).await;
                other.wait().await;
            });
            gate
        },
        async |gate| {
            gate.wait().await;
        },
        async |gate, _| match timeout(BUSY / 2, gate.wait()).await {
            Ok(_) => Err(Finding::new(Verdict::DoesTwice, "it met itself")),
            Err(_) => Ok(()),
        },
    );
    row.holds(&report);
}

/// What the initializer had done, it does again.
#[test]
fn once_cell_get_or_init() {
    let row = Row {
        api: "tokio::sync::OnceCell::get_or_init",
        page: "tokio/sync/struct.OnceCell.html#method.get_or_init",
        verdict: Word::DoesTwice,
        left: "The initializer was dropped where it stood, the cell stayed empty, and the next call began a new initializer.",
        docs: Docs::Says("is cancelled or panics, the initialization attempt is cancelled"),
        source: "tokio/src/sync/once_cell.rs",
        instead: "Make the call in a task of its own, where the initializer must not run twice.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (OnceCell::new(), Vec::new()),
        async |(tariff, requests)| {
            let fetch = async || {
                requests.push("GET /tariff");
                suspend().await;
                "7.20"
            };
            tariff.get_or_init(fetch).await;
        },
        async |(tariff, mut requests)| {
            requests.push(tariff.get().unwrap());
            requests
        },
    );
    row.holds(&report);
}

/// What the initializer had done, it does again.
#[test]
fn once_cell_get_or_try_init() {
    let row = Row {
        api: "tokio::sync::OnceCell::get_or_try_init",
        page: "tokio/sync/struct.OnceCell.html#method.get_or_try_init",
        verdict: Word::DoesTwice,
        left: "The initializer was dropped where it stood, the cell stayed empty, and the next call began a new initializer.",
        docs: Docs::Says("is cancelled or panics, the initialization attempt is cancelled"),
        source: "tokio/src/sync/once_cell.rs",
        instead: "Make the call in a task of its own, where the initializer must not run twice.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || (OnceCell::new(), Vec::new()),
        async |(tariff, requests)| {
            let fetch = async || {
                requests.push("GET /tariff");
                suspend().await;
                "7.20".parse::<f64>()
            };
            tariff.get_or_try_init(fetch).await.unwrap();
        },
        async |(tariff, requests)| {
            assert!(tariff.initialized());
            requests
        },
    );
    row.holds(&report);
}

/// It is set once and for all.
#[test]
fn set_once_wait() {
    let row = Row {
        api: "tokio::sync::SetOnce::wait",
        page: "tokio/sync/struct.SetOnce.html#method.wait",
        verdict: Word::Safe,
        left: "The value stayed in the cell, and the next call returned it.",
        docs: Docs::Says("This method is cancel safe"),
        source: "tokio/src/sync/set_once.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let tariff = Arc::new(SetOnce::new());
            let office = Arc::clone(&tariff);
            tokio::spawn(async move {
                sleep(BUSY).await;
                office.set("7.20").unwrap();
            });
            (tariff, Vec::new())
        },
        async |(tariff, seen)| seen.push(*tariff.wait().await),
        async |(_, seen)| seen,
    );
    row.holds(&report);
}
