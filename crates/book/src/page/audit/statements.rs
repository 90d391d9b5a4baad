//! Holds the document's statements against the pages: each has its verdict
//! taught on a page, shown by a program there, and held by checks cited there.

use std::collections::HashSet;
use std::path::Path;

use crate::inventory::{Inventory, STATEMENTS, Statement, Verdict};
use crate::page::scan::{Page, Pointer};
use crate::problem::{Problems, did_you_mean};

/// Notes in `problems` what is missing for a statement.
pub(super) fn audit(pages: &[Page], inventory: &Inventory, problems: &mut Problems) {
    for (statement, number) in inventory.statements.iter().zip(1..) {
        let expected = format!("D{number:02}");
        if statement.id != expected {
            problems.push(
                STATEMENTS,
                statement.line,
                format!("`{}` stands where `{expected}` is expected", statement.id),
                "list every statement of the document once, in its order",
            );
        }
        if let Err((message, remedy)) = taught(statement, pages) {
            let message = format!("{}: {message}", statement.id);
            problems.push(STATEMENTS, statement.line, message, remedy);
        }
    }
}

fn taught(statement: &Statement, pages: &[Page]) -> Result<(), (String, String)> {
    let file = &statement.page;
    let Some(page) = pages
        .iter()
        .find(|page| page.path == Path::new("src").join(file))
    else {
        let names = pages
            .iter()
            .filter_map(|page| page.path.file_name()?.to_str());
        return Err((
            format!("no page is called `{file}`{}", did_you_mean(file, names)),
            "name the page that teaches it, relative to src/".to_owned(),
        ));
    };
    let shown: HashSet<&str> = page
        .pointers
        .iter()
        .filter_map(Pointer::shown_program)
        .collect();
    match &statement.example {
        Some(example) if !shown.contains(example.as_str()) => {
            return Err((
                format!("src/{file} does not show the program `{example}`"),
                format!("put `{{{{#example {example}}}}}` beside the statement on that page"),
            ));
        }
        None if statement.verdict == Verdict::False => {
            return Err((
                "the statement is false, and no program refutes it".to_owned(),
                "name the program that does, with `example = \"NAME\"`".to_owned(),
            ));
        }
        _ => {}
    }
    if statement.checks.is_empty() {
        return Err((
            "no check holds the verdict".to_owned(),
            "name at least one, with `checks = [\"MODULE::NAME\"]`".to_owned(),
        ));
    }
    let cited: HashSet<&str> = page
        .pointers
        .iter()
        .filter_map(Pointer::cited_check)
        .collect();
    // A program that is shown carries the mark of its own recording.
    let recorded = |check: &str| {
        let program = check.strip_prefix("outputs::");
        program.is_some_and(|name| shown.contains(name))
    };
    let held = |check: &&String| cited.contains(check.as_str()) || recorded(check);
    match statement.checks.iter().find(|check| !held(check)) {
        None => Ok(()),
        Some(check) => Err((
            format!("src/{file} does not cite the check `{check}`"),
            format!("write `[✓](test:{check})` after the sentence that says so on that page"),
        )),
    }
}
