//! Edges grouped by one of their ends, in two flat lists.
//!
//! Grouped by `to` first and then by `from` in that order, the edges out of a node stand in the order
//! of where they lead, so that those to a given node are found by bisection: shared steps name tens of
//! thousands of edges of one node. Equal ends keep the order of the estate.
#![expect(
    clippy::indexing_slicing,
    reason = "ends are checked against the number of nodes before anything is placed"
)]

use super::{Edge, EdgeIx, NodeIx};

/// Edges by one of their ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Adjacency {
    starts: Vec<u32>,
    edges: Vec<EdgeIx>,
}

impl Adjacency {
    /// Edges by where they come from and by where they lead.
    pub(super) fn both(nodes: usize, edges: &[Edge]) -> (Self, Self) {
        let inside = |node: NodeIx| node.index() < nodes;
        assert!(
            edges
                .iter()
                .all(|edge| inside(edge.from) && inside(edge.to)),
            "every edge of the estate ends at nodes that are in it"
        );
        let all: Vec<EdgeIx> = (0_u32..).map(EdgeIx).take(edges.len()).collect();
        let into = Self::group(nodes, &all, |edge| edges[edge.index()].to);
        let out = Self::group(nodes, &into.edges, |edge| edges[edge.index()].from);
        (out, into)
    }

    /// Sorts by counting: what comes first stays first within its group.
    fn group(nodes: usize, edges: &[EdgeIx], end: impl Fn(EdgeIx) -> NodeIx) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for &edge in edges {
            starts[end(edge).index() + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut list = vec![EdgeIx(0); edges.len()];
        for &edge in edges {
            let place = &mut next[end(edge).index()];
            list[*place as usize] = edge;
            *place += 1;
        }
        Self {
            starts,
            edges: list,
        }
    }

    /// The edges at a node.
    pub(super) fn of(&self, node: NodeIx) -> &[EdgeIx] {
        let (start, end) = (self.starts[node.index()], self.starts[node.index() + 1]);
        &self.edges[start as usize..end as usize]
    }
}
