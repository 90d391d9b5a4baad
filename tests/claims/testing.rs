//! Claims of the chapter "Testing for cancel-safety".

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{slice, thread};

use cancel_sweep::{Cut, Drip, Finding, Report, Sweep, Verdict, suspend};
use futures::{FutureExt, StreamExt, poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::{advance, sleep, timeout};
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};

#[path = "../../examples/bare_loop_tears_an_order.rs"]
#[allow(dead_code)]
mod bare_loop_tears_an_order;
#[path = "../../examples/desk_comes_back_by_itself.rs"]
#[allow(dead_code)]
mod desk_comes_back_by_itself;
#[path = "../../examples/desk_handed_over_and_forgotten.rs"]
#[allow(dead_code)]
mod desk_handed_over_and_forgotten;
#[path = "../../examples/key_missing_from_its_hook.rs"]
#[allow(dead_code)]
mod key_missing_from_its_hook;
#[path = "../../examples/last_in_line_after_a_cut.rs"]
#[allow(dead_code)]
mod last_in_line_after_a_cut;
#[path = "../../examples/money_is_nowhere_for_an_await.rs"]
#[allow(dead_code)]
mod money_is_nowhere_for_an_await;
#[path = "../../examples/one_point_runs_alone.rs"]
#[allow(dead_code)]
mod one_point_runs_alone;
#[path = "../../examples/order_passes_its_ordinary_test.rs"]
#[allow(dead_code)]
mod order_passes_its_ordinary_test;
#[path = "../../examples/order_torn_and_order_resumed.rs"]
#[allow(dead_code)]
mod order_torn_and_order_resumed;
#[path = "../../examples/reading_begins_in_the_middle.rs"]
#[allow(dead_code)]
mod reading_begins_in_the_middle;
#[path = "../../examples/reading_keeps_its_beginning.rs"]
#[allow(dead_code)]
mod reading_keeps_its_beginning;
#[path = "../../examples/second_cut_hits_the_repair.rs"]
#[allow(dead_code)]
mod second_cut_hits_the_repair;
#[path = "../../examples/sum_is_right_and_receipt_is_missing.rs"]
#[allow(dead_code)]
mod sum_is_right_and_receipt_is_missing;
#[path = "../../examples/trunk_lost_between_belt_and_cart.rs"]
#[allow(dead_code)]
mod trunk_lost_between_belt_and_cart;

use Cut::{Completed, NeverPolled, Suspended, Woken};

/// The points at which something was wrong.
fn broken(report: &Report) -> Vec<&[Cut]> {
    let points = report.points().iter();
    let broken = points.filter(|point| point.finding.is_some());
    broken.map(|point| point.cuts.as_slice()).collect()
}

/// What was wrong at the first of them.
fn finding(report: &Report) -> &Finding {
    let failure = report.first_failure().expect("something is wrong");
    failure.finding.as_ref().unwrap()
}

// --- What an ordinary test sees ----------------------------------------------

/// In a pipe with room the two writes of an order never suspend, so there is
/// nothing to cut; with room for the first of them alone, there is.
#[test]
fn with_room_there_is_nothing_to_cut() {
    use order_passes_its_ordinary_test::order;

    for (room, suspensions) in [(64, 0), (9, 1)] {
        let waiter = async || {
            let (waiter, mut kitchen) = duplex(room);
            tokio::spawn(async move { kitchen.read_to_end(&mut Vec::new()).await });
            waiter
        };
        let write = async |waiter: &mut _| order(waiter).await.unwrap();
        let report = Sweep::new().check(waiter, write, async |_, _| Ok::<_, String>(()));
        assert_eq!(report.suspensions(), suspensions, "room for {room}");
    }
}

/// A sweep that had nothing to cut does not count as a proof.
#[test]
#[should_panic(expected = "it never suspended, so it was never cut")]
fn a_sweep_without_a_suspension_is_refused() {
    use order_passes_its_ordinary_test::order;

    let write = async |(waiter, _): &mut (_, _)| order(waiter).await.unwrap();
    let fine = async |_, _| Ok::<(), String>(());
    let report = Sweep::new().check(async || duplex(64), write, fine);
    assert_eq!(report.verdict(), Verdict::Safe);
    report.assert_safe();
}

