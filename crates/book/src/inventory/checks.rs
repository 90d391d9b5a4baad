//! The checks: what `cargo test` runs to hold a sentence of the book.
//!
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Item, ItemFn, ItemMod, Lit, Meta};

use super::modules::Module;

/// Which of the test binaries runs a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A test of `tests/claims`: must be cited by a page.
    Claim,
    /// A test of `tests/is_cancel_safe`: a row of the table of calls.
    Row,
    /// The recorded output of an example, or of the compiler.
    Recording,
}

/// One test by the name that `cargo test` prints.
#[derive(Debug)]
pub struct Check {
    /// `MODULE::NAME`.
    pub name: String,
    /// Which binary runs it.
    pub kind: Kind,
    /// What it proves: the first paragraph of the comment above it.
    pub proves: String,
    /// Its file, relative to the root.
    pub path: PathBuf,
    /// Its line in that file, from 1.
    pub line: usize,
    /// Its source text.
    pub source: String,
    /// Whether it is `#[ignore]`d, and so proves nothing.
    pub ignored: bool,
}

impl Check {
    /// The command that runs this check and no other.
    pub fn command(&self) -> String {
        let Self { name, .. } = self;
        let (first, _) = name.split_once("::").unwrap_or((name, ""));
        let binary = match self.kind {
            Kind::Claim => "claims",
            Kind::Row => "is_cancel_safe",
            Kind::Recording => first,
        };
        format!("cargo test --test {binary} {name} -- --exact")
    }

    /// A check that holds a recorded file, or the program of one.
    pub(super) fn of_file(name: String, proves: String, path: &Path) -> Self {
        Self {
            name,
            kind: Kind::Recording,
            proves,
            path: path.to_owned(),
            line: 1,
            source: String::new(),
            ignored: false,
        }
    }
}

/// The tests of these modules, by name.
pub(super) fn tests(modules: &[Module], kind: Kind) -> BTreeMap<String, Check> {
    let mut found = BTreeMap::new();
    for module in modules {
        let finder = Finder { module, kind };
        finder.collect(&module.name, &module.file.items, &mut found);
    }
    found
}

struct Finder<'a> {
    module: &'a Module,
    kind: Kind,
}

impl Finder<'_> {
    fn collect(&self, prefix: &str, items: &[Item], found: &mut BTreeMap<String, Check>) {
        for item in items {
            match item {
                Item::Fn(function) if is_test(function) => {
                    let check = self.check(prefix, function);
                    found.insert(check.name.clone(), check);
                }
                Item::Mod(ItemMod {
                    ident,
                    content: Some((_, items)),
                    ..
                }) => self.collect(&format!("{prefix}::{ident}"), items, found),
                _ => {}
            }
        }
    }

    fn check(&self, prefix: &str, function: &ItemFn) -> Check {
        let first = function
            .attrs
            .first()
            .map_or_else(|| function.span(), Spanned::span);
        let (start, end) = (first.start().line, function.block.span().end().line);
        let source = self
            .module
            .text
            .lines()
            .skip(start - 1)
            .take(end - start + 1);
        Check {
            name: format!("{prefix}::{}", function.sig.ident),
            kind: self.kind,
            proves: first_paragraph(&function.attrs),
            path: self.module.path.clone(),
            line: function.sig.span().start().line,
            source: source.flat_map(|line| [line, "\n"]).collect(),
            ignored: function.attrs.iter().any(|a| a.path().is_ident("ignore")),
        }
    }
}

/// `#[test]`, `#[tokio::test(…)]`, and any other attribute whose last word is
/// `test`.
pub(super) fn is_test(function: &ItemFn) -> bool {
    function.attrs.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|segment| segment.ident == "test")
    })
}

fn first_paragraph(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(doc_line);
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    lines.join(" ")
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if pair.path.is_ident("doc") => Some(text.value().trim().to_owned()),
        _ => None,
    }
}
