use std::time::Duration;
use tokio::time::{sleep, timeout};

struct Named(&'static str);

impl Drop for Named {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

async fn outer() {
    let _first = Named("outer's first");
    let _second = Named("outer's second");
    inner().await;
}

async fn inner() {
    let _only = Named("inner's");
    sleep(Duration::from_secs(1)).await;
}

#[tokio::main]
async fn main() {
    let _ = timeout(Duration::from_millis(10), outer()).await;
}
