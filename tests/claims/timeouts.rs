//! Claims of the chapter "Timeouts are cancellation".

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use futures::poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use crate::log::Log;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Five seconds of it, with something to clean up at the end.
async fn work(log: Log) {
    let _guard = log.guard("work");
    sleep(seconds(5)).await;
    log.note("work done");
}

/// With the document's lines: at one second the result is there, it is
/// `Err(Elapsed)`, and the five seconds of work never end.
#[tokio::test(start_paused = true)]
async fn an_expired_timeout_is_err_elapsed() {
    let log = Log::default();
    let do_work = || work(log.clone());
    let start = Instant::now();

    let result = timeout(Duration::from_secs(1), async { do_work().await }).await;

    assert_eq!(start.elapsed(), seconds(1));
    let elapsed = result.unwrap_err();
    assert_eq!(elapsed.to_string(), "deadline has elapsed");
    sleep(seconds(60)).await;
    assert_eq!(log.take(), ["work dropped"]);
}

/// When the line behind the `.await` runs, the work is dropped already.
#[tokio::test(start_paused = true)]
async fn the_future_is_dropped_before_the_next_line() {
    let log = Log::default();
    let result = timeout(seconds(1), work(log.clone())).await;
    log.note("next line");
    assert!(result.is_err());
    assert_eq!(log.take(), ["work dropped", "next line"]);
}

/// It is the end of the `.await` that drops the work. A `Timeout` that is kept
/// says `Err` and still has its future, which can even complete.
#[tokio::test(start_paused = true)]
async fn a_timeout_that_is_kept_keeps_its_future() {
    let log = Log::default();
    let mut kept = Box::pin(timeout(seconds(1), work(log.clone())));
    assert!(kept.as_mut().await.is_err());
    sleep(seconds(60)).await;
    assert!(log.take().is_empty(), "neither dropped nor polled");
    assert!(kept.as_mut().await.is_ok());
    assert_eq!(log.take(), ["work done", "work dropped"]);
}

/// The document's `match`, with the name of its arm instead of a print.
async fn arm(do_work: impl AsyncFn() -> Result<&'static str, &'static str>) -> String {
    match timeout(Duration::from_secs(1), do_work()).await {
        Ok(Ok(value)) => format!("success: {value}"),
        Ok(Err(e)) => format!("task error: {e}"),
        Err(_) => "timed out".to_owned(),
    }
}

/// Every arm can be reached: the inner `Result` is the work's, and the outer
/// one says whether there was time.
#[tokio::test(start_paused = true)]
async fn the_inner_error_is_the_works_and_the_outer_the_limits() {
    assert_eq!(arm(async || Ok("bread")).await, "success: bread");
    assert_eq!(arm(async || Err("cold")).await, "task error: cold");
    for late in [Ok("bread"), Err("cold")] {
        let arm = arm(async || {
            sleep(seconds(5)).await;
            late
        });
        assert_eq!(arm.await, "timed out", "whatever it would have been");
    }
}

/// A future that is ready on its first poll wins against a limit of nothing;
/// one that suspends once does not.
#[tokio::test(start_paused = true)]
async fn a_ready_future_wins_at_zero() {
    let ready = timeout(Duration::ZERO, async { "ready" }).await;
    assert_eq!(ready, Ok("ready"));
    assert!(timeout(Duration::ZERO, yield_now()).await.is_err());
}

/// Lets ten seconds pass on the paused clock without a suspension.
async fn take_ten_seconds() {
    // The first poll of `advance` moves the clock, and the second would end it.
    assert!(poll!(pin!(advance(seconds(10)))).is_pending());
}

/// A future that takes ten seconds without suspending is not cut at its limit
/// of one. It completes, and the result is `Ok`.
#[tokio::test(start_paused = true)]
async fn a_future_that_never_suspends_is_late_and_ok() {
    let start = Instant::now();
    let late = async {
        take_ten_seconds().await;
        "late"
    };
    assert_eq!(timeout(seconds(1), late).await, Ok("late"));
    assert_eq!(start.elapsed(), seconds(10));
}

/// Even a suspension after the limit need not be the end: woken together with
/// the timer, the future is asked first, and the result is `Ok`.
#[tokio::test(start_paused = true)]
async fn a_late_future_may_pass_a_suspension() {
    let start = Instant::now();
    let late = async {
        take_ten_seconds().await;
        yield_now().await;
        "late"
    };
    assert_eq!(timeout(seconds(1), late).await, Ok("late"));
    assert_eq!(start.elapsed(), seconds(10));
}

/// A future that is late and then has to wait is cut in that wait: after ten
/// seconds where the limit was one, and with `Err`.
#[tokio::test(start_paused = true)]
async fn a_late_future_that_has_to_wait_is_cut() {
    let log = Log::default();
    let start = Instant::now();
    let late = async {
        take_ten_seconds().await;
        log.note("ten seconds later");
        sleep(seconds(5)).await;
        log.note("behind the wait");
    };
    assert!(timeout(seconds(1), late).await.is_err());
    assert_eq!(start.elapsed(), seconds(10));
    assert_eq!(log.take(), ["ten seconds later"]);
}

/// Ready at the very moment of its limit, a future wins.
#[tokio::test(start_paused = true)]
async fn a_tie_goes_to_the_future() {
    assert!(timeout(seconds(5), sleep(seconds(5))).await.is_ok());
    assert!(timeout(seconds(4), sleep(seconds(5))).await.is_err());
}

