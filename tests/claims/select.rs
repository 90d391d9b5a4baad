//! Claims of the chapter "`select!` drops the loser".

use std::cell::RefCell;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, interval_at, sleep};

use crate::log::Log;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn sleep_then_note(time: Duration, log: Log, name: &'static str) {
    let _guard = log.guard(name);
    sleep(time).await;
    log.note(format!("{name} done"));
}

/// The whole `select!` takes as long as its fastest branch.
#[tokio::test(start_paused = true)]
async fn it_ends_with_the_fastest_branch() {
    let start = Instant::now();
    select! {
        () = sleep(seconds(5)) => panic!("five seconds are not the fastest"),
        () = sleep(seconds(1)) => {}
    }
    assert_eq!(start.elapsed(), seconds(1));
}

/// The loser is dropped: its guard runs, and its last line never does, however
/// long the program goes on.
#[tokio::test(start_paused = true)]
async fn losers_are_dropped() {
    let log = Log::default();
    select! {
        () = sleep_then_note(seconds(5), log.clone(), "slow") => {}
        () = sleep_then_note(seconds(1), log.clone(), "fast") => {}
    }
    sleep(seconds(60)).await;
    let events = log.events();
    assert!(events.contains(&"slow dropped".to_owned()), "{events:?}");
    assert!(!events.contains(&"slow done".to_owned()), "{events:?}");
}

/// When the handler of the winner runs, the loser is gone already.
#[tokio::test(start_paused = true)]
async fn losers_are_dropped_before_the_handler_runs() {
    let log = Log::default();
    select! {
        () = sleep_then_note(seconds(5), log.clone(), "slow") => {}
        () = sleep_then_note(seconds(1), log.clone(), "fast") => log.note("handler"),
    }
    let order = ["fast done", "fast dropped", "slow dropped", "handler"];
    assert_eq!(log.events(), order);
}

/// A branch that loses before its first poll runs none of its body, and what
/// it captured is dropped all the same.
#[tokio::test]
async fn an_unpolled_loser_never_began() {
    let log = Log::default();
    let captured = log.guard("captured");
    let loser = {
        let log = log.clone();
        async move {
            let _captured = captured;
            log.note("began");
        }
    };
    select! {
        biased;
        () = ready(()) => {}
        () = loser => {}
    }
    assert_eq!(log.events(), ["captured dropped"]);
}

async fn first_of_two(biased: bool) -> u32 {
    if biased {
        select! { biased; () = ready(()) => 1, () = ready(()) => 2 }
    } else {
        select! { () = ready(()) => 1, () = ready(()) => 2 }
    }
}

async fn winners_of_a_thousand(biased: bool) -> [usize; 2] {
    let mut won = [0, 0];
    for _ in 0..1000 {
        won[first_of_two(biased).await as usize - 1] += 1;
    }
    won
}

/// Of two branches that are ready, either may win: in a thousand races both
/// did.
#[tokio::test]
async fn any_ready_branch_may_win() {
    let [first, second] = winners_of_a_thousand(false).await;
    assert!(first > 0 && second > 0, "{first} to {second}");
}

/// The branch to be polled first is picked anew each time: in a thousand races
/// each of two branches came first.
#[tokio::test(start_paused = true)]
async fn any_branch_may_be_polled_first() {
    let mut began_first = [0, 0];
    for _ in 0..1000 {
        let polled = RefCell::new(Vec::new());
        let branch = |number: usize| {
            polled.borrow_mut().push(number);
            pending::<()>()
        };
        select! {
            () = async { branch(0).await } => {}
            () = async { branch(1).await } => {}
            () = sleep(seconds(1)) => {}
        }
        began_first[polled.borrow()[0]] += 1;
    }
    assert!(
        began_first.iter().all(|times| *times > 0),
        "{began_first:?}"
    );
}

/// With `biased;` the first ready branch in the order of the text wins, always.
#[tokio::test]
async fn biased_takes_the_first_ready_branch() {
    assert_eq!(winners_of_a_thousand(true).await, [1000, 0]);
}

