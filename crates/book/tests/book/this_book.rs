//! The book in this repository.

use std::path::Path;

/// It builds: every page points at what exists, every check is cited, every
/// program is shown, and every link leads somewhere.
#[test]
fn it_builds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let site = tempfile::tempdir().expect("a temporary folder");
    if let Err(error) = book::site::build(&root, site.path(), None) {
        panic!("{error:#}");
    }
}
