//! The book in this repository.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use book::finish::published;
use book::inventory::{Inventory, Verdict};

/// It builds: every page points at what exists, every check is cited, every
/// program is shown, every link leads somewhere, and so does every address
/// that the book ever had. The new ones are written down.
#[test]
fn it_builds_and_its_addresses_are_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let site = tempfile::tempdir().expect("a temporary folder");
    if let Err(error) = book::site::publish(&root, site.path(), None) {
        panic!("{error:#}");
    }
    let list = root.join(published::LIST);
    let text = fs::read_to_string(&list).unwrap_or_default();
    let mut written: BTreeSet<String> = text.lines().map(str::to_owned).collect();
    let present = published::addresses(site.path()).expect("a readable site");
    let new: Vec<&String> = present.difference(&written).collect();
    if new.is_empty() {
        return;
    }
    assert_eq!(
        env::var("SNAPSHOTS").as_deref(),
        Ok("overwrite"),
        "{} does not have {new:#?}\nrun `SNAPSHOTS=overwrite cargo test -p book --test book \
         addresses`; it adds lines and takes none away",
        published::LIST,
    );
    written.extend(present);
    let lines: Vec<String> = written.into_iter().collect();
    fs::write(&list, lines.join("\n") + "\n").expect("the list can be written");
}

/// Every command that a page gives names a program or a test binary that is
/// there; the others are those that `.ci/run` runs.
#[test]
fn every_command_on_a_page_can_be_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checks = fs::read_to_string(root.join(".ci/run")).expect("the checks");
    let mut commands = 0;
    for file in fs::read_dir(root.join("src")).expect("the pages") {
        let path = file.expect("a file").path();
        let text = fs::read(&path).expect("a readable file");
        let text = String::from_utf8_lossy(&text);
        for (line, number) in text.lines().zip(1..) {
            let Some(command) = line.strip_prefix("$ cargo ") else {
                continue;
            };
            commands += 1;
            let command = command.split('#').next().unwrap_or_default().trim();
            let words: Vec<&str> = command.split_whitespace().collect();
            let there = match words.as_slice() {
                [_, "--example", name] => root.join(format!("examples/{name}.rs")).exists(),
                [_, "--test", name, ..] => ["", "/main"].iter().any(|main| {
                    let file = format!("tests/{name}{main}.rs");
                    root.join(file).exists()
                }),
                ["run"] => true,
                ["test"] => checks.contains("cargo test "),
                ["run", "--", tool] => checks.contains(&format!("-- {tool}")),
                _ => false,
            };
            let path = path.display();
            assert!(
                there,
                "{path}:{number}: nothing checks that `cargo {command}` can be run"
            );
        }
    }
    assert!(commands > 0, "no page gives a command");
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

/// Nobody can change what the workflows run: each action is named by its
/// commit.
#[test]
fn every_action_is_pinned() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.github/workflows");
    let mut actions = 0;
    for file in fs::read_dir(folder).expect("the workflows") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a readable workflow");
        for (line, number) in text.lines().zip(1..) {
            let Some((_, action)) = line.split_once("uses: ") else {
                continue;
            };
            actions += 1;
            let commit = action.split(['@', ' ']).nth(1).unwrap_or_default();
            assert!(
                commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{}:{number}: write `NAME@COMMIT # vVERSION` instead of `{action}`",
                path.display()
            );
        }
    }
    assert!(actions > 0, "no workflow uses an action");
}
