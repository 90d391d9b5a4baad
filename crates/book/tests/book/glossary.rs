//! The first use of a term on a page leads to the glossary.

use crate::project::Project;

const GLOSSARY: &str = "# Glossary\n\nWords.\n\nPoll\n: To ask. <!-- also:\n  polls,\n  polled, put to a\n  vote -->\n\n\
                        Cancel-safe\n: Said of a future\n  that can go. <!-- also: cancel-safety -->\n";

fn project(text: &str) -> Project {
    Project::new()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Glossary](glossary.md)\n",
        )
        .file("src/glossary.md", GLOSSARY)
        .and(text)
}

/// The first use is linked, in whatever form it stands, and no later one. The
/// forms may be broken into lines, as the glossary is.
#[test]
fn the_first_use_is_linked() {
    let page =
        project("\nIt is Polled, and polls, and is polled; cancel-safety.\n").built("page.html");
    assert!(
        page.contains("It is <a href=\"glossary.html#poll\">Polled</a>, and polls"),
        "{page}"
    );
    assert!(
        page.contains("<a href=\"glossary.html#cancel-safe\">cancel-safety</a>"),
        "{page}"
    );
    assert_eq!(page.matches("glossary.html#poll").count(), 1, "{page}");
    let page = project("\nIt is put to a vote.\n").built("page.html");
    let linked = "It is <a href=\"glossary.html#poll\">put to a vote</a>.";
    assert!(page.contains(linked), "{page}");
}

/// Headings, code, links and parts of words are passed over; a box is not.
#[test]
fn only_prose_is_linked() {
    let page = project(
        "\n## To poll\n\n`poll`, [poll](#to-poll), pollen.\n\n```text\npoll\n```\n\n\
         ```admonish rule title=\"To poll\"\nThe one to poll.\n```\n",
    )
    .built("page.html");
    assert_eq!(page.matches("glossary.html#poll").count(), 1, "{page}");
    assert!(
        page.contains("The one to <a href=\"glossary.html#poll\">poll</a>."),
        "{page}"
    );
}

/// Part of a hyphenated word is another word: `poll` in `poll-free` is passed
/// over, and the whole word of a term is not.
#[test]
fn part_of_a_hyphenated_word_is_no_use() {
    let page = project("\nA poll-free, re-polled, cancel-safe poll.\n").built("page.html");
    let linked = "A poll-free, re-polled, <a href=\"glossary.html#cancel-safe\">cancel-safe</a> \
                  <a href=\"glossary.html#poll\">poll</a>.";
    assert!(page.contains(linked), "{page}");
}

/// The glossary does not link to itself, and comments do not show.
#[test]
fn the_glossary_is_left_alone() {
    let page = project("").built("glossary.html");
    assert!(!page.contains("glossary.html#poll"), "{page}");
    assert!(
        page.contains("id=\"poll\"") && page.contains("id=\"cancel-safe\""),
        "{page}"
    );
}
