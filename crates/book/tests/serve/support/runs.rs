//! The server on the real book, whose programs the tests run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::page::until_ready;
use super::{Client, Page, Server, eventually};

/// How long a program may run. No program of the book takes as long.
pub const RUN_SECONDS: u64 = 5;

/// The root of the real book.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// A server on the real book that is ready for runs. Getting there takes seconds,
/// so the tests share one; it lives as long as one of them has it.
pub struct Runs {
    server: Arc<Shared>,
    _alone: MutexGuard<'static, ()>,
}

struct Shared {
    pid: u32,
    client: Client,
    _server: Mutex<Server>,
}

impl Runs {
    /// The server that other tests use, or have used.
    pub fn shared() -> Self {
        static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
        let mut last = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let server = last.upgrade().unwrap_or_else(|| {
            let (server, client) = start(RUN_SECONDS);
            Arc::new(Shared {
                pid: server.pid(),
                client,
                _server: Mutex::new(server),
            })
        });
        *last = Arc::downgrade(&server);
        drop(last);
        Self {
            server,
            _alone: alone(),
        }
    }

    /// A new page.
    pub fn page(&self) -> Page {
        Page::open(self.server.client)
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.pid
    }

    /// Waits until nothing is left of any run, and sees that the next one works.
    pub fn left_nothing(&self) {
        nothing_is_left(self.pid());
        let events = self.page().run("fn main() { println!(\"next\") }");
        assert_eq!(events.last().unwrap()["code"], 0, "{events:?}");
    }
}

/// Until the returned value is dropped, one test at a time has runs: what they leave
/// behind is looked for in the end.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a server on the real book, where a program may run for so many seconds,
/// and waits until it is ready for runs.
pub fn start(run_seconds: u64) -> (Server, Client) {
    let mut command = Server::at(&root());
    command.args(["--no-open", "--port=0"]);
    // There are no pages in that folder. Nobody needs them, and they take seconds.
    command.env("MDBOOK_BOOK__SRC", "examples");
    let server = Server::launch(command.arg(format!("--run-seconds={run_seconds}")));
    let client = server.serving();
    until_ready(client);
    (server, client)
}

/// Waits until a server has no process any more, and no folder of a run.
pub fn nothing_is_left(server: u32) {
    eventually("the end of all processes", || {
        processes(server).is_empty().then_some(())
    });
    eventually("the end of all folders", || {
        folders(server).is_empty().then_some(())
    });
}

/// Where servers have the folders of their runs.
pub fn scratch() -> PathBuf {
    // Cargo puts programs into target/PROFILE.
    let target = Path::new(env!("CARGO_BIN_EXE_book"))
        .ancestors()
        .nth(2)
        .unwrap();
    target.join("run")
}

/// The folders of a server's runs.
pub fn folders(server: u32) -> Vec<PathBuf> {
    let servers = list(&scratch()).into_iter().filter(|folder| {
        let name = folder.file_name().unwrap().to_string_lossy();
        name.starts_with(&format!("server-{server}-"))
    });
    let all = servers.flat_map(|folder| list(&folder));
    all.filter(|folder| !folder.ends_with("lock")).collect()
}

/// The processes that a server has started, and those that work in a folder of one
/// of its runs, whoever has started them.
pub fn processes(server: u32) -> Vec<u32> {
    let pids = list(Path::new("/proc")).into_iter().filter_map(|process| {
        let pid = process.file_name()?.to_str()?.parse().ok()?;
        let stat = fs::read_to_string(process.join("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(") ")?;
        let is_child = fields.split(' ').nth(1)? == server.to_string();
        let folder = fs::read_link(process.join("cwd")).unwrap_or_default();
        let is_in_a_run = folder
            .to_string_lossy()
            .contains(&format!("/run/server-{server}-"));
        (is_child || is_in_a_run).then_some(pid)
    });
    pids.collect()
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
