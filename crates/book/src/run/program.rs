//! Runs a compiled program and tells what it prints, when it prints it.

use std::path::Path;

use anyhow::{Result, bail};
use tokio::io::AsyncReadExt;
use tokio::time::Instant;

use super::bench::{Bench, Cut};
use super::event::{Event, Tell};
use super::keeper::End;
use super::kept::{Streams, command};
use super::limits::{self, Limit, Limits};
use super::text::Text;

/// SIGABRT, on every system.
const ABORT: i32 = 6;

/// How many bytes are read at once, at most.
const AT_A_TIME: usize = 8 << 10;

/// What Rust's standard library prints before it aborts for want of memory.
const NO_MEMORY: &str = "memory allocation of ";

/// Runs `program` to its end. `recorded` is what the book's test asserts that it
/// prints. Returns the run's last event.
///
/// # Errors
/// When it cannot be started, or was taken away from us.
pub async fn run(
    bench: &mut Bench,
    program: &Path,
    recorded: Option<&str>,
    limits: Limits,
    tell: &Tell,
) -> Result<Event> {
    let mut program = command(program, limits::PROGRAM);
    // Its frames would have no lines, and finding their names takes time.
    program.env_remove("RUST_BACKTRACE");
    let streams = bench.start(program)?;
    tell.tell(Event::Started);
    let mut printed = Printed::new(tell);
    let end = bench.ended(limits.run(), printed.read(streams)).await?;
    let ms = printed.ms();
    Ok(match end {
        End::Code(code) => Event::Exited {
            code,
            ms,
            as_recorded: code == 0
                && recorded.is_some_and(|it| it.as_bytes() == printed.stdout.all),
        },
        End::Signal(ABORT) if printed.ran_out_of_memory() => limited(limits, Limit::Memory, ms),
        End::Signal(signal) => Event::Killed {
            signal,
            message: format!("It was killed by signal {signal}{}.", name(signal)),
            ms,
        },
        End::Limit(limit) => limited(limits, limit, ms),
        End::NotStarted(_) | End::Unwanted => bail!("the program was ended"),
    })
}

fn limited(limits: Limits, limit: Limit, ms: u64) -> Event {
    Event::Limited {
        limit,
        message: limits.program_reached(limit),
        ms: Some(ms),
    }
}

/// The signals that a program can meet by its own doing.
fn name(signal: i32) -> &'static str {
    match signal {
        2 => " (SIGINT)",
        ABORT => " (SIGABRT: it aborted)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV: an invalid access to memory, or no stack left)",
        15 => " (SIGTERM)",
        _ => "",
    }
}

/// One of the two streams.
#[derive(Clone, Copy)]
enum Which {
    Stdout,
    Stderr,
}

/// What a program has printed so far. It outlives the reading, which may be
/// dropped at a limit.
struct Printed<'a> {
    tell: &'a Tell,
    started: Instant,
    stdout: Stream,
    stderr: Stream,
    room: usize,
}

/// What came out of one stream.
#[derive(Default)]
struct Stream {
    all: Vec<u8>,
    text: Text,
}

impl<'a> Printed<'a> {
    fn new(tell: &'a Tell) -> Self {
        Self {
            tell,
            started: Instant::now(),
            stdout: Stream::default(),
            stderr: Stream::default(),
            room: limits::OUTPUT,
        }
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn ran_out_of_memory(&self) -> bool {
        String::from_utf8_lossy(&self.stderr.all).contains(NO_MEMORY)
    }

    /// Reads both streams to their ends, or until it is too much.
    ///
    /// `read` is cancel-safe: the branch that loses has taken nothing out of its
    /// pipe, so it can be made anew every time round.
    async fn read(&mut self, mut streams: Streams) -> Result<(), Cut> {
        let (mut out, mut err) = (vec![0; AT_A_TIME], vec![0; AT_A_TIME]);
        let (mut more_out, mut more_err) = (true, true);
        while more_out || more_err {
            tokio::select! {
                read = streams.stdout.read(&mut out), if more_out => {
                    more_out = self.print(Which::Stdout, &out[..read?])?;
                }
                read = streams.stderr.read(&mut err), if more_err => {
                    more_err = self.print(Which::Stderr, &err[..read?])?;
                }
            }
        }
        Ok(())
    }

    /// Hands on what was read, as far as there is room for it. Whether there may be
    /// more: nothing was read at the end.
    fn print(&mut self, which: Which, bytes: &[u8]) -> Result<bool, Cut> {
        let ms = self.ms();
        let fits = bytes.len().min(self.room);
        self.room -= fits;
        let stream = match which {
            Which::Stdout => &mut self.stdout,
            Which::Stderr => &mut self.stderr,
        };
        stream.all.extend_from_slice(&bytes[..fits]);
        let text = match bytes {
            [] => stream.text.end(),
            _ => stream.text.push(&bytes[..fits]),
        };
        if let Some(text) = text {
            self.tell.tell(match which {
                Which::Stdout => Event::Stdout { text, ms },
                Which::Stderr => Event::Stderr { text, ms },
            });
        }
        if fits < bytes.len() {
            return Err(Cut::Limit(Limit::Output));
        }
        Ok(!bytes.is_empty())
    }
}
