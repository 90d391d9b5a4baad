//! Every verdict can occur, every limit is kept, and the suspensions that are
//! forced are really there.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::ready;
use std::time::Duration;

use cancel_sweep::{Cut, Drip, Finding, Point, Report, Sweep, Verdict, hold, suspend};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep};

fn failures(report: &Report) -> Vec<Vec<Cut>> {
    let points = report.points().iter();
    let failed = points.filter(|point| point.finding.is_some());
    failed.map(|point| point.cuts.clone()).collect()
}

/// Two bytes that arrive one by one, a reader of both, and what it has read.
struct Line {
    input: Drip<DuplexStream>,
    buffer: [u8; 2],
    read: Vec<u8>,
}

async fn line() -> Line {
    let (mut peer, input) = duplex(16);
    peer.write_all(&[1, 2, 3, 4]).await.unwrap();
    Line {
        input: Drip::new(input),
        buffer: [0; 2],
        read: Vec::new(),
    }
}

async fn rest(mut line: Line) -> Vec<u8> {
    line.input.read_to_end(&mut line.read).await.unwrap();
    line.read
}

/// Not safe, data: `read_exact` made again starts after the byte it took.
#[test]
fn loses_data() {
    let report = Sweep::new().recreate(
        line,
        async |line| {
            line.input.read_exact(&mut line.buffer).await.unwrap();
            line.read.extend(line.buffer);
        },
        rest,
    );
    assert_eq!(report.verdict(), Verdict::LosesData, "{report}");
    assert_eq!(
        failures(&report),
        [[Cut::Suspended(2)], [Cut::Woken(2)]],
        "{report}"
    );
}

/// Not safe, data: what was done before the cut is done again.
#[test]
fn does_it_twice() {
    let report = Sweep::new().recreate(
        async || Vec::new(),
        async |bells: &mut Vec<&str>| {
            bells.push("ding");
            suspend().await;
            bells.push("dong");
        },
        async |bells| bells,
    );
    assert_eq!(report.verdict(), Verdict::DoesTwice, "{report}");
    assert_eq!(failures(&report), [[Cut::Suspended(1)], [Cut::Woken(1)]]);
    let finding = report.first_failure().unwrap().finding.clone().unwrap();
    assert_eq!(
        finding.left,
        r#"["ding", "ding", "dong"] instead of ["ding", "dong"]"#
    );
}

/// Not safe, place: nothing is lost, but a rival goes first now.
#[test]
fn loses_its_place() {
    let report = queue(async |order| order.lock().await.push("we"));
    assert_eq!(report.verdict(), Verdict::LosesPlace, "{report}");
    assert_eq!(failures(&report), [[Cut::Suspended(1)], [Cut::Woken(1)]]);
}

/// Whoever does not queue has no place to lose: the same scenario is safe with
/// an operation that waits for something else first.
#[test]
fn has_no_place_to_lose() {
    let report = queue(async |order| {
        sleep(Duration::from_millis(50)).await;
        order.lock().await.push("we");
    });
    report.assert_safe();
}

