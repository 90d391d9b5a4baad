//! The board is taken down from the wall to write on it. Look for what hangs
//! there when the writing is cut off.
//!
//! `cargo run --example board_taken_down_and_lost`

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// The dishes of the day.
pub type Board = Vec<&'static str>;

async fn write(mut board: Board, dish: &'static str) -> Board {
    sleep(Duration::from_millis(500)).await;
    board.push(dish);
    board
}

/// Takes the board down, writes on it and hangs it up again.
pub async fn add(dish: &'static str, wall: &Mutex<Option<Board>>) {
    let mut wall = wall.lock().await;
    let board = wall.take().expect("the board hangs there");
    *wall = Some(write(board, dish).await);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wall = Mutex::new(Some(vec!["bread"]));

    let cut = timeout(Duration::from_millis(20), add("soup", &wall)).await;
    println!("cut off: {}", cut.is_err());

    println!("on the wall: {:?}", wall.lock().await);
}
