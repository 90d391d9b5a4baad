//! What a timeline makes of recordings that are hostile, empty, deep, wide or
//! long.

use recording::{Kind, Point};

use crate::recorded::{MAIN, Recorded, block, data, sentences};

/// Names and output can be anything, and are nothing but text.
#[test]
fn hostile_words_are_text() {
    let evil = "<script>\"'`*a*` {{#example x}}\n\n\n# b\n\n</figure> &amp; \u{1}\u{0}";
    let recorded = Recorded::new()
        .future(evil, Kind::Branch, 7, MAIN)
        .polled(MAIN)
        .polled(1)
        .suspended(1, 2, evil)
        .printed(MAIN, 4, evil)
        .dropped(1, 2)
        .destructor(1, evil)
        .done(MAIN)
        .cut(
            Point::NeverPolled,
            evil,
            false,
            Recorded::new().made(MAIN).printed(MAIN, 1, evil),
        );
    let page = recorded
        .project()
        .and("\nAfter *all*.\n")
        .built("page.html");
    assert!(page.contains("After <em>all</em>."), "{page}");
    // Outside of attributes, where they are harmless, no tag has come from it.
    let block = block(&page);
    let values = block.split('"').step_by(2);
    let tags: String = values.collect();
    assert!(!tags.contains("<script"), "{tags}");
    assert!(!tags.contains("<h1"), "{tags}");
    assert!(!tags.contains("<em"), "{tags}");
    assert!(!page.contains('\u{1}'), "{page}");
    let lanes = block.split("data-lanes=\"").nth(1);
    let lanes = lanes.and_then(|rest| rest.split('"').next());
    let named = [
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&#92;", "\\"),
    ];
    let lanes = named
        .iter()
        .fold(lanes.expect("lanes").to_owned(), |text, (name, letter)| {
            text.replace(name, letter)
        });
    let lanes: Vec<String> = serde_json::from_str(&lanes).expect(&lanes);
    assert_eq!(lanes[1], "<script>\"'`*a*` {{#example x}} # b…");
}

/// A block has no blank line, or Markdown would go on within it.
#[test]
fn a_block_has_no_blank_line() {
    let cut = Recorded::new().polled(MAIN).printed(MAIN, 1, "a\n\n\nb\n");
    let page = Recorded::new()
        .polled(MAIN)
        .printed(MAIN, 1, "\n\na\n")
        .done(MAIN)
        .cut(Point::Completed, "a\n\nb", true, cut)
        .project()
        .expanded();
    let block = block(&page);
    assert!(!block.contains("\n\n"), "{block}");
}

/// Where nothing was recorded there is a sentence, and no picture.
#[test]
fn nothing_was_recorded() {
    let page = Recorded::new().project().built("page.html");
    assert!(
        page.contains("<p class=\"shows\">No future runs in this program."),
        "{page}"
    );
    assert!(!page.contains("class=\"picture\""), "{page}");
}

/// A future in a future in a future: a lane for each, and one picture.
#[test]
fn deep_nesting() {
    let deep = 12;
    let recorded = (1..=deep).fold(Recorded::new(), |recorded, level| {
        recorded.future(&format!("level{level}()"), Kind::Body, level, level - 1)
    });
    let recorded = (0..=deep).fold(recorded, Recorded::polled);
    let recorded = (0..=deep).rev().fold(recorded, |recorded, level| {
        recorded.suspended(level, level + 1, "next()")
    });
    let recorded = (0..=deep).fold(recorded, |recorded, level| {
        recorded.dropped(level, level + 1)
    });
    let block = recorded.block();
    for level in 1..=deep {
        assert!(
            block.contains(&format!(">level{level}()</text>")),
            "{level}: {block}"
        );
    }
    let said = sentences(&block);
    assert_eq!(
        said.last().expect("a step"),
        "With it goes `level12()`, at line 13."
    );
}

/// Of many tasks that do the same, a few are drawn; the rest is counted.
#[test]
fn thirty_lanes() {
    let tasks = 1..=30;
    let recorded = tasks.clone().fold(Recorded::new(), |recorded, _| {
        recorded.future("worker()", Kind::Task, 5, MAIN)
    });
    let recorded = tasks.clone().fold(recorded.polled(MAIN), Recorded::made);
    let recorded = tasks.fold(recorded.done(MAIN), |recorded, task| match task {
        30 => recorded.dropped(task, None),
        _ => recorded.polled(task).printed(task, 2, "x\n").done(task),
    });
    let block = recorded.block();
    assert!(
        block.contains("27 more of <code>worker()</code> are not drawn."),
        "{block}"
    );
    assert_eq!(data(&block, "data-s").last().expect("a step"), "d d d x");
    let printed = data(&block, "data-o");
    assert_eq!(
        printed.last().expect("a step"),
        "58",
        "all of the output counts"
    );
}

/// Hundreds of events make a picture of bounded size.
#[test]
fn five_hundred_events_stay_bounded() {
    let recorded = Recorded::new().polled(MAIN).times(250, |recorded, turn| {
        let line = turn * turn % 97;
        recorded
            .printed(MAIN, line, "x\n")
            .destructor(MAIN, &format!("T{line}"))
    });
    let block = recorded.block();
    assert!(sentences(&block).len() < 60, "{}", sentences(&block).len());
    assert!(block.len() < 60_000, "{}", block.len());
    assert!(block.contains("steps are left out here"), "{block}");
    assert_eq!(data(&block, "data-o").last().expect("a step"), "500");
}
