//! Claims of the chapter "What a future does when nobody looks".

use std::future::{poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake};
use std::thread;
use std::time::Duration;

use futures::{FutureExt, poll};
use tokio::join;
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep};

use crate::log::{Guard, Log};

#[path = "../../examples/a_future_waits_to_be_polled.rs"]
#[allow(dead_code)]
mod a_future_waits_to_be_polled;
#[path = "../../examples/a_sleep_is_polled_twice.rs"]
#[allow(dead_code)]
mod a_sleep_is_polled_twice;
#[path = "../../examples/made_together_awaited_in_turn.rs"]
#[allow(dead_code)]
mod made_together_awaited_in_turn;
#[path = "../../examples/nobody_wakes_it.rs"]
#[allow(dead_code)]
mod nobody_wakes_it;
#[path = "../../examples/toast_is_made_while_the_egg_boils.rs"]
#[allow(dead_code)]
mod toast_is_made_while_the_egg_boils;

use a_future_waits_to_be_polled::boil_egg;

/// How long the egg of the first listing takes.
const AN_EGG: Duration = Duration::from_millis(500);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The egg again, with a log in place of the terminal.
async fn boil(pot: Guard, log: Log) {
    let _pot = pot;
    log.note("in the water");
    sleep(AN_EGG).await;
    log.note("done");
}

// --- Called, polled, suspended, woken ----------------------------------------

/// A call runs nothing of an `async fn`. The egg that was called for a day ago
/// takes its full time from the first poll. One that is polled meanwhile, by
/// the runtime, takes none.
#[tokio::test(start_paused = true)]
async fn a_future_is_inert_until_it_is_polled() {
    let log = Log::default();
    let called = boil(log.guard("pot"), log.clone());
    let egg = boil_egg();
    let spawned = tokio::spawn(boil_egg());
    sleep(A_DAY).await;
    assert!(log.take().is_empty());

    let asked = Instant::now();
    spawned.await.unwrap();
    assert_eq!(asked.elapsed(), Duration::ZERO);
    egg.await;
    assert_eq!(asked.elapsed(), AN_EGG);
    called.await;
    assert_eq!(log.take(), ["in the water", "done", "pot dropped"]);
}

/// One poll runs a future up to its first suspension. It stays there, with what
/// it has, until the next poll goes on behind that line. At its end it has
/// nothing left.
#[tokio::test(start_paused = true)]
async fn a_poll_runs_a_future_to_its_next_suspension() {
    let log = Log::default();
    let mut logged = Box::pin(boil(log.guard("pot"), log.clone()));
    let mut egg = Box::pin(boil_egg());
    assert!(poll!(&mut logged).is_pending());
    assert!(poll!(&mut egg).is_pending());
    sleep(A_DAY).await;
    assert_eq!(log.take(), ["in the water"]);
    assert!(poll!(&mut logged).is_ready());
    assert!(poll!(&mut egg).is_ready());
    assert_eq!(log.take(), ["done", "pot dropped"]);
}

