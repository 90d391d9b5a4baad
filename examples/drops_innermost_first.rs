//! Look at the order: first what lives in the innermost future, then outwards,
//! and within each function the last local first.
//!
//! `cargo run --example drops_innermost_first`

use std::time::Duration;

struct Named(&'static str);

impl Drop for Named {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

async fn ship(_anchor: Named) {
    let _hold = Named("the hold");
    let _crane = Named("the crane");
    unload().await;
}

async fn unload() {
    let _crate = Named("the crate on the hook");
    tokio::time::sleep(Duration::from_secs(10)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Duration::from_millis(200);
    let _ = tokio::time::timeout(limit, ship(Named("the anchor"))).await;
}
