//! Every document of one made case: what machines read, and the page that people read.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at what it did not expect"
)]

mod documents;
mod fixture;
mod others;
mod page;
