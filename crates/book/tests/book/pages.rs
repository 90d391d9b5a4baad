//! What a good page becomes.

use crate::project::Project;

/// A listing, its command, and what its test asserts that it prints.
#[test]
fn example_shows_listing_command_and_output() {
    let page = Project::new().built("page.html");
    assert!(
        page.contains("<figure class=\"example\" id=\"example-hello\" "),
        "{page}"
    );
    let call = r#"<span class="m">println!</span>(<span class="s">"hi"</span>)"#;
    assert!(page.contains(call), "{page}");
    assert!(page.contains("cargo run --example hello"), "{page}");
    assert!(
        page.contains("<samp><span class=\"line\">hi</span>\n</samp>"),
        "{page}"
    );
}

/// The part between two anchors, and no anchor comment anywhere.
#[test]
fn anchors_show_a_part() {
    let source = "// ANCHOR: greet\nfn greet() {}\n// ANCHOR_END: greet\n\nfn main() {}\n";
    let page = Project::new()
        .file("examples/hello.rs", source)
        .and("\n{{#example hello:greet}}\n")
        .built("page.html");
    assert!(!page.contains("ANCHOR"), "{page}");
    let part = page
        .split("class=\"example part\"")
        .nth(1)
        .expect("the part");
    let part = part.split("</figure>").next().unwrap_or_default();
    assert!(part.contains("greet") && !part.contains("main"), "{part}");
}

/// A blank line, an HTML sign and a brace in a listing reach the page as they
/// are, and no later text is swallowed by the block.
#[test]
fn listings_survive_markdown() {
    let source =
        "fn main() {\n\n    let _ = 1 < 2 && 3 > 2; // {{#include x}} *a* <b>\n\n    // _end_\n}\n";
    let page = Project::new()
        .file("examples/hello.rs", source)
        .and("\nAfter *all*.\n")
        .built("page.html");
    assert!(page.contains("1</span> &lt; "), "{page}");
    assert!(page.contains("// {{#include x}} *a* &lt;b&gt;"), "{page}");
    assert!(page.contains("After <em>all</em>."), "{page}");
}

/// A mark stays with its word, also where a line of a quotation begins with it.
#[test]
fn a_mark_begins_no_line() {
    let page = Project::new()
        .and("\n> Two is\n> two\n> [✓](test:chapter::holds), and more.\n\nTwo\n[✓](test:chapter::holds).\n")
        .built("page.html");
    assert_eq!(
        page.matches("two\u{a0}<span class=\"check ").count(),
        1,
        "{page}"
    );
    assert!(page.contains("Two\u{a0}<span class=\"check "), "{page}");
}

/// Text in code is left alone; in a box it is not.
#[test]
fn code_is_left_alone_and_boxes_are_not() {
    let page = Project::new()
        .and(
            "\nWrite `{{#example gone}}`.\n\n```text\n{{#example gone}}\n[✓](test:gone::gone)\n```\n\n\
             ```admonish rule title=\"A rule\"\nIt holds [✓](test:chapter::holds).\n\n{{#output hello}}\n```\n",
        )
        .built("page.html");
    assert_eq!(page.matches("{{#example gone}}").count(), 2, "{page}");
    assert!(page.contains("[✓](test:gone::gone)"), "{page}");
    assert!(page.contains("admonish-rule"), "{page}");
    assert!(page.contains("<figure class=\"example answer\" "), "{page}");
    assert_eq!(
        page.matches("aria-label=\"chapter::holds\"").count(),
        2,
        "{page}"
    );
}

/// A mark names its check, what it proves, the command, and its source.
#[test]
fn marks_say_what_holds_them() {
    let page = Project::new()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Claims](claims.md)\n",
        )
        .file("src/claims.md", "# Claims\n\n{{#claims}}\n")
        .built("page.html");
    for part in [
        "popovertarget=\"check-page-2\"",
        "id=\"check-page-2\"",
        "Two is two.",
        "cargo test --test claims chapter::holds -- --exact",
        "claims.html#chapter-holds",
        "tests/claims/chapter.rs:3",
        "Not yet checked here",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

/// The list of claims: sentence, check, command, state and source, under the
/// title of its page.
#[test]
fn claims_are_listed() {
    let claims = Project::new()
        .file("src/SUMMARY.md", "- [Claims](claims.md)\n- [The page](page.md)\n")
        .file("src/claims.md", "# Claims\n\n{{#claims}}\n")
        .and("\n> **Here.** Not this. But `this` *one*, see [there](#the-page),\n> is\n> claimed [✓](test:chapter::holds) twice [✓](test:outputs::hello).\n")
        .built("claims.html");
    for part in [
        "id=\"the-page\"",
        "<article class=\"claim\" id=\"chapter-holds\">",
        "<a href=\"page.html#mark-page-2\">It holds</a>",
        "<a href=\"page.html#mark-page-3\">But <code>this</code> <em>one</em>, see there, is claimed</a>",
        "<article class=\"claim\" id=\"outputs-hello\">",
        "is claimed twice</a>",
        "assert_eq",
    ] {
        assert!(claims.contains(part), "{part} is missing in {claims}");
    }
}

/// Each heading of the second level begins a section, which says how tall it is: with more
/// text, taller. What stands around such a heading is left whole.
#[test]
fn a_page_is_in_sections() {
    let text = "\n## One\n\nA word.\n\n## Two\n\nA word.\n\n<div>\n\n## Within\n\nA word.\n\n</div>\n\n> ## Quoted\n";
    let page = Project::new().and(text).built("page.html");
    let sections: Vec<_> = page.split("<section style=\"--tall: ").skip(1).collect();
    assert_eq!(sections.len(), 2, "{page}");
    assert!(sections[0].contains("id=\"one\"") && !sections[0].contains("id=\"two\""));
    let (second, after) = sections[1].split_once("</section>").expect("its end");
    assert!(
        second.contains("</div>") && second.contains("id=\"quoted\""),
        "{page}"
    );
    assert!(!after.contains("</section>"), "{page}");

    let tall = |text: &str| -> Vec<u32> {
        let page = Project::new().and(text).built("page.html");
        let style = page.split("<section style=\"").nth(1).expect("a section");
        let numbers = style
            .split('"')
            .next()
            .unwrap_or_default()
            .split(['-', ' ', 'e']);
        numbers.filter_map(|number| number.parse().ok()).collect()
    };
    let short = tall("\n## One\n\nA word.\n");
    let long = tall(&format!("\n## One\n\n{}\n", "A word. ".repeat(90)));
    assert_eq!(
        short[0], short[1],
        "a line is a line on any page: {short:?}"
    );
    assert!(long[0] >= short[0] + 14, "some eleven lines: {long:?}");
    assert!(long[1] >= short[1] + 29, "twice as many: {long:?}");
}
