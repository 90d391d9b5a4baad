//! Recordings in the inventory: a check for each, and what is said of one that
//! cannot be used.

use recording::Kind;
use snapbox::{assert_data_eq, str};

use crate::project::Project;
use crate::recorded::{MAIN, Recorded};

fn plain() -> Recorded {
    Recorded::new().polled(MAIN).done(MAIN)
}

/// A recording is a check, and the sentence under the picture carries its
/// mark; the list of claims has it too.
#[test]
fn a_recording_is_a_check() {
    let project = plain()
        .project()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Claims](claims.md)\n",
        )
        .file("src/claims.md", "# Claims\n\n{{#claims}}\n");
    let page = project.built("page.html");
    let (_, shows) = page.split_once("<p class=\"shows\">").expect("a sentence");
    let (shows, _) = shows.split_once("</p>").expect("its end");
    assert!(
        shows.contains("aria-label=\"recordings::hello\""),
        "{shows}"
    );
    assert!(
        shows.contains("cargo test --test recordings recordings::hello -- --exact"),
        "{shows}"
    );
    assert!(shows.contains("tests/recordings/hello.json:1"), "{shows}");
    let claims = project.built("claims.html");
    assert!(claims.contains("id=\"recordings-hello\""), "{claims}");
    assert!(
        claims.contains("What every future of the program does</a>"),
        "{claims}"
    );
}

/// An example without a recording is shown as ever.
#[test]
fn without_a_recording_nothing_changes() {
    let page = Project::new().built("page.html");
    assert!(!page.contains("timeline\""), "{page}");
    assert!(!page.contains("recordings::"), "{page}");
}

/// A recording of what is no example is a problem like any other.
#[test]
fn a_recording_of_no_example() {
    let text = plain().json().replace("\"hello\"", "\"helo\"");
    let project = Project::new().file("tests/recordings/helo.json", &text);
    assert_data_eq!(
        project.error(),
        str![[r#"
1 problem in the book

tests/recordings/helo.json:1: no example is called `helo`; did you mean `hello`?
    remove this recording, or write `examples/helo.rs` and run `SNAPSHOTS=overwrite cargo test --test recordings recordings::helo -- --exact`
"#]]
    );
}

/// What is no recording is said with its line.
#[test]
fn a_broken_recording() {
    let text = plain()
        .json()
        .replace("\"what\":\"done\"", "\"what\":\"gone\"");
    let project = Project::new().file("tests/recordings/hello.json", &text);
    assert_data_eq!(
        project.error(),
        str![[r#"
tests/recordings/hello.json:8: unknown variant `gone`, expected one of `made`, `polled`, `suspended`, `woken`, `done`, `dropped`, `destructor`, `printed`, `panicked` at line 8 column 29
    run `SNAPSHOTS=overwrite cargo test --test recordings recordings::hello -- --exact`
"#]]
    );
}

/// A recording of another example, one whose event names a future that is not
/// there, and one whose future is its own parent.
#[test]
fn a_recording_that_contradicts_itself() {
    let other = plain().json().replace("\"hello\"", "\"other\"");
    let stray = plain().polled(7).json();
    let looped = plain().future("f()", Kind::Body, 1, 1).json();
    let error = |text: &str| {
        let project = Project::new().file("tests/recordings/hello.json", text);
        project.error()
    };
    assert_data_eq!(
        error(&other),
        str![[r#"
tests/recordings/hello.json:1: this is a recording of `other`, and not of `hello`
    run `SNAPSHOTS=overwrite cargo test --test recordings recordings::hello -- --exact`
"#]]
    );
    assert_data_eq!(
        error(&stray),
        str![[r#"
tests/recordings/hello.json:9: this event names a future that the recording does not have
    run `SNAPSHOTS=overwrite cargo test --test recordings recordings::hello -- --exact`
"#]]
    );
    assert_data_eq!(
        error(&looped),
        str![[r#"
tests/recordings/hello.json:5: this future names a future that the recording does not have
    run `SNAPSHOTS=overwrite cargo test --test recordings recordings::hello -- --exact`
"#]]
    );
}
