//! The page for printing, made when somebody asks for it. All pages go into it,
//! so that it takes longer than the rest of a site of which one page has changed.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use mdbook_renderer::RenderContext;

use super::press::print;

/// The file, relative to the site.
pub const FILE: &str = "print.html";

/// The page for printing of one site.
#[derive(Debug, Clone)]
pub struct PrintPage(Arc<RenderContext>);

impl PrintPage {
    pub(super) fn of(context: &Arc<RenderContext>) -> Self {
        Self(context.clone())
    }

    /// Makes it, in the site's folder, unless it is there already.
    ///
    /// # Errors
    /// When it cannot be rendered or written.
    pub fn make(&self) -> Result<()> {
        let site = &self.0.destination;
        let file = site.join(FILE);
        if file.exists() {
            return Ok(());
        }
        let beside = site.parent().unwrap_or(Path::new("."));
        let whole = tempfile::tempdir_in(beside).context("no folder can be made to print in")?;
        let mut context = RenderContext::clone(&self.0);
        context.destination = whole.path().to_owned();
        print(&context)?;
        // At a stroke: somebody may be reading.
        fs::rename(whole.path().join(FILE), file).context("cannot take over the page for printing")
    }
}
