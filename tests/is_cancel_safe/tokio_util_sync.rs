//! `tokio_util::sync`, `tokio_util::future`, `tokio_util::time`.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::{Drip, Report, Sweep, hold};
use futures::{SinkExt, StreamExt};
use tokio::io::AsyncReadExt;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::future::FutureExt;
use tokio_util::sync::{CancellationToken, PollSemaphore, PollSender, ReusableBoxFuture};
use tokio_util::time::DelayQueue;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);

/// A token that is cancelled in a while, and what we did about it.
async fn storm() -> (CancellationToken, Vec<&'static str>) {
    let token = CancellationToken::new();
    let warning = token.clone().drop_guard();
    hold(warning, BUSY);
    (token, Vec::new())
}

/// The token stays cancelled, so a wait that is made anew ends at once.
#[test]
fn cancelled() {
    let row = Row {
        api: "tokio_util::sync::CancellationToken::cancelled",
        page: "tokio_util/sync/struct.CancellationToken.html#method.cancelled",
        verdict: Word::Safe,
        left: "The token was cancelled all the same, and the next wait saw it.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio-util/src/sync/cancellation_token.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        storm,
        async |(token, done)| {
            token.cancelled().await;
            done.push("took the washing in");
        },
        async |(_, done)| done,
    );
    row.holds(&report);
}

/// The future owns a clone of the token; all clones are cancelled together.
#[test]
fn cancelled_owned() {
    let row = Row {
        api: "tokio_util::sync::CancellationToken::cancelled_owned",
        page: "tokio_util/sync/struct.CancellationToken.html#method.cancelled_owned",
        verdict: Word::Safe,
        left: "The clone in the future was dropped; the other clone was cancelled, and the next wait saw it.",
        docs: Docs::Says("This method is cancel safe."),
        source: "tokio-util/src/sync/cancellation_token.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        storm,
        async |(token, done)| {
            token.clone().cancelled_owned().await;
            done.push("closed the windows");
        },
        async |(_, done)| done,
    );
    row.holds(&report);
}

/// A radio that says one letter at a time, and what of it was heard.
struct Radio {
    air: Air,
    token: CancellationToken,
    heard: Vec<u8>,
}

type Air = Drip<&'static [u8]>;
type Reading<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<u8>>> + 'a>>;

/// Cancel-safe.
fn read(air: &mut Air) -> Reading<'_> {
    Box::pin(async {
        let mut letters = [0; 6];
        let length = air.read(&mut letters).await?;
        Ok(letters[..length].to_vec())
    })
}

/// Not cancel-safe: the letters are lost with the future.
fn read_exact(air: &mut Air) -> Reading<'_> {
    Box::pin(async {
        let mut letters = [0; 6];
        air.read_exact(&mut letters).await?;
        Ok(letters.to_vec())
    })
}

