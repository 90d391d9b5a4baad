//! What a page takes from elsewhere: it says what its source says, with the
//! same checks, and a source that is gone is an error at the line that names it.

use recording::Point;
use snapbox::{assert_data_eq, str};

use crate::project::Project;
use crate::recorded::Recorded;

const SOURCE: &str = "# Other\n\n```admonish rule title=\"Ask first\"\nIt is so\n[✓](test:chapter::holds).\n```\n\n\
     <!-- ANCHOR: three -->\n\n1. *One* [there](#other) [✓](test:chapter::holds).\n\n<!-- ANCHOR_END: three -->\n\n\
     {{#example hello}}\n";

fn project(directive: &str) -> Project {
    Project::new()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Other](other.md)\n",
        )
        .file("src/other.md", SOURCE)
        .page(&format!("# The page\n\n{directive}\n"))
}

/// A recording that leaves this when the program is dropped at its line 4.
fn leaves(left: &str) -> String {
    let run = Recorded::new();
    let at = Point::Suspended { number: 1, line: 4 };
    let recorded = run
        .clone()
        .cut(Point::NeverPolled, "nothing", true, run.clone())
        .cut(at, left, false, run.clone())
        .cut(Point::Completed, "all", true, run);
    recorded.json()
}

/// A rule and a part say what they say on their own page, with marks of their
/// own; the source shows no anchor.
#[test]
fn rules_and_parts_are_taken() {
    let project = project("{{#rules other.md}}\n\n{{#taken other.md:three}}");
    let page = project.built("page.html");
    for part in [
        "<strong><a href=\"other.html\">Ask first</a>.</strong> It is so",
        "<em>One</em> <a href=\"other.html#other\">there</a>",
        "id=\"mark-page-1\"",
        "id=\"mark-page-2\"",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!project.built("other.html").contains("ANCHOR"));
}

/// What changes in the source changes in what is taken from it.
#[test]
fn what_is_taken_follows_its_source() {
    let other = SOURCE
        .replace("It is so", "It is otherwise")
        .replace("*One*", "*Two*");
    let page = project("{{#rules other.md}}\n\n{{#taken other.md:three}}")
        .file("src/other.md", &other)
        .built("page.html");
    assert!(
        page.contains("It is otherwise") && !page.contains("It is so"),
        "{page}"
    );
    assert!(
        page.contains("<em>Two</em>") && !page.contains("<em>One</em>"),
        "{page}"
    );
}

/// A page, a part or a rule that is not there, a row and a task likewise, each
/// at its line; and a program stays where it is.
#[test]
fn what_is_not_there_cannot_be_taken() {
    let error = project(
        "{{#rules otter.md}}\n{{#rules page.md}}\n{{#taken other.md:tree}}\n{{#call tokio-nothing}}\n\
         {{#task hallo}}\n{{#task hello}}\n{{#taken other.md:all}}",
    )
    .file(
        "src/other.md",
        &format!("<!-- ANCHOR: all -->\n{SOURCE}<!-- ANCHOR_END: all -->\n"),
    )
    .error();
    assert_data_eq!(
        error,
        str![[r#"
7 problems in the book

src/page.md:3: no page is called `otter.md`; did you mean `other.md`?
    name the page to take from, relative to src/

src/page.md:4: src/page.md has no rule
    name a page with a box that starts with ```admonish rule title="…"

src/page.md:5: src/other.md has no part `tree`; did you mean `three`?
    put `<!-- ANCHOR: tree -->` and `<!-- ANCHOR_END: tree -->` around it, each on a line of its own

src/page.md:6: no row of the table of calls is called `tokio-nothing`
    name it as the link to it does: crate and last names, as in `tokio-mpsc-sender-send`

src/page.md:7: no example is called `hallo`; did you mean `hello`?
    write `examples/hallo.rs`, or correct the name here

src/page.md:8: nobody has recorded what is left when a future of `hello` is dropped
    give it a subject in tests/recordings/subjects/, and run `SNAPSHOTS=overwrite cargo test --test recordings recordings::hello -- --exact`

src/page.md:9: `{{#example hello}}` at src/other.md:15 cannot be taken to another page
    take text and its marks alone
"#]]
    );
}

/// Answers without a task answer nothing.
#[test]
fn answers_need_tasks() {
    let error = project("{{#answers}}").error();
    assert_data_eq!(
        error,
        str![[r#"
1 problem in the book

src/page.md:3: this page has no task to answer
    write `{{#task NAME}}` before `{{#answers}}`
"#]]
    );
}

/// A task shows the program without its first comment, with the numbers of its
/// lines, and asks for each point; the answer has what was recorded there.
#[test]
fn a_task_asks_what_its_answer_says() {
    let source = "//! Look for hi.\n\nfn main() {\n    println!(\"hi\");\n}\n";
    let project = project("{{#task hello}}\n\n## Answers\n\n{{#answers}}")
        .file("examples/hello.rs", source)
        .file("tests/recordings/hello.json", &leaves("\"HELL\""));
    let page = project.built("page.html");
    let (task, answer) = page.split_once("id=\"answers\"").expect("the answers");
    assert!(!task.contains("Look for hi"), "{task}");
    assert!(
        task.contains("data-line=\"3\"><span class=\"k\">fn</span> <span class=\"f\">main"),
        "{task}"
    );
    assert!(!task.contains("HELL"), "{task}");
    for part in ["before its first poll", "in line 4", "not at all"] {
        assert!(task.contains(part), "{part} is missing in {task}");
    }
    assert!(answer.contains("<td>\"HELL\"</td><td>no</td>"), "{answer}");
    assert!(
        answer.contains("<span class=\"line\">hi</span>"),
        "{answer}"
    );
    assert!(answer.contains("recordings::hello"), "{answer}");

    let page = project
        .file("tests/recordings/hello.json", &leaves("\"HELLO\""))
        .built("page.html");
    assert!(page.contains("<td>\"HELLO\"</td>"), "{page}");
}
