//! One way from a foothold to a node.

use cordon_model::{EdgeIx, Estate, Likelihood, Minutes, NodeIx};

/// One way from a foothold to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The nodes taken, the foothold first; one more than edges.
    pub nodes: Vec<NodeIx>,
    /// The edges walked, in order.
    pub edges: Vec<EdgeIx>,
    /// How long it takes; unknown if that of any edge is.
    pub minutes: Option<Minutes>,
    /// How surely every edge works, taken as independent.
    pub likelihood: Likelihood,
    /// Whether it is not known of some edge that it exists.
    pub unknown: bool,
}

impl Path {
    /// Measures a walk along these edges from a foothold.
    pub(crate) fn along(estate: &Estate, foothold: NodeIx, edges: Vec<EdgeIx>) -> Self {
        let mut path = Self {
            nodes: vec![foothold],
            edges: Vec::new(),
            minutes: Some(Minutes::zero()),
            likelihood: Likelihood::certain(),
            unknown: false,
        };
        for ix in &edges {
            let edge = estate.edge(*ix);
            path.nodes.push(edge.to);
            path.minutes = path
                .minutes
                .zip(edge.minutes.as_ref())
                .map(|(sum, minutes)| &sum + minutes);
            path.likelihood = path.likelihood.and(&edge.likelihood);
            path.unknown |= edge.unknown.is_some();
        }
        path.edges = edges;
        path
    }
}
