//! The command line of the book. `cargo run` in the repository calls it.

use std::env;
use std::io::{stdin, stdout};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
#[cfg(unix)]
use book::run::keeper::{Keep, keep};
use book::{preprocessor, serve, site, verify};
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// If It Can Be Awaited: builds the book, serves it, and proves it.
///
/// Without a command: serves the book and rebuilds it on every save.
#[derive(Parser)]
#[command(name = "cargo run --", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: Serve,

    /// The folder with book.toml [default: found from here upwards]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
}

#[derive(Args)]
struct Serve {
    /// The port to serve at; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 3000)]
    port: u16,

    /// The address to serve at; others than this machine's own let others in
    #[arg(long, value_name = "ADDR", default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,

    /// Do not open a browser
    #[arg(long)]
    no_open: bool,

    /// Take Run off the pages: nothing that a page sends is run
    #[arg(long)]
    no_run: bool,

    /// With --host: let everybody who can reach the server run any program on
    /// this machine, with all that you may do on it
    #[arg(long, conflicts_with = "no_run")]
    allow_run_for_others: bool,

    /// How long a program that is run from a page may take, in seconds
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    run_seconds: u64,
}

impl Serve {
    fn run(&self) -> serve::Run {
        match (self.no_run, self.allow_run_for_others) {
            (true, _) => serve::Run::Nobody,
            (false, true) => serve::Run::Everybody,
            (false, false) => serve::Run::Reader,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Write the static site
    Build {
        /// The folder to write to, replacing what is in it
        #[arg(long, value_name = "DIR", default_value = "book")]
        dest_dir: PathBuf,

        /// Where the site will be found, for what must name it: 404.html below
        /// a path, sitemap.xml, previews [default: the site-url in book.toml]
        #[arg(long, value_name = "URL")]
        site_url: Option<String>,
    },
    /// Run every check and keep the evidence for the marks on the pages
    Verify,
    /// Answer mdBook's preprocessor protocol; called by `mdbook build`
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
    /// Watch over a program that a page has run; called by the server
    #[cfg(unix)]
    #[command(hide = true)]
    Keep(Keep),
}

#[derive(Subcommand)]
enum Question {
    /// Whether the preprocessor works for a renderer, as the exit status
    Supports {
        /// The renderer's name
        renderer: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    #[cfg(unix)]
    if let Some(Command::Keep(command)) = &cli.command {
        return keep(command);
    }
    log_to_stderr();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(cli: Cli) -> Result<ExitCode> {
    if let Some(Command::Preprocess { question }) = cli.command {
        return preprocess(question);
    }
    let root = match cli.root {
        Some(root) => root,
        None => find_root()?,
    };
    match cli.command {
        None => {
            let options = serve::Options {
                host: cli.serve.host,
                port: cli.serve.port,
                open: !cli.serve.no_open,
                run: cli.serve.run(),
                run_seconds: cli.serve.run_seconds,
            };
            serve::serve(&root, options).await?;
        }
        Some(Command::Build { dest_dir, site_url }) => {
            // Like every path on a command line, the folder is relative to the caller.
            site::publish(&root, &dest_dir, site_url.as_deref())?;
            println!("The book is in {}", dest_dir.join("index.html").display());
        }
        Some(Command::Verify) if !verify::verify(&root)? => return Ok(ExitCode::FAILURE),
        Some(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn preprocess(question: Option<Question>) -> Result<ExitCode> {
    match question {
        None => preprocessor::answer(stdin().lock(), stdout().lock())?,
        Some(Question::Supports { renderer }) if renderer != "html" => {
            return Ok(ExitCode::FAILURE);
        }
        Some(Question::Supports { .. }) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The nearest folder with a book.toml, from the current one upwards.
fn find_root() -> Result<PathBuf> {
    let here = env::current_dir().context("the current folder cannot be read")?;
    let root = here.ancestors().find(|dir| dir.join("book.toml").is_file());
    root.map(Path::to_owned).with_context(|| {
        format!(
            "no book.toml in `{}` or above it; run this in the book's repository, or say --root DIR",
            here.display()
        )
    })
}

/// Warnings and errors to standard error, or what RUST_LOG asks for: standard
/// output belongs to mdBook's protocol.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .without_time()
        .with_writer(std::io::stderr)
        .init();
}
