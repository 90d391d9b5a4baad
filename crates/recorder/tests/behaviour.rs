//! What the library notes down of small programs in `tests/programs`, whose
//! copies the build script makes as it makes those of the examples.

mod story;

use std::sync::{Mutex, PoisonError};

use recorder::{Kind, Run};
use recording::What;
use story::story;

/// The recorded copies, and `PROGRAMS`.
mod programs {
    include!(concat!(env!("OUT_DIR"), "/programs.rs"));
}

/// There is one notebook per process, so only one test at a time writes.
static NOTEBOOK: Mutex<()> = Mutex::new(());

fn run(program: &str) -> Run {
    let _alone = NOTEBOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let found = programs::PROGRAMS.iter().find(|(name, _)| *name == program);
    let (_, record) = found.expect("the program is in tests/programs");
    record()
}

/// A cut reaches the outer future first, then what it awaits; the locals of
/// each follow from the innermost outwards, the last local first.
#[test]
fn a_cut_goes_inwards_and_locals_follow_outwards() {
    let story = story(&run("a_cut_goes_inwards"));
    let cut = story.iter().position(|event| event.contains("dropped"));
    assert_eq!(
        story[cut.unwrap()..],
        [
            "10 outer() dropped at 15",
            "10 inner() dropped at 20",
            "10 inner() destructor of Named",
            "10 inner() prints \"inner's\\n\"",
            "10 outer() destructor of Named",
            "10 outer() prints \"outer's second\\n\"",
            "10 outer() destructor of Named",
            "10 outer() prints \"outer's first\\n\"",
            "10 main done",
        ]
    );
}

/// A panic ends each future that it goes through, after its locals.
#[test]
fn a_panic_ends_what_it_goes_through() {
    let story = story(&run("a_task_panics"));
    let again = story.iter().rposition(|event| event == "0 outer() polled");
    assert_eq!(
        story[again.unwrap()..],
        [
            "0 outer() polled",
            "0 inner() polled",
            "0 inner() destructor of Cleanup",
            "0 inner() panicked",
            "0 outer() panicked",
            "0 main woken",
            "0 main polled",
            "0 main prints \"true\\n\"",
            "0 main done",
        ]
    );
}

/// A body that a stream calls and keeps has a lane that outlives the `next()`
/// that polled it, and is dropped with the stream.
#[test]
fn what_a_stream_keeps_is_not_dropped_with_next() {
    let run = run("a_stream_keeps_it");
    assert_eq!(
        story(&run),
        [
            "0 main polled",
            "0 async closure polled",
            "0 async closure suspended at 16",
            "0 main suspended at 21",
            "10 main woken",
            "10 main polled",
            "10 async closure polled",
            "10 async closure suspended at 16",
            "10 main prints \"true\\n\"",
            "10 async closure polled",
            "10 async closure suspended at 16",
            "10 main suspended at 22",
            "20 main woken",
            "20 main polled",
            "20 async closure polled",
            "20 async closure destructor of Pen",
            "20 async closure done",
            "20 main prints \"Some(1)\\n\"",
            "20 async closure polled",
            "20 async closure suspended at 16",
            "20 main suspended at 23",
            "30 main woken",
            "30 main polled",
            "30 async closure polled",
            "30 async closure suspended at 16",
            "30 async closure dropped at 16",
            "30 async closure destructor of Pen",
            "30 main done",
        ]
    );
    let lanes: Vec<Kind> = run.futures.iter().map(|seen| seen.kind).collect();
    assert_eq!(lanes, [Kind::Main, Kind::Body, Kind::Body]);
}

/// A future that nobody polls is made, and dropped at no line.
#[test]
fn a_future_that_is_never_polled_does_nothing() {
    assert_eq!(
        story(&run("never_polled")),
        [
            "0 main polled",
            "0 greet() made",
            "0 main prints \"nothing yet\\n\"",
            "0 greet() dropped",
            "0 main done",
        ]
    );
}

