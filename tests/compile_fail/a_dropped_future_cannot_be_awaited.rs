//! Whoever drops a future gives it away, and has nothing left to poll.

async fn make_tea() {
    println!("the water is on");
}

#[tokio::main]
async fn main() {
    let tea = make_tea();
    drop(tea);
    tea.await;
}
