//! Notices that a file of the book has changed. Used by the
//! [builder](super::builder)'s thread.
//!
//! The system's notices only say when to look. What counts is the content: it
//! is read and compared, so that `touch`, a read, or an editor that writes the
//! same text under another name and renames it cost no build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use walkdir::{DirEntry, WalkDir};

use super::complain;
use crate::evidence::{FOLDER as EVIDENCE, SOURCES};

/// A burst of saves is over when nothing has happened for this long. Part of
/// the time from a save to the page that shows it.
const QUIET: Duration = Duration::from_millis(15);

/// The notices of a single save come closer to each other than this.
const BETWEEN_NOTICES: Duration = Duration::from_millis(4);

/// A burst that does not end is looked at anyway.
const LONGEST_BURST: Duration = Duration::from_millis(500);

/// The files and folders that make the book, with all that is in them, beside
/// what decides whether a check passes.
const OURS: [&str; 5] = [
    "README.md",
    "book.toml",
    "crates/cancel-sweep/README.md",
    "src",
    "theme",
];

/// Folders that others fill, and that no page shows.
const NOT_OURS: [&str; 3] = ["node_modules", "test-results", "playwright-report"];

/// What wakes the builder.
pub enum Signal {
    /// Something happened to these files or folders.
    Changed(Vec<PathBuf>),
    /// The server ends.
    Stop,
}

/// Watches a book's files.
///
/// `notify` can watch a folder with all below it, but not leave one out, and
/// the browser tests keep thousands of folders in `node_modules`. So each
/// folder is watched by itself, and the list is renewed at every look.
///
/// There is no debouncer between `notify` and us either: those that exist do
/// not say what happened to a file, so that our own reading of a folder would
/// look like a change of it and make us read again, for ever.
pub struct Watcher {
    root: PathBuf,
    signals: Receiver<Signal>,
    system: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
}

impl Watcher {
    /// Watches the book at `root`. Changes arrive at `signals` from `sender`,
    /// which others may use as well. Where the system cannot watch, it says so
    /// in the terminal once, and the book is served without rebuilding.
    pub fn new(root: &Path, sender: Sender<Signal>, signals: Receiver<Signal>) -> Self {
        let report = move |event: notify::Result<Event>| {
            let paths = match event {
                Ok(event) if is_change(&event.kind) => event.paths,
                Ok(_) => return,
                // Some notices were lost: look at everything.
                Err(_) => Vec::new(),
            };
            let _ = sender.send(Signal::Changed(paths));
        };
        // There is nothing to watch where nothing may be written.
        let _ = fs::create_dir_all(root.join(EVIDENCE));
        let system = notify::recommended_watcher(report).map_err(|error| give_up(&error));
        Self {
            root: root.to_owned(),
            signals,
            system: system.ok(),
            watched: BTreeSet::new(),
        }
    }

    /// Sleeps until something happens and then until it is over. What the files
    /// hold now; `None` when the server ends.
    pub fn wait(&mut self) -> Option<Snapshot> {
        let first = self.signals.recv().ok()?;
        self.heed(first)?;
        let end = Instant::now() + LONGEST_BURST;
        loop {
            while self.heed_within(BETWEEN_NOTICES)? && Instant::now() < end {}
            let began = Instant::now();
            // The rest of the waiting is for reading. What happens meanwhile
            // makes us read again.
            let seen = self.snapshot();
            let left = (QUIET - BETWEEN_NOTICES).saturating_sub(began.elapsed());
            if began >= end || !self.heed_within(left)? {
                return Some(seen);
            }
        }
    }

