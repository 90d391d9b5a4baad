//! Where the site will be found: `output.html.site-url` in `book.toml`, or
//! what the command line says instead.

use anyhow::{Result, bail};

/// The address of a site. Its host is known only where somebody named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme and host, as in `https://example.org`.
    origin: Option<String>,
    /// Starts and ends with a slash.
    path: String,
}

impl Address {
    /// Reads `https://HOST/PATH/` or `/PATH/`; without either, the site stands
    /// at the root of a host that nobody knows.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(url: Option<&str>) -> Result<Self> {
        let url = url.unwrap_or("/");
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| url.starts_with(scheme));
        let host_end = |scheme: &str| {
            let host = url[scheme.len()..].find('/');
            host.map_or(url.len(), |slash| scheme.len() + slash)
        };
        let (origin, path) = url.split_at(scheme.map_or(0, host_end));
        let odd = |c: char| c.is_whitespace() || matches!(c, '?' | '#' | '"' | '<' | '>');
        let hostless = scheme.is_some_and(|scheme| scheme == origin);
        let pathless = scheme.is_none() && !path.starts_with('/');
        if hostless || pathless || url.contains(odd) {
            bail!(
                "`{url}` is no address of a site\n    write `https://HOST/PATH/`, or only \
                 `/PATH/`, for `--site-url` or `output.html.site-url` in book.toml"
            );
        }
        let slash = if path.ends_with('/') { "" } else { "/" };
        Ok(Self {
            origin: scheme.map(|_| origin.to_owned()),
            path: format!("{path}{slash}"),
        })
    }

    /// The path below the host, with a slash at both ends.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole address of a file of the site, if the host is known.
    pub fn of(&self, file: &str) -> Option<String> {
        let origin = self.origin.as_ref()?;
        Some(format!("{origin}{}{file}", self.path))
    }
}