async fn turns_until_shutdown(biased: bool) -> Option<u32> {
    let (shutdown, mut asked) = oneshot::channel();
    shutdown.send(()).expect("somebody listens");
    for turn in 0..1000 {
        if biased {
            select! {
                biased;
                () = ready(()) => {}
                _ = &mut asked => return Some(turn),
            }
        } else {
            select! {
                () = ready(()) => {}
                _ = &mut asked => return Some(turn),
            }
        }
    }
    None
}

/// Under `biased;` a first branch that is always ready keeps the others from
/// ever winning; without it, they get their turn.
#[tokio::test]
async fn biased_lets_a_hot_branch_starve_the_rest() {
    assert_eq!(turns_until_shutdown(true).await, None);
    assert!(turns_until_shutdown(false).await.is_some());
}

/// Every branch is polled before any of them is finished.
#[tokio::test(start_paused = true)]
async fn every_branch_begins() {
    let log = Log::default();
    let branch = |name: &'static str, time| {
        let log = log.clone();
        async move {
            log.note(format!("{name} begins"));
            sleep(time).await;
            log.note(format!("{name} ends"));
        }
    };
    select! {
        biased;
        () = branch("first", seconds(5)) => {}
        () = branch("second", seconds(1)) => {}
    }
    let order = ["first begins", "second begins", "second ends"];
    assert_eq!(log.events(), order);
}

/// The branches run in the task that runs the `select!`, and in no other.
#[tokio::test]
async fn branches_share_the_task_of_the_select() {
    let ids = tokio::spawn(async {
        let branch = async { tokio::task::id() };
        select! { inside = branch => (inside, tokio::task::id()) }
    });
    let (inside, around) = ids.await.expect("it ends");
    assert_eq!(inside, around);
}

/// A future raced by reference is not dropped when it loses; it can be awaited
/// afterwards and goes on from where it was.
#[tokio::test(start_paused = true)]
async fn a_borrowed_loser_lives_on() {
    let log = Log::default();
    let start = Instant::now();
    let mut slow = pin!(sleep_then_note(seconds(5), log.clone(), "slow"));
    select! {
        () = &mut slow => panic!("it is the slower one"),
        () = sleep(seconds(1)) => {}
    }
    assert!(log.events().is_empty());
    slow.await;
    assert_eq!(log.events(), ["slow done", "slow dropped"]);
    assert_eq!(start.elapsed(), seconds(5));
}

/// Raced by value, the loser is gone when `select!` returns.
#[tokio::test(start_paused = true)]
async fn an_owned_loser_does_not() {
    let log = Log::default();
    let slow = sleep_then_note(seconds(5), log.clone(), "slow");
    select! {
        () = slow => panic!("it is the slower one"),
        () = sleep(seconds(1)) => {}
    }
    assert_eq!(log.events(), ["slow dropped"]);
}

/// Four parts of a second each, and a turn of the loop every two and a half:
/// how many parts were done, and how many turns it took to complete.
async fn download(made_anew_each_turn: bool) -> (u32, Option<u32>) {
    let parts = RefCell::new(0);
    let make = || async {
        for _ in 0..4 {
            sleep(seconds(1)).await;
            *parts.borrow_mut() += 1;
        }
    };
    let period = seconds(5) / 2;
    let mut progress = interval_at(Instant::now() + period, period);
    let mut kept = pin!(make());
    let mut completed = None;
    for turn in 0..10 {
        let done = if made_anew_each_turn {
            select! { () = make() => true, _ = progress.tick() => false }
        } else {
            select! { () = &mut kept => true, _ = progress.tick() => false }
        };
        if done {
            completed = Some(turn);
            break;
        }
    }
    (parts.take(), completed)
}

/// A future that is made inside the loop starts over in every turn: ten turns
/// do twenty parts of a download of four and never complete it. Made once and
/// lent, it completes in the second turn.
#[tokio::test(start_paused = true)]
async fn a_loser_made_in_the_loop_starts_over() {
    assert_eq!(download(true).await, (20, None));
    assert_eq!(download(false).await, (4, Some(1)));
}

