//! The oracle of `recreate`: two lists of what came of a run.

use std::fmt::Debug;

use crate::{Finding, Verdict};

/// Says how the list of a run that was cut differs from that of one that was
/// not. What is missing outweighs what is there too often.
pub(crate) fn compare<T: PartialEq + Debug>(uncut: &[T], cut: &[T]) -> Result<(), Finding> {
    if uncut == cut {
        return Ok(());
    }
    let missing = without(uncut, cut);
    let extra = without(cut, uncut);
    let verdict = if !missing.is_empty() {
        Verdict::LosesData
    } else if !extra.is_empty() {
        Verdict::DoesTwice
    } else {
        Verdict::LosesPlace
    };
    let left = format!("{cut:?} instead of {uncut:?}");
    Err(Finding::new(verdict, left))
}

/// The items of `all` that are left over once each item of `others` has taken
/// away one like it.
fn without<'a, T: PartialEq>(all: &'a [T], others: &[T]) -> Vec<&'a T> {
    let mut rest: Vec<&T> = all.iter().collect();
    for other in others {
        if let Some(index) = rest.iter().position(|item| *item == other) {
            rest.remove(index);
        }
    }
    rest
}