/// A timer wakes its task by nobody's hand, a sender by the sender's.
#[test]
fn a_wake_up_names_whose_code_did_it() {
    assert_eq!(
        story(&run("who_wakes_whom")),
        [
            "0 main polled",
            "0 tell(teller) made",
            "0 main suspended at 14",
            "0 tell(teller) polled",
            "0 tell(teller) suspended at 6",
            "5 tell(teller) woken",
            "5 tell(teller) polled",
            "5 main woken by tell(teller)",
            "5 tell(teller) done",
            "5 main polled",
            "5 main done",
        ]
    );
}

/// A task that outlives `main` is dropped when its runtime shuts down.
#[test]
fn the_shutdown_is_recorded() {
    let story = story(&run("dropped_at_shutdown"));
    let last = story.iter().position(|event| event.contains("main ends"));
    assert_eq!(
        story[last.unwrap()..],
        [
            "0 main prints \"main ends\\n\"",
            "0 main done",
            "0 watch() dropped at 11",
            "0 watch() destructor of Flag",
            "0 watch() prints \"lowered\\n\"",
        ]
    );
}

/// What two tasks do is told in the order in which they did it, each by itself.
#[test]
fn two_tasks_are_told_apart() {
    let run = run("two_tasks_take_turns");
    let of = |number| move |event: &&recording::Event| event.of == Some(number);
    let printed = |number| -> Vec<&str> {
        let its_own = run.events.iter().filter(of(number));
        let texts = its_own.filter_map(|event| match &event.what {
            What::Printed { text, .. } => Some(text.trim()),
            _ => None,
        });
        texts.collect()
    };
    assert_eq!(run.stdout(), "a 1\nb 1\na 2\nb 2\n");
    assert_eq!(printed(1), ["a 1", "a 2"]);
    assert_eq!(printed(2), ["b 1", "b 2"]);
}

/// While one of two joined futures goes on, their parent is still suspended at
/// the macro, whichever was polled last.
#[test]
fn a_join_is_a_place_until_all_are_done() {
    let run = run("one_of_two_is_joined");
    let suspended = run.events.iter().filter_map(|event| match event.what {
        What::Suspended { line, .. } if event.of == Some(0) => Some((event.at, line)),
        _ => None,
    });
    let suspended: Vec<_> = suspended.collect();
    assert_eq!(suspended, [(0, Some(10)), (1, Some(10))]);
}

/// `abort` asks, and the task is dropped when the runtime gets to it.
#[test]
fn an_aborted_task_is_dropped_later() {
    let story = story(&run("aborted"));
    let asked = story.iter().position(|event| event.contains("asked"));
    assert_eq!(
        story[asked.unwrap()..],
        [
            "0 main prints \"asked\\n\"",
            "0 main suspended at 11",
            "0 wait() dropped at 2",
            "0 main woken",
            "0 main polled",
            "0 main prints \"true\\n\"",
            "0 main done",
        ]
    );
}

/// A `main` that makes its runtime gets one with a paused clock, and what it
/// blocks on is the first future; afterwards it acts as nobody.
#[test]
fn a_plain_main_is_recorded_around_its_runtime() {
    let run = run("makes_its_runtime");
    assert_eq!(
        story(&run),
        [
            "0 async block polled",
            "0 async block suspended at 7",
            "60000 async block woken",
            "60000 async block polled",
            "60000 async block done",
            "60000 nobody prints \"an hour or so\\n\"",
        ]
    );
    assert_eq!(run.futures[0].kind, Kind::Main);
}

/// The rewriting leaves what a program does as it is, whatever it is made of.
#[test]
fn a_copy_prints_what_the_program_prints() {
    assert_eq!(
        run("every_construct").stdout(),
        "chains: 8\nsecond: 7, true\nfirst: 7\nneither: 0\n\
         joined: (Ok(2), 5), Err(\"it failed\")\nclosures: Ok(8), spawned: Some(6)\n\n"
    );
}
