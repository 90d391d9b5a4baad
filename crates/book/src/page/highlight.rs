//! Colours for Rust, decided when the book is built: rustc's own lexer cuts
//! the text, and a few rules name each piece. `.await` has a class of its own,
//! because where a program can be suspended is what this book is about.

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

use super::html::{escape, lines};

const KEYWORDS: &[&str] = &[
    "as", "async", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while",
];

/// `source` as HTML: one `.line` element per line, its tokens in classes.
pub(super) fn rust(source: &str) -> String {
    let pieces = pieces(source);
    let classes: Vec<_> = (0..pieces.len()).map(|i| class(&pieces, i)).collect();
    let classed: Vec<_> = pieces.iter().zip(classes).collect();
    let mut html = String::new();
    for run in classed.chunk_by(|a, b| a.1 == b.1) {
        let text: String = run.iter().map(|(piece, _)| piece.text).collect();
        let parts: Vec<String> = text.split('\n').map(|part| wrap(run[0].1, part)).collect();
        html += &parts.join("\n");
    }
    lines(html.lines())
}

/// Text without a line break, in its class if it has one.
fn wrap(class: Option<&str>, text: &str) -> String {
    match class {
        Some(class) if !text.is_empty() => {
            format!("<span class=\"{class}\">{}</span>", escape(text))
        }
        _ => escape(text),
    }
}

struct Piece<'a> {
    kind: TokenKind,
    text: &'a str,
    in_attribute: bool,
}

/// The tokens of `source`, each with whether it belongs to `#[…]`.
fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = source;
    let mut depth = 0;
    for token in tokenize(source, FrontmatterAllowed::No) {
        let (text, after) = rest.split_at(token.len as usize);
        rest = after;
        let opens = token.kind == TokenKind::OpenBracket && (depth > 0 || follows_pound(&pieces));
        if opens {
            if depth == 0 {
                mark_pound(&mut pieces);
            }
            depth += 1;
        }
        pieces.push(Piece {
            kind: token.kind,
            text,
            in_attribute: depth > 0,
        });
        if token.kind == TokenKind::CloseBracket && depth > 0 {
            depth -= 1;
        }
    }
    pieces
}

/// Whether the tokens so far end in `#` or `#!`.
fn follows_pound(pieces: &[Piece<'_>]) -> bool {
    match pieces {
        [.., last] if last.kind == TokenKind::Pound => true,
        [.., before, last] => last.kind == TokenKind::Bang && before.kind == TokenKind::Pound,
        _ => false,
    }
}

fn mark_pound(pieces: &mut [Piece<'_>]) {
    let until_pound = pieces
        .iter()
        .rposition(|piece| piece.kind == TokenKind::Pound)
        .unwrap_or(pieces.len());
    for piece in &mut pieces[until_pound..] {
        piece.in_attribute = true;
    }
}

fn class(pieces: &[Piece<'_>], index: usize) -> Option<&'static str> {
    let piece = &pieces[index];
    let next = pieces.get(index + 1);
    let next_is = |kind: TokenKind| next.is_some_and(|next| next.kind == kind);
    let starts_upper = piece.text.starts_with(char::is_uppercase);
    match piece.kind {
        TokenKind::LineComment { doc_style } | TokenKind::BlockComment { doc_style, .. } => {
            Some(if doc_style.is_some() { "d" } else { "c" })
        }
        _ if piece.in_attribute => Some("at"),
        TokenKind::Dot if next.is_some_and(|next| next.text == "await") => Some("aw"),
        TokenKind::Ident if piece.text == "await" => Some("aw"),
        TokenKind::Ident if KEYWORDS.contains(&piece.text) => Some("k"),
        TokenKind::Ident if is_macro(pieces, index) => Some("m"),
        TokenKind::Bang if index > 0 && is_macro(pieces, index - 1) => Some("m"),
        TokenKind::Ident if starts_upper => Some("t"),
        TokenKind::Ident if next_is(TokenKind::OpenParen) => Some("f"),
        TokenKind::Lifetime { .. } | TokenKind::RawLifetime => Some("lt"),
        TokenKind::Literal { kind, .. } => Some(match kind {
            LiteralKind::Int { .. } | LiteralKind::Float { .. } => "n",
            _ => "s",
        }),
        _ => None,
    }
}

/// `name!` followed by a bracket, and not `name != …`.
fn is_macro(pieces: &[Piece<'_>], index: usize) -> bool {
    let kinds = |offset: usize| pieces.get(index + offset).map(|piece| piece.kind);
    pieces[index].kind == TokenKind::Ident
        && kinds(1) == Some(TokenKind::Bang)
        && kinds(2) != Some(TokenKind::Eq)
}
