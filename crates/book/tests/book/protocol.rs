//! Plain `mdbook build` calls us over standard input and output, and gets the
//! very pages that our own build makes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use book::preprocessor::CheckedBook;
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use serde_json::{Value, json};

use crate::project::Project;

fn preprocess(input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_book"))
        .arg("preprocess")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(input.as_bytes())
        .expect("it reads its input");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn context_and_book(root: &Path) -> (PreprocessorContext, Book) {
    let book = MDBook::load(root).expect("the book loads");
    let context = PreprocessorContext::new(root.to_owned(), book.config, "html".to_owned());
    (context, book.book)
}

/// This book, handed over the way mdBook does it, comes back with the same
/// pages as inside our own process.
#[test]
fn both_ways_give_the_same_pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (context, book) = context_and_book(&root);
    let output = preprocess(&serde_json::to_string(&json!([context, book])).expect("JSON"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let there: Book = serde_json::from_slice(&output.stdout).expect("a book");
    let here = CheckedBook::default()
        .run(&context, book.clone())
        .expect("a book");
    assert_eq!(there, here);
    assert_ne!(there, book, "nothing was expanded");
}

/// `book.toml` calls exactly the command that this test calls.
#[test]
fn book_toml_names_our_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (context, _) = context_and_book(&root);
    let command: Option<String> = context
        .config
        .get("preprocessor.checked.command")
        .expect("a text");
    assert_eq!(command.as_deref(), Some("cargo run --quiet -- preprocess"));
}

/// mdBook asks which renderers we work for.
#[test]
fn html_is_supported_and_nothing_else() {
    let supports = |renderer| {
        let status = Command::new(env!("CARGO_BIN_EXE_book"))
            .args(["preprocess", "supports", renderer])
            .status();
        status.expect("the program runs").success()
    };
    assert!(supports("html"));
    assert!(!supports("epub"));
}

/// mdBook 0.4 is told that 0.5 is needed, instead of a parser's complaint.
#[test]
fn mdbook_0_4_is_told_so() {
    let book = json!([{ "mdbook_version": "0.4.52" }, { "sections": [] }]);
    let output = preprocess(&book.to_string());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        stderr.contains("this book needs mdBook 0.5, and was called by 0.4.52"),
        "{stderr}"
    );
    assert!(stderr.contains("cargo install mdbook@0.5.4"), "{stderr}");
}

/// Something that is not mdBook at all gets a hint too, and nothing panics.
#[test]
fn nonsense_is_answered() {
    for nonsense in [
        "",
        "{}",
        "[]",
        "hello",
        "[{\"mdbook_version\": \"0.5.4\"}, 3]",
    ] {
        let output = preprocess(nonsense);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{nonsense}: {stderr}");
        assert!(stderr.starts_with("error: "), "{nonsense}: {stderr}");
    }
}

/// A problem in a book fails plain mdBook as well, with file and line.
#[test]
fn problems_reach_plain_mdbook() {
    let project = Project::new().and("\n{{#example helo}}\n");
    let (context, book) = context_and_book(project.root());
    let output = preprocess(&Value::to_string(&json!([context, book])));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        stderr.contains("src/page.md:7: no example is called `helo`"),
        "{stderr}"
    );
}