/// Counts how often it is woken.
#[derive(Default)]
struct Bell(AtomicU32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Bell {
    fn rung(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// When its time is over, the sleep wakes whoever polls from outside. That runs
/// nothing; the next poll does. Before its time, nobody is woken.
#[tokio::test(start_paused = true)]
async fn a_wake_only_asks_for_a_poll() {
    let bell = Arc::new(Bell::default());
    let waker = bell.clone().into();
    let mut context = Context::from_waker(&waker);

    let log = Log::default();
    let mut logged = Box::pin(boil(log.guard("pot"), log.clone()));
    let mut egg = Box::pin(boil_egg());
    assert!(logged.as_mut().poll(&mut context).is_pending());
    assert!(egg.as_mut().poll(&mut context).is_pending());
    assert_eq!(log.take(), ["in the water"]);

    sleep(AN_EGG / 2).await;
    assert_eq!(bell.rung(), 0);
    sleep(A_DAY).await;
    assert_eq!(bell.rung(), 2, "one for each");
    assert!(log.take().is_empty());

    assert!(logged.as_mut().poll(&mut context).is_ready());
    assert!(egg.as_mut().poll(&mut context).is_ready());
    assert_eq!(log.take(), ["done", "pot dropped"]);
}

/// A future polls what it awaits, and is suspended along with it; the outermost
/// is polled by the runtime. What is made and not awaited gets no poll.
#[test]
fn an_await_passes_the_poll_on() {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let _clock = runtime.enter();

    for awaited in [true, false] {
        let log = Log::default();
        let egg = boil(log.guard("pot"), log.clone());
        let mut main = Box::pin(async {
            log.note("main begins");
            if awaited {
                egg.await;
            }
            log.note("main ends");
        });
        let polled_once = (&mut main).now_or_never();
        if awaited {
            assert!(polled_once.is_none());
            assert_eq!(log.take(), ["main begins", "in the water"]);
            runtime.block_on(main);
            assert_eq!(log.take(), ["done", "pot dropped", "main ends"]);
        } else {
            assert!(polled_once.is_some());
            assert_eq!(log.take(), ["main begins", "main ends", "pot dropped"]);
        }
    }
}

// --- How often? --------------------------------------------------------------

/// A sleep is polled once when it begins and once when it is over, whether it
/// takes no more than a moment or a day. Something else that wakes its task
/// makes the polls more.
#[tokio::test(start_paused = true)]
async fn a_longer_sleep_is_polled_no_more_often() {
    use a_sleep_is_polled_twice::nap;

    for time in [Duration::from_millis(1), AN_EGG, A_DAY] {
        let nap = tokio::spawn(nap(time));
        yield_now().await;
        // By hand: a paused clock stands still while a task is busy polling.
        advance(time + Duration::from_millis(1)).await;
        assert_eq!(nap.await.unwrap(), 2);
    }

    let (polls, ()) = join!(nap(A_DAY), sleep(AN_EGG));
    assert_eq!(polls, 3);
}

/// A future that is polled before its time answers `Pending` once more, and is
/// done neither earlier nor later.
#[tokio::test(start_paused = true)]
async fn a_poll_too_early_changes_nothing() {
    let begun = Instant::now();
    let mut egg = pin!(boil_egg());
    for _ in 0..4 {
        assert!(poll!(&mut egg).is_pending());
        sleep(AN_EGG / 5).await;
    }
    egg.await;
    assert_eq!(begun.elapsed(), AN_EGG);
}

/// A future that answers `Pending` and leaves nobody to wake it is not polled
/// again, though one more poll would do. Woken, it gets that poll.
#[tokio::test(start_paused = true)]
async fn nobody_polls_without_a_wake() {
    use nobody_wakes_it::Door;

    let door = tokio::spawn(Door::default());
    let mut woken = Door::default();
    let woken = tokio::spawn(poll_fn(move |context| {
        let answer = Pin::new(&mut woken).poll(context);
        if answer.is_pending() {
            context.waker().wake_by_ref();
        }
        answer
    }));
    sleep(A_DAY).await;
    assert!(!door.is_finished());
    assert!(woken.is_finished());
}

// --- Meanwhile ---------------------------------------------------------------

/// While all that a task waits for is suspended, its thread runs another task.
/// Where nothing suspends, that task has to wait.
#[tokio::test(start_paused = true)]
async fn a_suspended_future_leaves_its_thread() {
    use toast_is_made_while_the_egg_boils::{boil_egg, toast_bread};

    for suspends in [true, false] {
        let log = Log::default();
        let other = tokio::spawn({
            let log = log.clone();
            async move {
                log.note(format!("another task on {:?}", thread::current().id()));
            }
        });
        if suspends {
            join!(boil_egg(), toast_bread());
        } else {
            join!(ready(()), ready(()));
        }
        log.note(format!("breakfast on {:?}", thread::current().id()));
        other.await.unwrap();

        let here = thread::current().id();
        let mut expected = [
            format!("another task on {here:?}"),
            format!("breakfast on {here:?}"),
        ];
        if !suspends {
            expected.reverse();
        }
        assert_eq!(log.take(), expected);
    }
}

/// `join!` polls both, so the shorter is done first and together they take as
/// long as the longer. Awaited in turn, the second begins when the first is
/// done, and they take the sum, though both were made at the beginning.
#[tokio::test(start_paused = true)]
async fn in_turn_the_waits_add_up() {
    let (egg, toast) = (Duration::from_millis(600), Duration::from_millis(300));

    let log = Log::default();
    let begun = Instant::now();
    {
        use toast_is_made_while_the_egg_boils::{boil_egg, toast_bread};
        join!(
            async {
                boil_egg().await;
                log.note(format!("egg after {:?}", begun.elapsed()));
            },
            async {
                toast_bread().await;
                log.note(format!("toast after {:?}", begun.elapsed()));
            },
        );
    }
    assert_eq!(log.take(), ["toast after 300ms", "egg after 600ms"]);
    assert_eq!(begun.elapsed(), egg.max(toast));

    use made_together_awaited_in_turn::{boil_egg, toast_bread};
    let begun = Instant::now();
    let (first, second) = (boil_egg(), toast_bread());
    first.await;
    assert_eq!(begun.elapsed(), egg);
    second.await;
    assert_eq!(begun.elapsed(), egg + toast);
}

/// What is assigned to `_` is dropped at once, before its first poll. With a
/// name, it lives on.
#[tokio::test(start_paused = true)]
#[allow(clippy::let_underscore_future)] // the claim is about just that
async fn a_call_assigned_to_nothing_runs_nothing() {
    let log = Log::default();
    let _ = boil(log.guard("pot"), log.clone());
    assert_eq!(log.take(), ["pot dropped"]);
    let _egg = boil(log.guard("pot"), log.clone());
    assert!(log.take().is_empty());
}
