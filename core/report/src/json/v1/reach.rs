//! What can be taken from the footholds (`cordon reach --format json`).

use cordon_model::{Edge, Estate, Foothold as Held, NodeIx};
use cordon_reach::{Path, Reach};
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
    /// The nodes that were asked for, each with the edges of its best paths; absent if none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Explained>,
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
    /// The fastest path of known minutes, foothold first; where there is none, that of least known minutes.
    pub path: Vec<String>,
    /// The path that most surely works; absent where the fastest is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeliest: Option<Way>,
    /// A path of unknown minutes that may be faster; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perhaps_sooner: Option<Way>,
}

/// One path to a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// How soon; null if an edge on it has no known minutes.
    pub minutes: Option<Number>,
    /// How surely it works.
    pub likelihood: Number,
    /// Whether an edge on it is not known to exist.
    pub unknown: bool,
    /// Its nodes, foothold first.
    pub path: Vec<String>,
    /// Its edges, where the node was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<Hop>,
}

/// One edge of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// From this node.
    pub from: String,
    /// To this node.
    pub to: String,
    /// How.
    pub kind: String,
    /// How long it takes; null if unknown.
    pub minutes: Option<Number>,
    /// How surely it works.
    pub likelihood: Number,
    /// Why it is not known whether it exists; null if it is.
    pub unknown: Option<String>,
}

/// A node that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Its id.
    pub id: String,
    /// Whether it can be taken, or is held.
    pub reachable: bool,
    /// The fastest path; null if it cannot be taken.
    pub fastest: Option<Way>,
    /// The path that most surely works, which may be the same; null if it cannot be taken.
    pub likeliest: Option<Way>,
    /// A path of unknown minutes that may be faster; null if there is none.
    pub perhaps_sooner: Option<Way>,
}

/// What can be taken from the footholds, as one document. Where some nodes are asked for, of the others
/// nothing is told.
pub fn reach_document(
    estate: &Estate,
    footholds: &[Held],
    outside_estate: &[String],
    reach: &Reach,
    asked: &[NodeIx],
) -> String {
    let held: Vec<NodeIx> = footholds.iter().map(|f| f.node).collect();
    let wanted = |ix: &NodeIx| !held.contains(ix) && (asked.is_empty() || asked.contains(ix));
    let mut taken: Vec<_> = estate
        .node_indices()
        .filter(wanted)
        .filter_map(|ix| reach.fastest(ix).map(|path| (ix, path)))
        .collect();
    taken.sort_by_cached_key(|(ix, path)| {
        let minutes = path.minutes.clone();
        (minutes.is_none(), minutes, estate.node(*ix).id.clone())
    });
    let reachable = taken.iter().map(|(ix, path)| {
        let likeliest = reach.likeliest(*ix).filter(|likeliest| likeliest != path);
        let perhaps_sooner = reach.perhaps_sooner(*ix);
        ReachedNode {
            likeliest: likeliest.map(|path| Way::of(estate, &path)),
            perhaps_sooner: perhaps_sooner.map(|path| Way::of(estate, &path)),
            ..ReachedNode::of(estate, *ix, path)
        }
    });
    document(&Reached {
        format: "cordon/reach/v1".to_owned(),
        estate: estate.name().to_owned(),
        footholds: footholds.iter().map(|f| Foothold::of(estate, f)).collect(),
        outside_estate: outside_estate.to_vec(),
        reachable: reachable.collect(),
        explained: asked
            .iter()
            .map(|ix| Explained::of(estate, reach, *ix))
            .collect(),
    })
}

impl ReachedNode {
    fn of(estate: &Estate, ix: NodeIx, fastest: &Path) -> Self {
        let node = estate.node(ix);
        let way = Way::of(estate, fastest);
        Self {
            id: node.id.to_string(),
            kind: node.kind.to_string(),
            loss: node.jewel.as_ref().map(|jewel| Number::money(&jewel.loss)),
            minutes: way.minutes,
            likelihood: way.likelihood,
            unknown: way.unknown,
            path: way.path,
            likeliest: None,
            perhaps_sooner: None,
        }
    }
}

impl Way {
    fn of(estate: &Estate, path: &Path) -> Self {
        let nodes = path.nodes.iter().map(|ix| estate.node(*ix).id.to_string());
        Self {
            minutes: path.minutes.as_ref().map(Number::minutes),
            likelihood: Number::likelihood(&path.likelihood),
            unknown: path.unknown,
            path: nodes.collect(),
            edges: Vec::new(),
        }
    }

    fn with_edges(estate: &Estate, path: &Path) -> Self {
        let edges = path
            .edges
            .iter()
            .map(|ix| Hop::of(estate, estate.edge(*ix)));
        Self {
            edges: edges.collect(),
            ..Self::of(estate, path)
        }
    }
}

impl Hop {
    fn of(estate: &Estate, edge: &Edge) -> Self {
        Self {
            from: estate.node(edge.from).id.to_string(),
            to: estate.node(edge.to).id.to_string(),
            kind: edge.kind.to_string(),
            minutes: edge.minutes.as_ref().map(Number::minutes),
            likelihood: Number::likelihood(&edge.likelihood),
            unknown: edge.unknown.clone(),
        }
    }
}

impl Explained {
    fn of(estate: &Estate, reach: &Reach, ix: NodeIx) -> Self {
        let way = |path: Option<Path>| path.map(|path| Way::with_edges(estate, &path));
        Self {
            id: estate.node(ix).id.to_string(),
            reachable: reach.contains(ix),
            fastest: way(reach.fastest(ix)),
            likeliest: way(reach.likeliest(ix)),
            perhaps_sooner: way(reach.perhaps_sooner(ix)),
        }
    }
}
