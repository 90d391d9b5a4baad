//! "Is X cancel-safe?", one test per row of the page that answers it.
//!
//! A test declares its [`row::Row`], which the book shows, and sweeps the call
//! in a scenario in which the opposite answer was possible. The row then holds
//! the report to what it declared.

mod docs;
mod row;
mod tokio_sync;
