//! Compiles every `tests/compile_fail/NAME.rs` and compares rustc's message
//! with `NAME.stderr` beside it, the very text that the pages show.
//!
//! One test per program, `compile_fail::NAME`:
//!
//! - `cargo test --test compile_fail compile_fail::NAME -- --exact` runs one;
//! - `TRYBUILD=overwrite cargo test --test compile_fail` writes the messages
//!   anew.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, io, panic};

use libtest_mimic::{Arguments, Failed, Trial};

/// The root of the workspace. It is also the package that the cases belong to:
/// they may use what the examples use, and rustc names them as
/// `tests/compile_fail/NAME.rs`.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Set, to the path of a case, in the process that hands it to trybuild.
const CASE: &str = "CANCELLATION_BOOK_COMPILE_FAIL_CASE";

fn main() -> io::Result<ExitCode> {
    let root = fs::canonicalize(ROOT)?;
    env::set_current_dir(&root)?;
    if let Some(case) = env::var_os(CASE) {
        // trybuild has said what is wrong by the time it panics.
        panic::set_hook(Box::new(|_| ()));
        trybuild::TestCases::new().compile_fail(Path::new(&case));
        return Ok(ExitCode::SUCCESS);
    }

    let mut args = Arguments::from_args();
    // trybuild has one project folder, and rewrites it for each case.
    args.test_threads = Some(1);

    let programs = stems("rs")?;
    let messages = stems("stderr")?;
    let trials = programs.union(&messages).map(|name| {
        let trial = format!("compile_fail::{name}");
        let name = name.clone();
        if programs.contains(&name) {
            let root = root.clone();
            Trial::test(trial, move || check(&name, &root))
        } else {
            Trial::test(trial, move || Err(orphan(&name)))
        }
    });
    Ok(libtest_mimic::run(&args, trials.collect()).exit_code())
}

/// The names, without extension, of the folder's files with this extension.
fn stems(extension: &str) -> io::Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir("tests/compile_fail")? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let stem = path.file_stem().unwrap_or_default();
            stems.insert(stem.to_string_lossy().into_owned());
        }
    }
    Ok(stems)
}

/// The test of one case. trybuild works in a process of its own, because it
/// takes the package from the environment and prints instead of returning.
fn check(name: &str, root: &Path) -> Result<(), Failed> {
    let case = format!("tests/compile_fail/{name}.rs");
    let stderr = format!("tests/compile_fail/{name}.stderr");
    let remedy = format!(
        "TRYBUILD=overwrite cargo test --test compile_fail compile_fail::{name} -- --exact"
    );

    let overwrite = env::var_os("TRYBUILD").is_some_and(|action| action == "overwrite");
    if !overwrite && !Path::new(&stderr).exists() {
        return Err(format!("{case} has no {stderr} yet. This makes it:\n    {remedy}").into());
    }

    let output = Command::new(env::current_exe()?)
        .env(CASE, &case)
        .env("CARGO_MANIFEST_DIR", root)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // Up to the first two empty lines, cargo tells of its progress.
    let said = said.split_once("\n\n\n").map_or(&*said, |(_, said)| said);
    let accept = if said.contains("ACTUAL OUTPUT") {
        format!("\n\nIf the new message is right, this accepts it:\n    {remedy}")
    } else {
        String::new()
    };
    Err(format!(
        "{case} did not fail with the message in {stderr}.\n\n{}{accept}",
        said.trim_end()
    )
    .into())
}

fn orphan(name: &str) -> Failed {
    format!(
        "tests/compile_fail/{name}.stderr is the message about tests/compile_fail/{name}.rs, \
         which does not exist.\n\
         Delete the file, or restore the program."
    )
    .into()
}
