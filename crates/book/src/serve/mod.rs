//! Serves the book and keeps it fresh: `cargo run` ends up here.
//!
//! One thread of its own [builds](builder) whenever a [watched](watch) file
//! changes and publishes the [state] in a `watch` channel; [`http`] answers
//! requests from whatever was published last; [`live`] tells the open pages.
//! Who is answered is decided in [`hosts`], and what a browser may do with the
//! answer in [`policy`].
//!
//! [`shutdown`] is the part to read beside the chapters on graceful shutdown:
//! it says who is told to stop, who waits for whom, and what happens to those
//! who do not listen.

mod browser;
mod builder;
mod connections;
mod hosts;
mod http;
mod live;
mod policy;
mod shutdown;
mod state;
mod watch;

use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use axum::routing::get;
use axum::{Json, Router};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch::{Receiver, channel};

#[cfg(unix)]
use crate::run::{self, Runner};
use hosts::Hosts;
use shutdown::Shutdown;
pub use shutdown::Tasks;
use state::{Published, Start};

/// Where to serve, and whether to show it.
pub struct Options {
    /// The address to listen at.
    pub host: IpAddr,
    /// The port to listen at; 0 lets the system pick a free one.
    pub port: u16,
    /// Whether to open a browser, if there is one.
    pub open: bool,
    /// Who may run programs.
    pub run: Run,
    /// How long a program may run, in seconds.
    pub run_seconds: u64,
}

/// Who may run programs on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Who sits at it; nobody, when others can reach the server.
    Reader,
    /// Everybody who can reach the server.
    Everybody,
    /// Nobody.
    Nobody,
}

impl Options {
    /// Which hosts are answered at `address`, and whether programs may be run.
    fn admission(&self, address: SocketAddr) -> (Hosts, bool) {
        match (address.ip().is_loopback(), self.run) {
            (true, run) => (Hosts::Loopback(address.port()), run != Run::Nobody),
            (false, Run::Everybody) => (Hosts::Addresses, true),
            (false, Run::Reader | Run::Nobody) => (Hosts::Any, false),
        }
    }
}

/// Builds the book at `root` and serves it until Ctrl-C or SIGTERM.
///
/// The order of the first lines matters. The port comes first, so that a taken
/// one is reported before anybody waits for a build; and the signals come
/// before the build, because a program that listens for Ctrl-C has taken away
/// its default effect and must be able to act on it from then on.
///
/// # Errors
/// When the address cannot be listened at, or there is no room for the site in
/// the system's temporary folder. A book that does not build is no error here:
/// the page shows what is wrong until the next good save.
pub async fn serve(root: &Path, options: Options) -> Result<()> {
    let listener = bind(&options).await?;
    let shutdown = Shutdown::on_signals()?;
    let root = root.canonicalize().with_context(|| {
        format!(
            "the book's folder `{}` cannot be opened; name the folder that holds book.toml",
            root.display()
        )
    })?;
    let workspace = workspace()?;
    let start = Start::now();
    let (publish, published) = channel(Published::nothing(&start));
    builder::start(
        builder::Plan {
            root: root.clone(),
            workspace: workspace.path().to_owned(),
            start,
        },
        publish,
        &shutdown,
    )?;

    if first_build_ended(published.clone(), &shutdown).await {
        let address = listener.local_addr()?;
        let (hosts, may_run) = options.admission(address);
        announce(address, &options, may_run);
        let run = if may_run {
            runs(root, options.run_seconds, &shutdown)?
        } else {
            no_runs()
        };
        let app = http::App {
            published,
            stop: shutdown.stop.clone(),
        };
        let router = http::router(app, run, hosts);
        connections::serve(listener, router, &shutdown).await;
    }
    shutdown.finish().await;
    state::remove(workspace);
    Ok(())
}

/// Waits for the first build, well or badly ended: until then there is nothing
/// to show, and connections wait in the listener's queue. `false` when told to
/// stop meanwhile.
///
/// What `wait_for` returns is a lock on the channel. It must not be held while
/// the server runs, or the builder could never publish anything again.
async fn first_build_ended(mut published: Receiver<Published>, shutdown: &Shutdown) -> bool {
    let ended = published.wait_for(Published::has_ended);
    let ended = shutdown.stop.run_until_cancelled(ended).await;
    matches!(ended, Some(Ok(_)))
}

/// Listens at the wanted address.
///
/// # Errors
/// Says which flag chooses another address or port.
async fn bind(options: &Options) -> Result<TcpListener> {
    let Options { host, port, .. } = *options;
    TcpListener::bind((host, port)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {port} at {host} is taken by another program, perhaps by another `cargo run`; \
             end that one, or choose another port with `--port {}` (`--port 0` picks a free one)",
            port.checked_add(1).unwrap_or(0)
        ),
        ErrorKind::AddrNotAvailable => anyhow!(
            "{host} is no address of this machine; leave out `--host` to serve at 127.0.0.1"
        ),
        ErrorKind::PermissionDenied => anyhow!(
            "this user may not listen at port {port}; choose one above 1023 with `--port`"
        ),
        _ => anyhow!(error).context(format!(
            "cannot listen at {host}, port {port}; `--host` and `--port` choose another address"
        )),
    })
}

/// The folder that holds every site this process builds. It is removed when
/// the returned value is dropped.
fn workspace() -> Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder
        .prefix("cancellation-book-")
        .tempdir()
        .with_context(|| {
            format!(
                "no folder can be made in `{}` to build the site in; \
             make room there, or set TMPDIR to a folder that can be written to",
                std::env::temp_dir().display()
            )
        })
}

/// The routes of the runs, on a system that has what they need.
#[cfg(unix)]
fn runs(root: PathBuf, run_seconds: u64, shutdown: &Shutdown) -> Result<Router> {
    let stop = shutdown.stop.clone();
    let runner = Runner::start(root, run_seconds, shutdown.tasks.clone(), stop)?;
    Ok(run::http::routes(runner))
}

/// Windows has other processes than those that a keeper can keep.
#[cfg(not(unix))]
fn runs(_: PathBuf, _: u64, _: &Shutdown) -> Result<Router> {
    say("Programs cannot be run from the page on this system; in WSL they can.");
    Ok(no_runs())
}

/// What a page is told where nothing is run: that is no error, and it has other
/// things to offer.
fn no_runs() -> Router {
    let off = || async { Json(serde_json::json!({"state": "off"})) };
    Router::new().route("/run/status", get(off))
}

/// Says where the book is, and opens it.
fn announce(address: SocketAddr, options: &Options, may_run: bool) {
    say(format_args!("Serving the book at http://{address}"));
    if !may_run && options.run == Run::Reader {
        say(
            "Others can reach it there, so no program can be run from the page; see --allow-run-for-others.",
        );
    }
    say("It rebuilds on every save. Ctrl-C ends it.");
    if options.open {
        browser::open(address);
    }
}

/// One line for the person at the terminal. A terminal that is gone is no
/// reason to stop serving, as `println!` would.
fn say(line: impl Display) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// The same for what went wrong.
fn complain(line: impl Display) {
    let _ = writeln!(stderr().lock(), "{line}");
}
