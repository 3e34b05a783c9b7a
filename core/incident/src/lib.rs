//! Detections to incidents: what belongs together and what the intruder holds.
//!
//! [`incidents`] is a pure function of the set of detections: their order does not matter, and the
//! same set always gives the same incidents, names and confidences. Invariants: every incident
//! holds at least one entity that is at least `suspected`; every held entity carries the records
//! that say so; an entity that nobody is said to hold joins nothing that its rarity does not
//! justify. Absent on purpose: likeness to known actors, decay over time, baselines of what is usual.

mod belief;
mod group;
mod identity;
mod incident;

pub use group::incidents;
pub use incident::{HeldEntity, Incident, IncidentId};
