//! Lets cargo compile what programs use, and reads where it has put it: in its
//! messages for programs, whose form is documented.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, Command};

use super::keeper::End;
use super::kept::{Kept, command};
use super::limits;

/// The package that owns the programs.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The edition of its programs.
    pub edition: String,
    /// One of its programs.
    pub example: String,
    /// Where cargo puts what it compiles.
    pub target: PathBuf,
}

/// A library that cargo has compiled.
#[derive(Debug)]
pub struct Library {
    /// The package that it belongs to.
    pub package: String,
    /// The version of that.
    pub version: String,
    /// The name under which programs use it.
    pub name: String,
    /// The compiled file.
    pub file: PathBuf,
    /// Its first source file, when it belongs to the workspace.
    pub source: Option<PathBuf>,
}

/// What cargo has compiled and said.
#[derive(Debug)]
pub struct Built {
    /// All libraries that the program uses, and those that they use.
    pub libraries: Vec<Library>,
    /// Its messages for people.
    pub said: String,
}

/// Asks for the package at `root`.
///
/// # Errors
/// When there is none, or none with programs.
pub async fn package(root: &Path) -> Result<Package> {
    let manifest = root.join("Cargo.toml");
    ensure!(manifest.is_file(), "there is no `{}`", manifest.display());
    let mut cargo = Command::new(cargo());
    cargo.args(["metadata", "--no-deps", "--format-version=1"]);
    let cargo = cargo.current_dir(root).kill_on_drop(true);
    let output = cargo.output().await.context("cannot start cargo")?;
    let Ok(metadata) = serde_json::from_slice::<Metadata>(&output.stdout) else {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    };
    let mut packages = metadata.packages.into_iter();
    let owner = packages.find(|package| package.manifest_path == manifest);
    let owner = owner.with_context(|| format!("`{}` names no package", manifest.display()))?;
    let mut targets = owner.targets.into_iter();
    let example = targets.find(|target| target.kind.iter().any(|kind| kind == "example"));
    let example = example.context("there is no program in `examples`")?;
    Ok(Package {
        name: owner.name,
        edition: example.edition,
        example: example.name,
        target: metadata.target_directory,
    })
}

/// Compiles all that programs of the package use, by way of one of them: cargo
/// compiles for a program that needs it. Calls `compiled` after each crate.
///
/// # Errors
/// When cargo cannot be run. That something does not compile is no error here.
pub async fn build(
    root: &Path,
    package: &Package,
    offline: bool,
    mut compiled: impl FnMut(),
) -> Result<Built> {
    let mut command = command(cargo(), limits::CARGO);
    command
        .args(["build", "--locked", "--example", &package.example])
        .args(offline.then_some("--offline"))
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root);
    let (mut kept, streams) = Kept::start(command).context("cannot start cargo")?;
    let read = async {
        let mut libraries = Vec::new();
        let mut lines = BufReader::new(streams.stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Ok(artifact) = serde_json::from_str::<Artifact>(&line) {
                compiled();
                libraries.extend(artifact.library());
            }
        }
        Ok(libraries)
    };
    let (libraries, said) = tokio::try_join!(read, text(streams.stderr))?;
    match kept.ended().await? {
        End::NotStarted(error) => bail!("cannot start cargo: {error}"),
        _ => Ok(Built { libraries, said }),
    }
}

fn cargo() -> std::ffi::OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

async fn text(mut stderr: ChildStderr) -> Result<String> {
    let mut bytes = Vec::new();
    stderr.read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Owner>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Owner {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

/// Something that cargo can compile.
#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    edition: String,
    src_path: PathBuf,
}

/// Something that cargo has compiled, or found compiled.
#[derive(Deserialize)]
struct Artifact {
    package_id: String,
    target: Target,
    filenames: Vec<PathBuf>,
}

impl Artifact {
    /// As a library that programs can be linked with, if it is one.
    fn library(self) -> Option<Library> {
        let is_library = |file: &PathBuf| file.extension().is_some_and(|it| it == "rlib");
        let file = self.filenames.into_iter().find(is_library)?;
        let (source, rest) = self.package_id.split_once('#')?;
        // `…#name@version`, or `…/name#version` when the folder is named so.
        let (package, version) = match rest.split_once('@') {
            Some(both) => both,
            None => (source.rsplit('/').next()?, rest),
        };
        let is_ours = source.starts_with("path+");
        Some(Library {
            package: package.to_owned(),
            version: version.to_owned(),
            name: self.target.name,
            file,
            source: is_ours.then_some(self.target.src_path),
        })
    }
}
