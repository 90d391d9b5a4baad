//! The crates that programs use, compiled and ready.
//!
//! Cargo compiles them, in the workspace's own target folder: there `cargo run
//! --example` and `cargo test` find them, and what those have compiled is found
//! here. It also says where they lie, in the messages that it writes for programs.
//! From then on [`compile`](super::compile) calls rustc without it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::sync::{Notify, watch};
use walkdir::WalkDir;

use super::keeper::End;
use super::kept::{Kept, command};
use super::limits;
use crate::lock::Lock;

/// Where the crates are, and who compiles with them.
#[derive(Debug)]
pub struct Crates {
    /// The folder of the toolchain.
    pub toolchain: PathBuf,
    /// The edition of the programs.
    pub edition: String,
    /// The folder with all that programs are linked with.
    pub folder: PathBuf,
    /// The library of each crate that a program can name.
    pub libraries: BTreeMap<String, PathBuf>,
    /// Cargo's target folder.
    pub target: PathBuf,
    stamp: Stamp,
}

/// How far it is.
#[derive(Debug, Clone)]
pub enum State {
    /// Cargo is at it, and so many are compiled.
    Preparing(usize),
    /// A program can be compiled.
    Ready(Arc<Crates>),
    /// It went wrong. The next run tries again.
    Broken(String),
}

/// The crates of the book at one root, and whoever waits for them.
#[derive(Debug)]
pub struct Supply {
    root: PathBuf,
    state: watch::Sender<State>,
    wanted: Notify,
}

impl Supply {
    /// Nothing is done yet.
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            state: watch::Sender::new(State::Preparing(0)),
            wanted: Notify::new(),
        }
    }

    /// How far it is.
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Prepares the crates, and again whenever that is asked for. For ever, so
    /// dropping it is the way to end it: cargo is ended too, and what it has
    /// compiled so far it will not compile again.
    pub async fn keep_ready(&self) {
        loop {
            let next = match self.prepare().await {
                Ok(crates) => State::Ready(Arc::new(crates)),
                Err(error) => State::Broken(format!("{error:#}")),
            };
            self.state.send_replace(next);
            self.wanted.notified().await;
        }
    }

    /// The crates, as soon as they are ready. Says how many are compiled whenever
    /// that changes. When the sources have changed since, or the last attempt went
    /// wrong, they are prepared anew.
    ///
    /// Cancel-safe: it only waits.
    ///
    /// # Errors
    /// What cargo says.
    pub async fn ready(&self, mut tell: impl FnMut(usize)) -> Result<Arc<Crates>> {
        let outdated = self.state.send_if_modified(|state| {
            let outdated = match state {
                State::Preparing(_) => false,
                State::Ready(crates) => crates.stamp != crates.stamp.now(),
                State::Broken(_) => true,
            };
            if outdated {
                *state = State::Preparing(0);
            }
            outdated
        });
        if outdated {
            self.wanted.notify_one();
        }
        let mut state = self.state.subscribe();
        loop {
            match &*state.borrow_and_update() {
                State::Preparing(compiled) => tell(*compiled),
                State::Ready(crates) => return Ok(Arc::clone(crates)),
                State::Broken(message) => bail!("{message}"),
            }
            state.changed().await?;
        }
    }

    async fn prepare(&self) -> Result<Crates> {
        let package = package(&self.root)?;
        let example = some_example(&self.root)?;
        let arguments = ["build", "--locked", "--offline", "--example", &example];
        let mut built = self.cargo(&arguments).await?;
        if built.libraries.is_empty() && built.said.contains("--offline") {
            // Cargo has so far downloaded what the book's own program needs, and
            // no more. Once is enough; no run ever asks the network.
            let online = arguments.into_iter().filter(|it| *it != "--offline");
            built = self.cargo(&online.collect::<Vec<_>>()).await?;
        }
        let lock = Lock::read(&self.root)?;
        let named = lock.dependencies(&package)?;
        built
            .libraries
            .retain(|library| named.contains(&library.package.as_str()));
        if built.libraries.len() < named.len() {
            bail!(
                "the crates that programs use do not compile:\n{}",
                built.said
            );
        }
        self.found(built).await
    }

    async fn found(&self, built: Built) -> Result<Crates> {
        let toolchain = toolchain(&self.root).await?;
        let deps = built.libraries.first().and_then(|it| it.file.parent());
        let folder = deps.context("programs use no crates")?.to_owned();
        // target/debug/deps
        let target = folder
            .ancestors()
            .nth(2)
            .context("cargo has no target folder")?;
        let local = built.libraries.iter().filter(|it| it.is_local);
        let files = [self.root.join("Cargo.toml"), self.root.join("Cargo.lock")]
            .into_iter()
            .chain(built.libraries.iter().map(|it| it.file.clone()))
            .chain(local.flat_map(|it| sources(&it.source)));
        Ok(Crates {
            toolchain,
            edition: built.edition,
            target: target.to_owned(),
            stamp: Stamp::of(files),
            libraries: built
                .libraries
                .into_iter()
                .map(|it| (it.name, it.file))
                .collect(),
            folder,
        })
    }

    /// Calls cargo, and counts along.
    async fn cargo(&self, arguments: &[&str]) -> Result<Built> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = command(cargo, limits::CARGO);
        command
            .args(arguments)
            .arg("--message-format=json-render-diagnostics")
            .current_dir(&self.root);
        let (mut kept, streams) = Kept::start(command).context("cannot start cargo")?;
        let (built, said) = tokio::try_join!(self.read(streams.stdout), text(streams.stderr))?;
        match kept.ended().await? {
            End::NotStarted(error) => bail!("cannot start cargo: {error}"),
            _ => Ok(Built { said, ..built }),
        }
    }

    async fn read(&self, stdout: ChildStdout) -> Result<Built> {
        let mut built = Built::default();
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            let Ok(artifact) = serde_json::from_str::<Artifact>(&line) else {
                continue;
            };
            self.state.send_modify(|state| {
                if let State::Preparing(compiled) = state {
                    *compiled += 1;
                }
            });
            match artifact.library() {
                Some(library) => built.libraries.push(library),
                None => built.edition = artifact.target.edition,
            }
        }
        Ok(built)
    }
}

