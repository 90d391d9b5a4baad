//! A mark is green only for evidence of these very sources.

use std::collections::BTreeMap;

use book::evidence::{Evidence, Outcome, fingerprint};

use crate::project::Project;
use crate::recorded::{MAIN, Recorded};

fn with_evidence(project: Project, outcome: Outcome) -> Project {
    let evidence = Evidence {
        sources: fingerprint(project.root()).expect("readable sources"),
        finished: "2026-01-02T03:04:05Z".parse().expect("a time"),
        tokio: "1.2.3".to_owned(),
        rustc: "rustc 4.5.6".to_owned(),
        outcomes: BTreeMap::from([("chapter::holds".to_owned(), outcome)]),
    };
    evidence.store(project.root()).expect("a stored run");
    project
}

/// Evidence of a check that passed makes its mark green, and says when and on
/// what; a check without evidence stays as it was.
#[test]
fn a_passed_check_is_held() {
    let page = with_evidence(Project::new(), Outcome::Passed).built("page.html");
    assert!(
        page.contains("class=\"check held\" id=\"mark-page-2\""),
        "{page}"
    );
    assert!(
        page.contains("Passed 2026-01-02 03:04 UTC, tokio 1.2.3, rustc 4.5.6"),
        "{page}"
    );
    assert!(
        page.contains("class=\"check unchecked\" id=\"mark-page-1\""),
        "{page}"
    );
}

/// Evidence of a check that failed is shown as such.
#[test]
fn a_failed_check_is_failed() {
    let page = with_evidence(Project::new(), Outcome::Failed).built("page.html");
    assert!(
        page.contains("class=\"check failed\" id=\"mark-page-2\""),
        "{page}"
    );
    assert!(page.contains("Failed 2026-01-02"), "{page}");
}

/// A change to any source makes the evidence worthless; a change to the text
/// does not.
#[test]
fn evidence_of_other_sources_counts_for_nothing() {
    let project = with_evidence(Project::new(), Outcome::Passed).and("\nMore text.\n");
    assert!(project.built("page.html").contains("class=\"check held\""));
    for source in [
        "examples/hello.rs",
        "tests/claims/chapter.rs",
        "tests/recordings/hello.json",
        "crates/recorder/src/lib.rs",
        "crates/recording/src/lib.rs",
        "Cargo.lock",
    ] {
        let recording = Recorded::new().polled(MAIN).done(MAIN).json();
        let project = Project::new().file("tests/recordings/hello.json", &recording);
        let project = with_evidence(project, Outcome::Passed);
        let mut text = std::fs::read_to_string(project.path(source)).unwrap_or_default();
        text.push_str(if source.ends_with(".json") {
            "\n"
        } else {
            "// changed\n"
        });
        let page = project.file(source, &text).built("page.html");
        assert!(!page.contains("class=\"check held\""), "{source}");
    }
}

/// Evidence that cannot be read is no evidence, and no error.
#[test]
fn broken_evidence_is_no_evidence() {
    let page = Project::new()
        .file("target/evidence/latest.json", "{")
        .built("page.html");
    assert!(page.contains("class=\"check unchecked\""), "{page}");
}
