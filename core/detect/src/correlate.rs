//! Correlations: windows over the hits of rules, in event time.
//!
//! Meaning, where the specification is silent:
//! - Windows slide: the records of a group are judged together while the oldest and the newest
//!   are at most the time span apart. They are judged after each record, as the window then stands;
//!   so `lt` and `lte` hold from the first record on, and nothing is told when records leave.
//! - A count or a measure is told once when its condition becomes true, and again only after every
//!   record that was told has left its window: a flood is one detection for each time span. What
//!   `temporal` and `temporal_ordered` tell is spent: they tell again as soon as their condition
//!   holds of other records (`docs/decisions/0012-correlations.md`).
//! - One record counts once, however many of the rules it matches. One that lacks what is counted or
//!   measured takes no part.
//! - Records of the same instant serve `temporal_ordered` in either order, each for one step: logs
//!   rarely tell which of two things in one second came first.
//! - A record without a time correlates with nothing; one without a value for a `group-by` field
//!   joins no group; one with several values joins the group of each.
//! - A correlation that waits is judged when a timespan has passed since a record that it asks for, over
//!   the timespan before and behind that record (`docs/decisions/0025-waiting-for-absence.md`).
//! - Memory is bounded. A window that is full forgets its oldest record, and when the correlator
//!   is full it forgets the group that has been quiet longest. Both are counted.

mod chain;
mod correlator;
mod fingerprint;
mod gauge;
pub(crate) mod group;
mod joining;
mod link;
mod losses;
mod ranked;
mod reference;
mod waiting;
pub(crate) mod window;

pub use correlator::Correlator;
pub use group::Canonical;
pub(crate) use link::{Linked, Listener, link};
pub use losses::Losses;

/// Most records one window keeps. Above it a threshold makes no sense to a person, and a detection
/// that carries more records cannot be read.
pub(crate) const WINDOW_RECORDS_MAX: usize = 10_000;