/// A loop of polls finds the torn order, if the pipe is narrow.
#[test]
fn a_bare_loop_tears_an_order_in_a_narrow_pipe() {
    use bare_loop_tears_an_order::is_whole_or_absent as test;

    let torn = r#"dropped after 1: "table 7: ""#;
    assert_eq!(test(9), Err(torn.to_owned()));
    for room in 1..18 {
        assert!(test(room).is_err(), "room for {room}");
    }
    assert_eq!(test(18), Ok(()));
}

/// Polled without a runtime, a future that sleeps panics.
#[test]
#[should_panic(expected = "there is no reactor running")]
fn without_a_runtime_a_timer_panics() {
    let _ = async { sleep(Duration::from_millis(1)).await }.now_or_never();
}

/// A sweep makes a runtime for each run, and refuses to be called in one.
#[test]
#[should_panic(expected = "call it from a plain #[test]")]
fn a_sweep_makes_its_own_runtimes() {
    let runtime = Runtime::new().unwrap();
    let _entered = runtime.enter();
    Sweep::new().conserved(async || (), async |_| suspend().await, async |_| ());
}

// --- Two writes --------------------------------------------------------------

/// Two writes are torn at the suspension between them; what is left of a buffer
/// outside the future is written without a tear.
#[test]
fn two_writes_are_torn_between_them() {
    use order_torn_and_order_resumed::{received, the_rest_of_the_order, two_writes, world};

    let report = Sweep::new().recreate(world, two_writes, received);
    assert_eq!(broken(&report), [[Suspended(2)], [Woken(2)]]);
    assert_eq!(report.verdict(), Verdict::DoesTwice);

    let report = Sweep::new().recreate(world, the_rest_of_the_order, received);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();
}

/// With a drip as wide as the message, one `write_all` passes; with a narrower
/// one it is torn.
#[test]
fn a_drip_too_wide_finds_nothing() {
    use order_torn_and_order_resumed::{World, received};

    for (width, passes) in [(18, true), (17, false), (1, false)] {
        let world = async || {
            let (waiter, kitchen) = duplex(64);
            let (waiter, order) = (Drip::by(waiter, width), &b"table 7: two soups"[..]);
            World {
                waiter,
                order,
                kitchen,
            }
        };
        let one_write = async |world: &mut World| {
            world.waiter.write_all(world.order).await.unwrap();
        };
        let report = Sweep::new().recreate(world, one_write, received);
        assert!(report.suspensions() > 0);
        let safe = report.verdict() == Verdict::Safe;
        assert_eq!(safe, passes, "a drip of {width}\n{report}");
    }
}

// --- A transfer --------------------------------------------------------------

/// A transfer that changes as it goes is dropped with the money in neither
/// account; one that waits first is not.
#[test]
fn money_is_missing_between_the_two_changes() {
    use money_is_nowhere_for_an_await::{bank, changes_as_it_goes, sum, waits_then_changes};

    let report = Sweep::new().conserved(bank, changes_as_it_goes, sum);
    assert_eq!(broken(&report), [[Suspended(2)], [Woken(2)]]);
    assert_eq!(finding(&report).left, "100 before, 70 after");

    let report = Sweep::new().conserved(bank, waits_then_changes, sum);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();
}

// --- A reader ----------------------------------------------------------------

/// A reader that keeps its progress in the future invents a reading when it is
/// dropped behind the length; one that keeps it in a struct does not.
#[test]
fn a_reading_begins_in_the_middle_of_another() {
    use reading_begins_in_the_middle as lost;
    use reading_keeps_its_beginning as kept;

    let report = Sweep::new().recreate(lost::sensor, lost::one_reading, lost::all_readings);
    let points = [[Suspended(2)], [Woken(2)], [Suspended(3)], [Woken(3)]];
    assert_eq!(broken(&report), points);
    assert_eq!(
        *finding(&report),
        Finding::new(
            Verdict::LosesData,
            "[[7], [1, 9]] instead of [[1, 7], [1, 9]]"
        )
    );

    let report = Sweep::new().recreate(kept::sensor, kept::one_reading, kept::all_readings);
    assert_eq!(report.suspensions(), 3);
    report.assert_safe();
}

