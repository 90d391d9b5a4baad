//! The same board is copied, the copy is written on, and replaces the board.
//! Look for what hangs there when the writing is cut off.
//!
//! `cargo run --example board_copied_and_replaced`

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// The dishes of the day.
pub type Board = Vec<&'static str>;

async fn write(mut board: Board, dish: &'static str) -> Board {
    sleep(Duration::from_millis(500)).await;
    board.push(dish);
    board
}

/// Copies the board, writes on the copy and hangs that up instead.
pub async fn add(dish: &'static str, wall: &Mutex<Option<Board>>) {
    let board = wall.lock().unwrap().clone();
    let board = write(board.expect("the board hangs there"), dish).await;
    *wall.lock().unwrap() = Some(board);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wall = Mutex::new(Some(vec!["bread"]));

    let cut = timeout(Duration::from_millis(20), add("soup", &wall)).await;
    println!("cut off: {}", cut.is_err());

    println!("on the wall: {:?}", wall.lock().unwrap());
}
