//! Where a listing defines destructors.

use std::ops::RangeInclusive;

use syn::spanned::Spanned;
use syn::{ImplItem, Item};

/// The lines of the destructors that a listing defines; none if it is no Rust.
pub(super) fn lines(listing: &str) -> Vec<RangeInclusive<usize>> {
    let file = syn::parse_file(listing);
    let items = file.map(|file| file.items).unwrap_or_default();
    let impls = items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(item),
        _ => None,
    });
    let of_drop = impls.filter(|item| {
        let path = item.trait_.as_ref().map(|(path, _)| path);
        path.and_then(|path| path.segments.last())
            .is_some_and(|name| name.ident == "Drop")
    });
    let functions = of_drop.flat_map(|item| &item.items);
    functions
        .filter_map(|item| match item {
            ImplItem::Fn(function) => {
                let span = function.span();
                Some(span.start().line..=span.end().line)
            }
            _ => None,
        })
        .collect()
}
