//! What the search looks through: every section of the book, its text without
//! the cards of the marks.
//!
//! In the form of mdBook's own index and under its name, so that `theme/search.js`
//! works with a site that plain `mdbook build` made. Left out is the inverted
//! index, nine tenths of the file: at this size a scan is faster than reading it.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Page;

/// The file, relative to the site.
pub(super) const FILE: &str = "searchindex.js";

/// The script that hands the sections to the search.
pub(super) fn index(pages: &[Page]) -> Result<String> {
    let mut urls = Vec::new();
    let mut sections = serde_json::Map::new();
    for page in pages.iter().filter(|page| page.searched) {
        let mut trail: Vec<(usize, &str)> = vec![(1, &page.title)];
        for section in &page.outline.sections {
            if section.level > 1 {
                trail.retain(|(level, _)| *level < section.level);
                trail.push((section.level, &section.title));
            }
            let titles: Vec<&str> = trail.iter().map(|(_, title)| *title).collect();
            sections.insert(
                urls.len().to_string(),
                json!({
                    "title": section.title,
                    "body": section.text,
                    "breadcrumbs": titles.join(" » "),
                }),
            );
            urls.push(Value::from(match section.id.as_str() {
                "" => page.url.clone(),
                id => format!("{}#{id}", page.url),
            }));
        }
    }
    let index = json!({ "doc_urls": urls, "index": { "documentStore": { "docs": sections } } });
    let index = serde_json::to_string(&index).context("the search's index is no JSON")?;
    let literal = index.replace('\\', "\\\\").replace('\'', "\\'");
    Ok(format!(
        "window.search = Object.assign(window.search, JSON.parse('{literal}'));\n"
    ))
}
