use std::time::Duration;
use tokio::time::sleep;

async fn turn(name: &str, pause: u64) {
    println!("{name} 1");
    sleep(Duration::from_millis(pause)).await;
    println!("{name} 2");
}

#[tokio::main]
async fn main() {
    let (a, b) = (tokio::spawn(turn("a", 1)), tokio::spawn(turn("b", 2)));
    a.await.unwrap();
    b.await.unwrap();
}