/// A lock held for 10 ms, and a rival that queues as soon as we wait.
fn queue(turn: impl AsyncFn(&Mutex<Vec<&'static str>>)) -> Report {
    Sweep::new().recreate(
        async || {
            let order = Arc::new(Mutex::new(Vec::new()));
            let held = Arc::clone(&order).lock_owned().await;
            hold(held, Duration::from_millis(10));
            let we_wait = Arc::new(Notify::new());
            let (rival, signal) = (Arc::clone(&order), Arc::clone(&we_wait));
            tokio::spawn(async move {
                signal.notified().await;
                rival.lock().await.push("rival");
            });
            (order, we_wait)
        },
        async |(order, we_wait)| {
            we_wait.notify_one();
            turn(order).await;
        },
        async |(order, _)| {
            sleep(Duration::from_millis(10)).await;
            order.lock().await.clone()
        },
    )
}

/// Not safe: a value that should be conserved has changed.
#[test]
fn is_not_conserved() {
    let report = Sweep::new().conserved(
        async || (100, 0),
        async |(from, to): &mut (u32, u32)| {
            *from -= 30;
            suspend().await;
            *to += 30;
        },
        async |(from, to)| from + to,
    );
    assert_eq!(report.verdict(), Verdict::Broken);
    let finding = report.first_failure().unwrap().finding.clone().unwrap();
    assert_eq!(finding.left, "100 before, 70 after");
}

/// The table in the README is what its program prints.
#[test]
fn the_readme_shows_what_is_printed() {
    let report = Sweep::new().conserved(
        async || (100, 0),
        async |(alice, bob): &mut (u32, u32)| {
            suspend().await;
            *alice -= 30;
            suspend().await;
            *bob += 30;
        },
        async |(alice, bob)| alice + bob,
    );
    let readme = include_str!("../README.md");
    assert!(
        readme.contains(&format!("```text\n{report}```")),
        "{report}"
    );
}

/// Safe: both accounts change after the last suspension.
#[test]
fn is_conserved() {
    let report = Sweep::new().conserved(
        async || (100, 0),
        async |(from, to): &mut (u32, u32)| {
            suspend().await;
            *from -= 30;
            *to += 30;
        },
        async |(from, to)| from + to,
    );
    report.assert_safe();
    assert_eq!(
        report
            .points()
            .iter()
            .map(|p| p.cuts[0])
            .collect::<Vec<_>>(),
        [
            Cut::NeverPolled,
            Cut::Suspended(1),
            Cut::Woken(1),
            Cut::Completed(1)
        ]
    );
}

/// Safe: `read` gives what it took at once, or takes nothing; also when it is
/// cancelled twice.
#[test]
fn is_safe() {
    let read_two = async |line: &mut Line| {
        let count = line.input.read(&mut line.buffer).await.unwrap();
        line.read.extend(&line.buffer[..count]);
    };
    Sweep::new().recreate(line, read_two, rest).assert_safe();
    let twice = Sweep::new().cuts(2);
    twice.recreate(line, read_two, rest).assert_safe();
}

/// A caller's own check names its verdict, or leaves it at "broken".
#[test]
fn a_check_names_its_verdict() {
    let sweep = |end: Finding| {
        let check = async |(), cut| match cut {
            Cut::Completed(_) => Err(end.clone()),
            _ => Ok(()),
        };
        Sweep::new().check(async || (), async |()| suspend().await, check)
    };
    let place = sweep(Finding::new(Verdict::LosesPlace, "behind"));
    assert_eq!(place.verdict(), Verdict::LosesPlace);
    assert_eq!(sweep("torn".into()).verdict(), Verdict::Broken);
    assert_eq!(failures(&place), [[Cut::Completed(1)]]);
}

/// A ticket that is handed over to whoever no longer looks: only the drop
/// between wake-up and poll shows it.
#[test]
fn only_the_woken_point_finds_it() {
    let report = Sweep::new().check(
        async || {
            let (give, take) = oneshot::channel();
            let returned = Arc::new(Mutex::new(0));
            let (go, shelf) = (Arc::new(Notify::new()), Arc::clone(&returned));
            let asked = Arc::clone(&go);
            tokio::spawn(async move {
                asked.notified().await;
                if give.send("ticket").is_err() {
                    *shelf.lock().await += 1; // nobody waits for it any more
                }
            });
            (Some(take), returned, go)
        },
        async |(take, returned, go)| {
            go.notify_one();
            let ticket = take.take().unwrap().await;
            *returned.lock().await += u32::from(ticket.is_ok());
        },
        async |(take, returned, go), _| {
            drop(take);
            go.notify_one();
            sleep(Duration::from_millis(1)).await;
            match *returned.lock().await {
                1 => Ok(()),
                tickets => Err(format!("{tickets} tickets")),
            }
        },
    );
    assert_eq!(failures(&report), [[Cut::Woken(1)]], "{report}");
}

/// A mistake that one cut cannot make, and two can.
#[test]
fn a_second_cut_finds_more() {
    let sweep = |cuts| {
        Sweep::new().cuts(cuts).check(
            async || (0, 0),
            async |(tries, harm): &mut (u32, u32)| {
                *tries += 1;
                *harm += u32::from(*tries == 2);
                suspend().await;
                *harm = 0;
            },
            async |(_, harm), _| match harm {
                0 => Ok(()),
                _ => Err("harmed"),
            },
        )
    };
    sweep(1).assert_safe();
    let twice = sweep(2);
    let woken = |first| [first, Cut::Woken(1)];
    let suspended = |first| [first, Cut::Suspended(1)];
    assert_eq!(
        failures(&twice),
        [
            suspended(Cut::Suspended(1)),
            woken(Cut::Suspended(1)),
            suspended(Cut::Woken(1)),
            woken(Cut::Woken(1)),
        ]
    );
    assert_eq!(twice.points().len(), 4 + 4 + 4 + 1);
}

/// A future that waits for what never comes is stuck, not hung on.
#[test]
fn a_future_without_end_is_stuck() {
    let accept = |sweep: Sweep| {
        sweep.check(
            async || (),
            async |()| {
                suspend().await;
                pending().await
            },
            async |(), _| Ok::<_, String>(()),
        )
    };
    let report = accept(Sweep::new());
    assert_eq!(report.verdict(), Verdict::Unfinished);
    assert_eq!(report.points().last().unwrap().cuts, [Cut::Stuck(2)]);
    let real = Sweep::new()
        .real_clock()
        .patience(Duration::from_millis(20));
    assert_eq!(accept(real), report);
}

/// A future that suspends without end is given up, at a bound that one sets.
#[test]
fn a_future_that_suspends_for_ever_is_endless() {
    let sweep = Sweep::new().suspensions(7);
    let endless = async |(): &mut ()| loop {
        suspend().await;
    };
    let report = sweep.check(async || (), endless, async |(), _| Ok::<_, String>(()));
    assert_eq!(report.verdict(), Verdict::Unfinished);
    assert_eq!(report.points().last().unwrap().cuts, [Cut::Endless(8)]);
    let report = sweep.recreate(async || (), endless, async |()| vec![0]);
    assert_eq!(report.verdict(), Verdict::Unfinished);
    assert_eq!(
        report.to_string(),
        "never cut  unfinished: run to its end, it did not complete: endless, given up at 8\n"
    );
}

/// The number of runs has a bound, and a report that met it says so.
#[test]
fn runs_have_a_bound() {
    let sweep = Sweep::new().cuts(2).runs(5);
    let report = sweep.conserved(
        async || 0,
        async |_: &mut i32| suspend().await,
        async |value| *value,
    );
    assert_eq!(report.points().len(), 5);
    assert_eq!(report.verdict(), Verdict::Unfinished);
    assert!(report.to_string().contains("stopped after 5 runs"));
}

/// The first failing point can be run alone, and is the same point.
#[test]
fn one_point_alone() {
    let sweep = |sweep: Sweep| {
        sweep.conserved(
            async || 0,
            async |steps: &mut i32| {
                suspend().await;
                *steps += 1;
                suspend().await;
                *steps -= 1;
            },
            async |steps| *steps,
        )
    };
    let all = sweep(Sweep::new());
    let first: &Point = all.first_failure().unwrap();
    let alone = sweep(Sweep::new().only(first.cuts.clone()));
    assert_eq!(alone.points(), std::slice::from_ref(first));
    let hint = "this point alone: .only([Cut::Suspended(2)])\n";
    assert!(all.to_string().ends_with(hint), "{all}");
}

/// A point that the operation never reaches proves nothing.
#[test]
fn a_point_that_is_not_there() {
    let sweep = Sweep::new().only([Cut::Suspended(9)]);
    let report = sweep.conserved(
        async || 0,
        async |_: &mut i32| suspend().await,
        async |n| *n,
    );
    assert_eq!(report.verdict(), Verdict::Unfinished);
    assert!(report.to_string().contains("not reached"), "{report}");
}

/// A panic in the scenario is a finding at its point, and the sweep goes on.
#[test]
fn a_panic_is_a_finding() {
    let report = Sweep::new().check(
        async || (),
        async |()| suspend().await,
        async |(), cut| {
            assert!(matches!(cut, Cut::Completed(_)), "half-way at {cut}");
            Ok::<_, String>(())
        },
    );
    let left = |point: &Point| point.finding.as_ref().map(|f| f.left.clone());
    let said: Vec<_> = report.points().iter().map(left).collect();
    assert_eq!(
        said[0].as_deref(),
        Some("panicked: half-way at never polled")
    );
    assert_eq!(
        said[1].as_deref(),
        Some("panicked: half-way at suspended 1")
    );
    assert_eq!(said[3], None);
}

/// Within a runtime there is no room for another: it says what to do.
#[tokio::test]
#[should_panic = "call it from a plain #[test]"]
async fn needs_a_plain_test() {
    Sweep::new().conserved(async || (), async |()| (), async |()| ());
}

/// An operation that never suspends is no evidence.
#[test]
#[should_panic = "it never suspended"]
fn no_suspension_is_no_evidence() {
    let report = Sweep::new().conserved(async || 1, async |_: &mut i32| (), async |n| *n);
    report.assert_safe();
}

/// Time passes in a moment, and every run starts with a fresh clock and ends
/// with its tasks.
#[test]
fn every_run_is_fresh() {
    let ticks = Rc::new(Cell::new(0));
    let report = Sweep::new().check(
        async || {
            let ticks = Arc::new(Mutex::new(0));
            let counted = Arc::clone(&ticks);
            tokio::spawn(async move {
                loop {
                    sleep(Duration::from_secs(1)).await;
                    *counted.lock().await += 1;
                }
            });
            (Instant::now(), ticks)
        },
        async |_| sleep(Duration::from_secs(600)).await,
        async |(start, counted), _| {
            ticks.set(ticks.get() + *counted.lock().await);
            match start.elapsed().as_secs() {
                0 | 600 => Ok(()),
                other => Err(format!("{other} s")),
            }
        },
    );
    report.assert_safe();
    assert_eq!(ticks.get(), 2 * 600); // woken, and completed
}

/// Every operation begins with the whole budget of 128 that Tokio allows a task
/// before it has to yield.
#[test]
fn the_budget_is_whole() {
    let suspensions = |letters| {
        let report = Sweep::new().check(
            async || {
                let (sender, receiver) = mpsc::unbounded_channel();
                (0..letters).for_each(|letter| sender.send(letter).unwrap());
                receiver
            },
            async |receiver| while receiver.recv().await.is_some() {},
            async |_, _| Ok::<_, String>(()),
        );
        report.suspensions()
    };
    assert_eq!([suspensions(127), suspensions(128)], [0, 1]); // the end is a recv too
}

/// What a drip lets through at a time.
async fn sizes(input: &mut (impl AsyncRead + Unpin)) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut buffer = [0; 64];
    loop {
        match input.read(&mut buffer).await.unwrap() {
            0 => return sizes,
            count => sizes.push(count),
        }
    }
}

