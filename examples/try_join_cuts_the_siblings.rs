//! Three parcels are on their way, and one address does not exist. Which of
//! the other two arrive?
//!
//! `cargo run --example try_join_cuts_the_siblings`

use std::time::Duration;

use tokio::time::sleep;
use tokio::try_join;

async fn deliver(parcel: &str, hours: u64, address: Option<&str>) -> Result<(), String> {
    println!("{parcel}: on its way");
    sleep(Duration::from_millis(hours * 200)).await;
    let address = address.ok_or(format!("{parcel}: no such address"))?;
    println!("{parcel}: delivered to {address}");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let all = try_join!(
        deliver("a clock", 1, Some("the tower")),
        deliver("a bell", 2, None),
        deliver("a rope", 3, Some("the belfry")),
    );
    println!("{all:?}");
}
