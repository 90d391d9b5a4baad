//! `drop` is an ordinary function: there is nobody to suspend to.

use std::time::Duration;

struct Oven;

impl Drop for Oven {
    fn drop(&mut self) {
        println!("cooling down");
        tokio::time::sleep(Duration::from_secs(1)).await;
        println!("off");
    }
}

fn main() {
    let _oven = Oven;
}
