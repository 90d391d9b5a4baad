struct Flag;

impl Drop for Flag {
    fn drop(&mut self) {
        println!("lowered");
    }
}

async fn watch() {
    let _flag = Flag;
    std::future::pending().await
}

#[tokio::main]
async fn main() {
    tokio::spawn(watch());
    tokio::task::yield_now().await;
    println!("main ends");
}
