//! `tokio::process` and `tokio::signal`.

use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::Arc;

use cancel_sweep::{Cut, Finding, Report, Sweep, Verdict, suspend};
use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdin, Command};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::row::{Docs, Row, Word};

/// A shell that runs `script`, with a friend at the other end of its standard
/// input who says "tea" once asked to, and keeps what the script says there.
struct Kettle {
    command: Command,
    ask: Arc<Notify>,
    friend: JoinHandle<String>,
}

fn kettle(script: &str) -> Kettle {
    let (mut line, stdin) = UnixStream::pair().unwrap();
    let stdin = stdin.into_std().unwrap();
    stdin.set_nonblocking(false).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", script]).stdin(OwnedFd::from(stdin));
    let ask = Arc::new(Notify::new());
    let asked = Arc::clone(&ask);
    let friend = tokio::spawn(async move {
        asked.notified().await;
        let mut answer = String::new();
        let _ = line.write_all(b"tea\n").await;
        let _ = line.read_to_string(&mut answer).await;
        answer
    });
    Kettle {
        command,
        ask,
        friend,
    }
}

/// Cuts `call` before the friend has said a word; does the script answer it?
fn answering(call: impl AsyncFn(&mut Command)) -> Report {
    Sweep::new().real_clock().check(
        async || kettle("read word; echo \"$word is ready\" >&0"),
        async |kettle| {
            kettle.ask.notify_one();
            call(&mut kettle.command).await;
        },
        async |kettle, cut| {
            drop(kettle.command); // it holds a copy of the script's end
            if cut != Cut::Suspended(1) {
                return Ok(());
            }
            match kettle.friend.await.unwrap().as_str() {
                "" => Ok(()),
                answer => Err(format!("it still answered: {answer}")),
            }
        },
    )
}

/// The script waits for a word, which comes only after the cut, and answers it.
#[test]
fn command_status() {
    let row = Row {
        api: "tokio::process::Command::status",
        page: "tokio/process/struct.Command.html#method.status",
        verdict: Word::GoesOn,
        left: "The process ran on and answered, even when the future had never been polled: the call itself had started it.",
        docs: Docs::Says("will kill the child if [`kill_on_drop`] is set to true"),
        source: "tokio/src/process/mod.rs",
        instead: "Set `kill_on_drop(true)`, and the process dies with the future.",
        suspensions: 1,
    };
    row.holds(&answering(async |command| {
        command.status().await.unwrap();
    }));
    let never_polled = answering(async |command| {
        let status = command.status();
        suspend().await;
        status.await.unwrap();
    });
    assert_eq!(never_polled.verdict(), Verdict::Broken, "{never_polled}");
    let killed = answering(async |command| {
        command.kill_on_drop(true).status().await.unwrap();
    });
    assert_eq!(killed.verdict(), Verdict::Safe, "{killed}");
}

/// The script waits for a word, which comes only after the cut, and answers it.
#[test]
fn command_output() {
    let row = Row {
        api: "tokio::process::Command::output",
        page: "tokio/process/struct.Command.html#method.output",
        verdict: Word::GoesOn,
        left: "The process ran on and answered, even when the future had never been polled: the call itself had started it.",
        docs: Docs::Says("will kill the child if [`kill_on_drop`] is set to true"),
        source: "tokio/src/process/mod.rs",
        instead: "Set `kill_on_drop(true)`, and the process dies with the future.",
        suspensions: 1,
    };
    row.holds(&answering(async |command| {
        command.output().await.unwrap();
    }));
    let never_polled = answering(async |command| {
        let output = command.output();
        suspend().await;
        output.await.unwrap();
    });
    assert_eq!(never_polled.verdict(), Verdict::Broken, "{never_polled}");
    let killed = answering(async |command| {
        command.kill_on_drop(true).output().await.unwrap();
    });
    assert_eq!(killed.verdict(), Verdict::Safe, "{killed}");
}

/// The call owns the child and its pipes: they go down together.
#[test]
fn child_wait_with_output() {
    let row = Row {
        api: "tokio::process::Child::wait_with_output",
        page: "tokio/process/struct.Child.html#method.wait_with_output",
        verdict: Word::LosesData,
        left: "The `Child` and its pipe went with the future, and so did all it printed; nothing was left to `wait` for.",
        docs: Docs::Silent,
        source: "tokio/src/process/mod.rs",
        instead: "Read its pipes in a task of their own and [`wait`](#tokio-process-child-wait) for it by reference.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().recreate(
        async || {
            let mut kettle = kettle("echo water; read word; echo $word");
            let child = kettle.command.stdout(Stdio::piped()).spawn().unwrap();
            (kettle, Some(child), String::new())
        },
        async |(kettle, child, printed)| {
            kettle.ask.notify_one();
            if let Some(child) = child.take() {
                let output = child.wait_with_output().await.unwrap();
                *printed = String::from_utf8(output.stdout).unwrap();
            }
        },
        async |(_, _, printed)| printed.lines().map(str::to_owned).collect(),
    );
    row.holds(&report);
}

/// A child that ends with 7 once its standard input has ended.
fn seven() -> Child {
    let mut command = Command::new("sh");
    let command = command.args(["-c", "cat; exit 7"]).stdin(Stdio::piped());
    command.spawn().unwrap()
}

