//! What a page says about itself to those who only look at its head: search
//! engines, and whoever shows a preview of a link.

use std::fmt::Write;

use super::{Address, Page};

/// The picture in previews, copied to the site from `src/`.
const PICTURE: &str = "social.png";

/// `html` with `tags` in the place of the description that the template gave
/// to every page. A theme without one gets none.
pub(super) fn with_tags(html: &str, tags: &str) -> String {
    let start = html.find("<meta name=\"description\"");
    let end = start.and_then(|start| Some(start + html[start..].find('>')? + 1));
    match (start, end) {
        (Some(start), Some(end)) => format!("{}{tags}{}", &html[..start], &html[end..]),
        _ => html.to_owned(),
    }
}

/// The description of a page, and, where its address is known, the rest.
pub(super) fn tags(page: &Page, book: &str, canonical: &str, address: &Address) -> String {
    let description = escape(&page.outline.description());
    let mut tags = format!("<meta name=\"description\" content=\"{description}\">");
    if let (Some(url), Some(picture)) = (address.of(canonical), address.of(PICTURE)) {
        let title = match page.outline.sections.iter().find(|s| s.level == 1) {
            Some(section) => &section.title,
            None => &page.title,
        };
        let _ = write!(tags, "\n    <link rel=\"canonical\" href=\"{url}\">");
        let properties = [
            ("og:type", "article"),
            ("og:site_name", book),
            ("og:title", title),
            ("og:url", &url),
            ("og:image", &picture),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            (
                "og:image:alt",
                "The life of a future: polled, suspended, dropped.",
            ),
        ];
        for (name, value) in properties {
            let value = escape(value);
            let _ = write!(tags, "\n    <meta property=\"{name}\" content=\"{value}\">");
        }
        let _ = write!(
            tags,
            "\n    <meta property=\"og:description\" content=\"{description}\">\
             \n    <meta name=\"twitter:card\" content=\"summary_large_image\">"
        );
    }
    tags
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
