//! A real process gets a real SIGTERM in the middle of a page. Look for what it
//! still does. Without arguments the program starts itself and sends the signal.
//!
//! `cargo run --example sigterm_finishes_the_page`
//!
//! `cargo run --example sigterm_finishes_the_page -- worker` and press Ctrl-C.

use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};
use std::{env, time::Duration};
use tokio::signal::unix::{SignalKind, signal};
use tokio::{select, sync::watch, time::sleep};

async fn press(shutdown: watch::Receiver<bool>) {
    let mut page = 0;
    while !*shutdown.borrow() {
        page += 1;
        println!("working on page {page}");
        sleep(Duration::from_secs(1)).await;
        println!("page {page} is printed");
    }
    sleep(Duration::from_millis(100)).await;
    println!("the press is clean");
}

#[tokio::main(flavor = "current_thread")]
async fn worker() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (shutdown, told) = watch::channel(false);
    let press = tokio::spawn(press(told));

    select! {
        _ = terminate.recv() => println!("SIGTERM: after this page"),
        _ = interrupt.recv() => println!("SIGINT: after this page"),
    }
    shutdown.send_replace(true);
    press.await.map_err(io::Error::other)
}

fn main() -> io::Result<()> {
    if env::args().nth(1).is_some() {
        return worker();
    }
    let mut this = Command::new(env::current_exe()?);
    let mut worker = this.arg("worker").stdout(Stdio::piped()).spawn()?;
    let pid = worker.id().to_string();

    let stdout = worker.stdout.take().expect("it is piped");
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        println!("{line}");
        if line == "working on page 1" {
            Command::new("kill").args(["-TERM", &pid]).status()?;
        }
    }
    println!("{}", worker.wait()?);
    Ok(())
}
