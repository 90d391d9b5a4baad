//! From the Markdown that an author writes to the Markdown that mdBook
//! renders: directives become listings with what they printed, and marks
//! become small buttons that say which check holds the sentence.
//!
//! Called by the preprocessor: first every page is [scanned](scan::scan), then
//! [held against the inventory](audit::audit), then
//! [expanded](expand::Expander), and when its boxes are made it is put into
//! [sections](sections::sections).

pub mod audit;
mod calls;
mod claims;
pub mod expand;
mod glossary;
mod height;
mod highlight;
pub(crate) mod html;
mod listing;
mod mark;
mod markdown;
pub mod scan;
pub(crate) mod sections;
mod taken;
mod tasks;
mod timeline;
mod verdicts;
