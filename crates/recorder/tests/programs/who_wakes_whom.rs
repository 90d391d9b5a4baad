use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::sleep;

async fn tell(teller: oneshot::Sender<()>) {
    sleep(Duration::from_millis(5)).await;
    teller.send(()).unwrap();
}

#[tokio::main]
async fn main() {
    let (teller, told) = oneshot::channel();
    tokio::spawn(tell(teller));
    told.await.unwrap();
}
