//! What a page gets that runs a program.

use std::fs;

use serde_json::{Value, json};

use super::support::page::{PROGRAM, printed, status};
use super::support::runs::{self, Runs, nothing_is_left, root};
use super::support::{Book, Page, Server};

/// The names of the events, in order.
fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

/// A program of the book prints what its test asserts, and the page is told so. A
/// changed one that prints the same does too; one that prints something else does
/// not.
#[test]
fn a_program_prints_what_is_recorded() {
    let runs = Runs::shared();
    let page = runs.page();
    let events = page.start(PROGRAM, None).rest();
    assert_eq!(names(&events), ["compiling", "started", "stdout", "exited"]);
    let recorded = root().join(format!("tests/outputs/{PROGRAM}.txt"));
    let recorded = fs::read_to_string(recorded).unwrap();
    assert_eq!(printed(&events, "stdout"), recorded);
    assert_eq!(
        (&events[3]["code"], &events[3]["as_recorded"]),
        (&json!(0), &json!(true))
    );
    for (printed, as_recorded) in [(recorded, true), ("else".to_owned(), false)] {
        let events = page.run(&format!("fn main() {{ print!({printed:?}) }}"));
        assert_eq!(
            events.last().unwrap()["as_recorded"],
            as_recorded,
            "{events:?}"
        );
    }
    runs.left_nothing();
}

/// A page is told what is printed while it is printed, with the time, on both
/// streams; also half a line. A character that comes in two parts arrives whole.
#[test]
fn output_comes_as_it_is_printed() {
    let runs = Runs::shared();
    // It goes on only after the file is gone: when the page has seen the first part.
    let gate = tempfile::NamedTempFile::new().unwrap();
    let source = format!(
        r#"
        use std::io::Write;
        fn main() {{
            let mut out = std::io::stdout();
            out.write_all(b"half \xE2\x82").unwrap();
            out.flush().unwrap();
            while std::fs::exists({:?}).unwrap() {{ std::thread::yield_now(); }}
            out.write_all(b"\xAC and the rest\n").unwrap();
            eprintln!("and an error");
        }}"#,
        gate.path()
    );
    let page = runs.page();
    let mut run = page.start(PROGRAM, Some(&source));
    let first = run.wait_for("stdout");
    assert_eq!(first["text"], "half ");
    drop(gate);
    let events = run.rest();
    assert_eq!(printed(&events, "stdout"), "€ and the rest\n");
    assert_eq!(printed(&events, "stderr"), "and an error\n");
    let times: Vec<u64> = events
        .iter()
        .filter_map(|event| event["ms"].as_u64())
        .collect();
    assert!(
        first["ms"].as_u64().unwrap() <= times[0] && times.is_sorted(),
        "{times:?}"
    );
    runs.left_nothing();
}

/// What does not compile is told as rustc tells it, with the lines of what was
/// sent, also when the place is inside a macro of another crate; warnings come
/// with a program that runs.
#[test]
fn a_compiler_error_names_its_line() {
    let runs = Runs::shared();
    let page = runs.page();
    let events = page.run("fn main() {\n    let n: u32 =\n        \"text\";\n}\n");
    assert_eq!(names(&events)[..2], ["compiling", "diagnostic"]);
    let error = &events[1];
    assert_eq!(
        (&error["level"], &error["message"]),
        (&json!("error"), &json!("mismatched types"))
    );
    let rendered = error["rendered"].as_str().unwrap();
    assert!(
        rendered.contains(&format!("examples/{PROGRAM}.rs:3:9")),
        "{rendered}"
    );
    assert!(rendered.contains("\u{1b}["), "no colours: {rendered}");
    let span = &error["spans"][0];
    assert_eq!(
        [
            &span["line"],
            &span["column"],
            &span["end_line"],
            &span["end_column"]
        ],
        [3, 9, 3, 15]
    );
    assert_eq!(
        (&span["primary"], &span["label"]),
        (&json!(true), &json!("expected `u32`, found `&str`"))
    );
    assert_eq!(events.last().unwrap()["event"], "rejected");

    let events = page.run("#[tokio::main]\nasync fn main() {\n    tokio::join!(1);\n}\n");
    let spans = events
        .iter()
        .filter_map(|event| event["spans"].as_array())
        .flatten();
    assert!(
        spans
            .clone()
            .any(|span| span["line"] == 3 && span["primary"] == true),
        "{events:?}"
    );

    let events = page.run("fn main() { let unused = 1; }");
    assert_eq!(
        (&events[1]["event"], &events[1]["level"]),
        (&json!("diagnostic"), &json!("warning"))
    );
    assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
    runs.left_nothing();
}

/// A panic, an exit status and an abort are told as what they are.
#[test]
fn each_end_is_told() {
    let runs = Runs::shared();
    let page = runs.page();
    let events = page.run("fn main() {\n    panic!(\"on purpose\")\n}");
    let place = format!("panicked at examples/{PROGRAM}.rs:2:5:\non purpose");
    assert!(printed(&events, "stderr").contains(&place), "{events:?}");
    assert_eq!(events.last().unwrap()["code"], 101);

    let events = page.run("fn main() { std::process::exit(3) }");
    assert_eq!(events.last().unwrap()["code"], 3);

    let last = page
        .run("fn main() { std::process::abort() }")
        .pop()
        .unwrap();
    assert_eq!(
        (&last["event"], &last["signal"]),
        (&json!("killed"), &json!(6))
    );
    assert!(last["message"].as_str().unwrap().contains("SIGABRT"));
    runs.left_nothing();
}

