//! Who may not run programs. Each test plays an attacker over real HTTP, and sees
//! that a page of the book gets what the attacker does not.

use std::io::{Read, Write};

use super::support::page::{head, send, status};
use super::support::{Book, Client, Page, Response, Server};

/// A book with a program.
fn small() -> Book {
    let book = Book::new();
    book.write("examples/program.rs", "fn main() {}\n");
    book.write("tests/outputs/program.txt", "nothing\n");
    book.write("src/one.md", "# One\n\n{{#example program}}\n");
    book
}

/// It, served, and a page of it.
fn book() -> (Book, Server, Page) {
    let book = small();
    let (server, client) = Server::start(&book);
    let page = Page::open(client);
    (book, server, page)
}

/// Asks for a run.
fn ask(page: &Page, headers: &[(&str, String)], body: &str) -> Response {
    let head = head("POST /run/program", headers);
    let length = body.len();
    send(
        page.client,
        &format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"),
    )
}

/// Asks as the page does, but with these values of a header in the place of its own.
fn ask_with(page: &Page, name: &'static str, values: &[&str]) -> u16 {
    let mut headers = page.headers();
    headers.retain(|(header, _)| *header != name);
    headers.extend(values.iter().map(|value| (name, (*value).to_owned())));
    let response = ask(page, &headers, &page.body(None));
    assert!(
        response.status == 200 || !response.body.contains("event"),
        "{}",
        response.body
    );
    response.status
}

/// The book's own page may run its program: what the others are refused is there.
#[test]
fn the_books_page_may() {
    let (_book, _server, page) = book();
    let response = ask(&page, &page.headers(), &page.body(None));
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), "application/x-ndjson");
    assert_eq!(response.header("cache-control"), "no-store");
    let host = format!("localhost:{}", page.client.0.port());
    let mut headers = page.headers();
    headers[0].1.clone_from(&host);
    headers[1].1 = format!("http://{host}");
    assert_eq!(ask(&page, &headers, &page.body(None)).status, 200);
}

/// A page of another origin may not, whatever it calls itself, and neither may who
/// has no origin, as scripts outside of browsers have.
#[test]
fn another_origin_may_not() {
    let (_book, _server, page) = book();
    let port = page.client.0.port();
    for origin in [
        "http://evil.example",
        "null",
        "",
        &format!("http://127.0.0.1:{}", port ^ 1),
        &format!("https://127.0.0.1:{port}"),
        &format!("http://localhost:{port}"),
        &format!("http://127.0.0.1:{port}.evil.example"),
        &format!("http://127.0.0.1:{port}/"),
    ] {
        assert_eq!(ask_with(&page, "Origin", &[origin]), 403, "{origin}");
    }
    assert_eq!(ask_with(&page, "Origin", &[]), 403);
    let own = format!("http://{}", page.client.0);
    assert_eq!(
        ask_with(&page, "Origin", &[&own, "http://evil.example"]),
        403
    );
    assert_eq!(ask_with(&page, "Origin", &[&own]), 200);
}

/// Who does not know the secret may not: without it, with a part of it, with
/// another start's.
#[test]
fn without_the_secret_nobody_may() {
    let (_book, _server, page) = book();
    let (_other_book, _other_server, other) = book();
    let token = page.token.clone();
    for wrong in [
        "",
        &token[1..],
        &format!("{token}0"),
        &other.token,
        &"0".repeat(64),
    ] {
        assert_eq!(ask_with(&page, "Run-Token", &[wrong]), 403, "{wrong}");
    }
    assert_eq!(ask_with(&page, "Run-Token", &[]), 403);
    assert_eq!(ask_with(&page, "Run-Token", &[&token, &token]), 403);
    assert_eq!(ask_with(&page, "Run-Token", &[&token]), 200);
}

