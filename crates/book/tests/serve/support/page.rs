//! A page that runs programs: what the script of the served book does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Client, Response};

/// An open page, with the secret of the server's start.
#[derive(Clone)]
pub struct Page {
    pub client: Client,
    pub token: String,
    pub id: String,
}

impl Page {
    /// Opens a page.
    pub fn open(client: Client) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let status = status(client);
        Self {
            client,
            token: status["token"].as_str().unwrap().to_owned(),
            id: format!("page-{:08}", NEXT.fetch_add(1, Ordering::Relaxed)),
        }
    }

    /// What it asks for a run with. A test leaves some of it out.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Host", self.client.0.to_string()),
            ("Origin", format!("http://{}", self.client.0)),
            ("Run-Token", self.token.clone()),
            ("Content-Type", "application/json".to_owned()),
        ]
    }

    /// The body that asks for a run.
    pub fn body(&self, source: Option<&str>) -> String {
        json!({"page": self.id, "source": source}).to_string()
    }

    /// Asks for a run, and reads no more than that it was accepted.
    pub fn start(&self, name: &str, source: Option<&str>) -> Run {
        let mut stream = self.client.connect();
        let body = self.body(source);
        let head = head(&format!("POST /run/{name}"), &self.headers());
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut status = String::new();
        lines.read_line(&mut status).unwrap();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        Run(lines)
    }

    /// Runs a changed program to its end.
    pub fn run(&self, source: &str) -> Vec<Value> {
        self.start(PROGRAM, Some(source)).rest()
    }
}

/// The program in whose place the tests' own are run.
pub const PROGRAM: &str = "select_drops_the_loser";

/// What the server tells of its runs.
pub fn status(client: Client) -> Value {
    serde_json::from_str(&client.get("/run/status").body).unwrap()
}

/// Waits until a program can be compiled. In a fresh clone its crates have to be
/// compiled first, which takes as long as it takes.
pub fn until_ready(client: Client) {
    while status(client)["state"] == "preparing" {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(status(client)["state"], "ready");
}

/// The first lines of a request.
pub fn head(request: &str, headers: &[(&str, String)]) -> String {
    let headers = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    format!("{request} HTTP/1.1\r\n{}", headers.collect::<String>())
}

/// Sends a request as it is, and reads the response to its end.
pub fn send(client: Client, request: &str) -> Response {
    let mut stream = client.connect();
    stream.write_all(request.as_bytes()).unwrap();
    Response::read(stream)
}

/// A run that was asked for. Dropping it is what Stop does.
pub struct Run(BufReader<TcpStream>);

impl Run {
    /// The next event; `None` at the end.
    pub fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap() > 0 {
            // Each event is a chunk of the response, between lines with its size.
            if line.starts_with('{') {
                return Some(serde_json::from_str(&line).unwrap());
            }
            // The last has none.
            if line == "0\r\n" {
                return None;
            }
            line.clear();
        }
        None
    }

    /// The next event of this name.
    pub fn wait_for(&mut self, name: &str) -> Value {
        std::iter::from_fn(|| self.next())
            .find(|event| event["event"] == name)
            .unwrap_or_else(|| panic!("waited in vain for {name:?}"))
    }

    /// All that are left.
    pub fn rest(mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.next()).collect()
    }
}

/// What a program has printed to a stream.
pub fn printed(events: &[Value], stream: &str) -> String {
    let texts = events.iter().filter(|event| event["event"] == stream);
    texts.map(|event| event["text"].as_str().unwrap()).collect()
}
