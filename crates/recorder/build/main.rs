//! Makes the copies of the examples that the recorder's test compiles.
//!
//! Writes one file per example to `OUT_DIR`, and `programs.rs`, which names
//! them as modules and lists those with an `async fn main` in
//! `PROGRAMS`, with a function that records each. An example that cannot be rewritten
//! becomes a compile error that names its file and line.

mod rewrite;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder to write to"));
    println!("cargo::rerun-if-changed={}", examples.display());
    println!("cargo::rerun-if-changed=build");

    let mut files: Vec<PathBuf> = fs::read_dir(&examples)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();

    let (mut modules, mut programs) = (String::new(), String::new());
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let source = fs::read_to_string(&file)?;
        let text = match rewrite::rewrite(&source) {
            Ok(copy) => {
                if let Some(line) = copy.main {
                    programs +=
                        &format!("    ({name:?}, || recorder::program({line}, {name}::main)),\n");
                }
                copy.text
            }
            Err(error) => {
                let message = format!("examples/{name}.rs:{error}");
                format!("compile_error!({message:?});")
            }
        };
        let copy = out.join(format!("{name}.rs"));
        fs::write(&copy, text)?;
        modules += &format!(
            "#[allow(dead_code, unused_imports, unused_parens, clippy::all)]\n#[path = {copy:?}]\npub mod {name};\n"
        );
    }
    let list = format!(
        "pub type Program = fn() -> recorder::Run;\npub const PROGRAMS: &[(&str, Program)] = &[\n{programs}];\n"
    );
    fs::write(out.join("programs.rs"), modules + &list)
}
