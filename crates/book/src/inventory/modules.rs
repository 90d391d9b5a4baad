//! The modules of a test binary that lies in a folder of `tests/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::Item;

/// One module, parsed.
pub(super) struct Module {
    /// Its name, with which the names of its tests begin.
    pub(super) name: String,
    /// Its file, relative to the root.
    pub(super) path: PathBuf,
    /// The source text.
    pub(super) text: String,
    pub(super) file: syn::File,
}

/// The modules that `main.rs` in `folder` declares: a test counts only if it is
/// compiled into the binary. None when there is no such file.
pub(super) fn read(root: &Path, folder: &str) -> Result<Vec<Module>> {
    let folder = Path::new(folder);
    let main = folder.join("main.rs");
    if !root.join(&main).exists() {
        return Ok(Vec::new());
    }
    let (_, file) = parse(root, &main)?;
    let declared = file.items.iter().filter_map(|item| match item {
        Item::Mod(module)
            if module.content.is_none()
                && !module.attrs.iter().any(|a| a.path().is_ident("path")) =>
        {
            Some(module.ident.to_string())
        }
        _ => None,
    });
    let read = |name: String| {
        let path = folder.join(format!("{name}.rs"));
        let (text, file) = parse(root, &path)?;
        Ok(Module {
            name,
            path,
            text,
            file,
        })
    };
    declared.map(read).collect()
}

fn parse(root: &Path, path: &Path) -> Result<(String, syn::File)> {
    let full = root.join(path);
    let text =
        fs::read_to_string(&full).with_context(|| format!("cannot read `{}`", full.display()))?;
    let file = syn::parse_file(&text).map_err(|error| {
        let line = error.span().start().line;
        let binary = path.parent().and_then(Path::file_name).unwrap_or_default();
        anyhow::anyhow!(
            "{}:{line}: not valid Rust: {error}\n    run `cargo test --test {}` to see the compiler's own message",
            path.display(),
            binary.display()
        )
    })?;
    Ok((text, file))
}
