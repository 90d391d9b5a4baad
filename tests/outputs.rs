//! Runs every example for real and compares what it printed with
//! `tests/outputs/NAME.txt`, the very text that the pages show.
//!
//! One test per example, `outputs::NAME`:
//!
//! - `cargo test --test outputs outputs::NAME -- --exact` runs one of them;
//! - `SNAPSHOTS=overwrite cargo test --test outputs` writes the files anew.
//!
//! An example ends by itself with exit status 0 and writes nothing to stderr.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use std::{env, fs, io};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use snapbox::assert::{Action, Assert, DEFAULT_ACTION_ENV};
use snapbox::data::{Data, DataFormat, IntoData};
use tokio::io::AsyncReadExt;

/// How many examples run at once, unless `--test-threads` says otherwise. They
/// spend their time asleep, so this may be more than there are cores; but each
/// of them needs its core within a few milliseconds of waking up.
const AT_ONCE: usize = 8;

/// When an example counts as stuck. The longest of them take about two seconds.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// An example's program, or why there is none.
type Built = Result<PathBuf, String>;

fn main() -> io::Result<ExitCode> {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(AT_ONCE);

    // All paths below are seen from the root of the workspace.
    env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))?;
    let examples = stems("examples", "rs")?;
    let recorded = stems("tests/outputs", "txt")?;

    let will_run = |name: &&String| {
        let trial = Trial::test(format!("outputs::{name}"), || Ok(()));
        !(args.list || args.is_filtered_out(&trial) || args.is_ignored(&trial))
    };
    let wanted: Vec<&String> = examples.iter().filter(will_run).collect();
    let mut built = if wanted.is_empty() {
        BTreeMap::new()
    } else {
        build(&wanted)?
    };

    let trials = examples.union(&recorded).map(|name| {
        let trial = format!("outputs::{name}");
        let name = name.clone();
        if examples.contains(&name) {
            let program = built.remove(&name);
            Trial::test(trial, move || check(&name, program))
        } else {
            Trial::test(trial, move || Err(orphan(&name)))
        }
    });
    Ok(libtest_mimic::run(&args, trials.collect()).exit_code())
}

/// The names, without extension, of a folder's files with this extension.
fn stems(folder: &str, extension: &str) -> io::Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let stem = path.file_stem().unwrap_or_default();
            stems.insert(stem.to_string_lossy().into_owned());
        }
    }
    Ok(stems)
}

/// Builds these examples in the profile of this test. One that does not
/// compile keeps none of the others from being built.
///
/// No `-p`: cargo unifies features over the packages it is asked for, and the
/// whole workspace is what `cargo run --example` and `cargo test` ask for.
/// Naming one package would build Tokio a second time.
fn build(names: &[&String]) -> io::Result<BTreeMap<String, Built>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = std::process::Command::new(cargo);
    build.args(["build", "--keep-going"]);
    build.args(names.iter().flat_map(|name| ["--example", name]));
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build
        .arg("--message-format=json")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;

    let mut programs = BTreeMap::new();
    let mut errors = BTreeMap::<String, String>::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let target = text(&message["target"]["name"]);
        if let Some(program) = message["executable"].as_str() {
            programs.insert(target, PathBuf::from(program));
        } else if message["message"]["level"] == "error" {
            let rendered = text(&message["message"]["rendered"]);
            *errors.entry(target).or_default() += &rendered;
        }
    }

    let built = names.iter().map(|name| {
        let program = programs.remove(*name).ok_or_else(|| {
            // Without errors of its own, it is something it depends on.
            let own = errors.get(*name).cloned();
            own.unwrap_or_else(|| errors.values().map(String::as_str).collect())
        });
        (name.to_string(), program)
    });
    Ok(built.collect())
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

