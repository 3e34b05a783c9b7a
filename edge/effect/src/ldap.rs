//! A client for directories (RFC 4511), as far as changing a known entry needs it, over TLS only.
//!
//! Bind with a name and a password, read one entry, modify one entry. Names and values travel as bytes with a length, so
//! that none can change the meaning of a request. Invariants: nothing is sent before the server's
//! certificate is believed; every wait ends at the deadline. Absent on purpose: searching below an entry, referrals, plain text.

mod ber;
mod message;
mod session;

pub(crate) use message::{Change, Entry, Operation};
pub(crate) use session::{Server, Session};
