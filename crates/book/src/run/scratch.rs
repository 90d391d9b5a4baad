//! The folders in which runs work: one for the server, one in it for each run.
//!
//! They lie in cargo's target folder and not in the system's temporary one, from
//! which a system may refuse to start programs. A server that was killed leaves
//! its folder behind. Who starts next removes it; it knows by a lock, which the
//! system opens when its owner is gone.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// In cargo's target folder.
const FOLDER: &str = "run";

/// The name of a server's folder begins so; its process's number follows.
const PREFIX: &str = "server-";

/// The lock in a server's folder.
const LOCK: &str = "lock";

/// The folder of one server. It goes when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// A new folder, after those that killed servers left.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn new(target: &Path) -> Result<Self> {
        let all = target.join(FOLDER);
        let new = || -> std::io::Result<Self> {
            fs::create_dir_all(&all)?;
            // One server at a time: a folder is made and locked in two steps.
            let door = File::create(all.join(LOCK))?;
            door.lock()?;
            remove_abandoned(&all);
            let prefix = format!("{PREFIX}{}-", std::process::id());
            let folder = TempDir::with_prefix_in(prefix, &all)?;
            let lock = File::create(folder.path().join(LOCK))?;
            lock.lock()?;
            Ok(Self {
                folder,
                _lock: lock,
            })
        };
        new().with_context(|| no_room(&all))
    }

    /// A folder for one run. It goes with the returned value.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn for_a_run(&self) -> Result<TempDir> {
        let all = self.folder.path();
        // `cargo clean` may have taken it away.
        let new = || fs::create_dir_all(all).and_then(|()| TempDir::with_prefix_in("run-", all));
        new().with_context(|| no_room(all))
    }
}

/// What rustc keeps of a program for its next compilation, over all servers.
pub fn incremental(target: &Path) -> PathBuf {
    target.join(FOLDER).join("incremental")
}

/// What is wrong with a folder that cannot be written to, and what to do.
pub fn no_room(folder: &Path) -> String {
    format!(
        "`{}` cannot be written to; make room there and run it again",
        folder.display()
    )
}

/// Whether the disk of a folder has no room for a program.
pub fn is_full(folder: &Path) -> bool {
    const NEEDED: u64 = 1 << 20; // bytes
    rustix::fs::statvfs(folder).is_ok_and(|disk| disk.f_bavail * disk.f_frsize < NEEDED)
}

fn remove_abandoned(all: &Path) {
    let entries = fs::read_dir(all)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    for entry in entries {
        let path = entry.path();
        let is_a_servers = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_a_servers && is_abandoned(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// Whether the owner of a folder is gone.
fn is_abandoned(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder whose owner is gone is removed by the next; one that is owned is
    /// not.
    #[test]
    fn only_abandoned_folders_are_removed() {
        let target = tempfile::tempdir().unwrap();
        let owned = Scratch::new(target.path()).unwrap();
        let killed = Scratch::new(target.path()).unwrap();
        let Scratch { folder, _lock } = killed;
        let left = folder.keep();
        drop(_lock);
        let _next = Scratch::new(target.path()).unwrap();
        assert!(!left.exists());
        assert!(owned.folder.path().exists());
    }
}
