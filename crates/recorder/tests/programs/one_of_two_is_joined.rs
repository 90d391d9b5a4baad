use std::time::Duration;
use tokio::time::sleep;

async fn wait(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
}

#[tokio::main]
async fn main() {
    tokio::join!(wait(1), wait(2));
}
