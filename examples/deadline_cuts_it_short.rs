//! The same crane, and one signal. After it, the work has 300 ms to finish.
//!
//! `cargo run --example deadline_cuts_it_short`
//!
//! `cargo run --example deadline_cuts_it_short -- worker` and press Ctrl-C.

use std::io::{self, BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::{env, pin::pin, time::Duration};
use tokio::signal::unix::{SignalKind, signal};
use tokio::{select, time::sleep};

#[tokio::main(flavor = "current_thread")]
async fn worker() -> io::Result<ExitCode> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut work = pin!(sleep(Duration::from_secs(30)));
    println!("working");
    select! {
        () = &mut work => return Ok(ExitCode::SUCCESS),
        _ = interrupt.recv() => println!("finishing"),
    }
    select! {
        () = &mut work => return Ok(ExitCode::SUCCESS),
        () = sleep(Duration::from_millis(300)) => println!("too late: cut short"),
    }
    Ok(ExitCode::FAILURE)
}

fn main() -> io::Result<ExitCode> {
    if env::args().nth(1).is_some() {
        return worker();
    }
    let mut this = Command::new(env::current_exe()?);
    let mut worker = this.arg("worker").stdout(Stdio::piped()).spawn()?;
    let pid = worker.id().to_string();

    let stdout = worker.stdout.take().expect("it is piped");
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        println!("{line}");
        if line == "working" {
            Command::new("kill").args(["-INT", &pid]).status()?;
        }
    }
    println!("{}", worker.wait()?);
    Ok(ExitCode::SUCCESS)
}
