#![doc = include_str!("../README.md")]

mod cut;
mod force;
mod oracle;
mod report;
mod sweep;

pub use cut::Cut;
pub use force::{Drip, hold, suspend};
pub use report::{Finding, Point, Report, Verdict};
pub use sweep::Sweep;