/// Sweeps a wrapper around `read`, and around `read_exact`.
fn wrapped(
    wrap: impl for<'a> AsyncFn(&'a CancellationToken, Reading<'a>) -> Option<io::Result<Vec<u8>>>,
) -> [Report; 2] {
    let readings: [fn(&mut Air) -> Reading<'_>; 2] = [read, read_exact];
    readings.map(|reading| {
        Sweep::new().recreate(
            async || Radio {
                air: Drip::new(b"MAYDAYMAYDAY"),
                token: CancellationToken::new(),
                heard: Vec::new(),
            },
            async |radio| {
                let letters = wrap(&radio.token, reading(&mut radio.air)).await;
                radio.heard.extend(letters.unwrap().unwrap());
            },
            async |mut radio| {
                radio.air.read_to_end(&mut radio.heard).await.unwrap();
                radio.heard
            },
        )
    })
}

/// Around `read` it lost no letter; around `read_exact` it lost those that had
/// been read.
#[test]
fn run_until_cancelled() {
    let row = Row {
        api: "tokio_util::sync::CancellationToken::run_until_cancelled",
        page: "tokio_util/sync/struct.CancellationToken.html#method.run_until_cancelled",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Says("only cancel safe if `fut` is cancel safe"),
        source: "tokio-util/src/sync/cancellation_token.rs",
        instead: "Pin the future outside and pass `&mut` of it.",
        suspensions: 1,
    };
    let [with, without] = wrapped(async |token, reading| token.run_until_cancelled(reading).await);
    row.holds_if(&with, &without);
}

/// Around `read` it lost no letter; around `read_exact` it lost those that had
/// been read.
#[test]
fn run_until_cancelled_owned() {
    let row = Row {
        api: "tokio_util::sync::CancellationToken::run_until_cancelled_owned",
        page: "tokio_util/sync/struct.CancellationToken.html#method.run_until_cancelled_owned",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Says("only cancel safe if `fut` is cancel safe"),
        source: "tokio-util/src/sync/cancellation_token.rs",
        instead: "Pin the future outside and pass `&mut` of it.",
        suspensions: 1,
    };
    let [with, without] = wrapped(async |token, reading| {
        let token = token.clone();
        token.run_until_cancelled_owned(reading).await
    });
    row.holds_if(&with, &without);
}

/// The same as `run_until_cancelled`, which its documentation points to.
#[test]
fn with_cancellation_token() {
    let row = Row {
        api: "tokio_util::future::FutureExt::with_cancellation_token",
        page: "tokio_util/future/trait.FutureExt.html#method.with_cancellation_token",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Says("Similar to [`CancellationToken::run_until_cancelled`]"),
        source: "tokio-util/src/future.rs",
        instead: "Pin the future outside and call it on `&mut` of it.",
        suspensions: 1,
    };
    let [with, without] =
        wrapped(async |token, reading| reading.with_cancellation_token(token).await);
    row.holds_if(&with, &without);
}

/// The same as `run_until_cancelled_owned`, which its documentation points to.
#[test]
fn with_cancellation_token_owned() {
    let row = Row {
        api: "tokio_util::future::FutureExt::with_cancellation_token_owned",
        page: "tokio_util/future/trait.FutureExt.html#method.with_cancellation_token_owned",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Says("Similar to [`CancellationToken::run_until_cancelled_owned`]"),
        source: "tokio-util/src/future.rs",
        instead: "Pin the future outside and call it on `&mut` of it.",
        suspensions: 1,
    };
    let [with, without] = wrapped(async |token, reading| {
        let token = token.clone();
        reading.with_cancellation_token_owned(token).await
    });
    row.holds_if(&with, &without);
}

/// Around `read` it lost no letter; around `read_exact` it lost those that had
/// been read.
#[test]
fn timeout() {
    let row = Row {
        api: "tokio_util::future::FutureExt::timeout",
        page: "tokio_util/future/trait.FutureExt.html#method.timeout",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Silent,
        source: "tokio-util/src/future.rs",
        instead: "Pin the future outside and call it on `&mut` of it; for one limit over several calls use [`timeout_at`](#tokio-util-future-futureext-timeout-at).",
        suspensions: 1,
    };
    let [with, without] =
        wrapped(async |_, reading| reading.timeout(Duration::from_secs(1)).await.ok());
    row.holds_if(&with, &without);
}

/// Around `read` it lost no letter; around `read_exact` it lost those that had
/// been read.
#[test]
fn timeout_at() {
    let row = Row {
        api: "tokio_util::future::FutureExt::timeout_at",
        page: "tokio_util/future/trait.FutureExt.html#method.timeout_at",
        verdict: Word::SafeIf("if the future in it is"),
        left: "The future in it was dropped with it: `read` had taken nothing, `read_exact` took its letters along.",
        docs: Docs::Silent,
        source: "tokio-util/src/future.rs",
        instead: "Pin the future outside and call it on `&mut` of it.",
        suspensions: 1,
    };
    let [with, without] = wrapped(async |_, reading| {
        let deadline = Instant::now() + Duration::from_secs(1);
        reading.timeout_at(deadline).await.ok()
    });
    row.holds_if(&with, &without);
}

/// A full channel, a reader that empties it, and a rival who queues as soon as
/// we wait.
struct Counter {
    ours: PollSender<&'static str>,
    letters: Vec<&'static str>,
    reader: JoinHandle<Vec<&'static str>>,
    we_wait: Arc<Notify>,
}

async fn busy_counter() -> Counter {
    let (sender, mut receiver) = mpsc::channel(1);
    hold(sender.clone().reserve_owned().await.unwrap(), BUSY);
    let reader = tokio::spawn(async move {
        let mut letters = Vec::new();
        while let Some(letter) = receiver.recv().await {
            letters.push(letter);
        }
        letters
    });
    let we_wait = Arc::new(Notify::new());
    let (rival, signal) = (sender.clone(), Arc::clone(&we_wait));
    tokio::spawn(async move {
        signal.notified().await;
        rival.send("the rival's").await.unwrap();
    });
    Counter {
        ours: PollSender::new(sender),
        letters: vec!["ours"],
        reader,
        we_wait,
    }
}

async fn in_order(counter: Counter) -> Vec<&'static str> {
    drop(counter.ours);
    counter.reader.await.unwrap()
}

/// The letter is inside the future: they go down together.
#[test]
fn poll_sender_send() {
    let row = Row {
        api: "tokio_util::sync::PollSender::send",
        page: "tokio_util/sync/struct.PollSender.html#impl-Sink%3CT%3E-for-PollSender%3CT%3E",
        verdict: Word::LosesData,
        left: "The message was dropped with the future; the channel never had it.",
        docs: Docs::Silent,
        source: "futures-util/src/sink/mod.rs",
        instead: "[`poll_reserve`](#tokio-util-sync-pollsender-poll-reserve), then `send_item`.",
        suspensions: 1,
    };
    let report = Sweep::new().recreate(
        busy_counter,
        async |counter| {
            counter.we_wait.notify_one();
            if let Some(letter) = counter.letters.pop() {
                counter.ours.send(letter).await.unwrap();
            }
        },
        in_order,
    );
    row.holds(&report);
}

