//! The program itself, and what it prints.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use tempfile::TempDir;

use super::{Book, Client, PATIENCE, eventually};

/// What the program prints, line by line.
pub struct Lines(Receiver<String>);

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            lines.for_each(|line| drop(sender.send(line)));
        });
        Self(lines)
    }

    /// The next line that contains `text`.
    pub fn wait_for(&self, text: &str) -> String {
        let start = Instant::now();
        while let Ok(line) = self
            .0
            .recv_timeout(PATIENCE.saturating_sub(start.elapsed()))
        {
            if line.contains(text) {
                return line;
            }
        }
        panic!("waited in vain for a line with {text:?}");
    }

    /// Forgets what was printed so far.
    pub fn drain(&self) {
        self.0.try_iter().for_each(drop);
    }

    /// Everything up to the end of the program.
    pub fn rest(&self) -> String {
        self.0.iter().collect::<Vec<_>>().join("\n")
    }
}

/// The program, started on a book, with a folder of its own for temporary
/// files.
pub struct Server {
    child: Child,
    temp: TempDir,
    pub out: Lines,
    pub err: Lines,
}

impl Server {
    /// The command that serves a book, without an address and with a browser.
    pub fn command(book: &Book) -> Command {
        Self::at(&book.path(""))
    }

    /// The same for the book in this folder.
    pub fn at(root: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_book"));
        command.arg("--root").arg(root);
        command
    }

    /// Runs a command and does not wait for anything.
    pub fn launch(command: &mut Command) -> Self {
        let temp = TempDir::new().unwrap();
        command
            .env("RUST_LOG", "warn,book=debug")
            .env("TMPDIR", temp.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = Lines::of(child.stdout.take().unwrap());
        let err = Lines::of(child.stderr.take().unwrap());
        Self {
            child,
            temp,
            out,
            err,
        }
    }

    /// Serves a book at a free port, and waits until it does.
    pub fn start(book: &Book) -> (Self, Client) {
        let mut command = Self::command(book);
        let server = Self::launch(command.args(["--no-open", "--port", "0"]));
        let client = server.serving();
        (server, client)
    }

    /// Waits until it serves.
    pub fn serving(&self) -> Client {
        let line = self.out.wait_for("Serving the book at http://");
        let (_, address) = line.split_once("http://").unwrap();
        Client(address.parse().unwrap())
    }

    /// The folders of the sites it holds at this moment.
    pub fn sites(&self) -> Vec<PathBuf> {
        let workspaces = list(self.temp.path());
        workspaces.iter().flat_map(|folder| list(folder)).collect()
    }

    /// Waits until it has seen and built everything that was saved so far: until
    /// it has looked twice, and found nothing new. (The first look may have
    /// begun before the last save.)
    pub fn settle(&self, book: &Book) {
        self.err.drain();
        let mut quiet = 0;
        while quiet < 2 {
            book.touch("src/SUMMARY.md");
            let line = self.err.wait_for("changed files: ");
            quiet = if line.ends_with("changed files: 0") {
                quiet + 1
            } else {
                0
            };
        }
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether all its temporary files are gone.
    pub fn left_nothing(&self) -> bool {
        list(self.temp.path()).is_empty()
    }

    /// Sends a signal, by its name without SIG.
    pub fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &command]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        eventually("the end of the server", || self.child.try_wait().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is in a folder; nothing when it is gone.
fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}
