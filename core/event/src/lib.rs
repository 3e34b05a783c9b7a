//! Bytes of any known log format to one normal [`Event`] with provenance.
//!
//! Invariants: nothing is dropped or degraded without a counted reason and a sample; the raw bytes
//! of every record stay reachable by file, offset and length.

mod event;

pub use event::{Event, LogKind};
