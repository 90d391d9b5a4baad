//! There is no method to call: a future knows how to be polled, and no more.

async fn make_tea() {
    println!("the water is on");
}

fn main() {
    let tea = make_tea();
    tea.cancel();
}
