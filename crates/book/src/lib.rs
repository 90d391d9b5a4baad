//! The program behind `cargo run`: it builds the book, serves it, and keeps
//! the evidence that its claims hold.
//!
//! Data flows one way. The [`inventory`] reads what the repository holds, the
//! [`page`] rooms turn an author's Markdown into what mdBook renders, the
//! [`preprocessor`] hands books in and out, and [`site`] builds the whole, which
//! [`finish`] makes fit to be found.
//! [`serve`] and [`verify`] are what a person calls, and [`run`] is what a page
//! that is served can call.

pub mod admonish;
pub mod docs;
pub mod evidence;
pub mod finish;
pub mod inventory;
pub mod links;
pub mod lock;
pub mod page;
pub mod preprocessor;
pub mod problem;
#[cfg(unix)]
pub mod run;
pub mod serve;
pub mod site;
pub mod verify;
