//! Detections to incidents: what belongs together and what the intruder holds.

mod incident;

pub use incident::{HeldEntity, Incident, IncidentId};
