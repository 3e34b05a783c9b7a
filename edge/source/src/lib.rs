//! Where bytes come from: files and folders, plain, packed with
//! gzip, zstd or xz, or in ZIP and `tar` archives.
//!
//! [`list`] expands paths into [`Member`]s, each of which can be read by itself and on any thread;
//! what a member holds is judged by `cordon-event` from its content.
//!
//! Invariants: the order of members depends only on paths and names; nothing is passed over
//! without a counted reason; unpacking is bounded, so that an archive made to exhaust memory, disk
//! or time ends in an error. [`Follower`] stays with
//! files that go on. Absent on purpose: any knowledge of log formats, and writing.

mod archive;
mod error;
mod follow;
mod guard;
mod list;
mod member;
mod packing;
mod skip;
mod tarred;
mod zipped;

pub use error::SourceError;
pub use follow::{Followed, Follower, HintsOf, Turnover};
pub use list::{Listing, list};
pub use member::Member;
pub use skip::{SkipReason, Skipped};
