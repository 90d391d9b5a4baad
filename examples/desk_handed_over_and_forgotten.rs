//! A clerk calls one visitor after the other to the only desk. Look for the one
//! point after which nobody is called any more.
//!
//! `cargo run --example desk_handed_over_and_forgotten`

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

async fn clerk(mut queue: UnboundedReceiver<Sender<()>>, mut left: UnboundedReceiver<()>) {
    while let Some(visitor) = queue.recv().await {
        if visitor.send(()).is_ok() {
            left.recv().await;
        }
    }
}

pub struct Office(UnboundedSender<Sender<()>>, UnboundedSender<()>);

pub async fn office() -> Office {
    let ((queue, visitors), (leave, left)) = (unbounded_channel(), unbounded_channel());
    tokio::spawn(clerk(visitors, left));
    Office(queue, leave)
}

pub async fn visit(office: &mut Office) {
    let (visitor, called) = channel();
    office.0.send(visitor).unwrap();
    called.await.unwrap();
    drop(Desk(office.1.clone()));
}

pub async fn next_visit(mut office: Office, _: Cut) -> Result<(), &'static str> {
    let visit = timeout(Duration::from_secs(3600), visit(&mut office));
    visit.await.map_err(|_| "the next visitor is not called")
}

fn main() {
    print!("{}", Sweep::new().check(office, visit, next_visit));
}