    /// Whether something happens within this time; `None` when the server ends.
    fn heed_within(&mut self, time: Duration) -> Option<bool> {
        match self.signals.recv_timeout(time) {
            Ok(signal) => self.heed(signal).map(|()| true),
            Err(RecvTimeoutError::Timeout) => Some(false),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn heed(&mut self, signal: Signal) -> Option<()> {
        match signal {
            Signal::Changed(paths) => {
                self.forget(&paths);
                Some(())
            }
            Signal::Stop => None,
        }
    }

    /// A folder that was removed or renamed takes its watch with it, even if
    /// there is soon another of the same name.
    fn forget(&mut self, paths: &[PathBuf]) {
        for path in paths.iter().filter(|path| **path != self.root) {
            self.watched.retain(|folder| !folder.starts_with(path));
        }
    }

    /// Reads all files. What is written from now on will be noticed.
    pub fn snapshot(&mut self) -> Snapshot {
        loop {
            let (folders, files) = self.walk();
            // In a folder that was not watched a moment ago, files may have
            // come since it was walked.
            if !self.watch(folders) {
                return Snapshot::read(&self.root, files);
            }
        }
    }

    /// The folders to watch and the files to read.
    fn walk(&self) -> (BTreeSet<PathBuf>, Vec<PathBuf>) {
        let ours = OURS.iter().chain(SOURCES);
        let ours: Vec<PathBuf> = ours.map(|path| self.root.join(path)).collect();
        // A folder that is not there yet is noticed in the one around it.
        let around = ours.iter().flat_map(|path| path.ancestors().skip(1));
        let around = around.filter(|path| path.starts_with(&self.root) && path.is_dir());
        let mut folders: BTreeSet<PathBuf> = around.map(Path::to_owned).collect();
        let mut files = Vec::new();
        let evidence = WalkDir::new(self.root.join(EVIDENCE)).max_depth(1);
        let walks = ours.iter().map(WalkDir::new).chain([evidence]);
        let entries = walks.flat_map(|walk| walk.into_iter().filter_entry(is_ours));
        for entry in entries.filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                folders.insert(entry.into_path());
            } else if entry.path().is_file() {
                files.push(entry.into_path());
            }
        }
        (folders, files)
    }

    /// Watches exactly these folders. Whether one of them was not yet watched.
    fn watch(&mut self, folders: BTreeSet<PathBuf>) -> bool {
        let Some(system) = &mut self.system else {
            return false;
        };
        for gone in self.watched.difference(&folders) {
            let _ = system.unwatch(gone);
        }
        let mut failure = None;
        let mut any_new = false;
        for folder in folders.difference(&self.watched) {
            any_new = true;
            failure = system
                .watch(folder, RecursiveMode::NonRecursive)
                .err()
                .or(failure);
        }
        self.watched = folders;
        // A folder that vanished under our hands is no reason to give up.
        if let Some(error) =
            failure.filter(|error| matches!(error.kind, notify::ErrorKind::MaxFilesWatch))
        {
            give_up(&error);
            self.system = None;
        }
        any_new
    }
}

fn give_up(error: &notify::Error) {
    complain(format_args!(
        "The system does not report saved files ({error}), so the book will not rebuild by itself. \
         On Linux, raise fs.inotify.max_user_watches and max_user_instances; then start again."
    ));
}

/// Opening a file is no change of it. Closing one that was written to is.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// Neither what others fill nor what editors leave beside a file while it is
/// open: `.name.swp`, `.#name`, `name~`, `#name#`, and vim's probe `4913`.
fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let by_editor = name.starts_with(['.', '#']) || name.ends_with('~') || name == "4913";
    entry.depth() == 0 || !(by_editor || NOT_OURS.contains(&&*name))
}

/// What all files of the book held at one moment. A file that could not be
/// read is there without content.
pub struct Snapshot(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Snapshot {
    fn read(root: &Path, files: Vec<PathBuf>) -> Self {
        let read = |file: PathBuf| {
            let content = fs::read(&file).ok();
            let name = file.strip_prefix(root).map(Path::to_owned);
            (name.unwrap_or(file), content)
        };
        Self(files.into_iter().map(read).collect())
    }

    /// The files that came, went, or hold something else than they did in
    /// `earlier`, relative to the book's root.
    pub fn changed_since(&self, earlier: &Self) -> Vec<PathBuf> {
        let names: BTreeSet<_> = self.0.keys().chain(earlier.0.keys()).collect();
        let changed = names
            .into_iter()
            .filter(|name| self.0.get(*name) != earlier.0.get(*name));
        changed.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Our own reading is not taken for a change, or every look would lead to
    /// another, for ever. Notices arrive in order: were there one of the
    /// reading, it would come before the one of the save.
    #[test]
    fn looking_does_not_wake_us() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("src")).unwrap();
        fs::write(root.join("src/read.md"), "text").unwrap();
        let (sender, signals) = channel();
        let mut watcher = Watcher::new(root, sender, signals);
        watcher.snapshot();
        watcher.snapshot();
        fs::write(root.join("src/saved.md"), "text").unwrap();
        match watcher.signals.recv().unwrap() {
            Signal::Changed(paths) => assert_eq!(paths, [root.join("src/saved.md")]),
            Signal::Stop => panic!("nobody stopped it"),
        }
    }
}
