use std::time::Duration;
use tokio::runtime::Runtime;

fn main() {
    let runtime = Runtime::new().unwrap();
    let slept = runtime.block_on(async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        "an hour or so"
    });
    drop(runtime);
    println!("{slept}");
}
