//! The small mark after a sentence. It opens, by mouse or keyboard and without
//! a script, and says which check holds the sentence and how to run it.

use super::html::{claim_id, escape_inline, with_code};
use crate::evidence::State;
use crate::inventory::Check;

/// One mark on one page.
pub(super) struct Mark<'a> {
    /// Unique in the book: page and number.
    pub(super) id: &'a str,
    pub(super) check: &'a Check,
    pub(super) state: &'a State,
    /// The list of claims as seen from the mark's page, if the book has one.
    pub(super) list: Option<String>,
}

/// The id by which a link finds the mark.
pub(super) fn anchor(id: &str) -> String {
    format!("mark-{id}")
}

/// How a state is drawn: class, sign, and the words for those who cannot see
/// the sign.
pub(super) fn look(state: &State) -> (&'static str, &'static str, &'static str) {
    match state {
        State::Held(_) => ("held", "✓", "Check passed"),
        State::Failed(_) => ("failed", "✗", "Check failed"),
        State::Unchecked => ("unchecked", "○", "Check not yet run here"),
    }
}

/// The mark as inline HTML.
pub(super) fn html(mark: &Mark<'_>) -> String {
    let Mark {
        id,
        check,
        state,
        list,
    } = mark;
    let (class, sign, words) = look(state);
    let name = escape_inline(&check.name);
    let proves = with_code(&check.proves, escape_inline);
    let command = escape_inline(&check.command());
    let state = escape_inline(&state.to_string());
    let anchor = anchor(id);
    let place = format!("{}:{}", check.path.display(), check.line);
    let place = escape_inline(&place);
    let place = match list {
        Some(list) => format!("<a href=\"{list}#{}\">{place}</a>", claim_id(&check.name)),
        None => place,
    };
    format!(
        "<span class=\"check {class}\" id=\"{anchor}\">\
         <button type=\"button\" popovertarget=\"check-{id}\" aria-label=\"{words}: {name}\">{sign}</button>\
         <span class=\"check-card\" id=\"check-{id}\" popover=\"auto\" role=\"dialog\" aria-label=\"{name}\">\
         <strong>{name}</strong> \
         <span class=\"proves\">{proves}</span> \
         <span class=\"state\">{state}</span> \
         <code>{command}</code> \
         {place}\
         </span></span>"
    )
}
