//! Links inside the book lead somewhere, or the build says which does not.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

/// A link to a page that does not exist, and to a heading that does not.
#[test]
fn links_that_lead_nowhere() {
    let error = Project::new()
        .and("\n[a](pgae.md)\n\n[b](page.md#the-pgae)\n\n[c](#the-page) [d](https://example.com)\n")
        .error();
    assert_data_eq!(
        error,
        str![[r#"
2 problems in the book

src/page.md:7: the link `pgae.html` leads to no file; did you mean `page.html` or `index.html`?
    correct the link, or create its target

src/page.md:9: the link `page.html#the-pgae` leads to no place in its page; did you mean `the-page` or `check-page-1` or `check-page-2`?
    correct the link, or create its target
"#]]
    );
}

/// A picture, a script and what a style loads are links as well, and so are
/// those of the pages that mdBook adds.
#[test]
fn pictures_scripts_and_styles_that_are_not_there() {
    let error = Project::new()
        .and("\n![a](gone.png)\n\n<script src=\"gone.js\"></script>\n\n<i data-later=\"later.js\">b</i>\n")
        .file("src/404.md", "[c](gone.html)\n")
        .file("theme/css/general.css", "a {\n  background: url(\"gone.svg\");\n}\n")
        .error();
    for gone in ["gone.png", "gone.js", "later.js", "gone.html", "gone.svg"] {
        assert!(error.contains(gone), "{gone} is missing in {error}");
    }
    assert!(
        error.contains("src/404.md:1: the link `gone.html`"),
        "{error}"
    );
    assert!(
        error.contains("src/page.md:7: the link `gone.png`"),
        "{error}"
    );
    assert!(error.contains("theme/css/general.css:2: "), "{error}");
}

/// A link to the documentation of a dependency names the version in Cargo.lock.
#[test]
fn documentation_of_another_version() {
    let lock = "[[package]]\nname = \"tokio\"\nversion = \"1.0.0\"\n\n\
                [[package]]\nname = \"tokio\"\nversion = \"1.54.1\"\n\n\
                [[package]]\nname = \"tokio-util\"\nversion = \"0.7.20\"\n";
    let error = Project::new()
        .file("Cargo.lock", lock)
        .and(
            "\n[a](https://docs.rs/tokio/1.54.1/tokio/) [b](https://docs.rs/other)\n\
             [c](https://docs.rs/tokio/1.54/tokio/)\n[d](https://docs.rs/tokio-util)\n\
             [e](https://docs.rs/crate/tokio/1.0.0)\n",
        )
        .file(
            "README.md",
            "See https://docs.rs/tokio_util/latest/tokio_util/.\n",
        )
        .error();
    assert_data_eq!(
        error,
        str![[r#"
3 problems in the book

README.md:1: `https://docs.rs/tokio_util/latest` names no version of Cargo.lock
    write `https://docs.rs/tokio_util/0.7.20/…`

src/page.md:8: `https://docs.rs/tokio/1.54` names no version of Cargo.lock
    write `https://docs.rs/tokio/1.54.1/…`

src/page.md:9: `https://docs.rs/tokio-util` names no version of Cargo.lock
    write `https://docs.rs/tokio-util/0.7.20/…`
"#]]
    );
}
