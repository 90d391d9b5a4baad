//! A throw-away book, the program that serves it, and a client that sends what
//! a browser never would.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

/// How long a test waits for what must happen. A machine under load may take
/// its time; a test that passes never waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until `look` finds something.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// A book of two pages.
pub struct Book(TempDir);

impl Book {
    pub fn new() -> Self {
        let book = Self(TempDir::new().unwrap());
        book.write(
            "book.toml",
            "[book]\ntitle = \"Small\"\n[build]\ncreate-missing = false\n",
        );
        book.write(
            "src/SUMMARY.md",
            "# Summary\n\n- [One](one.md)\n- [Two](two/README.md)\n",
        );
        book.write("src/one.md", "# One\n\nthe first text\n");
        book.write("src/two/README.md", "# Two\n\nthe index of a folder\n");
        for folder in ["theme", "examples", "tests/claims", "tests/browser"] {
            fs::create_dir_all(book.path(folder)).unwrap();
        }
        book
    }

    /// The same with the page template of the real book.
    pub fn with_real_theme() -> Self {
        let book = Self::new();
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../theme");
        copy(&theme, &book.path("theme"));
        book
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Sets the time of a file and nothing else.
    pub fn touch(&self, file: &str) {
        let file = fs::File::options()
            .write(true)
            .open(self.path(file))
            .unwrap();
        file.set_modified(SystemTime::now()).unwrap();
    }

    /// A file of so many zeros in the site, too many for the system's buffers.
    pub fn write_big(&self, file: &str, bytes: u64) {
        fs::File::create(self.path(file))
            .unwrap()
            .set_len(bytes)
            .unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

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
    /// Starts it and does not wait for anything.
    pub fn launch(book: &Book, port: u16) -> Self {
        let temp = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_book"))
            .arg("--root")
            .arg(book.0.path())
            .args(["--no-open", "--port", &port.to_string()])
            .env("TMPDIR", temp.path())
            .env("RUST_LOG", "warn,book=debug")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = Lines::of(child.stdout.take().unwrap());
        let err = Lines::of(child.stderr.take().unwrap());
        Self {
            child,
            temp,
            out,
            err,
        }
    }

    /// Starts it and waits until it serves.
    pub fn start(book: &Book) -> (Self, Client) {
        let server = Self::launch(book, 0);
        let line = server.out.wait_for("http://");
        let (_, address) = line.split_once("http://").unwrap();
        (server, Client(address.parse().unwrap()))
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

/// Speaks HTTP with the server, one connection a request.
#[derive(Clone, Copy)]
pub struct Client(pub SocketAddr);

/// A response as it came over the wire.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    /// The value of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.head.lines().find(|line| line.starts_with(&start));
        line.map_or("", |line| &line[start.len()..])
    }
}

impl Client {
    pub fn connect(self) -> TcpStream {
        let stream = TcpStream::connect(self.0).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends the first lines of a request, and leaves it open.
    pub fn open(self, request: &str) -> TcpStream {
        let mut stream = self.connect();
        write!(stream, "{request}\r\nHost: {}\r\n", self.0).unwrap();
        stream
    }

    /// Sends a request with more headers, and reads the response to its end.
    pub fn ask(self, request: &str, headers: &str) -> Response {
        let mut stream = self.open(&format!("{request} HTTP/1.1"));
        write!(stream, "{headers}Connection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Response {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub fn get(self, path: &str) -> Response {
        self.ask(&format!("GET {path}"), "")
    }

    /// Listens to the events, like an open page.
    pub fn events(self) -> Events {
        let mut stream = self.open("GET /_book/live HTTP/1.1");
        stream.write_all(b"\r\n").unwrap();
        Events(BufReader::new(stream))
    }
}

/// The state that one event tells.
#[derive(Debug, PartialEq)]
pub struct State {
    pub generation: String,
    pub problem: Option<String>,
}

impl State {
    /// The number of the good build.
    pub fn number(&self) -> u64 {
        self.generation.rsplit_once('-').unwrap().1.parse().unwrap()
    }
}

/// The events of one open page.
pub struct Events(BufReader<TcpStream>);

impl Events {
    /// The next one.
    pub fn next(&mut self) -> State {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap() > 0 {
            if let Some(data) = line.strip_prefix("data: ") {
                let state: Value = serde_json::from_str(data).unwrap();
                return State {
                    generation: state["generation"].as_str().unwrap().to_owned(),
                    problem: state["problem"].as_str().map(str::to_owned),
                };
            }
            line.clear();
        }
        panic!("the stream of events ended");
    }

    /// Everything up to the end, as it came over the wire.
    pub fn rest(mut self) -> String {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).unwrap();
        rest
    }
}