/// A name that somebody owns and lets mean this machine is not answered, neither
/// with the secret nor with a page nor with a run, however the name is brought in.
#[test]
fn a_rebound_name_may_not() {
    let (_book, _server, page) = book();
    let own = page.client.0;
    let rebound = format!("evil.example:{}", own.port());
    let hosts = [
        vec![rebound.clone()],
        vec![format!("127.0.0.1.evil.example:{}", own.port())],
        vec!["127.0.0.1".to_owned()],
        vec![format!("192.168.0.1:{}", own.port())],
        vec![],
        vec![own.to_string(), rebound.clone()],
    ];
    for hosts in hosts {
        let named: Vec<_> = hosts.iter().map(|host| ("Host", host.clone())).collect();
        for path in ["/run/status", "/one.html", "/_book/live", "/nowhere"] {
            let request = head(&format!("GET {path}"), &named);
            let response = send(page.client, &format!("{request}Connection: close\r\n\r\n"));
            assert!(
                [400, 421].contains(&response.status),
                "{hosts:?} {path}: {}",
                response.status
            );
            assert!(!response.body.contains(&page.token));
        }
        let mut headers = page.headers();
        headers.drain(..2);
        headers.extend(named);
        headers.extend(
            hosts
                .iter()
                .take(1)
                .map(|host| ("Origin", format!("http://{host}"))),
        );
        let response = ask(&page, &headers, &page.body(None));
        assert!(
            [400, 421].contains(&response.status),
            "{hosts:?}: {}",
            response.status
        );
    }
    let absolute = head(
        &format!("GET http://{rebound}/run/status"),
        &[("Host", own.to_string())],
    );
    assert_eq!(
        send(page.client, &format!("{absolute}Connection: close\r\n\r\n")).status,
        421
    );
}

/// What a form or a script without permission can send is not JSON.
#[test]
fn what_is_not_json_is_not_read() {
    let (_book, _server, page) = book();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/json",
        "",
    ] {
        assert_eq!(ask_with(&page, "Content-Type", &[kind]), 415, "{kind}");
    }
    assert_eq!(ask_with(&page, "Content-Type", &[]), 403);
    assert_eq!(
        ask_with(&page, "Content-Type", &["application/json; charset=utf-8"]),
        200
    );
}

/// A browser that asks for another origin whether it may is told nothing, and no
/// answer of the server lets another origin read it.
#[test]
fn nobody_else_is_let_in() {
    let (_book, _server, page) = book();
    let evil = ("Origin", "http://evil.example".to_owned());
    let preflight = [
        page.headers()[0].clone(),
        evil.clone(),
        ("Access-Control-Request-Method", "POST".to_owned()),
        (
            "Access-Control-Request-Headers",
            "content-type,run-token".to_owned(),
        ),
        ("Access-Control-Request-Private-Network", "true".to_owned()),
    ];
    for request in [
        "OPTIONS /run/program",
        "OPTIONS /run/status",
        "GET /run/status",
        "GET /one.html",
    ] {
        let response = send(
            page.client,
            &format!("{}Connection: close\r\n\r\n", head(request, &preflight)),
        );
        assert!(
            !response.head.to_lowercase().contains("access-control-"),
            "{}",
            response.head
        );
        assert_eq!(
            response.header("cross-origin-resource-policy"),
            "same-origin",
            "{request}"
        );
        let expected = if request.starts_with("OPTIONS") {
            405
        } else {
            200
        };
        assert_eq!(response.status, expected, "{request}");
    }
    for site in ["cross-site", "same-site", "none"] {
        let headers = [
            page.headers()[0].clone(),
            ("Sec-Fetch-Site", site.to_owned()),
        ];
        let request = head("GET /run/status", &headers);
        let response = send(page.client, &format!("{request}Connection: close\r\n\r\n"));
        assert_eq!(response.status, 403, "{site}");
        assert!(!response.body.contains(&page.token));
        assert_eq!(ask_with(&page, "Sec-Fetch-Site", &[site]), 403, "{site}");
    }
    assert_eq!(ask_with(&page, "Sec-Fetch-Site", &["same-origin"]), 200);
}

/// No request but POST acts, and none that is read from an address.
#[test]
fn nothing_but_post_acts() {
    let (_book, _server, page) = book();
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let mut headers = page.headers();
        headers.push(("Connection", "close".to_owned()));
        let address = format!("/run/program?page={}&source=null", page.id);
        let request = head(&format!("{method} {address}"), &headers);
        assert_eq!(
            send(page.client, &format!("{request}\r\n")).status,
            405,
            "{method}"
        );
    }
}

