//! Builds the static site: mdBook as a library, with our preprocessor in the
//! place that `book.toml` gives to its command.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use anyhow::{Context, Error, Result};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use crate::finish::{Address, finish};
use crate::links;
use crate::preprocessor::CheckedBook;

/// Builds the book at `root` into the folder `dest`, replacing what is there.
///
/// `live` is the generation that the served pages carry, so that they know
/// when a newer one is up; a site for a static host has none.
///
/// # Errors
/// Everything that is wrong with the book, each with file and line where there
/// is one. On an error `dest` may hold a half-built site.
pub fn build(root: &Path, dest: &Path, live: Option<&str>) -> Result<()> {
    let mut config = config(root, dest)?;
    if let Some(generation) = live {
        config.set("output.html.live-reload-endpoint", generation)?;
        // It is served at the root of this machine, wherever it will be published.
        config.set("output.html.site-url", "/")?;
    }
    build_with(root, dest, config)
}

/// Builds the book for a host where it will be found at `site_url`, as
/// [`Address`] reads it; without one, at the address in `book.toml`.
///
/// # Errors
/// As [`build`] does, and when the address is none.
pub fn publish(root: &Path, dest: &Path, site_url: Option<&str>) -> Result<()> {
    let mut config = config(root, dest)?;
    if let Some(url) = site_url {
        config.set("output.html.site-url", url)?;
    }
    build_with(root, dest, config)
}

fn build_with(root: &Path, dest: &Path, mut config: Config) -> Result<()> {
    let html = config.html_config().unwrap_or_default();
    let address = Address::parse(html.site_url.as_deref())?;
    // mdBook puts it into the <base> of 404.html, which works on any host so.
    config.set("output.html.site-url", address.path())?;
    // `finish` makes the index of the search.
    config.set("output.html.search.enable", false)?;
    let mut book =
        MDBook::load_with_config(root, config).map_err(|error| unreadable(root, &error))?;
    book.with_preprocessor(CheckedBook);
    book.build()?;
    finish(&book, &html, dest, &address)?;
    links::check(root, dest)
}

fn config(root: &Path, dest: &Path) -> Result<Config> {
    let read = Config::from_disk(root.join("book.toml"));
    let mut config = read.map_err(|error| unreadable(root, &error))?;
    config.update_from_env()?;
    config.build.build_dir = std::path::absolute(dest)
        .with_context(|| format!("`{}` is no folder to build into", dest.display()))?;
    Ok(config)
}

/// mdBook's own error about a book that it cannot load, with the file, the
/// line as far as mdBook names one, and what to do.
fn unreadable(root: &Path, error: &Error) -> Error {
    let message = format!("{error:#}");
    let message = message.replace(&format!("{}{MAIN_SEPARATOR}", root.display()), "");
    let (file, line, remedy) = if let Some(line) = chapter_line(root, &message) {
        let remedy = "create the file, or correct its name in the summary";
        ("src/SUMMARY.md", line, remedy)
    } else if message.contains("SUMMARY.md") {
        let remedy = "every entry is a link to a page, as in `- [Title](file.md)`";
        ("src/SUMMARY.md", named_line(&message), remedy)
    } else {
        (
            "book.toml",
            named_line(&message),
            "correct the configuration",
        )
    };
    Error::msg(format!("{file}:{line}: {message}\n    {remedy}"))
}

/// The line of the summary that links to the chapter which cannot be read.
fn chapter_line(root: &Path, message: &str) -> Option<usize> {
    let (_, rest) = message.split_once("failed to read chapter `")?;
    let (file, _) = rest.split_once('`')?;
    let summary = fs::read_to_string(root.join("src/SUMMARY.md")).ok()?;
    let link = format!("]({file})");
    let index = summary.lines().position(|line| line.contains(&link));
    Some(index.map_or(1, |index| index + 1))
}

/// The line after "at line" or "SUMMARY.md line" in a message of mdBook's.
fn named_line(message: &str) -> usize {
    let number = message.split("line ").nth(1).unwrap_or_default();
    let digits = number.split(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}
