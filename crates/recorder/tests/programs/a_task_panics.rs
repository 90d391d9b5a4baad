struct Cleanup;

impl Drop for Cleanup {
    fn drop(&mut self) {}
}

async fn outer() {
    inner().await;
}

async fn inner() {
    let _cleanup = Cleanup;
    tokio::task::yield_now().await;
    panic!("on purpose");
}

#[tokio::main]
async fn main() {
    let ended = tokio::spawn(outer()).await;
    println!("{}", ended.unwrap_err().is_panic());
}