/// The time runs from the call of `timeout`, not from its first poll: of five
/// seconds, four that passed before the await are gone.
#[tokio::test(start_paused = true)]
async fn the_clock_starts_at_the_call() {
    let limited = timeout(seconds(5), sleep(seconds(60)));
    sleep(seconds(4)).await;
    let start = Instant::now();
    assert!(limited.await.is_err());
    assert_eq!(start.elapsed(), seconds(1));
}

/// Four pages of a second each, and limits that are long enough for two. How
/// many pages were written in ten tries, and which try completed?
async fn copy(made_anew_each_try: bool) -> (u32, Option<u32>) {
    let pages = RefCell::new(0);
    let make = || async {
        for _ in 0..4 {
            sleep(seconds(1)).await;
            *pages.borrow_mut() += 1;
        }
    };
    let limit = seconds(5) / 2;
    let mut lent = pin!(make());
    let mut completed = None;
    for number in 0..10 {
        let result = if made_anew_each_try {
            timeout(limit, make()).await
        } else {
            timeout(limit, &mut lent).await
        };
        if result.is_ok() {
            completed = Some(number);
            break;
        }
    }
    (pages.take(), completed)
}

/// A future that is lent to each of several timeouts goes on where it was, and
/// completes in the second. Made anew for each, it never does.
#[tokio::test(start_paused = true)]
async fn a_lent_future_goes_on_under_the_next_limit() {
    assert_eq!(copy(false).await, (4, Some(1)));
    assert_eq!(copy(true).await, (20, None));
}

/// A task whose handle is under the limit runs to its end.
#[tokio::test(start_paused = true)]
async fn a_task_runs_on_when_its_handle_times_out() {
    let log = Log::default();
    let handle = tokio::spawn(work(log.clone()));
    assert!(timeout(seconds(1), handle).await.is_err());
    assert!(log.take().is_empty());
    sleep(seconds(60)).await;
    assert_eq!(log.take(), ["work done", "work dropped"]);
}

/// A `JoinHandle` that was lent to a timeout can be aborted and awaited
/// afterwards, and then the work has stopped.
#[tokio::test(start_paused = true)]
async fn a_lent_handle_can_still_be_aborted() {
    let log = Log::default();
    let mut handle = tokio::spawn(work(log.clone()));
    assert!(timeout(seconds(1), &mut handle).await.is_err());
    handle.abort();
    assert!(handle.await.unwrap_err().is_cancelled());
    assert_eq!(log.take(), ["work dropped"]);
}

/// An `AbortOnDropHandle` under the limit takes its task along.
#[tokio::test(start_paused = true)]
async fn an_abort_on_drop_handle_takes_its_task_along() {
    let log = Log::default();
    let handle = AbortOnDropHandle::new(tokio::spawn(work(log.clone())));
    assert!(timeout(seconds(1), handle).await.is_err());
    sleep(seconds(60)).await;
    assert_eq!(log.take(), ["work dropped"]);
}

/// Two limits around `work`: after how many seconds it ended, and which of
/// them ran out.
async fn nested(inner: u64, outer: u64) -> (u64, &'static str) {
    let start = Instant::now();
    let result = timeout(
        seconds(outer),
        timeout(seconds(inner), work(Log::default())),
    );
    let which = match result.await {
        Ok(Ok(())) => "neither",
        Ok(Err(_)) => "the inner",
        Err(_) => "the outer",
    };
    (start.elapsed().as_secs(), which)
}

/// Of two nested limits the shorter one runs out, at its own time. `Ok(Err)`
/// is the inner one, `Err` the outer.
#[tokio::test(start_paused = true)]
async fn the_shorter_of_two_limits_runs_out() {
    assert_eq!(nested(1, 3).await, (1, "the inner"));
    assert_eq!(nested(3, 1).await, (1, "the outer"));
    assert_eq!(nested(9, 9).await, (5, "neither"));
}

/// Of two nested limits that are equal, the inner one is asked first.
#[tokio::test(start_paused = true)]
async fn of_two_equal_limits_the_inner_runs_out() {
    assert_eq!(nested(1, 1).await, (1, "the inner"));
}

/// Whichever of two nested limits runs out, the work is dropped before the next
/// line.
#[tokio::test(start_paused = true)]
async fn either_limit_drops_the_work() {
    let log = Log::default();
    for (inner, outer) in [(1, 3), (3, 1)] {
        let inner = timeout(seconds(inner), work(log.clone()));
        let result = timeout(seconds(outer), inner).await;
        assert!(!matches!(result, Ok(Ok(()))));
        assert_eq!(log.take(), ["work dropped"]);
    }
}

/// What the work has done by the time of its limit stays done: a message that
/// was half sent is half sent, and a second try sends that half again.
#[tokio::test(start_paused = true)]
async fn a_timeout_undoes_nothing() {
    let (mut socket, mut peer) = duplex(4);
    let send = socket.write_all(b"HELLOWORLD");
    assert!(timeout(seconds(1), send).await.is_err());

    let received = async {
        let mut received = String::new();
        peer.read_to_string(&mut received).await.expect("UTF-8");
        received
    };
    let again = async move {
        socket.write_all(b"HELLOWORLD").await.expect("it is read");
    };
    let (received, ()) = tokio::join!(received, again);
    assert_eq!(received, "HELLHELLOWORLD");
}
