//! Runs every example on a paused clock, with a note taken of everything that
//! its futures do, and compares the notes with `tests/recordings/NAME.json`,
//! the very recording that the pages draw.
//!
//! One test per example, `recordings::NAME`:
//!
//! - `cargo test --test recordings recordings::NAME -- --exact` runs one;
//! - `SNAPSHOTS=overwrite cargo test --test recordings` records anew.
//!
//! It holds three things. What the recorded copy prints is what the program
//! prints, by `tests/outputs`; and what a sweep prints is what became of its
//! subject. Nothing is left out in silence: an example
//! without a recording is listed, with the reason, in `unrecorded.toml`. And
//! the recording is the same each time, to the byte; so each is made twice,
//! every time in a process of its own.

mod report;
mod subjects;
mod unrecorded;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use libtest_mimic::{Arguments, Failed, Trial};
use recording::Recording;
use snapbox::assert::{Action, Assert, DEFAULT_ACTION_ENV};
use snapbox::data::{Data, DataFormat, IntoData};

use self::subjects::Case;
use self::unrecorded::Unrecorded;

/// The recorded copies, and `PROGRAMS`, those of them that can be run.
mod programs {
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

/// Set, to the name of an example, in the process that records it.
const RECORD: &str = "CANCELLATION_BOOK_RECORD";

fn main() -> io::Result<ExitCode> {
    // All paths below are seen from the root of the workspace.
    env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))?;
    if let Some(name) = env::var_os(RECORD) {
        print!("{}", record(&name.to_string_lossy()).to_json());
        return Ok(ExitCode::SUCCESS);
    }

    let args = Arguments::from_args();
    let unrecorded = Unrecorded::read()?;
    let examples = stems("examples", "rs")?;
    let recorded = stems("tests/recordings", "json")?;
    let mut trials = vec![Trial::test("unrecorded::reasons", {
        let examples = examples.clone();
        move || unrecorded::check(&examples)
    })];
    for name in examples.union(&recorded) {
        let trial = format!("recordings::{name}");
        let name = name.clone();
        let records = subjects::of(&name).is_some() || !unrecorded.lists(&name);
        if !examples.contains(&name) || !records {
            if recorded.contains(&name) {
                trials.push(Trial::test(trial, move || Err(orphan(&name))));
            }
        } else {
            trials.push(Trial::test(trial, move || check(&name)));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
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

/// Whether the copy of an example can be run as a whole.
fn is_program(name: &str) -> bool {
    programs::PROGRAMS
        .iter()
        .any(|(program, _)| *program == name)
}

/// Records an example in this process.
fn record(name: &str) -> Recording {
    let programs: BTreeMap<&str, programs::Program> = programs::PROGRAMS.iter().copied().collect();
    let case = subjects::of(name);
    let cuts = case.map(Case::cuts);
    let whole = programs.get(name).map(|program| program());
    // A sweep is no run to look at; its subject, uncut, is.
    let uncut = || Some(cuts.as_ref()?.last()?.run.clone());
    Recording {
        example: name.to_owned(),
        run: whole.or_else(uncut).expect("the example can be recorded"),
        subject: case.zip(cuts).map(|(case, cuts)| case.subject(cuts)),
    }
}

/// The test of one example.
fn check(name: &str) -> Result<(), Failed> {
    if !is_program(name) && subjects::of(name).is_none() {
        return Err(format!(
            "examples/{name}.rs is no run of a future: its `main` is not `async`, and makes no \
             runtime with `Runtime::new`.\n\
             If it cuts a future itself, give it a subject in tests/recordings/subjects; \
             if not, list it in tests/recordings/unrecorded.toml."
        )
        .into());
    }
    let (first, second) = (recorded_apart(name)?, recorded_apart(name)?);
    if first != second {
        let difference = difference(&first, &second, "the second time");
        return Err(format!(
            "examples/{name}.rs does not do the same each time.\n{difference}\n\n\
             A recording needs an example whose order of events does not depend on the machine; \
             see tests/recordings/unrecorded.toml for those that have none."
        )
        .into());
    }
    let recording = Recording::from_json(&first).map_err(|error| {
        format!("examples/{name}.rs printed past the recorder: {error}\n{first}")
    })?;
    let plain = fs::read_to_string(format!("tests/outputs/{name}.txt"))?;
    if is_program(name) {
        let printed = recording.run.stdout();
        if printed != plain {
            let difference = difference(&plain, &printed, "the recorded copy prints");
            return Err(format!(
                "the recorded copy of examples/{name}.rs does not print what the program prints.\n{difference}"
            )
            .into());
        }
    } else if let Some(subject) = &recording.subject {
        report::agrees(subject, &plain)
            .map_err(|error| format!("tests/outputs/{name}.txt: {error}"))?;
    }
    compare(name, &first)
}

/// The recording, made in a process of its own.
fn recorded_apart(name: &str) -> Result<String, Failed> {
    let output = Command::new(env::current_exe()?)
        .env(RECORD, name)
        .stdin(Stdio::null())
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !stderr.is_empty() {
        return Err(format!(
            "the recorded copy of examples/{name}.rs ended with {}, and said on stderr:\n{stderr}",
            output.status
        )
        .into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Holds the recording against the file, byte by byte, or writes the file when
/// `SNAPSHOTS=overwrite` asks for it.
fn compare(name: &str, recorded: &str) -> Result<(), Failed> {
    let file = format!("tests/recordings/{name}.json");
    let remedy =
        format!("SNAPSHOTS=overwrite cargo test --test recordings recordings::{name} -- --exact");
    let committed = fs::read_to_string(&file).ok();
    if committed.as_deref() == Some(recorded) {
        return Ok(());
    }
    if Action::with_env_var(DEFAULT_ACTION_ENV) == Some(Action::Overwrite) {
        eprintln!("writing {file}");
        return Ok(fs::write(&file, recorded)?);
    }
    let Some(committed) = committed else {
        return Err(format!("{file} does not exist yet. This records it:\n    {remedy}").into());
    };
    let difference = difference(&committed, recorded, "recorded just now");
    Err(format!(
        "the futures of examples/{name}.rs no longer do what {file} says.\n{difference}\n\n\
         If what they do now is right, this accepts it:\n    {remedy}"
    )
    .into())
}

/// How the second text differs from the first.
fn difference(expected: &str, actual: &str, name: &str) -> String {
    let expected = Data::from(expected.to_owned())
        .coerce_to(DataFormat::Text)
        .raw();
    Assert::new()
        .try_eq(Some(&name), actual.to_owned().into_data(), expected)
        .map_or_else(|diff| diff.to_string(), |()| String::new())
        .trim_end()
        .to_owned()
}

fn orphan(name: &str) -> Failed {
    let example = format!("examples/{name}.rs");
    let why = match Path::new(&example).exists() {
        true => "tests/recordings/unrecorded.toml says that it has none",
        false => "it does not exist",
    };
    format!(
        "tests/recordings/{name}.json is the recording of {example}, but {why}.\n\
         Delete the file, or restore the example."
    )
    .into()
}
