//! What the repository holds that a page can point at: the programs with what
//! they print, the programs that must not compile, the checks, the calls whose
//! cancellation was tried, and the statements of the document that the book
//! grew from.
//!
//! Read by the preprocessor, and kept while nothing but pages has changed.

mod calls;
mod checks;
mod drawn;
mod modules;
mod programs;
mod recordings;
mod statements;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use recording::Recording;

pub use calls::{Call, Documented, Effect};
pub use checks::{Check, Kind};
pub use drawn::Drawn;
pub use programs::{Anchor, Program};
pub use recordings::{path as recording_path, remedy as record_anew};
pub use statements::{FILE as STATEMENTS, Statement, Verdict};

/// Everything a page can point at, by name.
#[derive(Debug)]
pub struct Inventory {
    /// `examples/NAME.rs`, with the output that its test asserts.
    pub examples: BTreeMap<String, Program>,
    /// `tests/recordings/NAME.json`: what every future of an example did.
    pub recordings: BTreeMap<String, Recording>,
    /// `tests/compile_fail/NAME.rs`, with the compiler's message.
    pub compile_fail: BTreeMap<String, Program>,
    /// Every check, by the name that `cargo test` prints.
    pub checks: BTreeMap<String, Check>,
    /// The calls of which the book says what cancelling them does, in the
    /// order of their paths.
    pub calls: Vec<Call>,
    /// The statements of the document, with their verdicts.
    pub statements: Vec<Statement>,
    /// What the pages made of all this so far.
    pub drawn: Drawn,
}

impl Inventory {
    /// Reads the inventory of the book at `root`.
    ///
    /// # Errors
    /// When a file cannot be read, a module of tests cannot be parsed, or a
    /// row is not what a row must be.
    pub fn read(root: &Path) -> Result<Self> {
        let examples = programs::read(root, "examples", "tests/outputs", "txt")?;
        let compile_fail =
            programs::read(root, "tests/compile_fail", "tests/compile_fail", "stderr")?;
        let recordings = recordings::read(root)?;
        let mut checks = checks::tests(&modules::read(root, "tests/claims")?, Kind::Claim);
        let rows = modules::read(root, "tests/is_cancel_safe")?;
        let calls = calls::rows(root, &rows)?;
        checks.extend(checks::tests(&rows, Kind::Row));
        checks.extend(examples.iter().map(|(name, program)| {
            let name = format!("outputs::{name}");
            let proves = "The program, run for real, prints exactly this.".to_owned();
            (name.clone(), Check::of_file(name, proves, &program.path))
        }));
        checks.extend(recordings.keys().map(|name| {
            let path = recording_path(name);
            let name = format!("recordings::{name}");
            let proves = "The program, run on a virtual clock, does exactly this.".to_owned();
            (name.clone(), Check::of_file(name, proves, &path))
        }));
        checks.extend(compile_fail.iter().map(|(name, program)| {
            let name = format!("compile_fail::{name}");
            let proves = "The compiler refuses the program with exactly this message.".to_owned();
            (name.clone(), Check::of_file(name, proves, &program.path))
        }));
        Ok(Self {
            examples,
            recordings,
            compile_fail,
            checks,
            calls,
            statements: statements::read(root)?,
            drawn: Drawn::default(),
        })
    }
}