/// A drip is as small as it was asked to be, and the same for the same seed.
#[tokio::test]
async fn a_drip_has_its_size() {
    let text = [7; 40];
    assert_eq!(sizes(&mut Drip::new(&text[..3])).await, [1, 1, 1]);
    assert_eq!(sizes(&mut Drip::by(&text[..8], 3)).await, [3, 3, 2]);
    let seeded = sizes(&mut Drip::seeded(&text[..], 5)).await;
    assert_eq!(seeded, sizes(&mut Drip::seeded(&text[..], 5)).await);
    assert_ne!(seeded, sizes(&mut Drip::seeded(&text[..], 6)).await);
    assert_eq!(seeded.iter().sum::<usize>(), 40);
    assert!(seeded.iter().all(|size| (1..=8).contains(size)));
}

/// Writes, flushes and shutdowns suspend as well, and everything arrives.
#[test]
fn a_drip_suspends_every_write() {
    let report = Sweep::new().check(
        async || {
            let (near, far) = duplex(16);
            (Drip::new(near), far)
        },
        async |(near, _)| {
            near.write_all(b"abc").await.unwrap();
            near.flush().await.unwrap();
            near.shutdown().await.unwrap();
        },
        async |(near, mut far), cut| {
            drop(near);
            let mut text = String::new();
            far.read_to_string(&mut text).await.unwrap();
            let expected = match cut {
                Cut::Completed(_) => 3,
                cut => cut.suspensions().saturating_sub(1).min(3),
            };
            match text.len() {
                found if found == expected => Ok(()),
                found => Err(format!("{found} bytes instead of {expected}")),
            }
        },
    );
    report.assert_safe();
    assert_eq!(report.suspensions(), 5);
}

