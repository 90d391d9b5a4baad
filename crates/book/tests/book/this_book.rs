//! The book in this repository.

use std::path::Path;

use book::inventory::{Inventory, Verdict};

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

/// Every statement of the document has its row: forty of them, of which six
/// are false and nine hold under a condition that they do not name.
#[test]
fn every_statement_has_its_verdict() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let inventory = Inventory::read(&root).expect("a readable book");
    let count = |verdict| {
        let all = inventory.statements.iter();
        all.filter(|statement| statement.verdict == verdict).count()
    };
    assert_eq!(inventory.statements.len(), 40);
    assert_eq!(count(Verdict::False), 6);
    assert_eq!(count(Verdict::HoldsIf), 9);
}
