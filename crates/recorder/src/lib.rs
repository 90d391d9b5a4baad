//! What the recorded copies of the examples call, and what they leave behind.
//!
//! The build script of this crate inserts calls of [`lane`], [`at`],
//! [`enter`], [`destructor`], [`println!`] and [`print!`] into a copy of each
//! example. [`program`] or [`plain`] runs such a copy, and [`cut`] a function of
//! one, on a paused clock, and answers what every future did. The test `recordings`
//! calls both, each time in a process of its own: there is one notebook per
//! process.
//!
//! A *lane* is a future that a reader can see in the listing: a body of an
//! `async fn` or an `async` block, a task, a branch of `select!`.

pub mod clock;
mod notebook;
mod polled;
mod run;
mod waker;

pub use notebook::{Frame, destructor, enter, printed};
pub use polled::{At, Lane, at, lane};
pub use recording::{Kind, Run};
pub use run::{Cut, Ending, Stop, cut, plain, program, runtime};

/// Records a line instead of printing it; the first argument is the line of
/// the listing that prints.
#[macro_export]
macro_rules! println {
    ($line:expr,) => { $crate::printed($line, "\n".to_owned()) };
    ($line:expr, $($arg:tt)*) => { $crate::printed($line, format!($($arg)*) + "\n") };
}

/// Records what is printed without a line end; see [`println!`].
#[macro_export]
macro_rules! print {
    ($line:expr, $($arg:tt)*) => { $crate::printed($line, format!($($arg)*)) };
}