/// `FramedRead` keeps what has arrived of a frame, and loses no reading.
#[test]
fn a_framed_read_loses_no_reading() {
    let sensor = async || {
        let line = Drip::new(&[2, 1, 7, 2, 1, 9][..]);
        let codec = LengthDelimitedCodec::builder()
            .length_field_length(1)
            .new_codec();
        (FramedRead::new(line, codec), Vec::new())
    };
    type Sensor = (
        FramedRead<Drip<&'static [u8]>, LengthDelimitedCodec>,
        Vec<Vec<u8>>,
    );
    let read = async |(frames, readings): &mut Sensor| {
        let frame = frames.next().await.unwrap().unwrap();
        readings.push(frame.to_vec());
    };
    let report = Sweep::new().recreate(sensor, read, async |mut sensor: Sensor| {
        read(&mut sensor).await;
        sensor.1
    });
    assert_eq!(report.suspensions(), 3);
    report.assert_safe();
}

// --- A relay -----------------------------------------------------------------

/// A piece that was received and waits for its place is lost; with the place
/// reserved first, none is.
#[test]
fn a_trunk_is_lost_on_its_way_to_the_cart() {
    use trunk_lost_between_belt_and_cart::{
        luggage, reserves_then_takes, station, takes_then_loads,
    };

    let report = Sweep::new().recreate(station, takes_then_loads, luggage);
    assert_eq!(broken(&report), [[Suspended(2)], [Woken(2)]]);
    assert_eq!(finding(&report).verdict, Verdict::LosesData);

    let report = Sweep::new().recreate(station, reserves_then_takes, luggage);
    report.assert_safe();
}

// --- What was taken out ------------------------------------------------------

/// A key that was taken off its hook stays away; a guard brings it back, and a
/// key that was left where it is need not come back.
#[test]
fn a_key_that_is_out_does_not_come_back() {
    use key_missing_from_its_hook::{
        borrows_with_a_guard, hook, is_back, leaves_it_on_the_hook, takes_and_brings_back,
    };

    let report = Sweep::new().check(hook, takes_and_brings_back, is_back);
    assert_eq!(broken(&report), [[Suspended(1)], [Woken(1)]]);

    let report = Sweep::new().check(hook, borrows_with_a_guard, is_back);
    report.assert_safe();
    let report = Sweep::new().check(hook, leaves_it_on_the_hook, is_back);
    report.assert_safe();
}

// --- Two ways to be dropped --------------------------------------------------

/// A desk is lost only when its visitor is dropped between being called and
/// being polled; one that gives itself back never is.
#[test]
fn a_desk_is_lost_only_at_the_woken_point() {
    use desk_comes_back_by_itself as back;
    use desk_handed_over_and_forgotten as forgotten;

    let report = Sweep::new().check(forgotten::office, forgotten::visit, forgotten::next_visit);
    assert_eq!(broken(&report), [[Woken(1)]]);
    let points = report.points().iter().map(|point| point.cuts[0]);
    let all = [NeverPolled, Suspended(1), Woken(1), Completed(1)];
    assert!(points.eq(all));

    let report = Sweep::new().check(back::office, back::visit, back::next_visit);
    assert_eq!(report.points().len(), 4);
    report.assert_safe();
}

/// At a woken point what the future waited for has arrived; at the suspended
/// point before it, it has not.
#[test]
fn when_it_is_woken_what_it_waited_for_is_there() {
    struct Look(Rc<Cell<bool>>, Arc<Mutex<bool>>);
    impl Drop for Look {
        fn drop(&mut self) {
            self.0.set(*self.1.lock().unwrap());
        }
    }

    for (point, there) in [(Suspended(1), false), (Woken(1), true)] {
        let seen = Rc::new(Cell::new(false));
        let sent = Arc::new(Mutex::new(false));
        let report = Sweep::new().only([point]).check(
            async || (),
            async |_| {
                let _look = Look(seen.clone(), sent.clone());
                let (sender, receiver) = oneshot::channel();
                let sent = sent.clone();
                tokio::spawn(async move {
                    *sent.lock().unwrap() = sender.send(()).is_ok();
                });
                receiver.await.unwrap();
                unreachable!("it is dropped before it is polled again");
            },
            async |_, _| Ok::<(), String>(()),
        );
        assert_eq!(report.verdict(), Verdict::Safe);
        assert_eq!(seen.get(), there, "{point}");
    }
}

