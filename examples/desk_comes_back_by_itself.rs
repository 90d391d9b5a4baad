//! The same office, but the clerk hands over the desk itself, and a desk that is
//! dropped is left. Look at the same point.
//!
//! `cargo run --example desk_comes_back_by_itself`

use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot::{Sender, channel};
use tokio::time::timeout;

pub struct Desk(UnboundedSender<()>);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

async fn clerk(mut queue: UnboundedReceiver<Sender<Desk>>) {
    let (leave, mut left) = unbounded_channel();
    while let Some(visitor) = queue.recv().await {
        let _ = visitor.send(Desk(leave.clone()));
        left.recv().await;
    }
}

pub struct Office(UnboundedSender<Sender<Desk>>);

pub async fn office() -> Office {
    let (queue, visitors) = unbounded_channel();
    tokio::spawn(clerk(visitors));
    Office(queue)
}

pub async fn visit(office: &mut Office) {
    let (visitor, called) = channel();
    office.0.send(visitor).unwrap();
    drop(called.await.unwrap());
}

pub async fn next_visit(mut office: Office, _: Cut) -> Result<(), &'static str> {
    let visit = timeout(Duration::from_secs(3600), visit(&mut office));
    visit.await.map_err(|_| "the next visitor is not called")
}

fn main() {
    print!("{}", Sweep::new().check(office, visit, next_visit));
}
