//! Look at what `std::thread::panicking()` answers in a destructor that runs
//! because of a cancellation, and in one that runs because of a panic.
//!
//! `cargo run --example panicking_is_false_when_cancelled`

use std::time::Duration;

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        println!("panicking: {}", std::thread::panicking());
    }
}

async fn cancelled() {
    let _guard = Guard;
    tokio::time::sleep(Duration::from_secs(10)).await;
}

async fn panics() {
    let _guard = Guard;
    panic!("out of paper");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // The panic belongs to the lesson, its report on the terminal does not.
    std::panic::set_hook(Box::new(|_| {}));

    println!("a cancelled task");
    let _ = tokio::time::timeout(Duration::from_millis(200), cancelled()).await;

    println!("a task that panics");
    let _ = tokio::spawn(panics()).await;
}