/// Whoever stops polling still stands in the queue, unlike with
/// `Sender::reserve`: the rival, who came later, was served later.
#[test]
fn poll_sender_poll_reserve() {
    let row = Row {
        api: "tokio_util::sync::PollSender::poll_reserve",
        page: "tokio_util/sync/struct.PollSender.html#method.poll_reserve",
        verdict: Word::Safe,
        left: "The `PollSender` kept its place in the queue, and later the slot, until it was polled again; meanwhile nobody behind it could send.",
        docs: Docs::Silent,
        source: "tokio-util/src/sync/mpsc.rs",
        instead: "`abort_send` gives the place back, where you will not poll again.",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        busy_counter,
        async |counter| {
            counter.we_wait.notify_one();
            poll_fn(|cx| counter.ours.poll_reserve(cx)).await.unwrap();
            let letter = counter.letters.pop().unwrap();
            counter.ours.send_item(letter).unwrap();
        },
        in_order,
    );
    row.holds(&report);
}

/// Whoever stops polling still stands in the queue, unlike with
/// `Semaphore::acquire`: the rival, who came later, was served later.
#[test]
fn poll_semaphore_poll_acquire() {
    let row = Row {
        api: "tokio_util::sync::PollSemaphore::poll_acquire",
        page: "tokio_util/sync/struct.PollSemaphore.html#method.poll_acquire",
        verdict: Word::Safe,
        left: "The `PollSemaphore` kept its place in the queue, and later the permit, until it was polled again; meanwhile nobody behind it was served.",
        docs: Docs::Silent,
        source: "tokio-util/src/sync/poll_semaphore.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let quay = Arc::new(Semaphore::new(1));
            hold(Arc::clone(&quay).acquire_owned().await.unwrap(), BUSY);
            let we_wait = Arc::new(Notify::new());
            let (landed, order) = mpsc::unbounded_channel();
            let (rival, signal, log) = (Arc::clone(&quay), Arc::clone(&we_wait), landed.clone());
            tokio::spawn(async move {
                signal.notified().await;
                let _place = rival.acquire().await.unwrap();
                log.send("rival").unwrap();
            });
            (PollSemaphore::new(quay), we_wait, landed, order)
        },
        async |(quay, we_wait, landed, _)| {
            we_wait.notify_one();
            let _place = poll_fn(|cx| quay.poll_acquire(cx)).await.unwrap();
            landed.send("we").unwrap();
        },
        async |(_, _, landed, mut order)| {
            drop(landed);
            let mut ships = Vec::new();
            while let Some(ship) = order.recv().await {
                ships.push(ship);
            }
            ships
        },
    );
    row.holds(&report);
}

/// What was cut was the polling; the future itself is in the box.
#[test]
fn reusable_box_future_poll() {
    let row = Row {
        api: "tokio_util::sync::ReusableBoxFuture::poll",
        page: "tokio_util/sync/struct.ReusableBoxFuture.html#method.poll",
        verdict: Word::Safe,
        left: "The future stayed in its box with the letters it had read, and went on where it was.",
        docs: Docs::Silent,
        source: "tokio-util/src/sync/reusable_box.rs",
        instead: "",
        suspensions: 4,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut air = Drip::new(b"MAYDAY".as_slice());
            let message = ReusableBoxFuture::new(async move {
                let mut letters = [0; 6];
                air.read_exact(&mut letters).await.unwrap();
                letters
            });
            (message, Vec::new())
        },
        async |(message, heard)| heard.extend(poll_fn(|cx| message.poll(cx)).await),
        async |(_, heard)| heard,
    );
    row.holds(&report);
}

/// Two are due in time; `next` is cut while it waits for the first.
#[test]
fn delay_queue_next() {
    let row = Row {
        api: "tokio_util::time::DelayQueue::next",
        page: "tokio_util/time/delay_queue/struct.DelayQueue.html#cancellation-safety",
        verdict: Word::Safe,
        left: "Both entries stayed in the queue until a `next` returned them, each at its time.",
        docs: Docs::Says("implementation of [`StreamExt::next`] is cancellation safe"),
        source: "tokio-util/src/time/delay_queue.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut oven = DelayQueue::new();
            oven.insert("bread", BUSY * 2);
            oven.insert("rolls", BUSY);
            (oven, Vec::new())
        },
        async |(oven, taken)| taken.push(oven.next().await.unwrap().into_inner()),
        async |(mut oven, mut taken)| {
            while let Some(due) = oven.next().await {
                taken.push(due.into_inner());
            }
            taken
        },
    );
    row.holds(&report);
}