/// What an example left behind, and how it ended if it did so in time.
struct Run {
    status: Option<ExitStatus>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

#[tokio::main(flavor = "current_thread")]
async fn run(program: &Path) -> io::Result<Run> {
    let mut child = tokio::process::Command::new(program)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdout_pipe = child.stdout.take().expect("stdout is piped");
    let mut stderr_pipe = child.stderr.take().expect("stderr is piped");

    // Kept outside the future: what was read survives the timeout.
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let to_the_end = async {
        tokio::try_join!(
            stdout_pipe.read_to_end(&mut stdout),
            stderr_pipe.read_to_end(&mut stderr),
            child.wait(),
        )
    };
    let status = match tokio::time::timeout(TIME_LIMIT, to_the_end).await {
        Ok(ended) => Some(ended?.2),
        Err(_) => None,
    };
    Ok(Run {
        status,
        stdout,
        stderr,
    })
}

/// The test of one example.
fn check(name: &str, program: Option<Built>) -> Result<(), Failed> {
    let program = program
        .expect("what runs has been built")
        .map_err(|errors| format!("examples/{name}.rs does not compile.\n\n{errors}"))?;
    let run = run(&program)?;
    let printed = run.printed();

    let Some(status) = run.status else {
        let limit = TIME_LIMIT.as_secs();
        return Err(format!(
            "examples/{name}.rs was still running after {limit} s and has been killed.\n\
             An example ends by itself, within about two seconds.\n\n{printed}"
        )
        .into());
    };
    if !status.success() {
        return Err(format!(
            "examples/{name}.rs failed: {status}.\n\
             An example ends with exit status 0.\n\n{printed}"
        )
        .into());
    }
    if !run.stderr.is_empty() {
        return Err(format!(
            "examples/{name}.rs wrote to stderr, which no page shows.\n\
             An example prints with `println!` and lets no panic reach the terminal.\n\n{printed}"
        )
        .into());
    }
    compare(name, run.stdout)
}

/// Holds what was printed against the file, byte by byte, or writes the file
/// when `SNAPSHOTS=overwrite` asks for it.
fn compare(name: &str, stdout: Vec<u8>) -> Result<(), Failed> {
    let example = format!("examples/{name}.rs");
    let file = format!("tests/outputs/{name}.txt");
    let remedy =
        format!("SNAPSHOTS=overwrite cargo test --test outputs outputs::{name} -- --exact");
    let printed = String::from_utf8(stdout)
        .map_err(|error| format!("{example} printed what is not UTF-8: {error}"))?;

    let recorded = fs::read(&file).ok();
    if recorded.as_deref() == Some(printed.as_bytes()) {
        return Ok(());
    }
    if Action::with_env_var(DEFAULT_ACTION_ENV) == Some(Action::Overwrite) {
        eprintln!("writing {file}");
        return Ok(fs::write(&file, printed)?);
    }
    if recorded.is_none() {
        return Err(format!(
            "{example} has no {file} yet. It printed:\n\n{printed}\n\
             If that is what it should print, this makes the file:\n    {remedy}"
        )
        .into());
    }

    // `raw`: an output is compared as it is, without snapbox's wildcards.
    let expected = Data::read_from(Path::new(&file), Some(DataFormat::Text)).raw();
    let difference = Assert::new()
        .try_eq(Some(&"printed just now"), printed.into_data(), expected)
        .map_or_else(
            |diff| diff.to_string(),
            |()| "They differ in their line ends alone.".to_owned(),
        );
    Err(format!(
        "{example} no longer prints what {file} says.\n{}\n\n\
         If the new output is right, this accepts it:\n    {remedy}",
        difference.trim_end()
    )
    .into())
}

fn orphan(name: &str) -> Failed {
    format!(
        "tests/outputs/{name}.txt is the output of examples/{name}.rs, which does not exist.\n\
         Delete the file, or restore the example."
    )
    .into()
}

impl Run {
    /// Both streams, for a failure message.
    fn printed(&self) -> String {
        let stream = |name: &str, bytes: &[u8]| match bytes {
            [] => format!("{name}: nothing\n"),
            _ => format!("{name}:\n{}\n", String::from_utf8_lossy(bytes)),
        };
        stream("stdout", &self.stdout) + &stream("stderr", &self.stderr)
    }
}
