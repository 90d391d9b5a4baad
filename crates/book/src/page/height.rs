//! How tall things will be on the screen, well enough to leave out their layout
//! while they are far from the window: `theme/css/general.css` takes these
//! heights until it knows better.
//!
//! Called by the [sections](super::sections) of a page and by its
//! [listings](super::listing). `tests/browser/pages.test.mjs` holds what is
//! thought here against what is.

use std::cell::RefCell;
use std::ops::{Add, AddAssign};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::html::VOID;

/// Letters in a line of prose, and pixels in an em of it: on a large page and
/// on a small one.
const COLUMNS: Height = Height(70.0, 35.0);
const PIXELS: Height = Height(19.0, 17.0);

/// A height on a large page (1280 px) and on a small one (320 px), in em of prose.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Height(f64, f64);

impl Height {
    const fn both(height: f64) -> Self {
        Self(height, height)
    }

    /// So many pixels.
    pub(super) fn pixels(count: f64) -> Self {
        Self(count / PIXELS.0, count / PIXELS.1)
    }

    /// So many lines of code or output.
    pub(super) fn code(lines: usize) -> Self {
        Self::both(1.24 * lines as f64)
    }

    /// What a program has around its lines and its picture.
    pub(super) fn around(class: &str) -> Self {
        match class {
            "answer" => Self::both(1.5),
            "compile-fail" => Self(7.8, 9.8),
            "timeline" => Self(9.0, 10.5),
            "key" => Self(2.9, 7.0),
            "cuts" => Self(3.4, 6.0),
            _ => Self(5.2, 9.8),
        }
    }

    /// Text of so many letters, in lines of this height that hold so many times
    /// the letters of a line of prose.
    fn text(letters: usize, line: f64, room: f64) -> Self {
        let lines = |columns: f64| (letters as f64 / (columns * room)).ceil() * line;
        Self(lines(COLUMNS.0), lines(COLUMNS.1))
    }

    /// As the `style` of an element.
    pub(super) fn style(self) -> String {
        format!("--tall: {:.0}em; --tall-small: {:.0}em", self.0, self.1)
    }

    /// From the `style` of an element.
    fn from_style(style: &str) -> Option<Self> {
        let (tall, small) = style
            .strip_prefix("--tall: ")?
            .split_once("em; --tall-small: ")?;
        let small = small.strip_suffix("em")?;
        Some(Self(tall.parse().ok()?, small.parse().ok()?))
    }
}

impl Add for Height {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }
}

impl AddAssign for Height {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The height of a part of a page.
pub(super) fn of(html: &str) -> Height {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let reader = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let _ = reader.feed(&input);
    reader.end();
    reader.sink.0.into_inner().height
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    height: Height,
    /// How many elements are open in which nothing counts.
    passed_over: usize,
    /// The letters since the last block began or ended.
    letters: usize,
    /// The lines of a `pre` that is open.
    lines: Option<usize>,
    /// Whether what is read stands in a cell, whose blocks are lines like any.
    in_cell: bool,
    /// The letters of each cell of a row.
    cells: Vec<usize>,
    /// Whether the table becomes a list of cards where its columns do not fit.
    has_cards: bool,
    /// Whether what is read is the head of a table, which such a list has not.
    in_head: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if VOID.contains(&&*tag.name) || tag.self_closing => {}
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) if state.passed_over == 0 => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn start(&mut self, tag: &Tag) {
        if self.passed_over > 0 {
            self.passed_over += 1;
            return;
        }
        let value = |name: &str| tag.attrs.iter().find(|attr| &*attr.name.local == name);
        let class = value("class").map_or("", |attr| &*attr.value);
        let style = value("style").and_then(|attr| Height::from_style(&attr.value));
        if let Some(height) = style {
            self.height += height + Height::both(2.6);
            self.passed_over = 1;
        } else if &*tag.name == "svg" {
            let height = value("height").and_then(|attr| attr.value.parse().ok());
            self.height += Height::pixels(height.unwrap_or_default());
            self.passed_over = 1;
        } else if class.starts_with("check ") {
            self.letters += 3;
            self.passed_over = 1;
        } else if class.contains("visually-hidden") {
            self.passed_over = 1;
        }
        match &*tag.name {
            "pre" => self.lines = Some(0),
            "td" | "th" => self.in_cell = true,
            "table" => self.has_cards = matches!(class, "calls" | "verdicts"),
            "thead" => self.in_head = true,
            "tbody" => self.in_head = false,
            "p" | "ul" | "ol" | "details" | "div" => self.flush(0.0),
            _ => {}
        }
        if class.starts_with("admonition ") {
            self.height += Height::both(4.0);
        } else if class.starts_with("claim") {
            self.height += Height(-4.0, -1.5); // its paragraphs stand close together
        }
    }

    fn end(&mut self, name: &str) {
        if self.passed_over > 0 {
            self.passed_over -= 1;
            return;
        }
        match name {
            "p" => self.flush(1.0),
            "li" => self.flush(0.3),
            "ul" | "ol" => self.height += Height::both(0.7),
            "h2" => self.heading(1.44),
            "h3" => self.heading(1.2),
            "h4" => self.heading(1.0),
            "dt" => self.flush(1.2),
            "dd" | "div" => self.flush(0.0),
            "blockquote" => self.height += Height::both(3.0),
            "pre" => {
                let lines = self.lines.take().unwrap_or_default();
                self.height += Height::code(lines) + Height::both(4.2);
            }
            // What is folded.
            "summary" => {
                self.flush(2.0);
                self.passed_over = 1;
            }
            "td" | "th" => {
                self.in_cell = false;
                self.cells.push(std::mem::take(&mut self.letters));
            }
            "tr" => self.row(),
            "table" => self.height += Height::both(2.0),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.lines {
            Some(lines) => *lines += text.matches('\n').count(),
            None => {
                self.letters += text
                    .split_whitespace()
                    .map(|word| word.chars().count() + 1)
                    .sum::<usize>()
            }
        }
    }

    /// A block of prose has ended, with such a margin.
    fn flush(&mut self, margin: f64) {
        if self.in_cell {
            return;
        }
        let letters = std::mem::take(&mut self.letters);
        if letters > 0 {
            self.height += Height::text(letters, 1.55, 1.0) + Height::both(margin);
        }
    }

    fn heading(&mut self, size: f64) {
        if self.in_cell {
            return;
        }
        let letters = std::mem::take(&mut self.letters);
        self.height += Height::text(letters, 1.2 * size, 1.0 / size) + Height::both(2.8 * size);
    }

    /// A row is as tall as its tallest cell, which has more than its share of the
    /// table. On a small page a table has room for fewer letters, and one of cards
    /// has its cells one below the other.
    fn row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let lines = |letters: &usize, room: f64| (*letters as f64 / room).ceil();
        let row = |letters: f64| {
            let share = letters / cells.len() as f64;
            let tallest = cells.iter().map(|cell| lines(cell, share));
            1.25 * tallest.fold(0.0, f64::max) + 0.95
        };
        let small = match (self.has_cards, self.in_head) {
            (false, _) => row(1.25 * COLUMNS.0),
            (true, true) => 0.0,
            (true, false) => {
                let lines = cells.iter().map(|cell| lines(cell, 1.1 * COLUMNS.1));
                lines.map(|lines| 1.2 * lines + 0.25).sum::<f64>() + 1.4
            }
        };
        self.height += Height(row(1.65 * COLUMNS.0), small);
    }
}
