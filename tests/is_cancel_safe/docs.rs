//! What the documentation of a call says, read from the sources of its crate
//! as they are compiled here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

use serde_json::Value;

use crate::row::Docs;

/// The root of the workspace.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The folder of every package that the workspace is built from, by name.
static PACKAGES: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    // Only this platform's packages have been downloaded.
    let host = printed("rustc", &["--print", "host-tuple"]);
    let metadata = printed(
        &env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
        &["metadata", "--format-version=1", "--locked", "--offline"]
            .into_iter()
            .chain(["--filter-platform", host.trim()])
            .collect::<Vec<_>>(),
    );
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("it lists packages");
    // The newest of a name comes last, and stays.
    let folder = |package: &Value| {
        let manifest = PathBuf::from(package["manifest_path"].as_str()?);
        let name = package["name"].as_str()?.to_owned();
        Some((name, manifest.parent()?.to_owned()))
    };
    packages.iter().filter_map(folder).collect()
});

/// What a command prints, run in the root of the workspace.
fn printed(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .unwrap_or_else(|error| panic!("cannot run `{program}`: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{program}` failed: {errors}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// Panics unless the documentation of `api` in `source`, a file of the
/// package that holds it (`PACKAGE/src/…`), says what `docs` says it does.
/// With `#ITEM` at its end, `source` names another item of that file.
#[track_caller]
pub fn hold(api: &str, source: &str, docs: &Docs) {
    let (file, item) = match source.split_once('#') {
        Some((file, item)) => (file, Some(item)),
        None => (source, None),
    };
    let (package, file) = file.split_once('/').expect("PACKAGE/src/…");
    let folder = PACKAGES.get(package);
    let folder = folder.unwrap_or_else(|| panic!("{api}: no package `{package}` in Cargo.lock"));
    let text = fs::read_to_string(folder.join(file))
        .unwrap_or_else(|error| panic!("{api}: cannot read `{source}`: {error}"));
    let comments = comments(&text, item.unwrap_or(api));
    assert!(
        !comments.is_empty(),
        "{api}: `{source}` documents no such thing"
    );
    match docs {
        Docs::Says(words) | Docs::Differs(words, _) => assert!(
            comments.iter().any(|comment| comment.contains(words)),
            "{api}: `{source}` does not say “{words}”, but:\n{}",
            comments.join("\n---\n"),
        ),
        Docs::Silent => {
            let about = |comment: &&String| comment.to_lowercase().contains("cancel");
            let spoken = comments.iter().find(about);
            if let Some(comment) = spoken {
                panic!("{api}: `{source}` is not silent:\n{comment}");
            }
        }
    }
}

/// The documentation comments of the items with the last name of `api`, each
/// on one line; only of those within the type or trait of its last name but
/// one, if there are any such. If there is no item of the last name, those of
/// the type of the last name but one.
fn comments(text: &str, api: &str) -> Vec<String> {
    let (path, _) = api.split_once(" (").unwrap_or((api, ""));
    let mut names = path.rsplit("::");
    let name = names.next().unwrap_or(path).trim_end_matches('!');
    let owner = names.next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    // A method that its type has from a trait of another file: what the type
    // itself says. `Framed::send` is one.
    let declared = lines.iter().any(|line| declares(line, name));
    let (name, owner) = if declared { (name, owner) } else { (owner, "") };
    let found: Vec<usize> = (0..lines.len())
        .filter(|&index| declares(lines[index], name))
        .collect();
    let owned: Vec<usize> = found
        .iter()
        .copied()
        .filter(|&index| mentions(enclosing(&lines, index), owner))
        .collect();
    let chosen = if owned.is_empty() { found } else { owned };
    let above = chosen.into_iter().map(|index| comment(&lines[..index]));
    above.filter(|comment| !comment.is_empty()).collect()
}

/// Whether a line declares the function, macro or type called `name`.
fn declares(line: &str, name: &str) -> bool {
    let line = line.trim();
    // Tokio documents its macros in a macro, above the name of what it gets.
    if line.strip_prefix('$') == Some(name) {
        return true;
    }
    ["fn ", "macro_rules! ", "struct "].iter().any(|keyword| {
        line.split_once(keyword).is_some_and(|(before, after)| {
            let word = |part: &str| matches!(part, "pub" | "async" | "unsafe" | "const");
            before.split_whitespace().all(word)
                && mentions(
                    after.split(['(', '<', ' ', '{', ';']).next().unwrap_or(""),
                    name,
                )
        })
    })
}

/// The first line of the block that a line is in: an `impl` or a `trait`.
fn enclosing<'a>(lines: &[&'a str], index: usize) -> &'a str {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let opens = |line: &&&str| {
        let text = line.trim_start();
        indent(line) < indent(lines[index]) && (text.starts_with("impl") || text.contains("trait "))
    };
    lines[..index]
        .iter()
        .rev()
        .find(opens)
        .copied()
        .unwrap_or("")
}

/// Whether `name` occurs as a word.
fn mentions(line: &str, name: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    line.split(|c| !letter(c)).any(|word| word == name)
}

/// The `///` lines right above, on one line and without code; attributes, other
/// comments and an empty line may stand between.
fn comment(above: &[&str]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for line in above.iter().rev().map(|line| line.trim()) {
        match line.strip_prefix("///") {
            Some(text) => words.push(text.trim()),
            None if line.starts_with("//") || line.starts_with("#[") || line.ends_with(")]") => {}
            None if line.is_empty() && words.is_empty() => {}
            None => break,
        }
    }
    words.reverse();
    let mut in_code = false;
    words.retain(|line| {
        let fence = line.starts_with("```");
        in_code ^= fence;
        !(line.is_empty() || fence || in_code)
    });
    words.join(" ")
}

mod tests {
    use super::{Docs, hold};

    const BOUNDED: &str = "tokio/src/sync/mpsc/bounded.rs";

    /// Words that are not there are noticed.
    #[test]
    #[should_panic = "does not say “the message is kept”"]
    fn words_are_looked_up() {
        let docs = Docs::Says("the message is kept");
        hold("tokio::sync::mpsc::Sender::send", BOUNDED, &docs);
    }

    /// And so is silence that is none.
    #[test]
    #[should_panic = "is not silent"]
    fn silence_is_looked_up() {
        hold("tokio::sync::mpsc::Sender::send", BOUNDED, &Docs::Silent);
    }

    /// And a call that is not in the file.
    #[test]
    #[should_panic = "documents no such thing"]
    fn the_call_is_looked_up() {
        hold(
            "tokio::sync::mpsc::Sender::shout",
            "tokio/src/lib.rs",
            &Docs::Silent,
        );
    }
}
