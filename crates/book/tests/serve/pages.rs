//! What a browser gets.

use std::fs;
use std::path::Path;

use super::support::{Book, Client, Response, Server, eventually};

/// A page, the start page and a folder's own page are served as HTML.
#[test]
fn pages_are_served() {
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    for (path, text) in [
        ("/", "the first text"),
        ("/one.html", "the first text"),
        ("/one.html?from=here", "the first text"),
        ("/two/", "the index of a folder"),
        ("/two/index.html", "the index of a folder"),
    ] {
        let page = client.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html", "{path}");
        assert!(page.body.contains(text), "{path}");
    }
    assert_eq!(client.get("/two").header("location"), "/two/");
    assert_eq!(client.ask("HEAD /one.html", "").body, "");
}

/// What is not there is answered with the book's own page for it.
#[test]
fn an_unknown_page_gets_the_books_404() {
    let book = Book::new();
    book.write("src/404.md", "# Not here\n\nlook elsewhere\n");
    let (_server, client) = Server::start(&book);
    for path in [
        "/nowhere.html",
        "/two/nowhere",
        "/one.html/below",
        "/_book/nothing",
    ] {
        let page = client.get(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.body.contains("look elsewhere"), "{path}");
    }
}

/// Every response, good or bad, is asked for again before it is used, is never
/// taken for another type than it says, and lets a page do nothing but what the
/// book's own files say.
#[test]
fn every_response_has_the_headers() {
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    let long = "/".to_owned() + &"a".repeat(3000);
    for path in [
        "/",
        "/one.html",
        "/two",
        "/nowhere",
        "/searchindex.js",
        &long,
    ] {
        let response = client.get(path);
        assert_eq!(response.header("cache-control"), "no-cache", "{path}");
        has_policy(&response, path);
    }
    has_policy(&client.ask("POST /one.html", ""), "POST");
    has_policy(&client.get("/run/status"), "/run/status");
}

/// A style that is named by what is in it is kept by the browser: after a save it
/// asks for the page alone. Another style has another name.
#[test]
fn a_file_named_by_its_content_is_kept() {
    let book = Book::new();
    let (server, client) = Server::start(&book);
    let style = |client: Client| {
        let page = client.get("/one.html").body;
        let found = page.split('"').find(|it| it.starts_with("css/general-"));
        format!("/{}", found.expect("a style with a hash in its name"))
    };
    let before = style(client);
    let response = client.get(&before);
    assert_eq!(
        response.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    has_policy(&response, &before);
    drop(server);
    book.write("theme/css/general.css", "body { color: red }");
    let (_server, client) = Server::start(&book);
    assert_ne!(style(client), before);
}

fn has_policy(response: &Response, what: &str) {
    let policy = response.header("content-security-policy");
    let rules: Vec<&str> = policy.split("; ").collect();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(rules.contains(&rule), "{what}: {policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(response.header(name), value, "{what}: {name}");
    }
}

/// The real page template asks for the script with the generation that the
/// events tell, and holds no script of its own.
#[test]
fn a_page_knows_its_generation() {
    let book = Book::with_real_theme();
    let (_server, client) = Server::start(&book);
    let generation = client.events().next().generation;
    let page = client.get("/one.html");
    assert_eq!(page.status, 200);
    let page = page.body;
    let tag =
        format!(r#"<script src="/_book/live.js" data-generation="{generation}" defer></script>"#);
    assert!(page.contains(&tag), "{tag} is not in\n{page}");
    for script in page.split("<script").skip(1) {
        assert!(
            script.starts_with(" src="),
            "an inline script: {script:.80}"
        );
    }
    let script = client.get("/_book/live.js");
    assert_eq!(script.header("cache-control"), "no-store");
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert!(script.body.contains("EventSource"));
    assert!(
        client
            .get("/_book/live.css")
            .header("content-type")
            .starts_with("text/css")
    );
}

/// Two servers never give the same generation, even for the same book.
#[test]
fn generations_of_two_starts_differ() {
    let book = Book::new();
    let (_one, first) = Server::start(&book);
    let (_two, second) = Server::start(&book);
    assert_ne!(
        first.events().next().generation,
        second.events().next().generation
    );
}

/// A browser that has a page is not sent it again, until a save: also when that
/// comes within the same second, which HTTP's dates could not tell.
#[test]
fn a_browser_that_has_a_page_is_told_so() {
    let book = Book::new();
    let (_server, client) = Server::start(&book);
    let mut events = client.events();
    events.next();
    let page = client.get("/one.html");
    assert_eq!(page.header("last-modified"), "");
    let has = format!(
        "If-None-Match: {}\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
        page.header("etag")
    );
    let again = client.ask("GET /one.html", &has);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    book.write("src/one.md", "# One\n\nthe next text\n");
    events.next();
    let after = client.ask("GET /one.html", &has);
    assert_eq!(after.status, 200);
    assert!(after.body.contains("the next text"));
}

/// A site lives as long as somebody still reads from it, and no longer.
#[test]
fn an_old_site_goes_with_its_last_reader() {
    use std::io::{Read, Write};
    const SIZE: u64 = 32 << 20;
    let book = Book::new();
    book.write_big("src/big.bin", SIZE);
    let (server, client) = Server::start(&book);
    let mut events = client.events();
    events.next();
    let old = server.sites();
    assert_eq!(old.len(), 1);

    let mut slow = client.open("GET /big.bin HTTP/1.1");
    slow.write_all(b"Connection: close\r\n\r\n").unwrap();
    let mut start = [0; 1024];
    slow.read_exact(&mut start).unwrap();

    // Two builds, so that the reader alone holds the first site.
    for text in ["second", "third"] {
        book.write("src/one.md", text);
        events.next();
    }
    eventually("the second site is gone", || {
        (server.sites().len() == 2).then_some(())
    });
    assert!(old[0].join("one.html").exists());

    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).unwrap();
    let head = String::from_utf8_lossy(&start)
        .split("\r\n\r\n")
        .next()
        .unwrap()
        .len()
        + 4;
    assert_eq!((start.len() + rest.len() - head) as u64, SIZE);
    eventually("the first site is gone", || {
        (!old[0].exists()).then_some(())
    });
    assert!(fs::exists(&server.sites()[0]).unwrap());
}

/// A browser is opened at the real address, unless told not to; one that cannot
/// be opened changes nothing.
#[cfg(unix)]
#[test]
fn a_browser_is_opened() {
    use std::os::unix::fs::PermissionsExt;
    let book = Book::new();
    book.write(
        "browser",
        "#!/bin/sh\nprintf %s \"$1\" > \"$0.part\" && mv \"$0.part\" \"$0.url\"\n",
    );
    let browser = book.path("browser");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let start = |browser: &Path, arguments: &[&str]| {
        let mut command = Server::command(&book);
        command
            .args(["--port", "0"])
            .args(arguments)
            .env("BROWSER", browser);
        let server = Server::launch(&mut command);
        let client = server.serving();
        assert_eq!(client.get("/").status, 200);
        (server, client)
    };
    let url = book.path("browser.url");
    start(&browser, &["--no-open"]);
    assert!(!url.exists());
    start(Path::new("/no/such/browser"), &[]);
    let (_server, client) = start(&browser, &[]);
    let opened = eventually("the browser", || fs::read_to_string(&url).ok());
    assert_eq!(opened, format!("http://{}", client.0));
}
