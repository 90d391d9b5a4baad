//! Two tasks are aborted, and one of them has nothing left to do. Look at when
//! the flame goes out, and at what each handle says.
//!
//! `cargo run --example abort_only_asks`

use std::time::Duration;

struct Flame;

impl Drop for Flame {
    fn drop(&mut self) {
        println!("the flame goes out");
    }
}

async fn simmer() -> &'static str {
    let _flame = Flame;
    tokio::time::sleep(Duration::from_secs(10)).await;
    "soup"
}

async fn slice() -> &'static str {
    "bread"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let soup = tokio::spawn(simmer());
    let bread = tokio::spawn(slice());
    tokio::time::sleep(Duration::from_millis(200)).await;

    soup.abort();
    bread.abort();
    println!("both are told to stop");

    let error = soup.await.unwrap_err();
    println!("soup is cancelled: {}", error.is_cancelled());
    println!("bread is done: {:?}", bread.await);
}