/// What closes by flushing and shutting down in one poll, again and again until
/// both are done, comes to its end.
#[test]
fn a_drip_comes_to_its_close() {
    let report = Sweep::new().recreate(
        async || Drip::new(Vec::new()),
        async |drip| {
            let mut drip = Pin::new(drip);
            drip.write_all(b"a").await.unwrap();
            let close = poll_fn(|cx| {
                ready!(drip.as_mut().poll_flush(cx))?;
                drip.as_mut().poll_shutdown(cx)
            });
            close.await.unwrap();
        },
        async |drip| vec![drip.into_inner().contains(&b'a')],
    );
    report.assert_safe();
    assert_eq!(report.suspensions(), 3);
}

/// A drip over a pipe that is full waits for the reader like the pipe itself.
#[test]
fn a_drip_waits_for_its_peer() {
    let report = Sweep::new().recreate(
        async || {
            let (near, mut far) = duplex(1);
            let reader = tokio::spawn(async move {
                let mut text = Vec::new();
                far.read_to_end(&mut text).await.unwrap();
                text
            });
            (Drip::new(near), reader)
        },
        async |(near, _)| drop(near.write(b"x").await),
        async |(near, reader)| {
            drop(near);
            reader.await.unwrap()
        },
    );
    report.assert_safe();
}

/// `hold` keeps a channel full for as long as it says, and no longer.
#[test]
fn hold_fills_a_channel() {
    let start = Instant::now;
    let report = Sweep::new().check(
        async || {
            let (sender, receiver) = mpsc::channel(1);
            let place = sender.clone().reserve_owned().await.unwrap();
            hold(place, Duration::from_millis(10));
            (sender, receiver, start())
        },
        async |(sender, ..)| sender.send(()).await.unwrap(),
        async |(_, _receiver, start), cut| match (cut, start.elapsed().as_millis()) {
            (Cut::NeverPolled | Cut::Suspended(1), 0..10) => Ok(()),
            (Cut::Woken(1) | Cut::Completed(1), 10..) => Ok(()),
            (cut, ms) => Err(format!("{cut} at {ms} ms")),
        },
    );
    report.assert_safe();
}
