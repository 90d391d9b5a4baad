//! `tokio::time`.

use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cancel_sweep::{Drip, Sweep, Verdict};
use tokio::io::AsyncReadExt;
use tokio::sync::Notify;
use tokio::time::{Instant, interval, sleep, sleep_until, timeout, timeout_at};

use crate::row::{Docs, Row, Word};

const OURS: Duration = Duration::from_millis(10);
const THE_RIVALS: Duration = Duration::from_millis(15);
const LONG: Duration = Duration::from_secs(60);

/// A rival starts to wait when we do, for half as long again.
struct Race {
    start: Arc<Notify>,
    finish: Arc<Mutex<Vec<&'static str>>>,
}

impl Race {
    fn new() -> Self {
        let start = Arc::new(Notify::new());
        let finish = Arc::new(Mutex::new(Vec::new()));
        let (signal, line) = (Arc::clone(&start), Arc::clone(&finish));
        tokio::spawn(async move {
            signal.notified().await;
            sleep(THE_RIVALS).await;
            line.lock().unwrap().push("the rival");
        });
        Self { start, finish }
    }

    async fn run(&self, wait: impl Future) {
        self.start.notify_one();
        wait.await;
        self.finish.lock().unwrap().push("we");
    }

    async fn result(self) -> Vec<&'static str> {
        sleep(LONG).await;
        self.finish.lock().unwrap().clone()
    }
}

/// Cut when its time was up, and made anew, it ends after a rival who slept
/// half as long again.
#[test]
fn sleep_made_anew() {
    let row = Row {
        api: "tokio::time::sleep",
        page: "tokio/time/fn.sleep.html",
        verdict: Word::LosesPlace,
        left: "The time already waited was lost: made anew, it waited the whole time again.",
        docs: Docs::Says("Canceling a sleep instance is done by dropping the returned future."),
        source: "tokio/src/time/sleep.rs",
        instead: "In a loop, [`sleep_until`](#tokio-time-sleep-until) with a deadline that stays, or one pinned `Sleep` [by reference](#ref-tokio-time-sleep).",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || Race::new(),
        async |race| race.run(sleep(OURS)).await,
        Race::result,
    );
    row.holds(&report);
}

/// What is dropped is a reference; the timer runs on in the `Sleep` that is kept.
#[test]
fn sleep_by_reference() {
    let row = Row {
        api: "&mut tokio::time::Sleep",
        page: "tokio/time/struct.Sleep.html",
        verdict: Word::Safe,
        left: "The deadline stayed in the pinned `Sleep`, which then ended when it would have.",
        docs: Docs::Says("necessary when the same `Sleep` is selected on multiple times"),
        source: "tokio/src/time/sleep.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (Race::new(), Box::pin(sleep(OURS))),
        async |(race, nap)| race.run(nap).await,
        async |(race, _)| race.result().await,
    );
    row.holds(&report);
}

/// The moment to wake up is the caller's, so waiting for it anew loses nothing.
#[test]
fn sleep_until_made_anew() {
    let row = Row {
        api: "tokio::time::sleep_until",
        page: "tokio/time/fn.sleep_until.html",
        verdict: Word::Safe,
        left: "Made anew with the same deadline, it ended when it would have.",
        docs: Docs::Says("Canceling a sleep instance is done by dropping the returned future."),
        source: "tokio/src/time/sleep.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || (Race::new(), Instant::now() + OURS),
        async |(race, deadline)| race.run(sleep_until(*deadline)).await,
        async |(race, _)| race.result().await,
    );
    row.holds(&report);
}

/// What a gauge reports, one byte at a time.
type Gauge = Drip<&'static [u8]>;

async fn read_four(gauge: &mut Gauge) -> Vec<u8> {
    let mut reading = vec![0; 4];
    gauge.read_exact(&mut reading).await.unwrap();
    reading
}

/// A gauge, and what it was heard to say.
async fn gauge() -> (Gauge, Vec<u8>) {
    (Drip::new(b"high low ebb"), Vec::new())
}

async fn all_heard((mut gauge, mut heard): (Gauge, Vec<u8>)) -> Vec<u8> {
    gauge.read_to_end(&mut heard).await.unwrap();
    heard
}

/// A reading that is kept pinned while timeouts around it come and go.
type Reading = Pin<Box<dyn Future<Output = (Gauge, Vec<u8>)>>>;

