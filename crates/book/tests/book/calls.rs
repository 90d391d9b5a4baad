//! The rows of "Is X cancel-safe?": read out of the tests that hold them, and
//! shown as one table.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

const LOCK: &str = "[[package]]\nname = \"tokio\"\nversion = \"1.2.3\"\n";

/// A test that declares a row.
fn row(name: &str, api: &str, verdict: &str, docs: &str) -> String {
    format!(
        "/// A letter in a full box.\n#[test]\nfn {name}() {{\n    let row = Row {{\n        \
         api: \"{api}\",\n        page: \"tokio/page.html#method.send\",\n        \
         verdict: {verdict},\n        left: \"The `letter` *fell*.\",\n        docs: {docs},\n        \
         source: \"tokio/src/lib.rs\",\n        instead: \"[`reserve`](#tokio-mpsc-sender-reserve)\",\n        \
         suspensions: 1,\n    }};\n    row.holds(&sweep());\n}}\n"
    )
}

fn project(rows: &[String]) -> Project {
    Project::new()
        .file("Cargo.lock", LOCK)
        .file("tests/is_cancel_safe/main.rs", "mod post;\n")
        .file("tests/is_cancel_safe/post.rs", &rows.concat())
        .and("\n{{#calls}}\n")
}

fn send() -> String {
    row(
        "send",
        "tokio::sync::mpsc::Sender::send",
        "Word::LosesData",
        "Docs::Says(\"not sent\")",
    )
}

fn reserve() -> String {
    row(
        "reserve",
        "tokio::sync::mpsc::Sender::reserve",
        "Word::SafeIf(\"if it is kept\")",
        "Docs::Silent",
    )
}

