//! What a save does, and what does nothing.

use std::fs;
use std::time::{Duration, Instant};

use super::support::{Book, Client, Events, Server, eventually};

/// A book that is served, with one open page that has heard the first state.
fn open_page(book: &Book) -> (Server, Client, Events) {
    let (server, client) = Server::start(book);
    let mut events = client.events();
    assert_eq!(events.next().number(), 1);
    (server, client, events)
}

/// A save is served, and the open pages are told; every one of them.
#[test]
fn a_save_reaches_every_open_page() {
    let book = Book::new();
    let (_server, client, mut events) = open_page(&book);
    let mut others = client.events();
    others.next();
    book.write("src/one.md", "# One\n\nthe second text\n");
    let state = events.next();
    assert_eq!((state.number(), &state.problem), (2, &None));
    assert_eq!(others.next(), state);
    assert!(client.get("/one.html").body.contains("the second text"));
}

/// After a save every page knows the new generation, those too that are as they
/// were; and the page for printing, made when it is asked for, has the new text.
#[test]
fn a_save_reaches_every_page() {
    let book = Book::with_real_theme();
    book.write("src/two.md", "# Two\n\nthe other text\n");
    book.write(
        "src/SUMMARY.md",
        "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
    );
    let (server, client, mut events) = open_page(&book);
    book.write("src/one.md", "# One\n\nthe second text\n");
    let state = events.next();
    let tag = format!("data-generation=\"{}\"", state.generation);
    for page in ["/", "/one.html", "/two.html", "/print.html", "/not/there"] {
        let response = client.get(page);
        let is_there = page != "/not/there";
        assert_eq!(response.status == 200, is_there, "{page}");
        assert!(response.body.contains(&tag), "{page}: {}", response.body);
        let length = response.body.len().to_string();
        assert_eq!(response.header("content-length"), length, "{page}");
    }
    let printed = client.get("/print.html").body;
    assert!(printed.contains("the second text") && printed.contains("the other text"));
    let [site] = &server.sites()[..] else {
        panic!("one site is left, and nothing beside it");
    };
    assert!(site.join("print.html").is_file());
}

/// Each kind of source is watched: also one that was not there at the start,
/// in a folder that was not there at the start.
#[test]
fn every_kind_of_source_is_watched() {
    let book = Book::new();
    let (_server, _client, mut events) = open_page(&book);
    let files = [
        "src/note.txt",
        "theme/extra.css",
        "examples/data.txt",
        "tests/outputs/one.txt",
        "tests/outputs/one.txt",
        "src/deep/er/note.txt",
        "src/deep/er/note.txt",
        "crates/checks/Cargo.toml",
        "crates/checks/Cargo.toml",
        "target/evidence/note.txt",
        "README.md",
        "book.toml",
    ];
    for (file, number) in files.into_iter().zip(2..) {
        let toml = "[book]\ntitle = \"Other\"\n";
        let text = format!("{number}\n");
        book.write(file, if file == "book.toml" { toml } else { &text });
        assert_eq!(events.next().number(), number, "{file}");
    }
    fs::remove_dir_all(book.path("src/deep")).unwrap();
    assert_eq!(events.next().number(), 14, "a folder that goes");
    book.write("src/deep/er/note.txt", "back");
    assert_eq!(events.next().number(), 15, "a folder that comes back");
    fs::rename(book.path("src/deep"), book.path("src/far")).unwrap();
    assert_eq!(events.next().number(), 16, "a folder of another name");
    book.write("src/far/er/note.txt", "again");
    assert_eq!(events.next().number(), 17, "a file in it");
}

/// A folder that is replaced at a stroke, as by a change of branches, is
/// watched as the old one was.
#[test]
fn a_replaced_folder_is_watched() {
    let book = Book::new();
    book.write("src/deep/note.txt", "first");
    book.write("next/note.txt", "second");
    let (server, client, _events) = open_page(&book);
    fs::rename(book.path("src/deep"), book.path("last")).unwrap();
    fs::rename(book.path("next"), book.path("src/deep")).unwrap();
    server.settle(&book);
    let mut events = client.events();
    let before = events.next().number();
    assert!(client.get("/deep/note.txt").body.contains("second"));
    book.write("src/deep/note.txt", "third");
    assert_eq!(events.next().number(), before + 1);
    assert!(client.get("/deep/note.txt").body.contains("third"));
}

