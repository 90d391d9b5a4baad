//! Drops a Tokio future at every suspension and checks what is left.
//!
//! An operation is *cancel-safe* if dropping it at any `.await` breaks
//! nothing. This crate is that sentence as a test: it runs the operation
//! again and again, each time from a fresh state, and drops it one suspension
//! later than the time before.
//!
//! ```
//! use cancel_sweep::{Cut, Sweep, Verdict, suspend};
//!
//! struct Bank {
//!     alice: u32,
//!     bob: u32,
//! }
//!
//! async fn transfer(bank: &mut Bank, amount: u32) {
//!     suspend().await; // the fraud check
//!     bank.alice -= amount;
//!     suspend().await; // the journal
//!     bank.bob += amount;
//! }
//!
//! let report = Sweep::new().conserved(
//!     async || Bank { alice: 100, bob: 0 },
//!     async |bank| transfer(bank, 30).await,
//!     async |bank| bank.alice + bank.bob,
//! );
//!
//! assert_eq!(report.verdict(), Verdict::Broken);
//! assert_eq!(report.first_failure().unwrap().cuts, [Cut::Suspended(2)]);
//! println!("{report}");
//! ```
//!
//! ```text
//! never polled       ok
//! suspended 1        ok
//! woken 1            ok
//! suspended 2        broken: 100 before, 70 after
//! woken 2            broken: 100 before, 70 after
//! completed after 2  ok
//! this point alone: .only([Suspended(2)])
//! ```
//!
//! # The points
//!
//! An `.await` that is ready at once is no cancellation point, and a future
//! can be dropped in two ways where it suspends: at once, or after what it
//! waited for has arrived but before it was polled to hear of it. A lock that
//! was handed over, a permit that was set aside: that second way is where they
//! are lost. So an operation that suspends n times has 2n + 2 [points](Cut).
//!
//! # The question
//!
//! [`Sweep::recreate`] makes the operation again after the cut and compares
//! what came of it with a run that was never cut: Tokio's own definition.
//! [`Sweep::conserved`] compares a value before and after. [`Sweep::check`]
//! leaves the question to you. [`Verdict`] tells a loss of data from the loss
//! of a place in a queue.
//!
//! # Suspensions that matter
//!
//! A test has no slow peer, so nothing in it suspends, and a sweep finds
//! nothing to cut. [`Drip`] makes I/O arrive byte by byte, [`hold`] keeps
//! locks busy and channels full, [`suspend`] stands for any other wait.
//! [`Report::suspensions`] says how much evidence there was, and
//! [`Report::assert_safe`] refuses none.
//!
//! # What it costs
//!
//! n suspensions cost 2n + 2 runs of up to n polls each, so the time grows
//! with the square of n once the polls outweigh the fresh runtime of every
//! run. See the README for measured figures.

mod cut;
mod force;
mod oracle;
mod report;
mod sweep;

pub use cut::Cut;
pub use force::{Drip, hold, suspend};
pub use report::{Finding, Point, Report, Verdict};
pub use sweep::Sweep;
