//! Markdown as this book writes it: an `admonish` fence is a box with text in
//! it, not code.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The events of `text` with their bytes. What stands in a box comes as events
/// of its own, in the place of the fence.
pub(super) fn events(text: &str) -> Vec<(Event<'_>, Range<usize>)> {
    let mut events = Vec::new();
    collect(text, 0, &mut events);
    events
}

fn collect<'a>(text: &'a str, offset: usize, found: &mut Vec<(Event<'a>, Range<usize>)>) {
    let mut inside_box: Option<Range<usize>> = None;
    for (event, range) in Parser::new_ext(text, Options::all()).into_offset_iter() {
        match (&event, &mut inside_box) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _)
                if info.starts_with("admonish") =>
            {
                inside_box = Some(range.end..range.end);
            }
            (Event::Text(_), Some(body)) => {
                *body = body.start.min(range.start)..range.end;
            }
            (Event::End(TagEnd::CodeBlock), Some(body)) => {
                if let Some(text) = text.get(body.clone()) {
                    collect(text, offset + body.start, found);
                }
                inside_box = None;
            }
            _ => found.push((event, range.start + offset..range.end + offset)),
        }
    }
}
