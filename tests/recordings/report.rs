//! Holds the cuts of a subject against the report that its example prints: a
//! page shows both, and they say the same of each point.

use recording::{Cut, Point, Subject};

/// What ends the table of a report where a point fails.
const COPY: &str = "this point alone: ";

/// Whether the first report of this output finds the points bad that the
/// subject's cuts find bad, and no other. An output without a report, or of a
/// sweep of two cuts, has no such point in it.
pub fn agrees(subject: &Subject, output: &str) -> Result<(), String> {
    let first = output.split("\n\n").next().unwrap_or_default();
    let rows = first.lines().filter(|line| !line.starts_with(COPY));
    for row in rows {
        let Some((point, finding)) = row.split_once("  ") else {
            continue;
        };
        let (point, finding) = (point.trim(), finding.trim());
        let Some(cut) = at(subject, point) else {
            continue;
        };
        if cut.holds != (finding == "ok") {
            return Err(format!(
                "the report says of the point `{point}`: {finding}\n\
                 and the subject that is recorded: {}, which {} its invariant: {}\n\
                 Make the world in tests/recordings/subjects as the listing makes its own.",
                cut.left,
                if cut.holds { "keeps" } else { "breaks" },
                subject.invariant
            ));
        }
    }
    Ok(())
}

/// The recorded cut at a point of a report. One after a wake-up that is not
/// recorded leaves what the suspension before it leaves.
fn at<'a>(subject: &'a Subject, point: &str) -> Option<&'a Cut> {
    let named = |wanted: &str| {
        let mut cuts = subject.cuts.iter();
        cuts.find(|cut| match &cut.point {
            Point::NeverPolled => wanted == "never polled",
            Point::Suspended { number, .. } => wanted == format!("suspended {number}"),
            Point::Woken { number, .. } => wanted == format!("woken {number}"),
            Point::Completed => wanted.starts_with("completed after "),
        })
    };
    named(point).or_else(|| named(&point.replace("woken", "suspended")))
}
