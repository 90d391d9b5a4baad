//! What the server holds of a compiler or a program that runs for it.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use super::keeper::End;

/// How long a keeper may take to end everybody. It needs a few milliseconds.
const END: Duration = Duration::from_secs(5);

/// A program under a [keeper](super::keeper).
///
/// Dropping it is enough: it lets go of the keeper's line, and the keeper ends
/// the program and all that came of it. But `Drop` cannot wait, and until they
/// have ended they may write into folders and hold their place in the world. Who
/// has to be sure calls [`close`](Self::close), which is the same and waits.
#[derive(Debug)]
pub struct Kept {
    keeper: Child,
    line: UnixStream,
    report: Vec<u8>,
}

/// The two streams of what runs.
#[derive(Debug)]
pub struct Streams {
    /// Its standard output.
    pub stdout: ChildStdout,
    /// Its standard error.
    pub stderr: ChildStderr,
}

/// How much a program may take, with all that it starts.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of memory, together.
    pub memory: u64,
    /// Processes at once.
    pub processes: usize,
}

/// A command that runs `program` under a keeper. Arguments, folder and environment
/// are the program's.
pub fn command(program: impl AsRef<OsStr>, bounds: Bounds) -> Command {
    let mut command = Command::new(this_program());
    command
        .arg("keep")
        .arg(format!("--memory={}", bounds.memory))
        .arg(format!("--processes={}", bounds.processes))
        .arg("--")
        .arg(program);
    command
}

/// This program's file. On Linux by a name that holds even after the file was
/// replaced, which `cargo build` does under a running server.
fn this_program() -> PathBuf {
    if cfg!(target_os = "linux") {
        "/proc/self/exe".into()
    } else {
        std::env::current_exe().unwrap_or_else(|_| "book".into())
    }
}

impl Kept {
    /// Starts a [`command`].
    ///
    /// # Errors
    /// When there is no process to be had for the keeper.
    pub fn start(mut command: Command) -> io::Result<(Self, Streams)> {
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let line = UnixStream::from_std(ours)?;
        let mut keeper = command
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A Ctrl-C in the terminal is for the server alone, which then decides.
            .process_group(0)
            .spawn()?;
        // The command holds the other end of the line; the keeper must be the only one.
        drop(command);
        let none = || io::Error::other("a pipe is missing");
        let stdout = keeper.stdout.take().ok_or_else(none)?;
        let stderr = keeper.stderr.take().ok_or_else(none)?;
        let kept = Self {
            keeper,
            line,
            report: Vec::new(),
        };
        Ok((kept, Streams { stdout, stderr }))
    }

    /// Waits until the program has ended, and everything that came of it.
    ///
    /// Cancel-safe: what was read of the report is kept here, and not in the
    /// future that is dropped.
    ///
    /// # Errors
    /// When the keeper is gone and has said nothing.
    pub async fn ended(&mut self) -> io::Result<End> {
        while self.line.read_buf(&mut self.report).await? > 0 {}
        let report = self.report.split(|byte| *byte == b'\n').next_back();
        serde_json::from_slice(report.unwrap_or_default()).map_err(|_| {
            io::Error::other("the process that watches over it was killed from outside")
        })
    }

    /// Ends the program, if it still runs, and waits until it is gone, with all
    /// that came of it.
    pub async fn close(mut self) {
        let _ = self.line.shutdown().await;
        let ended = timeout(END, async {
            let report = self.ended().await;
            self.keeper.wait().await.and(report)
        });
        if !matches!(ended.await, Ok(Ok(_))) {
            // Somebody has killed the keeper. The program's group is what is left
            // to hold on to.
            let _ = self.keeper.start_kill();
            if let Some(group) = self.group() {
                let _ = kill_process_group(group, Signal::KILL);
            }
        }
    }

    /// The program's process group, as the keeper has named it.
    fn group(&self) -> Option<Pid> {
        let line = self.report.split(|byte| *byte == b'\n').next()?;
        Pid::from_raw(str::from_utf8(line).ok()?.parse().ok()?)
    }
}
