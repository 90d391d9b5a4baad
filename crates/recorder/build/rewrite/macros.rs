//! The grammars of the macros that a listing may put futures and output into.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Token};

/// What is between the brackets of `select!`.
pub(super) struct Select {
    /// Whether it says `biased;` itself.
    pub(super) biased: bool,
    pub(super) branches: Vec<Branch>,
    /// The handler of `else`.
    pub(super) otherwise: Option<Expr>,
}

/// `pattern = future, if condition => handler`.
pub(super) struct Branch {
    pub(super) future: Expr,
    pub(super) condition: Option<Expr>,
    pub(super) handler: Expr,
}

mod kw {
    syn::custom_keyword!(biased);
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let biased = input.peek(kw::biased) && input.peek2(Token![;]);
        if biased {
            input.parse::<kw::biased>()?;
            input.parse::<Token![;]>()?;
        }
        let mut branches = Vec::new();
        let mut otherwise = None;
        while !input.is_empty() {
            if input.peek(Token![else]) {
                input.parse::<Token![else]>()?;
                otherwise = Some(handler(input)?);
            } else {
                branches.push(input.parse()?);
            }
        }
        Ok(Self {
            biased,
            branches,
            otherwise,
        })
    }
}

impl Parse for Branch {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![=]>()?;
        let future = input.parse()?;
        let condition = if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self {
            future,
            condition,
            handler: handler(input)?,
        })
    }
}

/// `=> expression`, and the comma behind it.
fn handler(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=>]>()?;
    let handler = Expr::parse_with_earlier_boundary_rule(input)?;
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    Ok(handler)
}

/// Expressions with commas between them, as in `println!` or `join!`.
pub(super) struct Arguments(pub(super) Vec<Expr>);

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        Ok(Self(list.into_iter().collect()))
    }
}

/// Where the inside of a macro call begins, in bytes.
pub(super) fn inside(mac: &syn::Macro) -> usize {
    let open: Span = match &mac.delimiter {
        syn::MacroDelimiter::Paren(paren) => paren.span.open(),
        syn::MacroDelimiter::Brace(brace) => brace.span.open(),
        syn::MacroDelimiter::Bracket(bracket) => bracket.span.open(),
    };
    open.span().byte_range().end
}
