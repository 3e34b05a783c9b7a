//! Detections to incidents: what belongs together, what the intruder holds, whom it resembles.
//!
//! What [`Grouping`] answers is a pure function of the set of detections, names and marks given to
//! it: neither their order nor how they were parted into calls matters, and the same set always gives
//! the same bytes. Invariants: every incident holds at least one entity that is at least `suspected`;
//! every held entity carries the records that say so and what each of them did to the confidence;
//! what nobody holds joins nothing that its rarity does not justify; a likeness is a ratio with its
//! reasons, never a bare name. Absent on purpose: what to do about it.

mod actor;
pub mod baseline;
mod belief;
mod change;
mod days;
mod digest;
mod group;
mod identity;
mod incident;
mod lease;
mod likeness;
mod pool;
mod sets;
mod usage;

pub use actor::Actors;
pub use baseline::FirstSeen;
pub use belief::{Effect, Ground, Rate, Rates};
pub use change::{Change, Mark, Marked, Says};
pub use group::{Grouping, incidents};
pub use identity::Naming;
pub use incident::{Bond, HeldEntity, Incident, IncidentId, TooCommon};
pub use lease::{Finding, Tenancy, Tenant};
pub use likeness::{Likeness, Next, Sign, Watched};
pub use usage::{Noticer, Uses};

use cordon_model::Thresholds;

/// What is known before anything is seen: data that ships with the product.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Knowledge {
    /// How often rules fire on ordinary days.
    pub rates: Rates,
    /// What known intruders do.
    pub actors: Actors,
    /// What is usual of whom.
    pub usual: baseline::Baseline,
    /// From which confidence on something is called suspected or likely.
    pub thresholds: Thresholds,
    /// What rules in use could have shown.
    pub watched: Watched,
}
