//! Holds the pages against the inventory: every pointer must point at
//! something that exists and runs, and everything that is checked or shown
//! must be pointed at.

mod calls;
mod statements;
mod taken;

use std::collections::HashSet;
use std::path::Path;

use super::scan::{Page, Pointer, Target};
use crate::inventory::{Inventory, Kind, record_anew, recording_path};
use crate::problem::{Problems, did_you_mean};

/// Notes in `problems` what the pages and the inventory owe each other.
///
/// `root` is the book's folder; included files are looked for beside the page.
pub fn audit(root: &Path, pages: &[Page], inventory: &Inventory, problems: &mut Problems) {
    let auditor = Auditor {
        root,
        pages,
        inventory,
    };
    for page in pages {
        for pointer in page.pointers.iter() {
            if let Err((message, remedy)) = auditor.pointer(page, pointer) {
                problems.push(&page.path, pointer.line, message, remedy);
            }
        }
    }
    let targets = || pages.iter().flat_map(|page| page.pointers.iter());
    let cited: HashSet<&str> = targets().filter_map(Pointer::cited_check).collect();
    let shown: HashSet<&str> = targets().filter_map(Pointer::shown_program).collect();
    auditor.nothing_is_left_out(&cited, &shown, problems);
    calls::audit(pages, inventory, &shown, problems);
    statements::audit(pages, inventory, problems);
}

/// What is wrong, and what to do about it.
type Complaint = (String, String);

struct Auditor<'a> {
    root: &'a Path,
    pages: &'a [Page],
    inventory: &'a Inventory,
}

