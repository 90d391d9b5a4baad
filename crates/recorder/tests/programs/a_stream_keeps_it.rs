use futures::{StreamExt, stream};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};

struct Pen;

impl Drop for Pen {
    fn drop(&mut self) {}
}

#[tokio::main]
async fn main() {
    let slowly = async |number| {
        let _pen = Pen;
        sleep(Duration::from_millis(20)).await;
        number
    };
    let mut numbers = pin!(stream::iter([1, 2]).then(slowly));
    let limit = Duration::from_millis(10);
    println!("{:?}", timeout(limit, numbers.next()).await.is_err());
    println!("{:?}", numbers.next().await);
    let _ = timeout(limit, numbers.next()).await;
}
