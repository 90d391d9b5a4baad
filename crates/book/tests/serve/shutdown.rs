//! How the server ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::support::{Book, Client, Server, eventually};

/// How long the end may take, whatever hangs. It takes a good second.
const BOUND: Duration = Duration::from_secs(5);

/// Ctrl-C and SIGTERM end it with code 0 and leave nothing behind. An open page
/// does not hold it up: its stream of events is brought to its proper end.
#[test]
fn a_signal_ends_it_gracefully() {
    for signal in ["INT", "TERM"] {
        let book = Book::new();
        let (mut server, client) = Server::start(&book);
        let mut events = client.events();
        events.next();
        server.signal(signal);
        let rest = events.rest();
        assert!(
            rest.ends_with("\r\n0\r\n\r\n"),
            "{signal}: cut off at {rest:?}"
        );
        assert_eq!(server.end().code(), Some(0), "{signal}");
        assert!(server.left_nothing(), "{signal}");
    }
}

/// A build that hangs cannot be cancelled. It holds up neither the streams nor,
/// for more than a short while, the end.
#[test]
fn a_hanging_build_is_left_behind() {
    let book = Book::new();
    let (mut server, client) = Server::start(&book);
    let mut events = client.events();
    events.next();
    book.hang("src/one.md");
    eventually("the build has begun", || {
        (server.sites().len() == 2).then_some(())
    });
    let start = Instant::now();
    server.signal("INT");
    let rest = events.rest();
    assert!(rest.ends_with("\r\n0\r\n\r\n"), "cut off at {rest:?}");
    assert_eq!(server.end().code(), Some(0));
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    assert!(server.left_nothing());
}

/// The same holds for the first build.
#[test]
fn a_hanging_first_build_is_left_behind() {
    let book = Book::new();
    book.hang("src/one.md");
    let mut server = Server::launch(Server::command(&book).args(["--no-open", "--port", "0"]));
    eventually("the build has begun", || {
        (!server.sites().is_empty()).then_some(())
    });
    let start = Instant::now();
    server.signal("INT");
    assert_eq!(server.end().code(), Some(0));
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    assert!(server.left_nothing());
    assert!(!server.out.rest().contains("Serving"));
}

/// A request that hangs, in its head or because nobody reads the answer, holds
/// it up for a short while and no longer.
#[test]
fn a_hanging_request_is_cut() {
    let book = Book::new();
    book.write_big("src/big.bin", 32 << 20);
    let (mut server, client) = Server::start(&book);
    let mut events = client.events();
    events.next();
    let _half_a_head = client.open("GET / HTTP/1.1");
    let _unread = download(client);
    let start = Instant::now();
    server.signal("INT");
    assert_eq!(server.end().code(), Some(0));
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    assert!(server.left_nothing());
}

/// A request in flight is answered to its end.
#[test]
fn a_request_in_flight_is_answered() {
    const SIZE: usize = 8 << 20;
    let book = Book::new();
    book.write_big("src/big.bin", SIZE as u64);
    let (mut server, client) = Server::start(&book);
    let mut answer = download(client);
    server.signal("INT");
    wait_until_closed(client);
    let mut rest = Vec::new();
    answer.read_to_end(&mut rest).unwrap();
    assert!(rest.len() > SIZE, "only {} bytes", rest.len());
    assert_eq!(server.end().code(), Some(0));
}

/// A second Ctrl-C does not wait for what hangs. A machine under load may need
/// as long for anything as the first would have waited; then it tries again.
#[test]
fn a_second_signal_ends_it_at_once() {
    let ended_early = (0..5).any(|_| {
        let book = Book::new();
        book.write_big("src/big.bin", 32 << 20);
        let (mut server, client) = Server::start(&book);
        let _unread = download(client);
        let start = Instant::now();
        server.signal("INT");
        wait_until_closed(client);
        server.signal("INT");
        assert_eq!(server.end().code(), Some(0));
        assert!(server.left_nothing());
        start.elapsed() < Duration::from_millis(900)
    });
    assert!(ended_early);
}

/// A download that has begun, and that nobody reads on.
fn download(client: Client) -> TcpStream {
    let mut stream = client.open("GET /big.bin HTTP/1.1");
    stream.write_all(b"\r\n").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    stream
}

/// Waits until no new connection is taken.
fn wait_until_closed(client: Client) {
    eventually("the listener is closed", || {
        TcpStream::connect(client.0).err()
    });
}