async fn pinned_reading() -> (Reading, Option<(Gauge, Vec<u8>)>) {
    let reading = async {
        let (mut gauge, _) = gauge().await;
        let heard = read_four(&mut gauge).await;
        (gauge, heard)
    };
    (Box::pin(reading), None)
}

/// Around a `read_exact`: by value it goes down with its timeout, by reference
/// it goes on. The limit begins again either way.
#[test]
fn timeout_by_value_or_by_reference() {
    let row = Row {
        api: "tokio::time::timeout",
        page: "tokio/time/fn.timeout.html",
        verdict: Word::SafeIf("if the future within is, or is passed by reference"),
        left: "A `read_exact` within was dropped with the bytes it had read; passed by `&mut`, it went on. The limit started over.",
        docs: Docs::Says("Cancelling a timeout is done by dropping the future."),
        source: "tokio/src/time/timeout.rs",
        instead: "`timeout(limit, &mut future)` with the future pinned outside; [`timeout_at`](#tokio-time-timeout-at) where the limit is for all attempts together.",
        suspensions: 4,
    };
    let by_reference = Sweep::new().recreate(
        pinned_reading,
        async |(reading, said)| *said = timeout(LONG, reading).await.ok(),
        async |(_, said)| all_heard(said.unwrap()).await,
    );
    let by_value = Sweep::new().recreate(
        gauge,
        async |(gauge, heard)| *heard = timeout(LONG, read_four(gauge)).await.unwrap(),
        all_heard,
    );
    row.holds_if(&by_reference, &by_value);

    let limit = Sweep::new().recreate(
        async || Race::new(),
        async |race| race.run(timeout(OURS, pending::<()>())).await,
        Race::result,
    );
    assert_eq!(limit.verdict(), Verdict::LosesPlace, "{limit}");
}

/// As with `timeout`, but a second try ends when the first would have.
#[test]
fn timeout_at_by_value_or_by_reference() {
    let row = Row {
        api: "tokio::time::timeout_at",
        page: "tokio/time/fn.timeout_at.html",
        verdict: Word::SafeIf("if the future within is, or is passed by reference"),
        left: "A `read_exact` within was dropped with the bytes it had read; passed by `&mut`, it went on. The deadline stayed.",
        docs: Docs::Says("Cancelling a timeout is done by dropping the future."),
        source: "tokio/src/time/timeout.rs",
        instead: "`timeout_at(deadline, &mut future)` with the future pinned outside.",
        suspensions: 4,
    };
    let by_reference = Sweep::new().recreate(
        pinned_reading,
        async |(reading, said)| *said = timeout_at(Instant::now() + LONG, reading).await.ok(),
        async |(_, said)| all_heard(said.unwrap()).await,
    );
    let by_value = Sweep::new().recreate(
        gauge,
        async |(gauge, heard)| {
            *heard = timeout_at(Instant::now() + LONG, read_four(gauge))
                .await
                .unwrap();
        },
        all_heard,
    );
    row.holds_if(&by_reference, &by_value);

    let deadline = Sweep::new().recreate(
        async || (Race::new(), Instant::now() + OURS),
        async |(race, deadline)| race.run(timeout_at(*deadline, pending::<()>())).await,
        async |(race, _)| race.result().await,
    );
    deadline.assert_safe();
}

/// The ticks are due at 10, 20 and 30 ms, and stay so: dropped when the first
/// was due, it yields that one next.
#[test]
fn interval_tick() {
    let row = Row {
        api: "tokio::time::Interval::tick",
        page: "tokio/time/struct.Interval.html#method.tick",
        verdict: Word::Safe,
        left: "The tick stayed in the interval: the next call yielded it, and the later ones kept their times.",
        docs: Docs::Says("then no tick has been consumed"),
        source: "tokio/src/time/interval.rs",
        instead: "",
        suspensions: 1,
    };
    let report = Sweep::new().cuts(2).recreate(
        async || {
            let mut metronome = interval(OURS);
            let start = metronome.tick().await; // the first is due at once
            (metronome, start, Vec::new())
        },
        async |(metronome, start, ticks)| ticks.push(metronome.tick().await - *start),
        async |(mut metronome, start, mut ticks)| {
            ticks.push(metronome.tick().await - start);
            ticks.push(metronome.tick().await - start);
            ticks
        },
    );
    row.holds(&report);
}
