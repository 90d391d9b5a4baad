//! What the server refuses.

use std::net::TcpListener;

use super::support::{Book, Server};

/// Nothing outside the site is served, however its path is written.
#[test]
fn no_path_leads_out_of_the_site() {
    let book = Book::new();
    let (server, client) = Server::start(&book);
    let site = server.sites().remove(0);
    let secret = site.parent().unwrap().join("secret.txt");
    std::fs::write(secret, "the secret").unwrap();
    for path in [
        "/../secret.txt",
        "/two/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2e/secret.txt",
        "/.%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/two%2f..%2f..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/_book/../../secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/one.html%00",
        "/two/../one.html",
        "//example.com/",
        "//two",
    ] {
        let response = client.get(path);
        assert_eq!(response.status, 404, "{path}");
        assert!(!response.body.contains("the secret"), "{path}");
    }
    assert_eq!(client.get("/one.html").status, 200);
}

/// A symbolic link does not lead out of the site either; one that stays inside
/// is followed.
#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_site() {
    use std::os::unix::fs::symlink;
    let book = Book::new();
    book.write("secret.txt", "the secret");
    let (server, client) = Server::start(&book);
    let site = server.sites().remove(0);
    symlink(book.path("secret.txt"), site.join("leak.txt")).unwrap();
    symlink(book.path("src"), site.join("leaks")).unwrap();
    symlink("one.html", site.join("same.html")).unwrap();
    for path in ["/leak.txt", "/leaks/", "/leaks/one.md"] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    assert_eq!(client.get("/same.html").status, 200);
}

/// Only reading is allowed.
#[test]
fn another_method_gets_405() {
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        for path in ["/one.html", "/nowhere", "/_book/live", "/_book/live.js"] {
            assert_eq!(
                client.ask(&format!("{method} {path}"), "").status,
                405,
                "{method} {path}"
            );
        }
    }
    assert_eq!(client.ask("POST /one.html", "").header("allow"), "GET,HEAD");
}

/// An address of more than 2048 bytes is not looked at.
#[test]
fn a_huge_address_gets_414() {
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    for (length, status) in [(2048, 404), (2049, 414), (20_000, 414), (200_000, 414)] {
        let path = "/".to_owned() + &"a".repeat(length - 1);
        assert_eq!(client.get(&path).status, status, "{length}");
    }
    let query = "/one.html?".to_owned() + &"a".repeat(3000);
    assert_eq!(client.get(&query).status, 414);
}

/// An address that cannot be had is reported at once, with the flag that chooses
/// another.
#[test]
fn an_address_that_cannot_be_had_names_the_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let book = Book::new();
    // 203.0.113.0/24 is set aside for documentation: it is nobody's address.
    for (arguments, expected) in [
        (
            ["--port", &port],
            [format!("port {port}"), "--port".to_owned()],
        ),
        (
            ["--host", "203.0.113.1"],
            ["203.0.113.1".to_owned(), "--host".to_owned()],
        ),
    ] {
        let mut server = Server::launch(Server::command(&book).args(arguments));
        assert_eq!(server.end().code(), Some(1));
        let message = server.err.rest();
        for text in expected {
            assert!(message.contains(&text), "{message}");
        }
        assert!(server.left_nothing());
    }
}
