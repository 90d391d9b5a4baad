//! Makes the copy of an example that is recorded: the same text, with calls of
//! the recorder's library inserted. Nothing is inserted that would move a line,
//! so what the copy says about lines is true of the listing.
//!
//! Called by the build script for each example. What cannot be rewritten whole
//! is an error with its line, never silence.

mod edits;
mod lanes;
mod macros;
mod walk;

use std::fmt;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::Visit;

use edits::Edits;
use walk::Walk;

/// A copy, and where its program begins.
#[derive(Debug)]
pub struct Copy {
    /// The text to compile.
    pub text: String,
    /// How to run it; none if there is nothing in it that can be recorded.
    pub main: Option<Main>,
}

/// The `main` of a program that can be recorded.
#[derive(Debug, PartialEq, Eq)]
pub enum Main {
    /// An `async fn`, at this line, from 1.
    Future(usize),
    /// A function that makes a runtime with `Runtime::new`.
    Plain,
}

/// Why an example cannot be rewritten.
#[derive(Debug, PartialEq, Eq)]
pub struct Error {
    /// Where in the example, from 1.
    pub line: usize,
    /// What is in the way, and what to do.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

impl From<syn::Error> for Error {
    fn from(error: syn::Error) -> Self {
        Self {
            line: line(error.span()),
            message: format!("this is not Rust that the recorder can read: {error}"),
        }
    }
}

/// The copy of `source` that records what its futures do.
///
/// # Errors
/// When the source is not Rust, or has an `.await`, an `async` or a
/// `println!` in a place that the rewriting does not reach, such as
/// `macro_rules!`.
pub fn rewrite(source: &str) -> Result<Copy, Error> {
    let file = syn::parse_file(source)?;
    let mut walk = Walk::of(source, &file);
    walk.visit_file(&file);
    let Walk {
        edits,
        main,
        has_runtime,
        error,
        seen,
        ..
    } = walk;
    if let Some(error) = error {
        return Err(error);
    }
    let tokens = source.parse::<TokenStream>().map_err(|error| Error {
        line: line(error.span()),
        message: error.to_string(),
    })?;
    everything_is_seen(tokens, &seen)?;
    Ok(Copy {
        text: edits.apply(source),
        main: match main {
            Some(line) => Some(Main::Future(line)),
            None => has_runtime.then_some(Main::Plain),
        },
    })
}

/// What the walk has dealt with, by the place of its keyword or name.
type Seen = std::collections::BTreeSet<usize>;

/// The words that each have to be dealt with, and the macros that have to be.
const KEYWORDS: &[&str] = &["await", "async"];
const PRINTERS: &[&str] = &["println", "print", "eprintln", "eprint"];

fn everything_is_seen(tokens: TokenStream, seen: &Seen) -> Result<(), Error> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_macro = |next: Option<&TokenTree>| matches!(next, Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
        match token {
            TokenTree::Group(group) => everything_is_seen(group.stream(), seen)?,
            TokenTree::Ident(word) => {
                let counts = KEYWORDS.iter().any(|wanted| word == wanted)
                    || PRINTERS.iter().any(|wanted| word == wanted) && is_macro(tokens.peek());
                if counts && !seen.contains(&word.span().byte_range().start) {
                    return Err(Error {
                        line: line(word.span()),
                        message: format!(
                            "the recorder does not reach this `{word}`; \
                             write it outside of a macro's own syntax, \
                             or list the example in tests/recordings/unrecorded.toml"
                        ),
                    });
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    Ok(())
}

fn line(span: Span) -> usize {
    span.start().line
}
