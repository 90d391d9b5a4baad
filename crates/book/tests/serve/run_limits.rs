//! What a run may not take, and what becomes of it when it does, when it is
//! stopped, or when something breaks. Afterwards no process and no file is left,
//! and the next run works.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::support::page::{PROGRAM, Run, printed};
use super::support::runs::{self, Runs, folders, nothing_is_left, processes, root};
use super::support::{Page, Server, eventually};

/// A program that prints a line and never ends.
const ENDLESS: &str = "fn main() { println!(\"on\"); loop { std::hint::spin_loop() } }";

/// A program that the compiler is never done with.
const ENDLESS_FOR_RUSTC: &str = "#![allow(long_running_const_eval)]
    const N: u64 = { let mut n = 0; while n < u64::MAX { n += 1; } n };
    fn main() { println!(\"{N}\") }";

/// The last event of a run that was ended at a limit.
fn limited(events: &[Value], limit: &str) -> Value {
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["limit"]),
        (&json!("limited"), &json!(limit)),
        "{events:?}"
    );
    last.clone()
}

/// A program that never ends is ended when its time is over.
#[test]
fn an_endless_loop_is_ended() {
    let runs = Runs::shared();
    let events = runs.page().run(ENDLESS);
    assert_eq!(printed(&events, "stdout"), "on\n");
    let last = limited(&events, "time");
    assert_eq!(
        last["message"],
        format!(
            "It was still running after {} seconds and was ended.",
            runs::RUN_SECONDS
        )
    );
    assert!(last["ms"].as_u64().unwrap() >= runs::RUN_SECONDS * 1000);
    runs.left_nothing();
}

/// Of what is printed without end, so much arrives and no more, over both streams
/// together.
#[test]
fn endless_output_is_cut() {
    let runs = Runs::shared();
    let events = runs
        .page()
        .run("fn main() { loop { println!(\"out\"); eprintln!(\"err\"); } }");
    limited(&events, "output");
    let bytes = printed(&events, "stdout").len() + printed(&events, "stderr").len();
    assert_eq!(bytes, 256 << 10);
    runs.left_nothing();
}

/// A program that wants all memory is ended, bit by bit or at a stroke; one that
/// uses a good deal is not.
#[test]
fn too_much_memory_is_refused() {
    let runs = Runs::shared();
    let page = runs.page();
    let events =
        page.run("fn main() { let mut all = Vec::new(); loop { all.push(vec![1_u8; 1 << 20]); } }");
    limited(&events, "memory");
    let events = page.run("fn main() { println!(\"{}\", vec![1_u8; 64 << 30].len()) }");
    limited(&events, "memory");
    let events = page.run("fn main() { println!(\"{}\", vec![1_u8; 100 << 20].len()) }");
    assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
    runs.left_nothing();
}

/// A program that starts others, which start others, is ended with all of them.
#[test]
fn too_many_processes_are_ended() {
    let runs = Runs::shared();
    // 255 in all, should nobody count them.
    let source = "
        use std::{env, process::Command, thread, time::Duration};
        fn main() {
            let depth: u32 = env::args().nth(1).map_or(0, |depth| depth.parse().unwrap());
            for _ in 0..if depth < 7 { 2 } else { 0 } {
                let next = (depth + 1).to_string();
                Command::new(env::current_exe().unwrap()).arg(next).spawn().unwrap();
            }
            thread::sleep(Duration::from_secs(60));
        }";
    limited(&runs.page().run(source), "processes");
    runs.left_nothing();
}

/// What a program leaves behind when it ends is ended with it: a child, one in a
/// session of its own, and one whose parents are gone.
#[test]
fn nobody_outlives_the_program() {
    let runs = Runs::shared();
    let events = runs.page().run(
        r#"fn main() {
            let script = "sleep 600 & setsid sleep 601 & setsid sh -c 'setsid sleep 602 & setsid sleep 603 &' ; echo left";
            std::process::Command::new("sh").args(["-c", script]).status().unwrap();
        }"#,
    );
    assert_eq!(printed(&events, "stdout"), "left\n");
    assert_eq!(events.last().unwrap()["code"], 0);
    // It ended before we were told.
    assert_eq!(
        (processes(runs.pid()).len(), folders(runs.pid()).len()),
        (0, 0)
    );
    runs.left_nothing();
}

/// A page that goes away takes its run with it: in the queue, in the compiler and
/// in the program, with all that the program has started.
#[test]
fn leaving_ends_the_run() {
    let _alone = runs::alone();
    // Nobody's time is up here: what ends, ends because its page is gone.
    let (server, client) = runs::start(3600);
    let start = |source| Page::open(client).start(PROGRAM, Some(source));
    let daemon = r#"fn main() {
        std::process::Command::new("setsid").args(["sleep", "600"]).spawn().unwrap();
        println!("on");
        loop { std::thread::park() }
    }"#;
    let mut compiling = start(ENDLESS_FOR_RUSTC);
    let mut running = start(daemon);
    running.wait_for("stdout");
    compiling.wait_for("compiling");
    let mut queued = start(ENDLESS);
    assert_eq!(queued.wait_for("queued")["ahead"], 1);
    let mut last = start("fn main() {}");
    assert_eq!(last.wait_for("queued")["ahead"], 2);
    drop(queued);
    assert_eq!(last.wait_for("queued")["ahead"], 1);
    drop((compiling, running));
    assert_eq!(last.wait_for("exited")["code"], 0);
    nothing_is_left(server.pid());
    assert_eq!(start("fn main() {}").wait_for("exited")["code"], 0);
}

