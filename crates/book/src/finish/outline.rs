//! What stands on a built page: its sections with their text, and its first
//! sentences.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::page::html::VOID;

/// Elements that do not part words.
const INLINE: [&str; 12] = [
    "a", "abbr", "b", "code", "em", "i", "kbd", "samp", "small", "span", "strong", "sup",
];

/// The longest description, in bytes, that is not a single sentence.
const LONGEST: usize = 160;

/// A heading and what follows it, up to the next.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// 1 to 3, or 0 for what stands before the first heading.
    pub(super) level: usize,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
}

/// One page.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) sections: Vec<Section>,
    /// The text of the first paragraph.
    paragraph: String,
}

impl Outline {
    /// Reads the `<main>` of a page.
    pub(super) fn of(html: &str) -> Self {
        let input = BufferQueue::default();
        for part in without_pictures(html) {
            input.push_back(StrTendril::from(part));
        }
        let reader = Tokenizer::new(Reader::default(), TokenizerOpts::default());
        let _ = reader.feed(&input);
        reader.end();
        let mut outline = reader.sink.0.into_inner().outline;
        for section in &mut outline.sections {
            section.title = words(&section.title);
            section.text = words(&section.text);
        }
        outline
            .sections
            .retain(|section| section.level > 0 || !section.text.is_empty());
        outline
    }

    /// The first sentence, and those after it while there is room.
    pub(super) fn description(&self) -> String {
        let text = words(&self.paragraph);
        let ends = text.match_indices(['.', '?', '!']).map(|(at, _)| {
            let closing = |c: char| matches!(c, '”' | '’' | ')' | '.' | '?' | '!');
            let rest = text[at..].trim_start_matches(closing);
            (text.len() - rest.len(), rest)
        });
        let ends = ends.filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
        let ends: Vec<usize> = ends.map(|(end, _)| end).collect();
        let fitting = ends.iter().rev().find(|end| **end <= LONGEST);
        let end = fitting.or(ends.first()).copied().unwrap_or(text.len());
        text[..end].to_owned()
    }
}

/// The parts of a page from `<main>` on between its pictures, which take most of
/// the time to read and have no text of the page.
fn without_pictures(html: &str) -> impl Iterator<Item = &str> {
    let main = html.find("<main").map_or("", |start| &html[start..]);
    let parts = main.split("<svg").enumerate();
    parts.filter_map(|(number, part)| match number {
        0 => Some(part),
        _ => Some(part.split_once("</svg>")?.1),
    })
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    outline: Outline,
    /// The elements that are open, from `<main>` inwards.
    open: Vec<Open>,
    /// How many of them are passed over.
    passed_over: usize,
    in_heading: bool,
    /// Whether the first paragraph has begun, and whether it has ended.
    paragraph: (bool, bool),
}

struct Open {
    name: String,
    passed_over: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                state.start(&tag);
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    _ => {}
                }
            }
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if self.open.is_empty() && name != "main" {
            return;
        }
        let attribute = |wanted: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == wanted);
            found.map(|attribute| &*attribute.value)
        };
        let id = attribute("id").unwrap_or_default();
        if VOID.contains(&name) || tag.self_closing {
            return;
        }
        // A mark's card says what its check is called, which is no text of the page.
        let is_mark = attribute("class")
            .is_some_and(|classes| classes.split(' ').any(|class| class == "check"));
        if is_mark && self.passed_over == 0 {
            // Nor is the space before it.
            self.cut_space();
        }
        let passed_over =
            is_mark || attribute("hidden").is_some() || matches!(name, "form" | "script" | "style");
        self.open.push(Open {
            name: name.to_owned(),
            passed_over,
        });
        self.passed_over += usize::from(passed_over);
        if self.passed_over > 0 {
            return;
        }
        let level = ["main", "h1", "h2", "h3"].iter().position(|it| *it == name);
        match level.filter(|level| *level == 0 || !id.is_empty()) {
            Some(level) => {
                self.in_heading = level > 0;
                self.outline.sections.push(Section {
                    level,
                    id: id.to_owned(),
                    ..Section::default()
                });
            }
            None if INLINE.contains(&name) => {}
            None => self.text(" "),
        }
        self.paragraph.0 |= name == "p";
    }

    fn cut_space(&mut self) {
        let section = self.outline.sections.last_mut();
        let text = section.map(|section| &mut section.text);
        for text in text.into_iter().chain([&mut self.outline.paragraph]) {
            text.truncate(text.trim_end().len());
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        for open in self.open.drain(at..) {
            self.passed_over -= usize::from(open.passed_over);
        }
        if self.passed_over == 0 {
            self.in_heading &= !matches!(name, "h1" | "h2" | "h3");
            self.paragraph.1 |= name == "p";
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.is_empty() || self.passed_over > 0 {
            return;
        }
        if self.paragraph == (true, false) {
            self.outline.paragraph += text;
        }
        if let Some(section) = self.outline.sections.last_mut() {
            let part = match self.in_heading {
                true => &mut section.title,
                false => &mut section.text,
            };
            *part += text;
        }
    }
}
