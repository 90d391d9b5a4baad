async fn wait() {
    std::future::pending().await
}

#[tokio::main]
async fn main() {
    let waiting = tokio::spawn(wait());
    tokio::task::yield_now().await;
    waiting.abort();
    println!("asked");
    println!("{}", waiting.await.unwrap_err().is_cancelled());
}
