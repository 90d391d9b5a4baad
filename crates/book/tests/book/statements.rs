//! The document's statements: each is taught, shown and held, or the build
//! says which is not.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

fn statement(id: &str, verdict: &str, rest: &str) -> String {
    format!(
        "[[statement]]\nid = \"{id}\"\nsays = \"two is `two`\"\nverdict = \"{verdict}\"\n\
         truth = \"It *is*.\"\npage = \"page.md\"\n{rest}\n"
    )
}

const HELD: &str = "example = \"hello\"\nchecks = [\"chapter::holds\"]\n";

fn project(statements: &[String]) -> Project {
    Project::new()
        .file("src/statements.toml", &statements.concat())
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Verdicts](verdicts.md)\n",
        )
        .file("src/verdicts.md", "# Verdicts\n\n{{#verdicts}}\n")
}

/// A statement becomes a row with its verdict, its program and its checks.
#[test]
fn a_statement_becomes_a_row() {
    let page = project(&[statement("D01", "holds-if", HELD)]).built("verdicts.html");
    for part in [
        "<tr id=\"D01\" class=\"holds-if\">",
        "two is <code>two</code>",
        "<strong class=\"verdict\">holds if</strong>",
        "It <em>is</em>.",
        "<a href=\"page.html#example-hello\">The page</a>",
        "aria-label=\"chapter::holds\"",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

/// Another page takes those that are false, and no others.
#[test]
fn the_false_ones_are_taken() {
    let page = project(&[
        statement("D01", "holds", HELD),
        statement("D02", "false", HELD).replace("It *is*", "It is *not*"),
    ])
    .and("\n{{#refuted}}\n")
    .built("page.html");
    let (_, list) = page.split_once("<ul class=\"refuted\">").expect("the list");
    let (list, _) = list.split_once("</ul>").expect("its end");
    assert_eq!(list.matches("<li>").count(), 1, "{list}");
    assert!(list.contains("“two is <code>two</code>”"), "{list}");
    assert!(list.contains("It is <em>not</em>."), "{list}");
    assert!(list.contains("aria-label=\"chapter::holds\""), "{list}");
}

/// Deleting what holds a statement fails the build, in each of the ways in
/// which it can go missing.
#[test]
fn a_statement_without_its_proof() {
    let error = project(&[
        statement("D01", "holds", "example = \"hello\"\nchecks = []\n"),
        statement("D02", "holds", "checks = [\"chapter::gone\"]\n"),
        statement("D03", "false", "checks = [\"chapter::holds\"]\n"),
        statement("D05", "false", &HELD.replace("hello", "helo")),
        statement("D06", "holds", HELD).replace("page.md", "pgae.md"),
    ])
    .error();
    assert_data_eq!(
        error,
        str![[r#"
7 problems in the book

src/statements.toml:2: D01: no check holds the verdict
    name at least one, with `checks = ["MODULE::NAME"]`

src/statements.toml:11: D02: src/page.md does not cite the check `chapter::gone`
    write `[✓](test:chapter::gone)` after the sentence that says so on that page

src/statements.toml:19: D03: the statement is false, and no program refutes it
    name the program that does, with `example = "NAME"`

src/statements.toml:27: D05: src/page.md does not show the program `helo`
    put `{{#example helo}}` beside the statement on that page

src/statements.toml:27: `D05` stands where `D04` is expected
    list every statement of the document once, in its order

src/statements.toml:36: D06: no page is called `pgae.md`; did you mean `page.md`?
    name the page that teaches it, relative to src/

src/statements.toml:36: `D06` stands where `D05` is expected
    list every statement of the document once, in its order
"#]]
    );
}

/// A verdict that does not exist is named with its line.
#[test]
fn malformed_statements() {
    let error = project(&[
        statement("D01", "holds", HELD),
        statement("D02", "true", HELD),
    ])
    .error();
    assert_data_eq!(
        error,
        str![
            "src/statements.toml:13: unknown variant `true`, expected one of `holds`, `holds-if`, `false`, `advice`, `definition`"
        ]
    );
}
