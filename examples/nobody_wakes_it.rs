//! A door that opens at the second knock. The runtime knocks whenever it polls
//! the task, so look for how often it does.
//!
//! `cargo run --example nobody_wakes_it`

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::sleep;

#[derive(Default)]
pub struct Door {
    knocks: u32,
}

impl Future for Door {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.knocks += 1;
        println!("knock {}", self.knocks);
        match self.knocks {
            1 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let door = tokio::spawn(Door::default());
    sleep(Duration::from_secs(1)).await;
    println!("open: {}", door.is_finished());
}
