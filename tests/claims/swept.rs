//! What a sweep found, for the chapters that sweep.

use cancel_sweep::Report;

/// The first point at which something was wrong, and what:
/// `suspended 1: the peer has "HELL"`.
pub fn first_failure(report: &Report) -> String {
    let point = report.first_failure();
    let point = point.unwrap_or_else(|| panic!("nothing is wrong:\n{report}"));
    let [cut] = point.cuts[..] else {
        panic!("not one cut:\n{report}");
    };
    format!("{cut}: {}", point.finding.as_ref().unwrap().left)
}
