//! Compiles one program: a call of rustc with what cargo would tell it, but for
//! what only slows it down.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, Command};

use super::bench::{Bench, Cut};
use super::crates::Crates;
use super::event::{Diagnostic, Event, Span, Tell};
use super::keeper::End;
use super::kept::command;
use super::limits::{self, Limit};
use super::scratch::{incremental, is_full, no_room};

/// What the system says when a disk is full.
const DISK_FULL: &str = "No space left on device";

/// What became of it.
#[derive(Debug)]
pub enum Compiled {
    /// The program's file.
    Program(PathBuf),
    /// The diagnostics say why not.
    Rejected,
    /// It took too much.
    Limited(Limit),
}

/// Compiles `source` as the program `name`, and tells the compiler's messages as
/// they come.
///
/// # Errors
/// When it is not the program's fault that there is none.
pub async fn compile(
    bench: &mut Bench,
    crates: &Crates,
    name: &str,
    source: &str,
    tell: &Tell,
) -> Result<Compiled> {
    let file = bench.put(name, source)?;
    let program = bench.folder().join(name);
    let streams = bench.start(rustc(crates, name, &file, &program))?;
    let mut messages = Messages {
        file: &file,
        tell,
        first_elsewhere: None,
        is_disk_full: false,
        is_about_the_program: false,
    };
    let read = messages.read(streams.stderr);
    let end = bench.ended(limits::COMPILE, read).await?;
    Ok(match end {
        End::Code(0) => Compiled::Program(program),
        End::Limit(limit) => Compiled::Limited(limit),
        End::Code(_) if messages.is_about_the_program => Compiled::Rejected,
        // Where it can, it says so; where it writes by way of memory, it is killed.
        End::Code(_) | End::Signal(_) if messages.is_disk_full || is_full(bench.folder()) => {
            bail!("no space is left: {}", no_room(bench.folder()))
        }
        End::Code(_) => bail!(
            "the compiler failed, and not because of the program: {}",
            messages.first_elsewhere.unwrap_or_default()
        ),
        End::Signal(signal) => bail!(
            "the compiler was killed by signal {signal}, perhaps because there was no memory left; run it again"
        ),
        End::NotStarted(_) | End::Unwanted => bail!("the compiler was ended"),
    })
}

/// Cargo's arguments for an example, but for two that make it quicker: there is no
/// debug information, which nobody reads here, and the standard library is not
/// copied into the program but found where it lies.
fn rustc(crates: &Crates, name: &str, file: &Path, program: &Path) -> Command {
    let mut rustc = command(&crates.rustc.file, limits::COMPILER);
    rustc
        .args(["--crate-name", name, "--crate-type", "bin", "--emit=link"])
        .args(["--edition", &crates.edition])
        .args(["--error-format=json", "--json=diagnostic-rendered-ansi"])
        .args(["-C", "embed-bitcode=no", "-C", "debuginfo=0"])
        .args(["-C", "prefer-dynamic", "-C"])
        .arg(flag("link-arg=-Wl,-rpath,", &crates.rustc.libraries))
        .arg("-C")
        .arg(flag("incremental=", &incremental(&crates.target)));
    for (name, library) in &crates.libraries {
        rustc
            .arg("--extern")
            .arg(flag(&format!("{name}="), library));
    }
    // They all lie together, with those that they use.
    let mut folders = crates.libraries.values().filter_map(|it| it.parent());
    if let Some(folder) = folders.next() {
        rustc.arg("-L").arg(flag("dependency=", folder));
    }
    rustc.arg("-o").arg(program).arg(file);
    rustc
}

fn flag(start: &str, path: &Path) -> OsString {
    let mut flag = OsString::from(start);
    flag.push(path);
    flag
}

/// Hands on what the compiler says.
struct Messages<'a> {
    file: &'a Path,
    tell: &'a Tell,
    is_about_the_program: bool,
    /// The first error that names no place in the program.
    first_elsewhere: Option<String>,
    is_disk_full: bool,
}

impl Messages<'_> {
    /// Reads to the end, or until it is too much. The bytes are counted too: a line
    /// is held in memory, and says everything twice.
    async fn read(&mut self, stderr: ChildStderr) -> Result<(), Cut> {
        let mut lines = BufReader::new(stderr.take(limits::OUTPUT as u64 * 8)).lines();
        let mut said = 0;
        while let Some(line) = lines.next_line().await? {
            self.is_disk_full |= line.contains(DISK_FULL);
            let Ok(message) = serde_json::from_str::<Message>(&line) else {
                // Where it breaks, it does so in plain words.
                self.first_elsewhere.get_or_insert(line);
                continue;
            };
            said += message.rendered.len();
            if said > limits::OUTPUT {
                return Err(Cut::Limit(Limit::Output));
            }
            self.hand_on(message);
        }
        match lines.get_ref().get_ref().limit() {
            0 => Err(Cut::Limit(Limit::Output)),
            _ => Ok(()),
        }
    }

    fn hand_on(&mut self, message: Message) {
        let spans: Vec<Span> = message
            .spans
            .into_iter()
            .filter_map(|span| span.of(self.file))
            .collect();
        if message.level.starts_with("error") {
            if spans.is_empty() {
                self.first_elsewhere.get_or_insert(message.message.clone());
            } else {
                self.is_about_the_program = true;
            }
        }
        self.tell.tell(Event::Diagnostic(Diagnostic {
            level: message.level,
            message: message.message,
            rendered: message.rendered,
            spans,
        }));
    }
}

/// A diagnostic as rustc writes it.
#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    rendered: String,
    spans: Vec<RustcSpan>,
}

#[derive(Deserialize)]
struct RustcSpan {
    file_name: PathBuf,
    line_start: usize,
    column_start: usize,
    line_end: usize,
    column_end: usize,
    is_primary: bool,
    label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: RustcSpan,
}

impl RustcSpan {
    /// The place in `file`; for one in a macro of elsewhere, where `file` calls it.
    fn of(self, file: &Path) -> Option<Span> {
        if self.file_name == file {
            return Some(Span {
                line: self.line_start,
                column: self.column_start,
                end_line: self.line_end,
                end_column: self.column_end,
                primary: self.is_primary,
                label: self.label,
            });
        }
        let call = self.expansion?.span.of(file)?;
        Some(Span {
            primary: self.is_primary,
            label: self.label,
            ..call
        })
    }
}
