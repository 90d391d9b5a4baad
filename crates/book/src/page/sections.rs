//! Puts each part of a page, from one heading of the second level to the next,
//! into a section that says how tall it is: a browser that knows need not lay
//! it out before it comes near the window.
//!
//! Called by the preprocessor, with pages that are otherwise ready.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, html};

use super::height;

/// The elements of a page that stand around Markdown.
const AROUND: [(&str, &str); 2] = [("<div", "</div"), ("<details", "</details")];

/// The page in sections. What stands before the first heading stays as it is.
pub(crate) fn sections(markdown: &str) -> String {
    let starts = starts(markdown);
    let ends = starts.iter().skip(1).copied().chain([markdown.len()]);
    let first = starts.first().copied().unwrap_or(markdown.len());
    let mut page = markdown[..first].to_owned();
    for (start, end) in starts.iter().copied().zip(ends) {
        let part = &markdown[start..end];
        let mut shown = String::new();
        html::push_html(&mut shown, Parser::new_ext(part, Options::all()));
        let style = height::of(&shown).style();
        page += &format!(
            "<section style=\"{style}\">\n\n{}\n\n</section>\n\n",
            part.trim_end()
        );
    }
    page
}

/// Where the headings of the second level begin that stand in nothing else.
fn starts(markdown: &str) -> Vec<usize> {
    let mut around = 0;
    let mut within = 0;
    let mut starts = Vec::new();
    for (event, range) in Parser::new_ext(markdown, Options::all()).into_offset_iter() {
        match event {
            Event::Html(html) => {
                for (open, close) in AROUND {
                    around += html.matches(open).count();
                    around = around.saturating_sub(html.matches(close).count());
                }
            }
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) if around + within == 0 => {
                starts.push(range.start);
                within += 1;
            }
            Event::Start(_) => within += 1,
            Event::End(_) => within -= 1,
            _ => {}
        }
    }
    starts
}
