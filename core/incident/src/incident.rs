//! Detections that belong to one intrusion, with its entities.

use std::{collections::BTreeMap, fmt, fmt::Write as _, sync::Arc};

use cordon_model::{Belief, Confidence, Detection, EntityKind, EventId, NodeIx, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{FirstSeen, Ground, Likeness, Mark, Naming, Tenancy};

/// Names an incident; the same detections always give the same name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentId(Arc<str>);

impl IncidentId {
    /// A name made from the detection that began it.
    pub(crate) fn of(first: &Detection) -> Self {
        let mut digest = Sha256::new();
        digest.update(first.rule.id.as_str());
        for record in &first.records {
            digest.update([0]);
            digest.update(record.id.as_str());
        }
        let mut id = "inc-".to_owned();
        for byte in digest.finalize().iter().take(4) {
            let _ = write!(id, "{byte:02x}");
        }
        Self(id.into())
    }

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
    /// Its name: that of the estate's node if it is known there, else the most telling one seen.
    pub id: Arc<str>,
    /// The node of the estate it is, if the estate knows it.
    pub node: Option<NodeIx>,
    /// Every spelling seen, and how it was understood; each once, in their order.
    pub names: Vec<(Arc<str>, Naming)>,
    /// How surely it is held.
    pub confidence: Confidence,
    /// What that is called; at least suspected.
    pub belief: Belief,
    /// The records that say so, oldest first.
    pub evidence: Vec<EventId>,
    /// What each rule's word did to the confidence; what did nothing stands last.
    pub grounds: Vec<Ground>,
    /// What an analyst said, which the confidence then is.
    pub mark: Option<Mark>,
}

/// What joined detections of an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Bond {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub id: Arc<str>,
    /// How many detections it joined to earlier ones.
    pub joins: usize,
    /// The weight of the weakest of these links.
    pub weakest: Confidence,
}

/// What so many use that sharing it joined nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooCommon {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub id: Arc<str>,
    /// How many accounts use it, as far as they were counted.
    pub accounts: usize,
}

/// Detections that belong to one intrusion.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Its name.
    pub id: IncidentId,
    /// When the first record happened of which a rule of at least medium level speaks; the first of all, if none
    /// does. What weak rules say of the time before may be anybody's ordinary day.
    pub first: Option<Timestamp>,
    /// When its last record happened.
    pub last: Option<Timestamp>,
    /// Its detections, oldest first; never none.
    pub detections: Vec<Arc<Detection>>,
    /// What the intruder may hold, surest first; entities below `suspected` are left out.
    pub held: Vec<HeldEntity>,
    /// What joined its detections, what joins most first; empty for a single one.
    pub bonds: Vec<Bond>,
    /// What it shares with others without being joined to them.
    pub too_common: Vec<TooCommon>,
    /// What its records say of their actors for the first time, by record.
    pub first_seen: BTreeMap<EventId, Vec<FirstSeen>>,
    /// Whose the addresses were that its records name, as far as other records say, by record.
    pub tenancies: BTreeMap<EventId, Vec<Tenancy>>,
    /// Whose tradecraft it resembles, likest first; empty where nothing speaks for anybody, or where
    /// the incident calls for no decision.
    pub likeness: Vec<Likeness>,
}

impl Incident {
    /// Whether the incident calls for a decision: something is `likely` held.
    pub fn calls_for_decision(&self) -> bool {
        self.held.iter().any(|held| held.belief == Belief::Likely)
    }
}