/// Nobody types anything: a program that reads finds the end at once.
#[test]
fn standard_input_is_empty() {
    let runs = Runs::shared();
    let source = "fn main() { println!(\"{:?}\", std::io::read_to_string(std::io::stdin())) }";
    let events = runs.page().run(source);
    assert_eq!(printed(&events, "stdout"), "Ok(\"\")\n");
    runs.left_nothing();
}

/// Programs can use what the book's own can, and those that must not compile are
/// there to be mended.
#[test]
fn the_books_crates_are_there() {
    let runs = Runs::shared();
    let page = runs.page();
    let source =
        "use {async_executor as _, cancel_sweep as _, futures as _, tokio as _, tokio_util as _};
        fn main() {}";
    assert_eq!(names(&page.run(source)), ["compiling", "started", "exited"]);
    let events = page.start("await_in_drop", None).rest();
    assert_eq!(events.last().unwrap()["event"], "rejected");
    let events = page.start("await_in_drop", Some("fn main() {}")).rest();
    assert_eq!(events.last().unwrap()["event"], "exited");
    runs.left_nothing();
}

/// A second run of a page takes the place of the first, and begins after it has
/// ended. Runs of other pages are left alone.
#[test]
fn a_page_has_one_run() {
    let runs = Runs::shared();
    let endless = "fn main() { println!(\"on\"); loop { std::thread::park() } }";
    let (page, other) = (runs.page(), runs.page());
    let mut first = page.start(PROGRAM, Some(endless));
    let mut others = other.start(PROGRAM, Some(endless));
    first.wait_for("stdout");
    others.wait_for("stdout");
    let second = page.run("fn main() { println!(\"instead\") }");
    assert_eq!(printed(&second, "stdout"), "instead\n");
    assert_eq!(names(&first.rest()), ["replaced"]);
    assert_eq!(names(&others.rest()), ["limited"]);
    runs.left_nothing();
}

/// Fifty pages ask at once. Two run at a time; the others are told how many come
/// before them, fewer and fewer, and all of them have their turn.
#[test]
fn fifty_runs_wait_for_each_other() {
    let runs = Runs::shared();
    let present = tempfile::tempdir().unwrap();
    let source = format!(
        "use std::{{fs, process, thread, time::Duration}};
        fn main() {{
            let folder = {:?};
            let me = format!(\"{{folder}}/{{}}\", process::id());
            fs::write(&me, \"\").unwrap();
            println!(\"{{}}\", fs::read_dir(folder).unwrap().count());
            thread::sleep(Duration::from_millis(10));
            fs::remove_file(me).unwrap();
        }}",
        present.path().to_str().unwrap()
    );
    let asked: Vec<_> = (0..50)
        .map(|_| runs.page().start(PROGRAM, Some(&source)))
        .collect();
    for run in asked {
        let events = run.rest();
        let ahead = events.iter().filter_map(|event| event["ahead"].as_u64());
        assert!(
            ahead.is_sorted_by(|before, after| before > after),
            "{events:?}"
        );
        assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
        let at_once: usize = printed(&events, "stdout").trim().parse().unwrap();
        assert!(at_once <= 2, "{at_once} at once");
    }
    runs.left_nothing();
}

/// Whoever comes third is told that one has to end first.
#[test]
fn the_third_is_told_its_place() {
    let _alone = runs::alone();
    // Nobody's time is up while the third asks.
    let (server, client) = runs::start(3600);
    let start = |source| Page::open(client).start(PROGRAM, Some(source));
    let endless = "fn main() { println!(\"on\"); loop { std::thread::park() } }";
    let mut running: Vec<_> = (0..2).map(|_| start(endless)).collect();
    running
        .iter_mut()
        .for_each(|run| drop(run.wait_for("stdout")));
    let mut third = start("fn main() {}");
    assert_eq!(
        third.next().unwrap(),
        json!({"event": "queued", "ahead": 1})
    );
    running.pop();
    assert_eq!(names(&third.rest()), ["compiling", "started", "exited"]);
    drop(running);
    nothing_is_left(server.pid());
}

/// The status tells the limits, and that the crates are ready; of a book without
/// crates, why they are not.
#[test]
fn the_status_is_told() {
    let runs = Runs::shared();
    let told = status(runs.page().client);
    assert_eq!(told["state"], "ready");
    assert_eq!(told["limits"]["source_bytes"], 65536);
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    let broken = super::support::eventually("it is told", || {
        let told = status(client);
        (told["state"] == "broken").then_some(told)
    });
    assert!(broken["message"].as_str().unwrap().contains("Cargo.toml"));
    assert_ne!(told["token"], broken["token"]);
}
