//! Holds the rows of "Is X cancel-safe?" against the pages: one place for each,
//! a check that runs, and a program wherever the documentation is refuted.

use std::collections::{HashMap, HashSet};

use crate::inventory::{Documented, Inventory};
use crate::page::scan::{Page, Target};
use crate::problem::{Problems, did_you_mean};

/// Notes in `problems` what is wrong with a row.
pub(super) fn audit(
    pages: &[Page],
    inventory: &Inventory,
    shown: &HashSet<&str>,
    problems: &mut Problems,
) {
    let mut targets = pages.iter().flat_map(|page| page.pointers.iter());
    let has_table = targets.any(|pointer| pointer.target == Target::Calls);
    if let Some(call) = inventory.calls.first().filter(|_| !has_table) {
        problems.push(
            &call.path,
            call.line,
            "no page shows the rows of these tests",
            "put `{{#calls}}` on a line of its own in a page",
        );
    }
    let mut anchors = HashMap::new();
    for call in &inventory.calls {
        let mut push = |message: String, remedy: &str| {
            problems.push(&call.path, call.line, message, remedy);
        };
        if let Some(other) = anchors.insert(&call.anchor, &call.check) {
            push(
                format!(
                    "the row of `{}` and that of the check `{other}` share the link `#{}`",
                    call.api, call.anchor
                ),
                "write one row for a call, or a longer path",
            );
        }
        if inventory.checks[&call.check].ignored {
            push(
                format!(
                    "the check `{}` is ignored, so nothing holds this row",
                    call.check
                ),
                "remove `#[ignore]`, or the row",
            );
        }
        if let Documented::Differs(_, example) = &call.documented
            && !shown.contains(example.as_str())
        {
            push(
                format!(
                    "no page shows the program `{example}`{}",
                    did_you_mean(example, shown.iter().copied())
                ),
                "where the documentation is refuted, name a program that the book shows",
            );
        }
    }
}