/// A build that fails leaves the last good site up, tells terminal and open
/// pages why, and is forgotten with the next good save.
#[test]
fn a_problem_is_told_and_goes_away() {
    let book = Book::new();
    let (server, client, mut events) = open_page(&book);
    let summary = fs::read_to_string(book.path("src/SUMMARY.md")).unwrap();

    book.write("src/SUMMARY.md", &format!("{summary}- [Gone](gone.md)\n"));
    let state = events.next();
    assert_eq!(state.number(), 1);
    assert!(state.problem.unwrap().contains("gone.md"));
    server
        .err
        .wait_for("The book does not build: src/SUMMARY.md");
    server.err.wait_for("gone.md");
    assert!(client.get("/one.html").body.contains("the first text"));
    assert!(
        client.events().next().problem.is_some(),
        "a page opened now"
    );

    book.write("src/SUMMARY.md", &format!("{summary}- [Lost](lost.md)\n"));
    assert!(events.next().problem.unwrap().contains("lost.md"));

    book.write("src/lost.md", "# Found\n");
    let state = events.next();
    assert_eq!((state.number(), state.problem), (2, None));
    assert!(client.get("/lost.html").body.contains("Found"));
}

/// A book that does not build at the start is served as a page that says why,
/// until the first good save.
#[test]
fn a_book_that_never_built_is_served_as_its_problem() {
    let book = Book::new();
    fs::rename(book.path("src/one.md"), book.path("src/<b>.md")).unwrap();
    let summary = fs::read_to_string(book.path("src/SUMMARY.md")).unwrap();
    book.write("src/SUMMARY.md", "- [One](<&.md>)\n");
    let (server, client) = Server::start(&book);
    server.err.wait_for("The book does not build");

    let state = client.events().next();
    assert!(state.problem.unwrap().contains("&.md"));
    for path in ["/", "/one.html", "/any/where"] {
        let page = client.get(path);
        assert_eq!(page.status, 503, "{path}");
        assert!(page.body.contains("&amp;.md"), "{}", page.body);
        let tag = format!("data-generation=\"{}\"", state.generation);
        assert!(page.body.contains(&tag), "{}", page.body);
    }

    let mut events = client.events();
    events.next();
    fs::rename(book.path("src/<b>.md"), book.path("src/one.md")).unwrap();
    book.write("src/SUMMARY.md", &summary);
    let good = std::iter::repeat_with(|| events.next()).find(|state| state.problem.is_none());
    assert_eq!(good.unwrap().number(), 1);
    assert!(client.get("/one.html").body.contains("the first text"));
}

/// Twenty saves in a row cost one build. A machine under load may stop this
/// test between two of its saves for so long that they are no longer a burst;
/// then it tries again.
#[test]
fn a_burst_of_saves_costs_one_build() {
    let book = Book::new();
    let (server, client, _events) = open_page(&book);
    for attempt in 1..=20 {
        let before = client.events().next().number();
        let mut longest_gap = Duration::ZERO;
        let mut last = Instant::now();
        for save in 1..=20 {
            book.write("src/one.md", &format!("save {attempt}-{save}-\n"));
            longest_gap = longest_gap.max(last.elapsed());
            last = Instant::now();
        }
        server.settle(&book);
        let page = client.get("/one.html").body;
        assert!(page.contains(&format!("save {attempt}-20-")), "{page}");
        if longest_gap < Duration::from_millis(10) {
            assert_eq!(client.events().next().number(), before + 1);
            return;
        }
    }
    panic!("this machine is too busy for a burst of saves");
}

/// Saves in the middle of a build are neither lost nor built one by one: they
/// cost one build more.
#[test]
fn saves_during_a_build_cost_one_more() {
    let book = Book::new();
    let (server, client, mut events) = open_page(&book);
    book.write("src/one.md", "before\n");
    eventually("a build is under way", || {
        (server.sites().len() == 2).then_some(())
    });
    for save in 1..=3 {
        book.write("src/two/README.md", &format!("save {save}-\n"));
    }
    assert_eq!(events.next().number(), 2);
    assert_eq!(events.next().number(), 3);
    server.settle(&book);
    assert_eq!(client.events().next().number(), 3);
    assert!(client.get("/two/").body.contains("save 3-"));
}

/// What leaves the book as it was costs no build: `touch`, reading, saving the
/// same again, also in the way of editors that write a new file and rename it,
/// what they leave beside a file, and what others install.
#[test]
fn no_change_costs_no_build() {
    let book = Book::new();
    let (server, client, _events) = open_page(&book);
    let page = book.path("src/one.md");
    let text = fs::read_to_string(&page).unwrap();

    book.touch("src/one.md");
    server.settle(&book);
    book.write("src/one.md", &text);
    server.settle(&book);
    book.write("src/one.md.tmp", &text);
    fs::rename(book.path("src/one.md.tmp"), &page).unwrap();
    server.settle(&book);
    book.write("src/.one.md.swp", "vim");
    book.write("src/one.md~", "a backup");
    book.write("src/#one.md#", "emacs");
    book.write("tests/browser/node_modules/package/index.js", "// theirs");
    server.settle(&book);
    book.write("tests/browser/node_modules/package/index.js", "// newer");
    book.write("notes.txt", "not of the book");
    server.settle(&book);
    assert_eq!(client.events().next().number(), 1);

    book.write("src/one.md", "a change\n");
    server.settle(&book);
    assert_eq!(client.events().next().number(), 2, "and a change does");
}
