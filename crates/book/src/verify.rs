//! `cargo run -- verify`: runs every check and keeps the evidence.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, io};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use crate::evidence::{Evidence, Outcome, fingerprint};
use crate::lock::Lock;

/// The binaries whose tests a page can cite.
const BINARIES: [&str; 5] = [
    "claims",
    "is_cancel_safe",
    "outputs",
    "compile_fail",
    "recordings",
];

/// Runs the checks of the book at `root`, shows what they print, and stores
/// the evidence. Answers whether all of them passed.
///
/// # Errors
/// When the checks cannot be built or run, or when the sources changed while
/// they ran: such evidence would be of nothing.
pub fn verify(root: &Path) -> Result<bool> {
    let before = fingerprint(root)?;
    let (passed, outcomes) = run_checks(root)?;
    if outcomes.is_empty() {
        bail!("no check ran; does `cargo test` build?");
    }
    if fingerprint(root)? != before {
        bail!("the sources changed while the checks ran; run `cargo run -- verify` again");
    }
    let evidence = Evidence {
        sources: before,
        finished: Timestamp::now(),
        tokio: Lock::read(root)?.version("tokio")?.to_owned(),
        rustc: rustc_version(root)?,
        outcomes,
    };
    let file = evidence.store(root)?;
    let count = |wanted| evidence.outcomes.values().filter(|o| **o == wanted).count();
    println!(
        "{} checks held, {} failed; the evidence is in {}",
        count(Outcome::Passed),
        count(Outcome::Failed),
        file.display()
    );
    Ok(passed)
}

/// Runs the test binaries, passing their output through.
fn run_checks(root: &Path) -> Result<(bool, BTreeMap<String, Outcome>)> {
    let mut command = cargo(root);
    command.args(["test", "--no-fail-fast"]);
    for binary in BINARIES {
        command.args(["--test", binary]);
    }
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start `cargo test`")?;
    let stdout = child.stdout.take().context("`cargo test` has no output")?;
    let mut outcomes = BTreeMap::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cannot read what `cargo test` prints")?;
        outcomes.extend(outcome(&line));
        writeln!(io::stdout(), "{line}")?;
    }
    let status = child.wait().context("cannot wait for `cargo test`")?;
    Ok((status.success(), outcomes))
}

/// `test select::x ... ok` as a name and how it ended.
fn outcome(line: &str) -> Option<(String, Outcome)> {
    let (name, end) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let name = name.split(" - ").next()?.trim().to_owned();
    let outcome = match end.split([',', ' ']).next()? {
        "ok" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        "ignored" => Outcome::Ignored,
        _ => return None,
    };
    Some((name, outcome))
}

fn cargo(root: &Path) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command
}

fn rustc_version(root: &Path) -> Result<String> {
    let output = Command::new("rustc")
        .arg("--version")
        .current_dir(root)
        .output()
        .context("cannot run `rustc --version`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    Ok(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, outcome};

    /// Every form in which the two harnesses report a test is understood.
    #[test]
    fn reports_are_read() {
        let read = outcome;
        let is = |name: &str, outcome| Some((name.to_owned(), outcome));
        assert_eq!(
            read("test select::a ... ok"),
            is("select::a", Outcome::Passed)
        );
        assert_eq!(read("test a::b ... FAILED"), is("a::b", Outcome::Failed));
        assert_eq!(
            read("test outputs::slow     ... ok"),
            is("outputs::slow", Outcome::Passed)
        );
        assert_eq!(
            read("test a::b - should panic ... ok"),
            is("a::b", Outcome::Passed)
        );
        assert_eq!(
            read("test a::b ... ignored, too slow"),
            is("a::b", Outcome::Ignored)
        );
        assert_eq!(read("test result: ok. 3 passed; 0 failed"), None);
        assert_eq!(read("running 3 tests"), None);
    }
}
