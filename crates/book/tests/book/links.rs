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
