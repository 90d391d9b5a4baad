//! The list of pages that search engines ask for.

use super::Address;

/// The map in the form of sitemaps.org, if the site's address is known.
pub(super) fn map<'a>(pages: impl Iterator<Item = &'a str>, address: &Address) -> Option<String> {
    let places: Option<String> = pages
        .map(|page| Some(format!("<url><loc>{}</loc></url>\n", address.of(page)?)))
        .collect();
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        places?
    ))
}
