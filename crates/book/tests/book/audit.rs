//! Bad input: every mistake is named with its file and line, the nearest
//! existing names, and what to do.

use snapbox::{assert_data_eq, str};

use crate::project::{Project, claim};

/// A page names an example that does not exist.
#[test]
fn unknown_example() {
    let error = Project::new().and("\n{{#example helo}}\n").error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: no example is called `helo`; did you mean `hello`?
    write `examples/helo.rs`, or correct the name here
"#]]
    );
}

/// A page names an anchor that its example does not have.
#[test]
fn unknown_anchor() {
    let error = Project::new()
        .file(
            "examples/hello.rs",
            "// ANCHOR: main\nfn main() {}\n// ANCHOR_END: main\n",
        )
        .and("\n{{#example hello:mian}}\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: the example `hello` has no anchor `mian`; did you mean `main`?
    put `// ANCHOR: mian` and `// ANCHOR_END: mian` around the lines in `examples/hello.rs`
"#]]
    );
}

/// A page names a check that does not exist.
#[test]
fn unknown_check() {
    let error = Project::new()
        .and("\nMore [✓](test:chapter::hold).\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: no check is called `chapter::hold`; did you mean `chapter::holds`?
    write the test that holds this sentence, or cite an existing one: `cargo test --test claims -- --list` prints their names
"#]]
    );
}

/// A page names a check of a module that the test binary does not contain.
#[test]
fn undeclared_module() {
    let error = Project::new()
        .file("tests/claims/other.rs", &claim("real", "It is real."))
        .and("\nMore [✓](test:other::real).\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: no check is called `other::real`
    write the test that holds this sentence, or cite an existing one: `cargo test --test claims -- --list` prints their names; is `mod other;` missing in tests/claims/main.rs?
"#]]
    );
}

/// A page names a program that must not compile and does not exist.
#[test]
fn unknown_compile_fail() {
    let error = Project::new()
        .file("tests/compile_fail/await_in_drop.rs", "fn main() {}\n")
        .and("\n{{#compile_fail await_in_drop}}\n\n{{#compile_fail await_in_dorp}}\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
2 problems in the book

src/page.md:7: nobody has recorded what the compiler says to `await_in_drop`
    run `TRYBUILD=overwrite cargo test --test compile_fail`

src/page.md:9: no program that must not compile is called `await_in_dorp`; did you mean `await_in_drop`?
    write `tests/compile_fail/await_in_dorp.rs`, or correct the name here
"#]]
    );
}

/// A claim's test is ignored.
#[test]
fn ignored_check() {
    let test = claim("holds", "Two is two.").replace("#[test]", "#[test]\n#[ignore]");
    let error = Project::new()
        .file("tests/claims/chapter.rs", &test)
        .error();
    assert_data_eq!(
        error,
        str![[r#"
2 problems in the book

src/page.md:5: the check `chapter::holds` is ignored, so nothing holds this sentence
    remove `#[ignore]` at tests/claims/chapter.rs:4, or the sentence

tests/claims/chapter.rs:4: the claim test `chapter::holds` is ignored: it can never fail
    remove `#[ignore]`, or the test and the sentences that cite it
"#]]
    );
}

/// A claim's test is cited by no page, and an example is shown by none.
#[test]
fn left_out() {
    let error = Project::new().page("# The page\n").error();
    assert_data_eq!(
        error,
        str![[r#"
2 problems in the book

examples/hello.rs:1: the program `hello` is shown by no page
    put `{{#example hello}}` on a line of its own in a page

tests/claims/chapter.rs:3: the check `chapter::holds` is cited by no page
    write `[✓](test:chapter::holds)` after the sentence that it holds
"#]]
    );
}

/// Nobody has recorded what an example prints.
#[test]
fn output_not_recorded() {
    let error = Project::new().without("tests/outputs/hello.txt").error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:3: nobody has recorded what the example `hello` prints
    run `SNAPSHOTS=overwrite cargo test --test outputs outputs::hello`
"#]]
    );
}

/// Directives that are misspelt, have no name, or share their line.
#[test]
fn malformed_directives() {
    let error = Project::new()
        .and("\n{{#exmaple hello}}\n\n{{#listing}}\n\nSee {{#output hello}} here.\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
3 problems in the book

src/page.md:7: no directive is called `{{#exmaple}}`
    the directives are example, listing, output, compile_fail and task, each with the name of one program; call, rules and taken, with the name of what is taken; and calls, claims, verdicts, refuted and answers, which take none; inside code they are left alone

src/page.md:9: `{{#listing}}` takes exactly one name
    the directives are example, listing, output, compile_fail and task, each with the name of one program; call, rules and taken, with the name of what is taken; and calls, claims, verdicts, refuted and answers, which take none; inside code they are left alone

src/page.md:11: `{{#output hello}}` must stand alone on its line
    the directives are example, listing, output, compile_fail and task, each with the name of one program; call, rules and taken, with the name of what is taken; and calls, claims, verdicts, refuted and answers, which take none; inside code they are left alone
"#]]
    );
}

/// An included file does not exist.
#[test]
fn broken_include() {
    let error = Project::new().and("\n{{#include nowhere.md}}\n").error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: the included file `nowhere.md` does not exist
    write its path relative to this page; for a program use `{{#example NAME}}`
"#]]
    );
}

/// A chapter's file does not exist.
#[test]
fn missing_chapter() {
    let error = Project::new()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Next](next.md)\n",
        )
        .error();
    assert_data_eq!(
        error,
        str![[r#"
src/SUMMARY.md:2: failed to read chapter `next.md`: No such file or directory (os error 2)
    create the file, or correct its name in the summary
"#]]
    );
}

/// The summary is no list of links.
#[test]
fn malformed_summary() {
    let error = Project::new()
        .file("src/SUMMARY.md", "- [The page](page.md)\n- no link\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
src/SUMMARY.md:2: Summary parsing failed for file="src/SUMMARY.md": There was an error parsing the numbered chapters: There was an error parsing the numbered chapters: failed to parse SUMMARY.md line 2, column 3: The link items for nested chapters must only contain a hyperlink
    every entry is a link to a page, as in `- [Title](file.md)`
"#]]
    );
}

/// The configuration is no TOML.
#[test]
fn malformed_configuration() {
    let error = Project::new()
        .file("book.toml", "[book]\ntitle = \"A book\nauthors = []\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
book.toml:2: Invalid configuration file: TOML parse error at line 2, column 16
  |
2 | title = "A book
  |                ^
invalid basic string, expected `"`

    correct the configuration
"#]]
    );
}

/// A claims module is no Rust.
#[test]
fn malformed_claims() {
    let error = Project::new()
        .file("tests/claims/chapter.rs", "#[test]\nfn holds( {}\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
tests/claims/chapter.rs:2: not valid Rust: cannot parse string into token stream
    run `cargo test --test claims` to see the compiler's own message
"#]]
    );
}

/// A box whose title never ends.
#[test]
fn malformed_box() {
    let error = Project::new()
        .and("\n```admonish rule title=\"unfinished\n\ntext\n\n```\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: malformed box: ```admonish rule title="unfinished
    a box starts with ```admonish KIND title="…" and ends with ```
"#]]
    );
}

/// A backtick in the title of a box, which ends the fence's first line.
#[test]
fn backtick_in_a_title() {
    let error = Project::new()
        .and("\n```admonish rule title=\"A `rule`\"\ntext\n```\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:7: a backtick in its title keeps this box from being one
    write `<code>…</code>` in the title of a box
"#]]
    );
}
