//! The examples without a recording, and the check that each has a reason.

use std::collections::BTreeSet;
use std::{fs, io};

use libtest_mimic::Failed;
use serde::Deserialize;

use crate::subjects;

const FILE: &str = "tests/recordings/unrecorded.toml";

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unrecorded {
    group: Vec<Group>,
}

/// Examples that have no recording for the same reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    why: String,
    /// Text by which such an example is known.
    signs: Vec<String>,
    examples: Vec<String>,
}

impl Unrecorded {
    pub fn read() -> io::Result<Self> {
        toml::from_str(&fs::read_to_string(FILE)?).map_err(io::Error::other)
    }

    pub fn lists(&self, example: &str) -> bool {
        self.group.iter().any(|group| group.lists(example))
    }
}

impl Group {
    fn lists(&self, example: &str) -> bool {
        self.examples.iter().any(|listed| listed == example)
    }
}

/// Every example that is listed exists and shows a sign of its group, and
/// every example that shows one, and has no subject, is listed.
pub fn check(examples: &BTreeSet<String>) -> Result<(), Failed> {
    let unrecorded = Unrecorded::read()?;
    let mut wrong = Vec::new();
    for group in &unrecorded.group {
        for listed in group
            .examples
            .iter()
            .filter(|name| !examples.contains(*name))
        {
            wrong.push(format!("`{listed}` is no example; delete the entry"));
        }
    }
    for example in examples {
        let text = fs::read_to_string(format!("examples/{example}.rs"))?;
        let shows = |group: &&Group| group.signs.iter().any(|sign| text.contains(sign));
        let sign = unrecorded.group.iter().find(shows);
        let listed = unrecorded.group.iter().find(|group| group.lists(example));
        match (listed, sign) {
            (Some(listed), _) if !shows(&listed) => wrong.push(format!(
                "`{example}` shows none of the signs {:?} any more; delete the entry, and record it",
                listed.signs
            )),
            (Some(_), _) if subjects::of(example).is_some() => wrong.push(format!(
                "`{example}` has a subject, and so a recording; delete the entry"
            )),
            (None, Some(group)) if subjects::of(example).is_none() => wrong.push(format!(
                "`{example}` shows a sign of those that cannot be recorded: {}\n    \
                 list it there, give it a subject, or write the example without {:?}",
                group.why, group.signs
            )),
            _ => {}
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        wrong => Err(format!("{FILE}:\n{}", wrong.join("\n")).into()),
    }
}
