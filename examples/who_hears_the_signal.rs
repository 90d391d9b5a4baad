//! Three lighthouses, each a process. At the first "working" each gets a SIGTERM,
//! and at a second one a SIGKILL. Whose lamp is put out?
//!
//! `cargo run --example who_hears_the_signal`
//!
//! `cargo run --example who_hears_the_signal -- nobody` runs one of them, for you
//! to press Ctrl-C. The others are `-- somebody-did` and `-- somebody-does`.

use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};
use std::{env, time::Duration};
use tokio::signal::{ctrl_c, unix};
use tokio::{select, time};

struct Lamp;

impl Drop for Lamp {
    fn drop(&mut self) {
        println!("the lamp is put out");
    }
}

async fn keep_the_light() {
    let _lamp = Lamp;
    loop {
        println!("working");
        time::sleep(Duration::from_secs(1)).await;
    }
}

async fn stop_signal() {
    let kind = unix::SignalKind::terminate();
    let mut terminate = unix::signal(kind).expect("it may be listened for");
    select! {
        _ = ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[tokio::main(flavor = "current_thread")]
async fn lighthouse(listener: &str) {
    if listener == "somebody-did" {
        let _ = time::timeout(Duration::from_millis(10), stop_signal()).await;
    }
    if listener != "somebody-does" {
        return keep_the_light().await;
    }
    select! {
        biased; // polled first, so that it listens before the work begins
        () = stop_signal() => println!("the signal was heard"),
        () = keep_the_light() => {}
    }
}

fn main() -> io::Result<()> {
    if let Some(listener) = env::args().nth(1) {
        lighthouse(&listener);
        return Ok(());
    }
    for listener in ["nobody", "somebody-did", "somebody-does"] {
        println!("{listener}");
        let mut this = Command::new(env::current_exe()?);
        let mut lighthouse = this.arg(listener).stdout(Stdio::piped()).spawn()?;
        let pid = lighthouse.id().to_string();
        let mut signals = ["-TERM", "-KILL"].into_iter();

        let stdout = lighthouse.stdout.take().expect("it is piped");
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("  {line}");
            if line == "working"
                && let Some(signal) = signals.next()
            {
                Command::new("kill").args([signal, &pid]).status()?;
            }
        }
        println!("  {}", lighthouse.wait()?);
    }
    Ok(())
}
