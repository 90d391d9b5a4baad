//! What the tools do with a book: the pages they make of a good one, and what
//! they say of a bad one. A module per feature.

mod again;
mod audit;
mod calls;
mod evidence;
mod finish;
mod glossary;
mod links;
mod pages;
mod project;
mod protocol;
mod published;
mod recorded;
mod recordings;
mod statements;
mod taken;
mod this_book;
mod timeline;
mod timeline_limits;
mod timeline_words;