/// A `select!` that asks another ready branch first drops one that was woken,
/// with what had arrived for it, and so does `abort`; a `timeout` whose time is
/// up asks its future first.
#[tokio::test(start_paused = true)]
async fn a_select_drops_what_was_woken_and_a_timeout_does_not() {
    let parcel = Arc::new(());

    let (other, mut other_end) = oneshot::channel();
    let (sender, receiver) = oneshot::channel();
    let (sent, theirs) = (parcel.clone(), parcel.clone());
    tokio::spawn(async move {
        sender.send(sent).unwrap();
        other.send(()).unwrap();
    });
    tokio::select! {
        biased;
        _ = &mut other_end => {}
        _ = receiver => unreachable!("it is asked second"),
    }
    assert_eq!(Arc::strong_count(&parcel), 2);

    let (sender, receiver) = oneshot::channel();
    let task = tokio::spawn(receiver);
    yield_now().await;
    sender.send(theirs).unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(Arc::strong_count(&parcel), 1);

    let (sender, receiver) = oneshot::channel();
    let second = Duration::from_secs(1);
    let mut waiting = Box::pin(timeout(second, receiver));
    assert!(poll!(&mut waiting).is_pending());
    sender.send(parcel.clone()).unwrap();
    advance(2 * second).await;
    assert_eq!(waiting.await, Ok(Ok(parcel)));
}

/// A value that nobody took out of a oneshot channel is dropped with its
/// receiver.
#[test]
fn a_oneshot_drops_what_nobody_read() {
    let (sender, receiver) = oneshot::channel();
    let value = Arc::new(());
    sender.send(value.clone()).unwrap();
    assert_eq!(Arc::strong_count(&value), 2);
    drop(receiver);
    assert_eq!(Arc::strong_count(&value), 1);
}

// --- Two cuts ----------------------------------------------------------------

/// One cut loses no dish, two cuts lose one; left on the tray, it is lost by
/// neither.
#[test]
fn only_a_second_cut_loses_the_dish() {
    use second_cut_hits_the_repair::{hall, leaves_it_on_the_tray, served, takes_it_off_the_tray};

    let report = Sweep::new().recreate(hall, takes_it_off_the_tray, served);
    report.assert_safe();

    let twice = Sweep::new().cuts(2);
    let report = twice.recreate(hall, takes_it_off_the_tray, served);
    let cuts = [Suspended(1), Woken(1)];
    let both = cuts.map(|first| cuts.map(|second| [first, second]));
    assert_eq!(broken(&report), both.as_flattened());
    assert_eq!(finding(&report).verdict, Verdict::LosesData);

    twice
        .recreate(hall, leaves_it_on_the_tray, served)
        .assert_safe();
}

// --- Verdicts ----------------------------------------------------------------

/// Who queues for a lock and is dropped has lost no data, but is served last.
#[test]
fn a_dropped_caller_is_last_in_line() {
    use last_in_line_after_a_cut::{busy_counter, queue, served};

    let report = Sweep::new().recreate(busy_counter, queue, served);
    assert_eq!(broken(&report), [[Suspended(1)], [Woken(1)]]);
    assert_eq!(report.verdict(), Verdict::LosesPlace);
}

/// What is missing, what is there too often, and what is there in another order
/// are three verdicts, and only the last is about a place.
#[test]
fn the_verdict_tells_data_from_place() {
    let lists = [
        (vec!["tea", "cake"], Verdict::Safe),
        (vec!["cake", "tea"], Verdict::LosesPlace),
        (vec!["tea"], Verdict::LosesData),
        (vec!["tea", "tea", "cake"], Verdict::DoesTwice),
        (vec!["tea", "tea"], Verdict::LosesData),
    ];
    for (second_try, verdict) in lists {
        let report = Sweep::new().recreate(
            async || (0, Vec::new()),
            async |(tries, served)| {
                *tries += 1;
                suspend().await;
                *served = match tries {
                    1 => vec!["tea", "cake"],
                    _ => second_try.clone(),
                };
            },
            async |(_, served)| served,
        );
        assert_eq!(report.verdict(), verdict, "{second_try:?}");
    }
}

// --- One point alone, and the cost -------------------------------------------

