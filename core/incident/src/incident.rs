//! Detections that belong to one intrusion, with its entities.

use std::{collections::BTreeSet, fmt, sync::Arc};

use cordon_model::{Confidence, Detection, EntityKind, EventId, NodeIx, Timestamp};

/// Names an incident; the same detections always give the same name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentId(pub(crate) Arc<str>);

impl IncidentId {
    /// The name as text, such as `inc-3f2a90c1`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An entity that the intruder may hold, under all the names the logs used for it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldEntity {
    /// What it is.
    pub kind: EntityKind,
    /// Its name: that of the estate's node if it is known there, else the name seen first.
    pub id: Arc<str>,
    /// The node of the estate it is, if the estate knows it.
    pub node: Option<NodeIx>,
    /// Every spelling seen.
    pub names: BTreeSet<Arc<str>>,
    /// How surely it is held.
    pub confidence: Confidence,
    /// The records that say so, oldest first.
    pub evidence: Vec<EventId>,
}

/// Detections that belong to one intrusion.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Its name.
    pub id: IncidentId,
    /// When its first record happened.
    pub first: Option<Timestamp>,
    /// When its last record happened.
    pub last: Option<Timestamp>,
    /// Its detections, oldest first; never none.
    pub detections: Vec<Detection>,
    /// What the intruder may hold, surest first; entities below `suspected` are left out.
    pub held: Vec<HeldEntity>,
}

impl Incident {
    /// Whether the incident calls for a decision: something is `likely` held.
    pub fn calls_for_decision(&self) -> bool {
        self.held
            .iter()
            .any(|held| held.confidence.belief() == cordon_model::Belief::Likely)
    }
}
