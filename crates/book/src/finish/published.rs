//! Addresses stay good. Every page and every place in it that the book ever
//! had stands in a committed list; each must still be there, or be sent on by
//! `output.html.redirect` in `book.toml`.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;

use crate::problem::{Problems, did_you_mean};

/// The list, relative to the book's root: an address a line.
pub const LIST: &str = "tests/published.txt";

/// What people link to. Marks are numbered, so their ids come and go.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<(?:h[1-6]|dt|figure|tr)\b[^<>]*\sid="([^"]*)""#).expect("a valid pattern")
});

/// Holds the site in `dest` against the list of the book at `root`; a book
/// without one has promised nothing.
///
/// # Errors
/// [`Problems`] with each address that leads nowhere any more.
pub(super) fn check(root: &Path, dest: &Path, redirects: &HashMap<String, String>) -> Result<()> {
    let list = root.join(LIST);
    if !list.exists() {
        return Ok(());
    }
    let list =
        fs::read_to_string(&list).with_context(|| format!("cannot read `{}`", list.display()))?;
    let site = Site {
        addresses: addresses(dest)?,
        redirects,
    };
    let mut problems = Problems::default();
    for (address, line) in list.lines().zip(1..) {
        if !site.leads_somewhere(address) {
            let known = site.addresses.iter().map(String::as_str);
            problems.push(
                LIST,
                line,
                format!(
                    "`{address}` was published, and now leads nowhere{}",
                    did_you_mean(address, known)
                ),
                format!(
                    "say where it went, with `\"/{address}\" = \"PAGE.html#PLACE\"` under \
                     [output.html.redirect] in book.toml"
                ),
            );
        }
    }
    Ok(problems.into_result()?)
}

/// Every address of the site in `dest` that the list should have: its pages,
/// and the places in those that the book was written into.
///
/// # Errors
/// When the site cannot be read.
pub fn addresses(dest: &Path) -> Result<BTreeSet<String>> {
    let mut addresses = BTreeSet::new();
    for entry in fs::read_dir(dest).with_context(|| format!("cannot read `{}`", dest.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".html") || name == "404.html" {
            continue;
        }
        // The others gather pages, and repeat their places.
        if !["index.html", "print.html", "toc.html"].contains(&name.as_str()) {
            let html = super::read(dest, &name)?;
            let places = PLACE.captures_iter(&html);
            addresses.extend(places.map(|place| format!("{name}#{}", &place[1])));
        }
        addresses.insert(name);
    }
    Ok(addresses)
}

struct Site<'a> {
    addresses: BTreeSet<String>,
    redirects: &'a HashMap<String, String>,
}

impl Site<'_> {
    fn leads_somewhere(&self, address: &str) -> bool {
        let mut address = address.to_owned();
        // A redirect may lead to another; a circle leads nowhere.
        for _ in 0..=self.redirects.len() {
            let (page, place) = address.split_once('#').unwrap_or((&address, ""));
            let moved = self.redirects.get(&format!("/{address}"));
            let page_moved = self.redirects.get(&format!("/{page}"));
            address = match (moved, page_moved) {
                (Some(to), _) => to.clone(),
                // mdBook keeps the place when only the page has moved.
                (None, Some(to)) if !to.contains('#') => format!("{to}#{place}"),
                (None, Some(to)) => to.clone(),
                (None, None) => return self.addresses.contains(&address),
            };
            if address.contains("://") {
                return true;
            }
            address = address.trim_start_matches(['.', '/']).to_owned();
            address = address.trim_end_matches('#').to_owned();
        }
        false
    }
}