impl Auditor<'_> {
    fn pointer(&self, page: &Page, pointer: &Pointer) -> Result<(), Complaint> {
        match &pointer.target {
            Target::Example(name) | Target::Listing(name) | Target::Output(name) => {
                self.example(name)
            }
            Target::Part(name, anchor) => self.part(name, anchor),
            Target::CompileFail(name) => self.compile_fail(name),
            Target::Mark(name) => self.mark(name),
            Target::Include(file) => self.include(page, file),
            Target::Call(anchor) => self.call(anchor),
            Target::Rules(file) => self.rules(file),
            Target::Taken(file, anchor) => self.taken(file, anchor),
            Target::Task(name) => self.task(name),
            Target::Answers => Self::answers(page),
            Target::Calls | Target::Claims | Target::Refuted | Target::Verdicts => Ok(()),
            Target::BrokenBox => Err((
                "a backtick in its title keeps this box from being one".to_owned(),
                "write `<code>…</code>` in the title of a box".to_owned(),
            )),
            Target::Malformed(message) => Err((
                message.clone(),
                "the directives are example, listing, output, compile_fail and task, each with the name \
                 of one program; call, rules and taken, with the name of what is taken; and calls, claims, \
                 verdicts, refuted and answers, which take none; inside code they are left alone"
                    .to_owned(),
            )),
        }
    }

    fn example(&self, name: &str) -> Result<(), Complaint> {
        let examples = &self.inventory.examples;
        let Some(program) = examples.get(name) else {
            return Err((
                format!(
                    "no example is called `{name}`{}",
                    did_you_mean(name, examples.keys().map(String::as_str))
                ),
                format!("write `examples/{name}.rs`, or correct the name here"),
            ));
        };
        match program.output {
            Some(_) => Ok(()),
            None => Err((
                format!("nobody has recorded what the example `{name}` prints"),
                format!("run `SNAPSHOTS=overwrite cargo test --test outputs outputs::{name}`"),
            )),
        }
    }

    fn part(&self, name: &str, anchor: &str) -> Result<(), Complaint> {
        self.example(name)?;
        let program = &self.inventory.examples[name];
        let anchors = program.anchors();
        if anchors.iter().any(|found| found.name == anchor) {
            return Ok(());
        }
        Err((
            format!(
                "the example `{name}` has no anchor `{anchor}`{}",
                did_you_mean(anchor, anchors.iter().map(|found| found.name))
            ),
            format!(
                "put `// ANCHOR: {anchor}` and `// ANCHOR_END: {anchor}` around the lines in `{}`",
                program.path.display()
            ),
        ))
    }

    fn compile_fail(&self, name: &str) -> Result<(), Complaint> {
        let cases = &self.inventory.compile_fail;
        let Some(case) = cases.get(name) else {
            return Err((
                format!(
                    "no program that must not compile is called `{name}`{}",
                    did_you_mean(name, cases.keys().map(String::as_str))
                ),
                format!("write `tests/compile_fail/{name}.rs`, or correct the name here"),
            ));
        };
        match case.output {
            Some(_) => Ok(()),
            None => Err((
                format!("nobody has recorded what the compiler says to `{name}`"),
                "run `TRYBUILD=overwrite cargo test --test compile_fail`".to_owned(),
            )),
        }
    }

    fn mark(&self, name: &str) -> Result<(), Complaint> {
        let checks = &self.inventory.checks;
        match checks.get(name) {
            None => Err((
                format!(
                    "no check is called `{name}`{}",
                    did_you_mean(name, checks.keys().map(String::as_str))
                ),
                format!(
                    "write the test that holds this sentence, or cite an existing one: \
                     `cargo test --test claims -- --list` prints their names{}",
                    self.undeclared(name)
                ),
            )),
            Some(check) if check.ignored => Err((
                format!("the check `{name}` is ignored, so nothing holds this sentence"),
                format!(
                    "remove `#[ignore]` at {}:{}, or the sentence",
                    check.path.display(),
                    check.line
                ),
            )),
            Some(_) => Ok(()),
        }
    }

    /// A hint for the commonest slip: a module that `main.rs` never declares.
    fn undeclared(&self, name: &str) -> String {
        let module = name.split("::").next().unwrap_or_default();
        let file = self.root.join("tests/claims").join(format!("{module}.rs"));
        let known = self
            .inventory
            .checks
            .keys()
            .any(|check| check.starts_with(&format!("{module}::")));
        if file.exists() && !known {
            format!("; is `mod {module};` missing in tests/claims/main.rs?")
        } else {
            String::new()
        }
    }

    fn include(&self, page: &Page, file: &str) -> Result<(), Complaint> {
        let folder = self.root.join(page.path.parent().unwrap_or(Path::new("")));
        if folder.join(file).is_file() {
            return Ok(());
        }
        Err((
            format!("the included file `{file}` does not exist"),
            "write its path relative to this page; for a program use `{{#example NAME}}`"
                .to_owned(),
        ))
    }

    fn nothing_is_left_out(
        &self,
        cited: &HashSet<&str>,
        shown: &HashSet<&str>,
        problems: &mut Problems,
    ) {
        let checks = self.inventory.checks.values();
        for check in checks.filter(|check| check.kind == Kind::Claim) {
            let name = &check.name;
            if check.ignored {
                problems.push(
                    &check.path,
                    check.line,
                    format!("the claim test `{name}` is ignored: it can never fail"),
                    "remove `#[ignore]`, or the test and the sentences that cite it",
                );
            }
            if !cited.contains(name.as_str()) {
                problems.push(
                    &check.path,
                    check.line,
                    format!("the check `{name}` is cited by no page"),
                    format!("write `[✓](test:{name})` after the sentence that it holds"),
                );
            }
        }
        let examples = &self.inventory.examples;
        for name in self.inventory.recordings.keys() {
            if !examples.contains_key(name) {
                problems.push(
                    recording_path(name),
                    1,
                    format!(
                        "no example is called `{name}`{}",
                        did_you_mean(name, examples.keys().map(String::as_str))
                    ),
                    format!(
                        "remove this recording, or write `examples/{name}.rs` and {}",
                        record_anew(name)
                    ),
                );
            }
        }
        let programs = [
            (&self.inventory.examples, "example"),
            (&self.inventory.compile_fail, "compile_fail"),
        ];
        for (programs, directive) in programs {
            for (name, program) in programs.iter() {
                if !shown.contains(name.as_str()) {
                    problems.push(
                        &program.path,
                        1,
                        format!("the program `{name}` is shown by no page"),
                        format!("put `{{{{#{directive} {name}}}}}` on a line of its own in a page"),
                    );
                }
            }
        }
    }
}