/// A row has a link of its own, the words of its verdict, what was left, the
/// documentation of the locked version, what to use instead, and its mark.
#[test]
fn a_row_becomes_a_row() {
    let page = project(&[send(), reserve()]).built("page.html");
    for part in [
        "<h2 id=\"tokiosync\">",
        "id=\"tokio-mpsc-sender-send\"",
        "<span class=\"visually-hidden\">tokio::sync::</span>mpsc::Sender::send</code>",
        "<tr class=\"loses-data\" data-docs=\"agrees\">",
        "<strong class=\"effect\">loses data</strong>",
        "<strong class=\"effect\">safe</strong> if it is kept",
        "The <code>letter</code> <em>fell</em>.",
        "href=\"https://docs.rs/tokio/1.2.3/tokio/page.html#method.send\"",
        "“not sent”",
        "say nothing",
        "<a href=\"#tokio-mpsc-sender-reserve\"><code>reserve</code></a>",
        "aria-label=\"post::send\"",
        "The 2 rows below hold for tokio 1.2.3",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

/// A page of its own takes a row in short, and leads to the whole.
#[test]
fn a_row_is_taken_in_short() {
    let page = project(&[send(), reserve()])
        .and("\n<table>\n{{#call tokio-mpsc-sender-send}}\n</table>\n")
        .built("page.html");
    let short =
        "<a href=\"page.html#tokio-mpsc-sender-send\"><code>mpsc::Sender::send</code></a></td>";
    let (_, short) = page.split_once(short).expect("the short row");
    let (short, _) = short.split_once("</tr>").expect("its end");
    assert!(short.contains("loses data"), "{short}");
    assert!(
        short.contains("The <code>letter</code> <em>fell</em>."),
        "{short}"
    );
    assert!(short.contains("aria-label=\"post::send\""), "{short}");
}

/// Rows stand in the order of their paths, whatever the order of the tests.
#[test]
fn rows_stand_in_order() {
    let page = project(&[send(), reserve()]).built("page.html");
    let at = |anchor: &str| page.find(&format!("<h3 id=\"{anchor}\"")).expect(anchor);
    assert!(at("tokio-mpsc-sender-reserve") < at("tokio-mpsc-sender-send"));
}

/// Where the run differs from the documentation, the row leads to the program
/// that shows it.
#[test]
fn a_refuted_documentation_leads_to_its_program() {
    let differs = send().replace("Says(\"not sent\")", "Differs(\"not sent\", \"hello\")");
    let page = project(&[differs, reserve()]).built("page.html");
    assert!(
        page.contains("<strong>The run differs</strong>: <a href=\"page.html#example-hello\">")
    );
}

/// A row is a claim like any other, and its check is in their list.
#[test]
fn the_list_of_claims_has_the_rows() {
    let list = project(&[send(), reserve()]).and("\n{{#claims}}\n");
    let page = list.built("page.html");
    assert!(page.contains("cargo test --test is_cancel_safe post::send -- --exact"));
    assert!(page.contains("<code>tokio::sync::mpsc::Sender::send</code>: loses data."));
}

/// What is wrong with rows is said at their lines.
#[test]
fn rows_that_do_not_stand() {
    let twice = send().replace("fn send", "fn again");
    let ignored = reserve().replace("#[test]\n", "#[test]\n#[ignore]\n");
    let refuted = row(
        "close",
        "tokio::sync::mpsc::Sender::close",
        "Word::Safe",
        "Docs::Differs(\"not sent\", \"helo\")",
    );
    let project = project(&[send(), twice, ignored, refuted])
        .page("# The page\n\n{{#example hello}}\n\nIt holds [✓](test:chapter::holds).\n");
    assert_data_eq!(
        project.error(),
        str![[r#"
4 problems in the book

tests/is_cancel_safe/post.rs:19: the row of `tokio::sync::mpsc::Sender::send` and that of the check `post::send` share the link `#tokio-mpsc-sender-send`
    write one row for a call, or a longer path

tests/is_cancel_safe/post.rs:35: the check `post::reserve` is ignored, so nothing holds this row
    remove `#[ignore]`, or the row

tests/is_cancel_safe/post.rs:50: no page shows the program `helo`; did you mean `hello`?
    where the documentation is refuted, name a program that the book shows

tests/is_cancel_safe/post.rs:50: no page shows the rows of these tests
    put `{{#calls}}` on a line of its own in a page
"#]]
    );
}

/// A test without a row, and a row that the book cannot read, are errors with
/// their line and what to do.
#[test]
fn rows_that_cannot_be_read() {
    let bare = "#[test]\nfn bare() {}\n".to_owned();
    assert_data_eq!(
        project(&[bare]).error(),
        str![[r#"
tests/is_cancel_safe/post.rs:2: the test `post::bare` declares no row
    start it with `let row = Row { … };`, or put it into a module of its own if it tests the harness
"#]]
    );
    let short = send().replace(
        "        instead: \"[`reserve`](#tokio-mpsc-sender-reserve)\",\n",
        "",
    );
    assert_data_eq!(
        project(&[short]).error(),
        str![[r#"
tests/is_cancel_safe/post.rs:4: the row has no `instead`
    write every field of a row into its literal
"#]]
    );
    let computed = send().replace("\"The `letter` *fell*.\"", "LEFT");
    assert_data_eq!(
        project(&[computed]).error(),
        str![[r#"
tests/is_cancel_safe/post.rs:8: `left` is not a string literal
    the book reads rows out of the source, so write the value itself
"#]]
    );
    let unknown = send().replace("Word::LosesData", "Word::Vanishes");
    assert_data_eq!(
        project(&[unknown]).error(),
        str![[r#"
tests/is_cancel_safe/post.rs:7: `verdict` is not a `Word`
    the book reads rows out of the source, so write the value itself
"#]]
    );
    let elsewhere = send().replace("tokio::sync", "smol::sync");
    assert_data_eq!(
        project(&[elsewhere]).error(),
        str![
            "tests/is_cancel_safe/post.rs:4: `smol::sync::mpsc::Sender::send` starts with no crate of this workspace: `smol` is not in Cargo.lock"
        ]
    );
}

/// A test in a module of its own is about the harness, and declares no row.
#[test]
fn a_test_of_the_harness_is_no_row() {
    let harness = "mod tests {\n    #[test]\n    fn it_counts() {}\n}\n".to_owned();
    let page = project(&[harness, send(), reserve()]).built("page.html");
    assert!(page.contains("The 2 rows below"));
}