/// The expression of a branch is evaluated even if its `if` is false; only the
/// future that it makes is not polled.
#[tokio::test]
async fn a_disabled_branch_is_evaluated_and_not_polled() {
    let log = Log::default();
    let make = || {
        log.note("evaluated");
        let log = log.clone();
        async move { log.note("polled") }
    };
    select! {
        () = make(), if false => panic!("this branch is disabled"),
        () = ready(()) => {}
    }
    assert_eq!(log.events(), ["evaluated"]);
}

/// A `JoinHandle` that loses is dropped, and its task runs to the end.
#[tokio::test(start_paused = true)]
async fn a_losing_join_handle_leaves_its_task_running() {
    let (done, finished) = oneshot::channel();
    let handle = tokio::spawn(async move {
        sleep(seconds(5)).await;
        done.send(()).expect("the test waits");
    });
    select! {
        _ = handle => panic!("it is the slower one"),
        () = sleep(seconds(1)) => {}
    }
    finished.await.expect("the task was not cancelled");
}

/// When every branch is disabled and there is no `else`, `select!` panics.
#[tokio::test]
#[should_panic(expected = "all branches are disabled")]
async fn no_branch_left_is_a_panic() {
    select! {
        () = ready(()), if false => {}
    }
}

/// No await lies between the winner's end and the loser's: one poll of the
/// `select!` drops the loser and runs the handler.
#[test]
fn dropping_a_loser_is_synchronous() {
    let log = Log::default();
    let race = {
        let log = log.clone();
        async move {
            select! {
                biased;
                () = sleep_forever(log.clone()) => {}
                () = ready(()) => log.note("handler"),
            }
        }
    };
    let mut race = pin!(race);
    let waker = futures::task::noop_waker();
    let poll = race
        .as_mut()
        .poll(&mut std::task::Context::from_waker(&waker));
    assert!(poll.is_ready(), "one poll is all it takes");
    assert_eq!(log.events(), ["loser dropped", "handler"]);
}

async fn sleep_forever(log: Log) {
    let _guard = log.guard("loser");
    pending().await
}

/// A handler may change what a losing branch had borrowed: the loser is gone,
/// and its borrow with it.
#[tokio::test]
async fn a_handler_may_use_what_a_loser_borrowed() {
    let mut cargo = vec!["salt"];
    select! {
        biased;
        () = async { cargo.push("rope"); pending().await } => {}
        () = ready(()) => cargo.push("tea"),
    }
    assert_eq!(cargo, ["salt", "rope", "tea"]);
}

/// Polling an `async fn` after it has finished panics.
#[tokio::test]
#[should_panic(expected = "resumed after completion")]
async fn a_finished_future_must_not_be_polled_again() {
    async fn once() {}
    let mut once = pin!(once());
    for _ in 0..2 {
        select! {
            biased;
            () = &mut once => {}
            () = pending() => {}
        }
    }
}

/// `recv` may be made anew in every turn: lost some ninety times, it still
/// delivers every message, once and in order.
#[tokio::test(start_paused = true)]
async fn recv_made_in_the_loop_loses_nothing() {
    let (sender, mut inbox) = mpsc::channel(1);
    tokio::spawn(async move {
        for number in 0..10 {
            sleep(seconds(10)).await;
            sender.send(number).await.expect("somebody receives");
        }
    });
    let (mut lost, mut received) = (0, Vec::new());
    // With an end, so that a message that is lost fails the test and does not
    // keep it.
    for _ in 0..200 {
        select! {
            message = inbox.recv() => match message {
                Some(number) => received.push(number),
                None => break,
            },
            () = sleep(seconds(1)) => lost += 1,
        }
    }
    assert_eq!(received, (0..10).collect::<Vec<_>>());
    assert!(lost >= 80, "it was lost only {lost} times");
}