/// What cargo has built and said.
#[derive(Debug, Default)]
struct Built {
    libraries: Vec<Library>,
    edition: String,
    said: String,
}

#[derive(Debug)]
struct Library {
    package: String,
    name: String,
    file: PathBuf,
    source: PathBuf,
    is_local: bool,
}

/// Cargo's message about something that it has compiled, or found compiled.
#[derive(Deserialize)]
struct Artifact {
    package_id: String,
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    edition: String,
    src_path: PathBuf,
}

impl Artifact {
    /// As a library that programs can be linked with, if it is one.
    fn library(&self) -> Option<Library> {
        let file = self
            .filenames
            .iter()
            .find(|file| file.extension().is_some_and(|it| it == "rlib"))?;
        let (source, rest) = self.package_id.split_once('#')?;
        // `…#name@version`, or `…/name#version` when the folder is named so.
        let package = match rest.split_once('@') {
            Some((name, _)) => name,
            None => source.rsplit('/').next()?,
        };
        Some(Library {
            package: package.to_owned(),
            name: self.target.name.clone(),
            file: file.clone(),
            source: self.target.src_path.clone(),
            is_local: source.starts_with("path+"),
        })
    }
}

/// Files and when they were last written.
#[derive(Debug, PartialEq)]
struct Stamp(BTreeMap<PathBuf, Option<SystemTime>>);

impl Stamp {
    fn of(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let written = |file: &Path| fs::metadata(file).and_then(|it| it.modified()).ok();
        let files = files.into_iter().map(|file| {
            let written = written(&file);
            (file, written)
        });
        Self(files.collect())
    }

    /// The same files as they are now.
    fn now(&self) -> Self {
        Self::of(self.0.keys().cloned())
    }
}

/// The files beside a crate's first one, and below.
fn sources(first: &Path) -> Vec<PathBuf> {
    let folder = first.parent().unwrap_or(first);
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.map(walkdir::DirEntry::into_path).collect()
}

/// The name of the package that owns the programs.
fn package(root: &Path) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let path = root.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let manifest: Manifest =
        toml::from_str(&text).with_context(|| format!("`{}` names no package", path.display()))?;
    Ok(manifest.package.name)
}

/// Cargo compiles crates for a target that needs them: any program will do.
fn some_example(root: &Path) -> Result<String> {
    let files = fs::read_dir(root.join("examples")).into_iter().flatten();
    let names = files.filter_map(|entry| {
        let path = entry.ok()?.path();
        let is_program = path.extension().is_some_and(|it| it == "rs");
        is_program.then(|| path.file_stem().map(|it| it.to_string_lossy().into_owned()))?
    });
    names.min().context("there is no program in `examples`")
}

/// The toolchain that the book pins. Rustup's `rustc` would look it up anew for
/// every program.
async fn toolchain(root: &Path) -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = tokio::process::Command::new(rustc)
        .args(["--print", "sysroot"])
        .current_dir(root)
        .kill_on_drop(true)
        .output()
        .await
        .context("cannot start rustc")?;
    let folder = String::from_utf8(output.stdout).context("rustc names no folder")?;
    Ok(folder.trim().into())
}

async fn text(mut stderr: ChildStderr) -> Result<String> {
    let mut bytes = Vec::new();
    stderr.read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
