//! The claims of the book: one module per chapter, one test per sentence that
//! a page marks with `[✓](test:MODULE::NAME)`.
//!
//! A claim about a function of a listing runs that very function: the example
//! is a module here, so whoever changes it answers to its claims as well.

mod blocking;
mod cancel_safety;
mod destructors;
mod idea;
mod log;
mod model;
mod polling;
mod rules;
mod select;
mod shutdown;
mod sources;
mod streams;
mod suspension;
mod swept;
mod testing;
mod timeouts;
mod token;
mod wire;
