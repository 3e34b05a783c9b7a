//! What becomes of incidents as more is known.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Confidence, EntityKind, NodeIx, Timestamp};

use crate::{Bond, Incident, IncidentId, TooCommon};

/// Of what an analyst speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marked {
    /// A node of the estate.
    Node(NodeIx),
    /// Something that the estate does not know, under one of the names that logs have for it.
    Named(EntityKind, Arc<str>),
}

/// An analyst's word on something, with who said it and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What they say.
    pub says: Says,
    /// Who.
    pub by: Arc<str>,
    /// When; none if they did not say.
    pub at: Option<Timestamp>,
    /// Why.
    pub why: Arc<str>,
}

impl Mark {
    /// Whether this takes back what was seen at a time. What is seen later than it was said still counts.
    pub fn clears(&self, time: Option<Timestamp>) -> bool {
        let later = matches!((self.at, time), (Some(at), Some(time)) if time > at);
        self.says == Says::Cleared && !later
    }
}

/// What an analyst says of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// It is held, this surely.
    Held(Confidence),
    /// It is not held, whatever was seen of it until then.
    Cleared,
}

/// Incidents that became one, or one that became several.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Detections of several incidents turned out to belong together.
    Merged {
        /// The incidents that there were.
        from: Vec<IncidentId>,
        /// The incident that there is.
        into: IncidentId,
        /// What joins its detections now.
        by: Vec<Bond>,
    },
    /// Detections of one incident turned out not to belong together.
    Split {
        /// The incident that there was.
        from: IncidentId,
        /// The incidents that there are.
        into: Vec<IncidentId>,
        /// What joined them and turned out to be used by too many; empty if it was a name that
        /// turned out to be several people's, or an analyst's word.
        because: Vec<TooCommon>,
    },
}

/// Compares incidents that are no more with those that there are.
pub(crate) fn changes(before: &[Incident], now: &[Incident]) -> Vec<Change> {
    if before.is_empty() {
        return Vec::new();
    }
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, incident) in now.iter().enumerate() {
        for detection in &incident.detections {
            place.insert(Arc::as_ptr(detection).addr(), at);
        }
    }
    let mut into: Vec<Vec<usize>> = Vec::new();
    for incident in before {
        let members = incident.detections.iter();
        let members = members.filter_map(|d| place.get(&Arc::as_ptr(d).addr()).copied());
        let mut found: Vec<usize> = members.collect();
        found.sort_unstable();
        found.dedup();
        into.push(found);
    }
    let mut changes = splits(before, now, &into);
    changes.extend(merges(before, now, &into));
    changes
}

fn splits(before: &[Incident], now: &[Incident], into: &[Vec<usize>]) -> Vec<Change> {
    let parted = before.iter().zip(into).filter(|(_, to)| to.len() > 1);
    parted
        .map(|(from, to)| {
            let parts = || to.iter().filter_map(|at| now.get(*at));
            let joined = |common: &&TooCommon| from.bonds.iter().any(|b| b.id == common.id);
            let mut because: Vec<TooCommon> = parts()
                .flat_map(|part| &part.too_common)
                .filter(joined)
                .cloned()
                .collect();
            because.dedup();
            Change::Split {
                from: from.id.clone(),
                into: parts().map(|part| part.id.clone()).collect(),
                because,
            }
        })
        .collect()
}

fn merges(before: &[Incident], now: &[Incident], into: &[Vec<usize>]) -> Vec<Change> {
    let found = now.iter().enumerate().filter_map(|(at, incident)| {
        let from = before.iter().zip(into).filter(|(_, to)| to.contains(&at));
        let from: Vec<IncidentId> = from.map(|(incident, _)| incident.id.clone()).collect();
        (from.len() > 1).then(|| Change::Merged {
            from,
            into: incident.id.clone(),
            by: incident.bonds.clone(),
        })
    });
    found.collect()
}
