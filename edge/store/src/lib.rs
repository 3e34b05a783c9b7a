//! What a run remembers: a file that only grows.
//!
//! Invariants: a line that [`JournalFile::append`] has returned from is on the disk; of several
//! processes that hold the same file only the one that wrote last can write again; a line that was cut
//! off by a crash is put aside and kept. Absent on purpose: what lines mean.

mod error;
mod journal_file;

pub use error::StoreError;
pub use journal_file::JournalFile;
