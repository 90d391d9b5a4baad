//! A waiter who was interrupted begins with the dish that is still on the tray.
//! Look for the dish that one interruption cannot lose, and two can.
//!
//! `cargo run --example second_cut_hits_the_repair`

use cancel_sweep::{Sweep, suspend};

pub struct Hall {
    pass: Option<&'static str>,
    tray: Option<&'static str>,
    tables: Vec<&'static str>,
}

pub async fn hall() -> Hall {
    let (pass, tray, tables) = (Some("soup"), None, vec![]);
    Hall { pass, tray, tables }
}

impl Hall {
    async fn carry(&mut self, dish: &'static str) {
        suspend().await; // through the swing door
        self.tables.push(dish);
    }
}

pub async fn takes_it_off_the_tray(hall: &mut Hall) {
    if let Some(dish) = hall.tray.take() {
        return hall.carry(dish).await;
    }
    if let Some(dish) = hall.pass.take() {
        hall.tray = Some(dish);
        hall.carry(dish).await;
        hall.tray = None;
    }
}

pub async fn leaves_it_on_the_tray(hall: &mut Hall) {
    hall.tray = hall.tray.or_else(|| hall.pass.take());
    if let Some(dish) = hall.tray {
        hall.carry(dish).await;
        hall.tray = None;
    }
}

pub async fn served(hall: Hall) -> Vec<&'static str> {
    hall.tables
}

fn main() {
    let (once, twice) = (Sweep::new(), Sweep::new().cuts(2));
    let report = once.recreate(hall, takes_it_off_the_tray, served);
    println!("takes it off the tray, one cut: {}", report.verdict());
    let report = twice.recreate(hall, takes_it_off_the_tray, served);
    println!("takes it off the tray, two cuts\n{report}");
    let report = twice.recreate(hall, leaves_it_on_the_tray, served);
    println!("leaves it on the tray, two cuts: {}", report.verdict());
}
