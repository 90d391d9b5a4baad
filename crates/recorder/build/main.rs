//! Makes the recorded copies that the recorder's tests compile: of the
//! examples, and of the programs in `tests/programs` that try the recorder.
//!
//! Writes one file per program to a folder of `OUT_DIR`, and beside it a list,
//! which names them as modules and has `PROGRAMS`: those that can be run, with
//! a function that records each. A program that cannot be rewritten becomes a
//! compile error that names its file and line.

mod rewrite;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use rewrite::Main;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build");
    copy_all("../../examples", "examples")?;
    copy_all("tests/programs", "programs")
}

/// Copies every program of a folder of this crate to `OUT_DIR/name`, and lists
/// them in `OUT_DIR/name.rs`.
fn copy_all(folder: &str, name: &str) -> io::Result<()> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder to write to"));
    let copies = out.join(name);
    fs::create_dir_all(&copies)?;
    println!("cargo::rerun-if-changed={}", source.display());

    let mut files: Vec<PathBuf> = fs::read_dir(&source)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();

    let (mut modules, mut programs) = (String::new(), String::new());
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let text = match rewrite::rewrite(&fs::read_to_string(&file)?) {
            Ok(copy) => {
                let run = copy.main.map(|main| match main {
                    Main::Future(line) => format!("recorder::program({line}, {name}::main)"),
                    Main::Plain => format!("recorder::plain({name}::main)"),
                });
                programs +=
                    &run.map_or_else(String::new, |run| format!("    ({name:?}, || {run}),\n"));
                copy.text
            }
            Err(error) => {
                let message = format!("{folder}/{name}.rs:{error}").replace("../../", "");
                format!("compile_error!({message:?});")
            }
        };
        let copy = copies.join(format!("{name}.rs"));
        fs::write(&copy, text)?;
        modules += &format!(
            "#[allow(dead_code, unused_imports, unused_parens, clippy::all)]\n#[path = {copy:?}]\npub mod {name};\n"
        );
    }
    let list = format!(
        "pub type Program = fn() -> recorder::Run;\npub const PROGRAMS: &[(&str, Program)] = &[\n{programs}];\n"
    );
    fs::write(out.join(format!("{name}.rs")), modules + &list)
}
