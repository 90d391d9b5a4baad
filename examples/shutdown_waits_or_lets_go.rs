//! Three ways to end a runtime while a blocking job of 400 ms is running. Look
//! for who waits for the job, and for what becomes of it if nobody does.
//!
//! `cargo run --example shutdown_waits_or_lets_go`

use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::Runtime;

fn fire_the_kiln(name: &str, end: fn(Runtime)) {
    let runtime = Runtime::new().unwrap();
    let (say, hear) = mpsc::channel();
    runtime.spawn_blocking(move || {
        say.send("lit").unwrap();
        std::thread::sleep(Duration::from_millis(400));
        println!("    the kiln is cold");
        say.send("cold").unwrap();
    });
    assert_eq!(hear.recv(), Ok("lit"));

    end(runtime);
    println!("{name} has returned");
    assert_eq!(hear.recv(), Ok("cold"));
}

fn main() {
    fire_the_kiln("drop", drop);
    fire_the_kiln("shutdown_timeout", |runtime| {
        runtime.shutdown_timeout(Duration::from_millis(20));
    });
    fire_the_kiln("shutdown_background", Runtime::shutdown_background);
}
