//! What can be taken from the footholds: whether, by which path, how soon, how surely.
//!
//! [`reach`] walks the attack edges that a [`Removal`] keeps. Invariants: a foothold stays held
//! whatever is removed; an edge that is unknown rather than known counts as present; a path of unknown
//! minutes neither hides one of known minutes nor is hidden by it; the fastest and the likeliest [`Path`] are exact,
//! and where several are equally good the choice follows from the estate's ids alone, never from the
//! order of a file. Absent on purpose: prices, services and the choosing of steps.

mod fastest;
mod outrun;
mod path;
mod reached;
mod removal;
mod tree;
mod widening;

pub use outrun::{Chase, Closing, OpenWay};
pub use path::Path;
pub use reached::{Reach, leading_to, reach};
pub use removal::{Removal, removed_by};
pub use widening::Widening;
