//! An address that was published stays good, or the build says what to do.

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::project::Project;

const LIST: &str = "old.html\nold.html#part\npage.html\npage.html#former\npage.html#the-page\n";

fn redirects(entries: &str) -> Project {
    let project = Project::new().file("tests/published.txt", LIST);
    let toml = fs::read_to_string(project.path("book.toml")).expect("the configuration");
    project.file(
        "book.toml",
        &format!("{toml}\n[output.html.redirect]\n{entries}"),
    )
}

/// A page and a heading that are gone, with the entry that is missing.
#[test]
fn what_is_gone_needs_a_redirect() {
    assert_data_eq!(
        redirects("").error(),
        str![[r#"
3 problems in the book

tests/published.txt:1: `old.html` was published, and now leads nowhere; did you mean `toc.html` or `index.html`?
    say where it went, with `"/old.html" = "PAGE.html#PLACE"` under [output.html.redirect] in book.toml

tests/published.txt:2: `old.html#part` was published, and now leads nowhere
    say where it went, with `"/old.html#part" = "PAGE.html#PLACE"` under [output.html.redirect] in book.toml

tests/published.txt:4: `page.html#former` was published, and now leads nowhere; did you mean `page.html` or `page.html#the-page` or `page.html#example-hello`?
    say where it went, with `"/page.html#former" = "PAGE.html#PLACE"` under [output.html.redirect] in book.toml
"#]]
    );
}

/// With their entries they are good again: a page, a place in it, and a place
/// within a page, over more than one step too.
#[test]
fn redirects_keep_them_good() {
    let project = redirects(
        "\"/old.html\" = \"older.html\"\n\"/older.html\" = \"page.html\"\n\
         \"/old.html#part\" = \"page.html#the-page\"\n\
         \"/page.html#former\" = \"page.html#the-page\"\n",
    );
    let old = project.built("old.html");
    assert!(old.contains("older.html"), "{old}");
}

/// A redirect to nowhere, and one in a circle, keep nothing good.
#[test]
fn a_redirect_must_arrive() {
    let error = redirects(
        "\"/old.html\" = \"older.html\"\n\"/older.html\" = \"old.html\"\n\
         \"/old.html#part\" = \"page.html\"\n\"/page.html#former\" = \"page.html#nowhere\"\n",
    )
    .error();
    assert!(error.contains("`old.html` was published"), "{error}");
    assert!(!error.contains("`old.html#part`"), "{error}");
    assert!(
        error.contains("`page.html#former` was published"),
        "{error}"
    );
}
