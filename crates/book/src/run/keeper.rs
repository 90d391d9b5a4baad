//! The process between the server and what it runs: `book keep`.
//!
//! A program that was told to end may not listen, and what it has started may
//! have left its process group, its session and its parent. So each compiler and
//! each program gets a keeper, a small process of its own that does two things
//! and knows no exception to them:
//!
//! - When the program has ended, reached a limit, or is wanted no more, the
//!   keeper ends everything that came of it, and ends itself only after the last
//!   of them. On Linux it is their *subreaper*: whoever loses a parent becomes its
//!   child, so nobody gets away. Elsewhere, who changes both its parent and its
//!   process group does.
//! - It is wanted for as long as somebody holds the other end of its standard
//!   input, which is a socket. The system closes that when the server lets go of
//!   it: on purpose, by a panic, or because it was killed.
//!
//! The [server's side](super::kept) of it is a value whose drop is that letting go.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitOptions, WaitStatus, kill_process, kill_process_group,
    setpriority_pgrp, setrlimit, wait,
};
use serde::{Deserialize, Serialize};

use super::family::Family;
use super::limits::Limit;

/// How often the keeper looks at memory and processes.
const LOOK: Duration = Duration::from_millis(100);

/// How soon it looks again while there are more and more of them, and for those
/// that it has to end.
const SOON: Duration = Duration::from_millis(2);

/// The priority of a program that has started a good many others already. One that
/// goes on so must not keep the keeper from counting them.
const STAND_BACK: i32 = 19;

/// Becomes the program as soon as it is told to. Until then the program has a
/// process and a group, and does nothing; it never will if the keeper is gone.
const AT_A_WORD: [&str; 3] = ["-c", "read -r _ && exec \"$@\" </dev/null", "sh"];

/// What to run, and how much it may take.
#[derive(Debug, clap::Args)]
pub struct Keep {
    /// How many bytes of memory all of it may use together
    #[arg(long)]
    memory: u64,

    /// How many processes it may be at once
    #[arg(long)]
    processes: usize,

    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// How it ended, as a line of JSON on the keeper's standard input. The line before
/// it names the program's process group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// By itself, with this status.
    Code(i32),
    /// By this signal, which was not the keeper's.
    Signal(i32),
    /// At a limit.
    Limit(Limit),
    /// It never began, and this is why.
    NotStarted(String),
    /// The keeper was told that it is wanted no more.
    Unwanted,
}

enum News {
    Ended(Pid, WaitStatus),
    Unwanted,
}

/// Runs the program to its end, whichever that is, and reports it.
pub fn keep(keep: &Keep) -> ExitCode {
    let reported = report_line().and_then(|mut line| {
        let end = run(keep, &mut line).unwrap_or_else(|error| End::NotStarted(error.to_string()));
        let report = serde_json::to_string(&end)?;
        line.write_all(report.as_bytes())
    });
    match reported {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Standard input is a socket: what the keeper has to say goes the same way.
fn report_line() -> io::Result<UnixStream> {
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

fn run(keep: &Keep, line: &mut UnixStream) -> io::Result<End> {
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    limit(Resource::Core, 0)?;
    // One process alone: thread stacks count in full, touched or not.
    limit(Resource::Data, keep.memory.saturating_mul(4))?;

    let ear = line.try_clone()?;
    let mut child = Command::new("sh")
        .args(AT_A_WORD)
        .args(&keep.command)
        .stdin(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let program = Pid::from_child(&child);
    // First the server knows the group, for the case that this process is killed.
    // If there is no server any more, the word is never given.
    writeln!(line, "{program}")?;
    if let Some(mut word) = child.stdin.take() {
        writeln!(word)?;
    }

    let (sender, news) = channel();
    tell_when_unwanted(ear, sender.clone());
    let reaper = thread::spawn(move || reap(&sender));
    let mut family = Family::new();
    let end = watch(keep, program, &news, &mut family);
    // Nobody is left when nobody is left to wait for. The system ends a group at a
    // stroke: no member can start another meanwhile. Who has left it is looked for.
    while !reaper.is_finished() {
        let _ = kill_process_group(program, Signal::KILL);
        for pid in family.members() {
            let _ = kill_process(pid, Signal::KILL);
        }
        thread::sleep(SOON);
    }
    Ok(end)
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let before = rustix::process::getrlimit(resource).maximum;
    let most = Some(before.map_or(most, |before| before.min(most)));
    setrlimit(
        resource,
        Rlimit {
            current: most,
            maximum: most,
        },
    )?;
    Ok(())
}

/// Waits for the program's end, a limit, or the word that it is wanted no more.
fn watch(keep: &Keep, program: Pid, news: &Receiver<News>, family: &mut Family) -> End {
    let mut before = 1;
    let mut pause = SOON;
    loop {
        match news.recv_timeout(pause) {
            Ok(News::Ended(pid, status)) if pid == program => return ended(status),
            Ok(News::Ended(..)) => continue,
            Ok(News::Unwanted) | Err(RecvTimeoutError::Disconnected) => return End::Unwanted,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let count = family.members().len();
        if count > keep.processes {
            return End::Limit(Limit::Processes);
        }
        if family.memory() > keep.memory {
            return End::Limit(Limit::Memory);
        }
        if count > keep.processes / 4 {
            let _ = setpriority_pgrp(Some(program), STAND_BACK);
        }
        pause = if count > before { SOON } else { LOOK };
        before = count;
    }
}

fn ended(status: WaitStatus) -> End {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => End::Code(code),
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    }
}

/// The server never writes to the line. When reading from it ends, the server has
/// let go of it.
fn tell_when_unwanted(mut line: UnixStream, sender: Sender<News>) {
    thread::spawn(move || {
        let _ = line.read(&mut [0]);
        let _ = sender.send(News::Unwanted);
    });
}

/// Waits for every child, own or inherited, until there is none.
fn reap(sender: &Sender<News>) {
    loop {
        match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) => drop(sender.send(News::Ended(pid, status))),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}
