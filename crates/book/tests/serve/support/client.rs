//! HTTP by hand, over a plain connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::PATIENCE;

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
    /// Reads it to its end, which is that of the connection.
    pub fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

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
        Response::read(stream)
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
