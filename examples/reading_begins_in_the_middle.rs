//! A sensor sends a length and then so many digits, and the line lets one byte
//! through at a time. Look for readings that the sensor never sent.
//!
//! `cargo run --example reading_begins_in_the_middle`

use std::io;

use cancel_sweep::{Drip, Sweep};
use tokio::io::AsyncReadExt;

pub struct Sensor {
    line: Drip<&'static [u8]>,
    readings: Vec<Vec<u8>>,
}

impl Sensor {
    pub async fn read(&mut self) -> io::Result<Vec<u8>> {
        let length = self.line.read_u8().await?;
        let mut digits = vec![0; length.into()];
        self.line.read_exact(&mut digits).await?;
        Ok(digits)
    }
}

pub async fn sensor() -> Sensor {
    Sensor {
        line: Drip::new(&[2, 1, 7, 2, 1, 9]),
        readings: Vec::new(),
    }
}

pub async fn one_reading(sensor: &mut Sensor) {
    let reading = sensor.read().await.unwrap_or_default();
    sensor.readings.push(reading);
}

pub async fn all_readings(mut sensor: Sensor) -> Vec<Vec<u8>> {
    one_reading(&mut sensor).await;
    sensor.readings
}

fn main() {
    print!(
        "{}",
        Sweep::new().recreate(sensor, one_reading, all_readings)
    );
}
