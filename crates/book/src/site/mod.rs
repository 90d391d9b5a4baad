//! Builds the static site: mdBook as a library, with our preprocessor in the
//! place that `book.toml` gives to its command. The [press] makes it.

mod press;
mod print;

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use anyhow::{Context, Error, Result};
use mdbook_driver::config::Config;

pub use press::Press;
pub use print::{FILE as PRINT_FILE, PrintPage};

/// What the pages of a served site carry in the place of the generation: a site
/// does not know its own, so that it can share files with the one before. The
/// server knows it, and fills it in.
pub const GENERATION: &str = "the-generation-served";

/// Makes the site that is served while the book is being written, into the
/// folder `dest`; also the page for printing, unless that is returned to be
/// made when it is asked for. Its pages have a place for the [`GENERATION`].
///
/// # Errors
/// Everything that is wrong with the book, each with file and line where there
/// is one. On an error `dest` may hold a half-built site.
pub fn serve(press: &mut Press, dest: &Path) -> Result<Option<PrintPage>> {
    let mut config = config(press.root(), dest)?;
    config.set("output.html.live-reload-endpoint", GENERATION)?;
    // It is served at the root of this machine, wherever it will be published.
    config.set("output.html.site-url", "/")?;
    press.make(config, dest)
}

/// Builds the book at `root` into the folder `dest`, replacing what is there,
/// for a host where it will be found at `site_url`, as
/// [`Address`](crate::finish::Address) reads it; without one, at the address in
/// `book.toml`.
///
/// # Errors
/// As [`serve`] does, and when the address is none.
pub fn publish(root: &Path, dest: &Path, site_url: Option<&str>) -> Result<()> {
    let mut config = config(root, dest)?;
    if let Some(url) = site_url {
        config.set("output.html.site-url", url)?;
    }
    Press::new(root).make(config, dest)?;
    Ok(())
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
