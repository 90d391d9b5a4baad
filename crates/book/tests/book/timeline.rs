//! What a recording becomes on a page: the picture, its data, and the table of
//! cuts.

use recording::{Kind, Point};
use snapbox::{assert_data_eq, file};

use crate::recorded::{MAIN, Recorded, block, data, steps};

const SLOW: usize = 1;
const FAST: usize = 2;

/// Two futures race, and the faster one prints.
fn race() -> Recorded {
    Recorded::new()
        .future("slow()", Kind::Branch, 7, MAIN)
        .future("fast()", Kind::Branch, 8, MAIN)
        .polled(MAIN)
        .made(SLOW)
        .made(FAST)
        .polled(SLOW)
        .suspended(SLOW, 2, "sleep(Duration::from_secs(5))")
        .polled(FAST)
        .suspended(FAST, 3, "sleep(Duration::from_secs(1))")
        .suspended(MAIN, 6, "select!")
        .at(1000)
        .woken(MAIN, None)
        .polled(MAIN)
        .polled(SLOW)
        .suspended(SLOW, 2, "sleep(Duration::from_secs(5))")
        .polled(FAST)
        .printed(FAST, 4, "fast done\n")
        .done(FAST)
        .dropped(SLOW, 2)
        .destructor(SLOW, "Stove")
        .done(MAIN)
}

/// The whole block: picture, sentence, steps.
#[test]
fn a_race() {
    let page = race().project().built("page.html");
    assert_data_eq!(block(&page), file!["timeline/race.html"]);
}

/// Two builds give the same bytes.
#[test]
fn two_builds_are_alike() {
    assert_eq!(race().block(), race().block());
}

/// An answer has the timeline with the output; a question and a part have none.
#[test]
fn it_stands_where_the_output_stands() {
    let example = "// ANCHOR: a\nfn main() {}\n// ANCHOR_END: a\n";
    let page = race().project().file("examples/hello.rs", example).page(
        "# The page\n\n{{#listing hello}}\n\n{{#example hello:a}}\n\n<details>\n\n\
         {{#output hello}}\n\n</details>\n\nIt holds [✓](test:chapter::holds).\n",
    );
    let page = page.built("page.html");
    assert_eq!(page.matches("class=\"timeline\"").count(), 1, "{page}");
    let (before, _) = page.split_once("class=\"timeline\"").expect("a timeline");
    assert!(
        before.contains("<figure class=\"example answer\" "),
        "{page}"
    );
}

/// The shapes are explained once on a page.
#[test]
fn the_first_picture_has_a_key() {
    let other = race().json().replace("\"hello\"", "\"other\"");
    let page = race()
        .project()
        .file("examples/other.rs", "fn main() {}\n")
        .file("tests/outputs/other.txt", "")
        .file("tests/recordings/other.json", &other)
        .and("\n{{#example other}}\n")
        .built("page.html");
    assert_eq!(page.matches("class=\"picture\"").count(), 2, "{page}");
    assert_eq!(page.matches("class=\"key\"").count(), 1, "{page}");
}

/// After each step, the state of each lane and how much was printed, which is
/// counted as a script counts.
#[test]
fn steps_carry_states_and_output() {
    let recorded = Recorded::new()
        .future("a()", Kind::Argument, 2, MAIN)
        .future("b()", Kind::Task, 3, MAIN)
        .polled(MAIN)
        .printed(MAIN, 1, "é😀\n")
        .made(1)
        .made(2)
        .polled(1)
        .suspended(1, 12, "")
        .suspended(MAIN, 0, "")
        .woken(MAIN, 2)
        .polled(2)
        .panicked(2)
        .polled(MAIN)
        .dropped(1, 12)
        .done(MAIN)
        .block();
    assert!(recorded.contains("data-lanes=\"[&quot;main&quot;,&quot;a()&quot;,&quot;b()&quot;]\""));
    let states = data(&recorded, "data-s");
    assert_eq!(
        states,
        [
            "r - -", "r - -", "r n -", "r n n", "r r n", "r s12 n", "s s12 n", "w s12 n",
            "w s12 r", "w s12 p", "r s12 p", "r x p", "d x p"
        ]
    );
    let printed = data(&recorded, "data-o");
    assert_eq!(printed[..3], ["0", "4", "4"]);
    let ids: Vec<String> = steps(&recorded)
        .iter()
        .map(|(attributes, _)| attributes.split('"').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!((&*ids[0], &*ids[12]), ("@1", "@13"));
}

/// Every step stands to the right of the one before.
#[test]
fn time_runs_to_the_right() {
    let places = data(&race().block(), "data-x");
    let places: Vec<i32> = places
        .iter()
        .map(|x| x.parse().expect("a number"))
        .collect();
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
}

/// Lines are those of the listing, which has no anchors.
#[test]
fn lines_are_those_of_the_listing() {
    let example =
        "// ANCHOR: a\nasync fn slow() {\n    later().await\n}\n// ANCHOR_END: a\nfn main() {}\n";
    let page = Recorded::new()
        .future("slow()", Kind::Argument, 6, MAIN)
        .polled(MAIN)
        .polled(1)
        .suspended(1, 3, "later()")
        .dropped(1, 3)
        .printed(MAIN, 6, "")
        .done(MAIN)
        .cut(
            Point::Suspended { number: 1, line: 3 },
            "",
            true,
            Recorded::new().polled(MAIN).suspended(MAIN, 3, "later()"),
        )
        .project()
        .file("examples/hello.rs", example)
        .built("page.html");
    let block = block(&page);
    assert_eq!(data(&block, "data-s")[2], "r s2");
    assert!(block.contains("data-line=\"2\""), "{block}");
    assert!(block.contains("at line 2"), "{block}");
    assert!(!block.contains("line 3"), "{block}");
}

/// Each cut is a row, with a timeline and the output of its run.
#[test]
fn cuts_are_a_table() {
    let never = Recorded::new().made(MAIN).dropped(MAIN, None);
    let first = Recorded::new()
        .polled(MAIN)
        .printed(MAIN, 2, "HELL\n")
        .suspended(MAIN, 3, "write_all(b\"HELLO\")")
        .dropped(MAIN, 3);
    let whole = Recorded::new().polled(MAIN).done(MAIN);
    let block = race()
        .cut(Point::NeverPolled, "`\"\"`", true, never)
        .cut(
            Point::Suspended { number: 1, line: 3 },
            "`\"HELL\"`",
            false,
            first,
        )
        .cut(Point::Completed, "all", true, whole)
        .block();
    for part in [
        "<summary>Cancel it elsewhere: <code>write</code>",
        "takes <code>four</code> bytes.",
        "all or &lt;nothing&gt;.",
        "<tr class=\"holds\" data-point=\"0\">",
        "<tr class=\"broken\" data-point=\"1\" data-line=\"3\">",
        "<td><code>\"HELL\"</code></td>",
        "<div class=\"timeline cut\" id=\"timeline-hello!1\" data-example=\"hello\"",
        "<li id=\"hello!1@1\"",
        "<samp><span class=\"line\">HELL</span>",
        "This run prints nothing.",
        "The caller drops <code>main</code> where it stands, at line 3.",
        "<code>main</code> is done, and nobody cancelled it.",
    ] {
        assert!(block.contains(part), "{part} is missing in {block}");
    }
    assert_eq!(block.matches("aria-label=\"recordings::hello\"").count(), 1);
}
