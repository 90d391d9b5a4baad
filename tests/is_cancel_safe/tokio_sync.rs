//! The locks and semaphores of `tokio::sync`.

use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use cancel_sweep::{Sweep, hold};
use tokio::sync::{Mutex, Notify, RwLock, Semaphore};
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// Those who queue for something, and in which order their turn came.
#[derive(Clone, Default)]
pub struct Queue {
    turns: Arc<StdMutex<Vec<String>>>,
    we_wait: Arc<Notify>,
}

impl Queue {
    /// A rival who queues as soon as we do.
    pub fn rival<T>(&self, turn: impl Future<Output = T> + Send + 'static) {
        let queue = self.clone();
        tokio::spawn(async move {
            queue.we_wait.notified().await;
            let _turn = turn.await;
            queue.serve("the rival");
        });
    }

    /// We queue now, in the same poll.
    pub fn we_wait(&self) {
        self.we_wait.notify_one();
    }

    pub fn serve(&self, who: &str) {
        self.turns.lock().unwrap().push(who.to_owned());
    }

    /// Everybody's turn, in order, once all had one.
    pub async fn turns(&self) -> Vec<String> {
        sleep(BUSY * 3).await;
        self.turns.lock().unwrap().clone()
    }
}

/// The queue is fair, and whoever leaves it starts at its end.
#[test]
fn mutex_lock() {
    let row = Row {
        api: "tokio::sync::Mutex::lock",
        page: "tokio/sync/struct.Mutex.html#method.lock",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting tasks went to the next, and so did a lock that had already been handed to it.",
        docs: Docs::Says("Cancelling a call to `lock` makes you lose your place in the queue"),
        source: "tokio/src/sync/mutex.rs",
        instead: "Keep one pinned `lock` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (press, queue) = (Arc::new(Mutex::new(())), Queue::default());
            hold(Arc::clone(&press).lock_owned().await, BUSY);
            queue.rival(Arc::clone(&press).lock_owned());
            (press, queue)
        },
        async |(press, queue)| {
            queue.we_wait();
            let _ours = press.lock().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// The same queue as that of `lock`.
#[test]
fn mutex_lock_owned() {
    let row = Row {
        api: "tokio::sync::Mutex::lock_owned",
        page: "tokio/sync/struct.Mutex.html#method.lock_owned",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting tasks went to the next, and so did a lock that had already been handed to it.",
        docs: Docs::Says(
            "Cancelling a call to `lock_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/mutex.rs",
        instead: "Keep one pinned `lock_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (press, queue) = (Arc::new(Mutex::new(())), Queue::default());
            hold(Arc::clone(&press).lock_owned().await, BUSY);
            queue.rival(Arc::clone(&press).lock_owned());
            (press, queue)
        },
        async |(press, queue)| {
            queue.we_wait();
            let _ours = Arc::clone(press).lock_owned().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// A tide table that the harbour office writes in for a while.
async fn written_in() -> (Arc<RwLock<()>>, Queue) {
    let (tides, queue) = (Arc::new(RwLock::new(())), Queue::default());
    hold(Arc::clone(&tides).write_owned().await, BUSY);
    (tides, queue)
}

/// A writer who came after us is before us once we have left and come back.
#[test]
fn rw_lock_read() {
    let row = Row {
        api: "tokio::sync::RwLock::read",
        page: "tokio/sync/struct.RwLock.html#method.read",
        verdict: Word::LosesPlace,
        left: "Its place went to a writer that had queued behind it, and so did a lock that had already been handed to it.",
        docs: Docs::Says("Cancelling a call to `read` makes you lose your place in the queue"),
        source: "tokio/src/sync/rwlock.rs",
        instead: "Keep one pinned `read` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (tides, queue) = written_in().await;
            queue.rival(Arc::clone(&tides).write_owned());
            (tides, queue)
        },
        async |(tides, queue)| {
            queue.we_wait();
            let _ours = tides.read().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// The same queue as that of `read`.
#[test]
fn rw_lock_read_owned() {
    let row = Row {
        api: "tokio::sync::RwLock::read_owned",
        page: "tokio/sync/struct.RwLock.html#method.read_owned",
        verdict: Word::LosesPlace,
        left: "Its place went to a writer that had queued behind it, and so did a lock that had already been handed to it.",
        docs: Docs::Says(
            "Cancelling a call to `read_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/rwlock.rs",
        instead: "Keep one pinned `read_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (tides, queue) = written_in().await;
            queue.rival(Arc::clone(&tides).write_owned());
            (tides, queue)
        },
        async |(tides, queue)| {
            queue.we_wait();
            let _ours = Arc::clone(tides).read_owned().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// A reader who came after us is before us once we have left and come back.
#[test]
fn rw_lock_write() {
    let row = Row {
        api: "tokio::sync::RwLock::write",
        page: "tokio/sync/struct.RwLock.html#method.write",
        verdict: Word::LosesPlace,
        left: "Its place went to a reader that had queued behind it, and so did a lock that had already been handed to it.",
        docs: Docs::Says("Cancelling a call to `write` makes you lose your place in the queue"),
        source: "tokio/src/sync/rwlock.rs",
        instead: "Keep one pinned `write` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (tides, queue) = written_in().await;
            queue.rival(Arc::clone(&tides).read_owned());
            (tides, queue)
        },
        async |(tides, queue)| {
            queue.we_wait();
            let _ours = tides.write().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

/// The same queue as that of `write`.
#[test]
fn rw_lock_write_owned() {
    let row = Row {
        api: "tokio::sync::RwLock::write_owned",
        page: "tokio/sync/struct.RwLock.html#method.write_owned",
        verdict: Word::LosesPlace,
        left: "Its place went to a reader that had queued behind it, and so did a lock that had already been handed to it.",
        docs: Docs::Says(
            "Cancelling a call to `write_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/rwlock.rs",
        instead: "Keep one pinned `write_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || {
            let (tides, queue) = written_in().await;
            queue.rival(Arc::clone(&tides).read_owned());
            (tides, queue)
        },
        async |(tides, queue)| {
            queue.we_wait();
            let _ours = Arc::clone(tides).write_owned().await;
            queue.serve("we");
        },
        async |(_, queue)| queue.turns().await,
    );
    row.holds(&report);
}

type Harbour = (Arc<Semaphore>, Queue);

/// A harbour with so many berths, all but the free ones taken for a while, and
/// a rival who wants one.
async fn harbour(all: u32, free: u32) -> Harbour {
    let (berths, queue) = (Arc::new(Semaphore::new(all as usize)), Queue::default());
    let ships = Arc::clone(&berths).acquire_many_owned(all - free).await;
    hold(ships, BUSY);
    queue.rival(Arc::clone(&berths).acquire_owned());
    (berths, queue)
}

/// Everybody's turn, and how many berths are free in the end.
async fn berthed((berths, queue): Harbour) -> Vec<String> {
    let mut turns = queue.turns().await;
    turns.push(format!("{} free", berths.available_permits()));
    turns
}

/// The queue is fair, and whoever leaves it starts at its end.
#[test]
fn semaphore_acquire() {
    let row = Row {
        api: "tokio::sync::Semaphore::acquire",
        page: "tokio/sync/struct.Semaphore.html#method.acquire",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting tasks went to the next, and so did a permit that had already been handed to it.",
        docs: Docs::Says("Cancelling a call to `acquire` makes you lose your place in the queue"),
        source: "tokio/src/sync/semaphore.rs",
        instead: "Keep one pinned `acquire` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || harbour(1, 0).await,
        async |(berths, queue)| {
            queue.we_wait();
            let _ours = berths.acquire().await;
            queue.serve("we");
        },
        berthed,
    );
    row.holds(&report);
}

/// The same queue as that of `acquire`.
#[test]
fn semaphore_acquire_owned() {
    let row = Row {
        api: "tokio::sync::Semaphore::acquire_owned",
        page: "tokio/sync/struct.Semaphore.html#method.acquire_owned",
        verdict: Word::LosesPlace,
        left: "Its place among the waiting tasks went to the next, and so did a permit that had already been handed to it.",
        docs: Docs::Says(
            "Cancelling a call to `acquire_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/semaphore.rs",
        instead: "Keep one pinned `acquire_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || harbour(1, 0).await,
        async |(berths, queue)| {
            queue.we_wait();
            let _ours = Arc::clone(berths).acquire_owned().await;
            queue.serve("we");
        },
        berthed,
    );
    row.holds(&report);
}

/// One permit is free and set aside for us while we wait for two more.
#[test]
fn semaphore_acquire_many() {
    let row = Row {
        api: "tokio::sync::Semaphore::acquire_many",
        page: "tokio/sync/struct.Semaphore.html#method.acquire_many",
        verdict: Word::LosesPlace,
        left: "Its place went to the next, and the permits that it had gathered went back; none was lost.",
        docs: Docs::Says(
            "Cancelling a call to `acquire_many` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/semaphore.rs",
        instead: "Keep one pinned `acquire_many` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || harbour(3, 1).await,
        async |(berths, queue)| {
            queue.we_wait();
            let _ours = berths.acquire_many(3).await;
            queue.serve("we");
        },
        berthed,
    );
    row.holds(&report);
}

/// The same queue as that of `acquire_many`.
#[test]
fn semaphore_acquire_many_owned() {
    let row = Row {
        api: "tokio::sync::Semaphore::acquire_many_owned",
        page: "tokio/sync/struct.Semaphore.html#method.acquire_many_owned",
        verdict: Word::LosesPlace,
        left: "Its place went to the next, and the permits that it had gathered went back; none was lost.",
        docs: Docs::Says(
            "Cancelling a call to `acquire_many_owned` makes you lose your place in the queue",
        ),
        source: "tokio/src/sync/semaphore.rs",
        instead: "Keep one pinned `acquire_many_owned` future and poll it by reference, where the order matters.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        async || harbour(3, 1).await,
        async |(berths, queue)| {
            queue.we_wait();
            let _ours = Arc::clone(berths).acquire_many_owned(3).await;
            queue.serve("we");
        },
        berthed,
    );
    row.holds(&report);
}