/// A compiler that is killed is told as what it is, and the next run compiles.
#[test]
fn a_killed_compiler_is_no_riddle() {
    let runs = Runs::shared();
    let mut run = runs.page().start(PROGRAM, Some(ENDLESS_FOR_RUSTC));
    run.wait_for("compiling");
    kill_the(&runs, |arguments| arguments[0].ends_with("rustc"));
    failed(run, "killed by signal 9");
    runs.left_nothing();
}

/// When the process that watches over a program is killed, the program is ended
/// by the server.
#[test]
fn a_killed_keeper_is_no_way_out() {
    let runs = Runs::shared();
    let mut run = runs.page().start(PROGRAM, Some(ENDLESS));
    run.wait_for("stdout");
    kill_the(&runs, |arguments| arguments.get(1) == Some(&"keep"));
    failed(run, "killed from outside");
    runs.left_nothing();
}

/// Where no folder can be made, that is said, with what to do.
#[test]
fn a_folder_that_cannot_be_had_is_told() {
    let runs = Runs::shared();
    let page = runs.page();
    page.run("fn main() {}");
    let server = format!("server-{}-", runs.pid());
    let folders = fs::read_dir(runs::scratch())
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let mut folders = folders.filter(|it| {
        it.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with(&server)
    });
    let folder = folders.next().unwrap();
    let aside = folder.with_extension("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "in the way").unwrap();
    let last = page.run("fn main() {}").pop().unwrap();
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert_eq!(last["event"], "failed", "{last}");
    let message = last["message"].as_str().unwrap();
    assert!(
        message.contains("cannot be written to; make room there"),
        "{message}"
    );
    runs.left_nothing();
}

/// Where the disk is full, that is said too. Needs a small disk of its own, which
/// not every system lets its users make.
#[test]
fn a_full_disk_is_told() {
    let _alone = runs::alone();
    let mount = "mount -t tmpfs -o size=1m none \"$0\" && exec \"$@\"";
    let scratch = runs::scratch();
    fs::create_dir_all(&scratch).unwrap();
    let in_a_small_disk = |program: &Command| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount]);
        command
            .arg(&scratch)
            .arg(program.get_program())
            .args(program.get_args());
        command
    };
    let may = in_a_small_disk(&Command::new("true")).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("not tried: this system lets nobody make a small disk");
        return;
    }
    let mut server = Server::at(&root());
    server.args(["--no-open", "--port=0"]);
    let server = Server::launch(&mut in_a_small_disk(&server));
    let client = server.serving();
    super::support::page::until_ready(client);
    let events = Page::open(client).run("#[tokio::main]\nasync fn main() {}");
    let last = events.last().unwrap();
    assert_eq!(last["event"], "failed", "{events:?}");
    assert!(
        last["message"]
            .as_str()
            .unwrap()
            .contains("no space is left"),
        "{last}"
    );
    assert_eq!(processes(server.pid()).len(), 0);
}

/// Ctrl-C ends the runs and tells their pages, those that wait included.
#[test]
fn the_end_of_the_server_ends_its_runs() {
    let _alone = runs::alone();
    let (mut server, client) = runs::start(3600);
    let mut running: Vec<_> = [ENDLESS, ENDLESS_FOR_RUSTC]
        .map(|source| Page::open(client).start(PROGRAM, Some(source)))
        .into();
    running[0].wait_for("stdout");
    running[1].wait_for("compiling");
    running.push(Page::open(client).start(PROGRAM, None));
    running[2].wait_for("queued");
    server.signal("INT");
    for run in running {
        assert_eq!(run.rest().last().unwrap()["event"], "stopped");
    }
    assert_eq!(server.end().code(), Some(0));
    nothing_is_left(server.pid());
    assert!(server.left_nothing());
}

/// A server that is killed cannot clean up. What it has run ends all the same, and
/// the next server removes the folders.
#[test]
fn a_killed_server_leaves_nothing_for_long() {
    let _alone = runs::alone();
    let (mut server, client) = runs::start(3600);
    let mut run = Page::open(client).start(PROGRAM, Some(ENDLESS));
    run.wait_for("stdout");
    server.signal("KILL");
    server.end();
    let pid = server.pid();
    eventually("the end of all processes", || {
        processes(pid).is_empty().then_some(())
    });
    assert_eq!(folders(pid).len(), 1);
    let (_next, client) = runs::start(3600);
    let events = Page::open(client).run("fn main() {}");
    assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
    assert_eq!(folders(pid).len(), 0);
}

/// Waits for the process of a run whose arguments are such, and kills it.
fn kill_the(runs: &Runs, is_such: impl Fn(&[&str]) -> bool) {
    let pid = eventually("the process to kill", || {
        processes(runs.pid()).into_iter().find(|pid| {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            is_such(&line.split('\0').collect::<Vec<_>>())
        })
    });
    let status = Command::new("sh")
        .args(["-c", &format!("kill -KILL {pid}")])
        .status();
    assert!(status.unwrap().success());
}

/// The run fails by the machine's fault, and is told why.
fn failed(run: Run, why: &str) {
    let last = run.rest().pop().unwrap();
    assert_eq!(last["event"], "failed", "{last}");
    assert!(last["message"].as_str().unwrap().contains(why), "{last}");
}