/// The child ends when its standard input does, which `wait` closes.
#[test]
fn child_wait() {
    let row = Row {
        api: "tokio::process::Child::wait",
        page: "tokio/process/struct.Child.html#method.wait",
        verdict: Word::Safe,
        left: "The next `wait` had the exit status; the child's standard input had been closed at the first poll.",
        docs: Docs::Says("This function is cancel safe."),
        source: "tokio/src/process/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let build = async || (seven(), Vec::new());
    let operation = async |(child, codes): &mut (Child, Vec<_>)| {
        codes.push(child.wait().await.unwrap().code());
    };
    let sweep = Sweep::new().real_clock();
    let report = sweep.recreate(build, operation, async |(mut child, mut codes)| {
        codes.push(child.wait().await.unwrap().code());
        codes
    });
    row.holds(&report);
    let stdin = sweep.check(build, operation, async |(child, _), cut| {
        let open = child.stdin.is_some();
        match open == (cut == Cut::NeverPolled) {
            true => Ok(()),
            false => Err(format!("its standard input is open: {open}")),
        }
    });
    stdin.assert_safe();
}

/// The signal is sent at the first poll; what may be cut is the wait for the end.
#[test]
fn child_kill() {
    let row = Row {
        api: "tokio::process::Child::kill",
        page: "tokio/process/struct.Child.html#method.kill",
        verdict: Word::Safe,
        left: "The child was killed at the first poll, cut or not, and the next `kill` and `wait` found it dead.",
        docs: Docs::Silent,
        source: "tokio/src/process/mod.rs",
        instead: "",
        suspensions: 1,
    };
    let build = async || {
        let mut child = seven();
        let stdin = child.stdin.take();
        (child, stdin, Vec::new())
    };
    let operation = async |(child, _, killed): &mut (Child, Option<ChildStdin>, Vec<_>)| {
        child.kill().await.unwrap();
        killed.push(None);
    };
    let sweep = Sweep::new().real_clock();
    let report = sweep.recreate(build, operation, async |(mut child, _, mut killed)| {
        killed.push(child.wait().await.unwrap().signal());
        killed
    });
    row.holds(&report);
    let once = sweep.check(build, operation, async |(mut child, stdin, _), cut| {
        if cut == Cut::NeverPolled {
            return Ok(());
        }
        let status = child.wait().await.unwrap();
        drop(stdin);
        status.signal().map(drop).ok_or("it was not killed")
    });
    once.assert_safe();
}

/// Sends ourselves a signal, which something must already listen for.
fn raise(name: &str) {
    let command = format!("kill -{name} {}", std::process::id());
    let mut shell = std::process::Command::new("sh");
    assert!(shell.args(["-c", &command]).status().unwrap().success());
}

/// Raises a signal once asked to.
fn raising(name: &'static str) -> Arc<Notify> {
    let ask = Arc::new(Notify::new());
    let asked = Arc::clone(&ask);
    tokio::spawn(async move {
        asked.notified().await;
        raise(name);
    });
    ask
}

/// A signal comes while the call waits; later come two before anyone looks.
#[test]
fn signal_recv() {
    let row = Row {
        api: "tokio::signal::unix::Signal::recv",
        page: "tokio/signal/unix/struct.Signal.html#method.recv",
        verdict: Word::Safe,
        left: "The signal waited in the `Signal` for the next `recv`; two that waited counted as one, cut or not.",
        docs: Docs::Says("then it is guaranteed that no signal is lost"),
        source: "tokio/src/signal/unix.rs",
        instead: "",
        suspensions: 1,
    };
    let listen = || signal(SignalKind::user_defined1()).unwrap();
    let report = Sweep::new().real_clock().recreate(
        async || (listen(), raising("USR1"), Vec::new()),
        async |(signal, ask, heard): &mut (Signal, Arc<Notify>, Vec<_>)| {
            ask.notify_one();
            signal.recv().await;
            heard.push("one");
        },
        async |(mut signal, _, mut heard)| {
            let mut witness = listen();
            for _ in 0..2 {
                raise("USR1");
                witness.recv().await; // by now it has reached every `Signal`
            }
            heard.extend(signal.recv().now_or_never().map(|_| "two"));
            assert_eq!(signal.recv().now_or_never(), None, "two are not one");
            heard
        },
    );
    row.holds(&report);
}

/// Each `ctrl_c` begins to listen at its first poll, and is deaf to what came before.
#[test]
fn ctrl_c() {
    let row = Row {
        api: "tokio::signal::ctrl_c",
        page: "tokio/signal/fn.ctrl_c.html",
        verdict: Word::LosesData,
        left: "The signal went to the future that was dropped, or to nobody; the next `ctrl_c` did not hear of it.",
        docs: Docs::Silent,
        source: "tokio/src/signal/ctrl_c.rs",
        instead: "Make one `signal(SignalKind::interrupt())` before the loop, and call its [`recv`](#tokio-unix-signal-recv); or pin one `ctrl_c` future outside of the loop.",
        suspensions: 1,
    };
    let report = Sweep::new().real_clock().check(
        async || {
            let witness = signal(SignalKind::interrupt()).unwrap();
            (witness, raising("INT"))
        },
        async |(_, ask)| {
            ask.notify_one();
            tokio::signal::ctrl_c().await.unwrap();
        },
        async |(mut witness, _), cut| {
            if matches!(cut, Cut::NeverPolled | Cut::Completed(_)) {
                return Ok(());
            }
            witness.recv().await; // it has been raised, and heard by all
            let again = tokio::signal::ctrl_c().now_or_never();
            let lost = Finding::new(Verdict::LosesData, "only the witness heard it");
            again.map(drop).ok_or(lost)
        },
    );
    row.holds(&report);
}
