//! What was made of the inventory for a page: coloured listings and timelines.
//! Making them takes most of a build; they depend on nothing but the inventory
//! and what their key says, so they are kept as long as it is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// HTML by what it was made of.
#[derive(Debug, Default)]
pub struct Drawn(Mutex<HashMap<String, String>>);

impl Drawn {
    /// What `make` makes, which may depend on the inventory and `key` alone.
    pub fn get(&self, key: &str, make: impl FnOnce() -> String) -> String {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = kept().get(key) {
            return html.clone();
        }
        let html = make();
        kept().insert(key.to_owned(), html.clone());
        html
    }
}
