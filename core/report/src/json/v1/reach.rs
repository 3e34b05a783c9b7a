//! What can be taken from the footholds (`cordon reach --format json`).

use cordon_model::{Estate, Foothold as Held, NodeIx};
use cordon_reach::Reach;
use serde::{Deserialize, Serialize};

use super::{Number, document, told::Foothold};

/// The document: every node that can be taken, soonest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// `cordon/reach/v1`.
    pub format: String,
    /// The estate's name.
    pub estate: String,
    /// What is held.
    pub footholds: Vec<Foothold>,
    /// Held entities that the estate does not know.
    pub outside_estate: Vec<String>,
    /// What can be taken; footholds themselves are left out.
    pub reachable: Vec<ReachedNode>,
}

/// One node that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedNode {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// What its loss costs; null if it is no jewel.
    pub loss: Option<Number>,
    /// How soon by the fastest path; null if an edge on it has no known minutes.
    pub minutes: Option<Number>,
    /// How surely that path works.
    pub likelihood: Number,
    /// Whether an edge on that path is not known to exist.
    pub unknown: bool,
    /// The fastest path, foothold first.
    pub path: Vec<String>,
}

/// What can be taken from the footholds, as one document.
pub fn reach_document(
    estate: &Estate,
    footholds: &[Held],
    outside_estate: &[String],
    reach: &Reach,
) -> String {
    let held: Vec<NodeIx> = footholds.iter().map(|f| f.node).collect();
    let mut taken: Vec<_> = estate
        .node_indices()
        .filter(|ix| !held.contains(ix))
        .filter_map(|ix| reach.fastest(ix).map(|path| (ix, path)))
        .collect();
    taken.sort_by_cached_key(|(ix, path)| {
        let minutes = path.minutes.clone();
        (minutes.is_none(), minutes, estate.node(*ix).id.clone())
    });
    let reachable = taken.iter().map(|(ix, path)| {
        let node = estate.node(*ix);
        ReachedNode {
            id: node.id.to_string(),
            kind: node.kind.to_string(),
            loss: node.jewel.as_ref().map(|jewel| Number::money(&jewel.loss)),
            minutes: path.minutes.as_ref().map(Number::minutes),
            likelihood: Number::likelihood(&path.likelihood),
            unknown: path.unknown,
            path: path
                .nodes
                .iter()
                .map(|step| estate.node(*step).id.to_string())
                .collect(),
        }
    });
    document(&Reached {
        format: "cordon/reach/v1".to_owned(),
        estate: estate.name().to_owned(),
        footholds: footholds.iter().map(|f| Foothold::of(estate, f)).collect(),
        outside_estate: outside_estate.to_vec(),
        reachable: reachable.collect(),
    })
}
