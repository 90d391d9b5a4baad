//! What every future of an example did, as the recorder wrote it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use recording::{Recording, Run, What};

/// The folder of the recordings, relative to the root.
const FOLDER: &str = "tests/recordings";

/// The file of a recording, relative to the root.
pub fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{name}.json"))
}

/// The command that records an example anew.
pub fn remedy(name: &str) -> String {
    format!("run `SNAPSHOTS=overwrite cargo test --test recordings recordings::{name} -- --exact`")
}

/// The recordings of the book at `root`, by the names of their files; none
/// where there is no such folder.
///
/// # Errors
/// When one cannot be read, or is not what a recording must be.
pub(super) fn read(root: &Path) -> Result<BTreeMap<String, Recording>> {
    let folder = root.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.with_context(|| format!("cannot list `{}`", folder.display()))?,
    };
    let mut recordings = BTreeMap::new();
    for entry in entries {
        let file = entry?.path();
        let (Some(name), Some("json")) = (
            file.file_stem().and_then(|stem| stem.to_str()),
            file.extension().and_then(|extension| extension.to_str()),
        ) else {
            continue;
        };
        let text = fs::read_to_string(&file)
            .with_context(|| format!("cannot read `{}`", file.display()))?;
        let recording = parse(name, &text)?;
        recordings.insert(name.to_owned(), recording);
    }
    Ok(recordings)
}

fn parse(name: &str, text: &str) -> Result<Recording> {
    let (path, remedy) = (path(name), remedy(name));
    let path = path.display();
    let recording = match Recording::from_json(text) {
        Ok(recording) => recording,
        Err(error) => bail!("{path}:{}: {error}\n    {remedy}", error.line().max(1)),
    };
    if recording.example != name {
        let example = &recording.example;
        bail!("{path}:1: this is a recording of `{example}`, and not of `{name}`\n    {remedy}");
    }
    let cuts = recording.subject.iter().flat_map(|subject| &subject.cuts);
    let runs = [&recording.run].into_iter().chain(cuts.map(|cut| &cut.run));
    let (mut futures, mut events) = (0, 0);
    for run in runs {
        if let Some((kind, index)) = nameless(run) {
            let (key, place) = match kind {
                "future" => ("\"kind\":", futures + index),
                _ => ("\"at\":", events + index),
            };
            let line = text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.contains(key));
            let line = line.map(|(line, _)| line + 1).nth(place).unwrap_or(1);
            bail!(
                "{path}:{line}: this {kind} names a future that the recording does not have\n    {remedy}"
            );
        }
        futures += run.futures.len();
        events += run.events.len();
    }
    Ok(recording)
}

/// The first future or event that names a future which is not there: a parent
/// must stand before its child, and only what is printed and a destructor can
/// be nobody's.
fn nameless(run: &Run) -> Option<(&'static str, usize)> {
    let orphan = run
        .futures
        .iter()
        .enumerate()
        .position(|(index, seen)| seen.parent.is_some_and(|parent| parent >= index));
    if let Some(index) = orphan {
        return Some(("future", index));
    }
    let exists = |future: usize| future < run.futures.len();
    let stray = run.events.iter().position(|event| {
        let of = match (event.of, &event.what) {
            (Some(of), _) => exists(of),
            (None, What::Printed { .. } | What::Destructor { .. }) => true,
            (None, _) => false,
        };
        let by = match event.what {
            What::Woken { by: Some(by) } => exists(by),
            _ => true,
        };
        !of || !by
    });
    stray.map(|index| ("event", index))
}