/// A body that is too long is refused before any of it is read, or when too much
/// was read of one that does not say how long it is; a program that is too long,
/// by a byte.
#[test]
fn what_is_too_long_is_not_read() {
    let (_book, _server, page) = book();
    let head = head("POST /run/program", &page.headers());
    let response = send(
        page.client,
        &format!("{head}Connection: close\r\nContent-Length: 1000000\r\n\r\n"),
    );
    assert_eq!(response.status, 413);
    assert!(response.body.contains("64 KiB"), "{}", response.body);

    // It never ends, and nobody waits for its end.
    let mut stream = page.client.connect();
    write!(stream, "{head}Transfer-Encoding: chunked\r\n\r\n").unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let mut answer = [0; 12];
    for _ in 0..7 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");

    for (length, status) in [(65536, 200), (65537, 413)] {
        // In JSON each of these takes six bytes.
        let source = "\u{1}".repeat(length);
        let response = ask(&page, &page.headers(), &page.body(Some(&source)));
        assert_eq!(response.status, status, "{length}");
    }
}

/// What is asked for in another way than a page does is refused with 400.
#[test]
fn an_odd_body_is_refused() {
    let (_book, _server, page) = book();
    for body in [
        "",
        "null",
        "[]",
        r#"{"page": "page-0000"}x"#,
        r#"{"source": null}"#,
        r#"{"page": "short", "source": null}"#,
        r#"{"page": "../../../etc", "source": null}"#,
        r#"{"page": "page-0000", "source": 1}"#,
        r#"{"page": "page-0000", "source": null, "args": ["-o"]}"#,
    ] {
        assert_eq!(ask(&page, &page.headers(), body).status, 400, "{body}");
    }
}

/// A name is a program's, and no path and no option.
#[test]
fn only_programs_have_names() {
    let (book, _server, page) = book();
    book.write("secret.rs", "");
    for name in [
        "nothing",
        "..%2Fsecret",
        "%2e%2e%2fsecret",
        "-o",
        "program.rs",
        "PROGRAM",
        "program%00",
        "",
    ] {
        let head = head(&format!("POST /run/{name}"), &page.headers());
        let body = page.body(None);
        let length = body.len();
        let request = format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        let status = send(page.client, &request).status;
        assert!([404, 405].contains(&status), "{name}: {status}");
    }
}

/// Without Run there is nothing to attack: with `--no-run`, and when others can
/// reach the server, unless a flag says that they may.
#[test]
fn run_can_be_off() {
    let book = small();
    let start = |arguments: &[&str]| {
        let mut command = Server::command(&book);
        let server = Server::launch(command.args(["--no-open", "--port=0"]).args(arguments));
        let address = server.serving().0;
        (server, Client(([127, 0, 0, 1], address.port()).into()))
    };
    for arguments in [&["--no-run"][..], &["--host=0.0.0.0"]] {
        let (_server, client) = start(arguments);
        let status = client.get("/run/status");
        assert_eq!(status.status, 200, "{arguments:?}");
        assert_eq!(status.body, r#"{"state":"off"}"#, "{arguments:?}");
        assert_eq!(
            client.ask("POST /run/program", "").status,
            405,
            "{arguments:?}"
        );
        assert_eq!(client.get("/one.html").status, 200, "{arguments:?}");
    }
    let (_server, client) = start(&["--host=0.0.0.0", "--allow-run-for-others"]);
    let page = Page::open(client);
    assert_eq!(ask(&page, &page.headers(), &page.body(None)).status, 200);
    // A name can be rebound to this address like to any other.
    let host = format!("evil.example:{}", client.0.port());
    let rebound = head("GET /run/status", &[("Host", host)]);
    assert_eq!(
        send(client, &format!("{rebound}Connection: close\r\n\r\n")).status,
        421
    );
    assert_eq!(status(client)["token"], page.token);
}
