//! A fleet, two ships, and a boat on one of them, each with a token made from
//! the one above. Look for who hears what.
//!
//! `cargo run --example cancel_goes_down_the_tree`

use tokio_util::sync::CancellationToken;

fn main() {
    let fleet = CancellationToken::new();
    let frigate = fleet.child_token();
    let tanker = fleet.child_token();
    let boat = frigate.child_token();

    let show = |what| {
        println!("{what}");
        println!("  fleet {}", fleet.is_cancelled());
        println!(
            "  frigate {}, her boat {}",
            frigate.is_cancelled(),
            boat.is_cancelled()
        );
        println!("  tanker {}", tanker.is_cancelled());
    };

    frigate.cancel();
    show("the frigate is recalled");
    fleet.cancel();
    show("the fleet is recalled");
}