/// `only` runs one point, and finds there what the whole sweep finds.
#[test]
fn one_point_can_be_run_alone() {
    use money_is_nowhere_for_an_await::{bank, changes_as_it_goes, sum};

    let all = Sweep::new().conserved(bank, changes_as_it_goes, sum);
    let first = all.first_failure().unwrap();

    let builds = Cell::new(0);
    let counted = async || {
        builds.set(builds.get() + 1);
        bank().await
    };
    let alone = Sweep::new().only(first.cuts.clone());
    let report = alone.conserved(counted, changes_as_it_goes, sum);
    assert_eq!(report.points(), slice::from_ref(first));
    assert_eq!(builds.get(), 1);
}

/// One cut takes 2n + 2 runs, two cuts about the square of it, and `recreate`
/// one run more, without a cut.
#[test]
fn a_sweep_takes_two_runs_a_suspension_and_two_more() {
    for n in 0..8 {
        let builds = Cell::new(0);
        let build = async || builds.set(builds.get() + 1);
        let operation = async |_: &mut ()| {
            for _ in 0..n {
                suspend().await;
            }
        };
        Sweep::new().conserved(build, operation, async |_| ());
        assert_eq!(builds.take(), 2 * n + 2);
        Sweep::new().recreate(build, operation, async |_| vec![()]);
        assert_eq!(builds.take(), 2 * n + 3);

        let twice = Sweep::new().cuts(2);
        twice.conserved(build, operation, async |_| ());
        assert_eq!(builds.take(), (2 * n + 1) * (2 * n + 2) + 1);
    }
}

/// An hour on the clock of a sweep passes at once.
#[test]
fn an_hour_passes_at_once() {
    let begun = Instant::now();
    let hour = Duration::from_secs(3600);
    let report = Sweep::new().check(
        async || tokio::time::Instant::now(),
        async |_| sleep(hour / 2).await,
        async |begun, _| {
            sleep(hour).await;
            assert!(begun.elapsed() >= hour);
            Ok::<(), String>(())
        },
    );
    assert_eq!(report.points().len(), 4);
    assert_eq!(report.verdict(), Verdict::Safe);
    assert!(begun.elapsed() < hour);
}

/// A sweep that finds something fails its test with the whole table.
#[test]
#[should_panic(expected = "cancelling it is not safe: broken\nnever polled       ok\n")]
fn a_failed_sweep_shows_its_table() {
    use money_is_nowhere_for_an_await::{bank, changes_as_it_goes, sum};

    Sweep::new()
        .conserved(bank, changes_as_it_goes, sum)
        .assert_safe();
}

// --- What a sweep cannot show ------------------------------------------------

/// The operation and whatever it spawns run on one thread, that of the test.
#[test]
fn a_sweep_runs_on_one_thread() {
    let threads = Mutex::new(Vec::new());
    let here = || thread::current().id();
    let report = Sweep::new().check(
        async || (),
        async |_| {
            let spawned = tokio::spawn(async move { here() }).await.unwrap();
            threads.lock().unwrap().extend([here(), spawned]);
        },
        async |_, _| Ok::<(), String>(()),
    );
    report.assert_safe();
    assert_eq!(*threads.lock().unwrap(), [here(), here()]);
}

/// A future that blocks its thread holds the sweep up, whatever its patience,
/// and is then found to be safe.
#[test]
fn a_future_that_blocks_is_not_found_out() {
    let (blocks, blocked) = mpsc::channel();
    let (open, gate) = mpsc::channel::<()>();
    let sweep = thread::spawn(move || {
        let once = Sweep::new().real_clock().patience(Duration::from_millis(1));
        once.only([Completed(1)]).check(
            async || (),
            async |_| {
                suspend().await;
                blocks.send(()).unwrap();
                gate.recv().unwrap();
            },
            async |_, _| Ok::<(), String>(()),
        )
    });

    blocked.recv().unwrap();
    thread::sleep(Duration::from_millis(20));
    assert!(!sweep.is_finished());
    open.send(()).unwrap();
    sweep.join().unwrap().assert_safe();
}

/// The sum is right wherever the transfer is dropped, and a receipt is missing:
/// a check sees what it asks for.
#[test]
fn a_check_sees_what_it_asks_for() {
    use sum_is_right_and_receipt_is_missing::{bank, has_a_receipt, sum, transfer};

    Sweep::new().conserved(bank, transfer, sum).assert_safe();
    let report = Sweep::new().check(bank, transfer, has_a_receipt);
    assert_eq!(broken(&report), [[Suspended(2)], [Woken(2)]]);
    assert_eq!(report.verdict(), Verdict::Broken);
}
