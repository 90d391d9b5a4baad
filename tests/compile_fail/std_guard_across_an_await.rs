//! Held across an `.await`, the guard of a std mutex keeps the task from moving
//! to another thread.

use std::sync::{Arc, Mutex};
use tokio::task::yield_now;

async fn add(dish: &'static str, wall: Arc<Mutex<Vec<&'static str>>>) {
    let mut board = wall.lock().unwrap();
    yield_now().await;
    board.push(dish);
}

fn main() {
    tokio::spawn(add("soup", Arc::default()));
}
