//! What the search looks through: every section of the book, its text without
//! the cards of the marks.
//!
//! In the form of mdBook's own index and under its name, so that `theme/search.js`
//! works with a site that plain `mdbook build` made. Left out is the inverted
//! index, nine tenths of the file: at this size a scan is faster than reading it.

use serde_json::json;

use super::Page;
use super::outline::Outline;

/// The file, relative to the site.
pub(super) const FILE: &str = "searchindex.js";

/// A section, ready to stand in the script. Both parts are JSON.
pub(super) struct Entry {
    url: String,
    section: String,
}

/// The sections of a page, called `title` in the table of contents.
pub(super) fn entries(url: &str, title: &str, outline: &Outline) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut trail: Vec<(usize, &str)> = vec![(1, title)];
    for section in &outline.sections {
        if section.level > 1 {
            trail.retain(|(level, _)| *level < section.level);
            trail.push((section.level, &section.title));
        }
        let titles: Vec<&str> = trail.iter().map(|(_, title)| *title).collect();
        let url = match section.id.as_str() {
            "" => url.to_owned(),
            id => format!("{url}#{id}"),
        };
        entries.push(Entry {
            url: in_literal(&json!(url)),
            section: in_literal(&json!({
                "title": section.title,
                "body": section.text,
                "breadcrumbs": titles.join(" » "),
            })),
        });
    }
    entries
}

/// JSON as it stands between single quotes in a script.
fn in_literal(json: &serde_json::Value) -> String {
    json.to_string().replace('\\', "\\\\").replace('\'', "\\'")
}

/// The script that hands the sections to the search.
pub(super) fn index(pages: &[Page]) -> String {
    let entries = || pages.iter().flat_map(|page| page.entries.iter());
    let urls: Vec<&str> = entries().map(|entry| entry.url.as_str()).collect();
    let sections = entries().enumerate();
    let sections: Vec<String> = sections
        .map(|(number, entry)| format!("\"{number}\":{}", entry.section))
        .collect();
    format!(
        "window.search = Object.assign(window.search, JSON.parse('{{\"doc_urls\":[{}],\
         \"index\":{{\"documentStore\":{{\"docs\":{{{}}}}}}}}}'));\n",
        urls.join(","),
        sections.join(",")
    )
}
