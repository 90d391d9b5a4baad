//! Holds what a page takes from elsewhere against where it stands: parts and
//! rules of other pages, rows of the table of calls, and tasks.

use super::{Auditor, Complaint};
use crate::inventory::record_anew;
use crate::page::scan::{Page, Target};
use crate::page::{taken, tasks};
use crate::problem::did_you_mean;

impl Auditor<'_> {
    /// A part of another page.
    pub(super) fn taken(&self, file: &str, anchor: &str) -> Result<(), Complaint> {
        let from = self.other_page(file)?;
        let Some(range) = taken::part(from, anchor) else {
            let anchors = taken::anchors(from);
            return Err((
                format!(
                    "src/{file} has no part `{anchor}`{}",
                    did_you_mean(anchor, anchors.into_iter())
                ),
                format!(
                    "put `<!-- ANCHOR: {anchor} -->` and `<!-- ANCHOR_END: {anchor} -->` around it, \
                     each on a line of its own"
                ),
            ));
        };
        only_marks(from, &range)
    }

    /// The rules of another page.
    pub(super) fn rules(&self, file: &str) -> Result<(), Complaint> {
        let from = self.other_page(file)?;
        let rules = taken::rules(from);
        if rules.is_empty() {
            return Err((
                format!("src/{file} has no rule"),
                "name a page with a box that starts with ```admonish rule title=\"…\"".to_owned(),
            ));
        }
        rules
            .iter()
            .try_for_each(|rule| only_marks(from, &rule.body))
    }

    fn other_page(&self, file: &str) -> Result<&Page, Complaint> {
        let files = self.pages.iter();
        let files = files.filter_map(|page| page.path.file_name()?.to_str());
        taken::page(self.pages, file).ok_or_else(|| {
            (
                format!("no page is called `{file}`{}", did_you_mean(file, files)),
                "name the page to take from, relative to src/".to_owned(),
            )
        })
    }

    /// A row of the table of calls.
    pub(super) fn call(&self, anchor: &str) -> Result<(), Complaint> {
        let calls = self.inventory.calls.iter();
        let anchors = calls.map(|call| call.anchor.as_str());
        if anchors.clone().any(|known| known == anchor) {
            return Ok(());
        }
        Err((
            format!(
                "no row of the table of calls is called `{anchor}`{}",
                did_you_mean(anchor, anchors)
            ),
            "name it as the link to it does: crate and last names, as in `tokio-mpsc-sender-send`"
                .to_owned(),
        ))
    }

    /// A program whose subject was cut at every point.
    pub(super) fn task(&self, name: &str) -> Result<(), Complaint> {
        self.example(name)?;
        let recording = self.inventory.recordings.get(name);
        if recording.is_some_and(|recording| recording.subject.is_some()) {
            return Ok(());
        }
        Err((
            format!("nobody has recorded what is left when a future of `{name}` is dropped"),
            format!(
                "give it a subject in tests/recordings/subjects/, and {}",
                record_anew(name)
            ),
        ))
    }

    /// The answers to the tasks of this page.
    pub(super) fn answers(page: &Page) -> Result<(), Complaint> {
        match tasks::of(page).next() {
            Some(_) => Ok(()),
            None => Err((
                "this page has no task to answer".to_owned(),
                "write `{{#task NAME}}` before `{{#answers}}`".to_owned(),
            )),
        }
    }
}

/// What is taken is text: a program or a table has its place on one page.
fn only_marks(from: &Page, range: &std::ops::Range<usize>) -> Result<(), Complaint> {
    let pointers = from.pointers.iter();
    let mut within = pointers.filter(|pointer| range.contains(&pointer.range.start));
    let other = within.find(|pointer| !matches!(pointer.target, Target::Mark(_)));
    other.map_or(Ok(()), |pointer| {
        Err((
            format!(
                "`{}` at {}:{} cannot be taken to another page",
                &from.text[pointer.range.clone()],
                from.path.display(),
                pointer.line
            ),
            "take text and its marks alone".to_owned(),
        ))
    })
}
