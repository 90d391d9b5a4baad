//! The crates that programs use, compiled and ready.
//!
//! [Cargo](super::cargo) compiles them, in the workspace's own target folder: there
//! `cargo run --example` and `cargo test` find them, and what those have compiled is
//! found here. From then on [`compile`](super::compile) calls rustc without it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Result, bail};
use tokio::sync::{Notify, watch};
use walkdir::WalkDir;

use super::cargo::{self, Built, Library, Package};
use super::rustc::Rustc;
use crate::lock::Lock;

/// Where the crates are, and who compiles with them.
#[derive(Debug)]
pub struct Crates {
    /// The compiler.
    pub rustc: Rustc,
    /// The edition of the programs.
    pub edition: String,
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
                Err(error) => {
                    tracing::warn!("no program can be run: {error:#}");
                    State::Broken(format!("{error:#}"))
                }
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
        let package = cargo::package(&self.root).await?;
        let mut built = self.build(&package, true).await?;
        if built.libraries.is_empty() && built.said.contains("--offline") {
            // Cargo has so far downloaded what the book's own program needs, and
            // no more. Once is enough; no run ever asks the network.
            built = self.build(&package, false).await?;
        }
        let lock = Lock::read(&self.root)?;
        let named = lock.dependencies(&package.name)?;
        let is_named = |library: &Library| {
            named.iter().any(|(name, version)| {
                *name == library.package && version.is_none_or(|it| it == library.version)
            })
        };
        built.libraries.retain(is_named);
        if built.libraries.len() < named.len() {
            bail!(
                "the crates that programs use do not compile:\n{}",
                built.said
            );
        }
        Ok(Crates {
            rustc: Rustc::find(&self.root).await?,
            stamp: Stamp::of_all(&self.root, &built.libraries),
            libraries: built
                .libraries
                .into_iter()
                .map(|it| (it.name, it.file))
                .collect(),
            edition: package.edition,
            target: package.target,
        })
    }

    async fn build(&self, package: &Package, offline: bool) -> Result<Built> {
        let compiled = || {
            self.state.send_modify(|state| {
                if let State::Preparing(compiled) = state {
                    *compiled += 1;
                }
            });
        };
        cargo::build(&self.root, package, offline, compiled).await
    }
}

/// Files and when they were last written.
#[derive(Debug, PartialEq)]
struct Stamp(BTreeMap<PathBuf, Option<SystemTime>>);

impl Stamp {
    /// The files on which the crates of the book at `root` depend, and they
    /// themselves.
    fn of_all(root: &Path, libraries: &[Library]) -> Self {
        let compiled = libraries.iter().map(|library| library.file.clone());
        let ours = libraries
            .iter()
            .filter_map(|library| library.source.as_deref());
        let sources = ours.flat_map(sources);
        let locked = [root.join("Cargo.toml"), root.join("Cargo.lock")];
        Self::of(compiled.chain(sources).chain(locked))
    }

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
