//! The same sensor, but what has arrived of a reading is kept in the struct and
//! not in the future. Look for a line that is not `ok`.
//!
//! `cargo run --example reading_keeps_its_beginning`

use std::io;

use cancel_sweep::{Drip, Sweep};
use tokio::io::AsyncReadExt;

pub struct Sensor {
    line: Drip<&'static [u8]>,
    arrived: Vec<u8>,
    readings: Vec<Vec<u8>>,
}

impl Sensor {
    fn is_complete(&self) -> bool {
        let length = self.arrived.first();
        length.is_some_and(|length| self.arrived.len() > (*length).into())
    }

    pub async fn read(&mut self) -> io::Result<Vec<u8>> {
        while !self.is_complete() {
            if self.line.read_buf(&mut self.arrived).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let length = self.arrived.remove(0);
        Ok(self.arrived.drain(..usize::from(length)).collect())
    }
}

pub async fn sensor() -> Sensor {
    Sensor {
        line: Drip::new(&[2, 1, 7, 2, 1, 9]),
        arrived: Vec::new(),
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
    let report = Sweep::new().recreate(sensor, one_reading, all_readings);
    print!("{report}");
    report.assert_safe();
}
