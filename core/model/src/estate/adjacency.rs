//! Edges grouped by one of their ends, in two flat lists.
//!
//! Grouped by `to` first and then by `from` in that order, the edges out of a node stand in the order
//! of where they lead, so that those to a given node are found by bisection: shared steps name tens of
//! thousands of edges of one node. Equal ends keep the order of the estate.
#![expect(
    clippy::indexing_slicing,
    reason = "ends are checked against the number of nodes before anything is placed"
)]

use std::ops::Range;

use super::{Edge, EdgeIx, NodeIx};

/// Edges by one of their ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Adjacency {
    starts: Vec<u32>,
    edges: Vec<EdgeIx>,
    /// For each of them its other end. Edges are large and lie in the order of the estate, so that a walk which
    /// asked each for its end would wait for memory at every one.
    others: Vec<NodeIx>,
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
        let ends: Vec<(NodeIx, NodeIx)> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let into = Self::group(nodes, &all, |edge| ends[edge.index()]);
        let out = Self::group(nodes, &into.edges, |edge| {
            let (from, to) = ends[edge.index()];
            (to, from)
        });
        (out, into)
    }

    /// Sorts by counting by the second of two ends: what comes first stays first within its group.
    fn group(nodes: usize, edges: &[EdgeIx], ends: impl Fn(EdgeIx) -> (NodeIx, NodeIx)) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for &edge in edges {
            starts[ends(edge).1.index() + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut list = vec![EdgeIx(0); edges.len()];
        let mut others = vec![NodeIx(0); edges.len()];
        for &edge in edges {
            let (other, end) = ends(edge);
            let place = &mut next[end.index()];
            list[*place as usize] = edge;
            others[*place as usize] = other;
            *place += 1;
        }
        Self {
            starts,
            edges: list,
            others,
        }
    }

    fn range(&self, node: NodeIx) -> Range<usize> {
        let (start, end) = (self.starts[node.index()], self.starts[node.index() + 1]);
        start as usize..end as usize
    }

    /// The edges at a node.
    pub(super) fn of(&self, node: NodeIx) -> &[EdgeIx] {
        &self.edges[self.range(node)]
    }

    /// The other ends of the edges at a node, in the same order.
    pub(super) fn others(&self, node: NodeIx) -> &[NodeIx] {
        &self.others[self.range(node)]
    }

    /// The edges at a node whose other end is this, by bisection: only in the order of other ends.
    pub(super) fn between(&self, node: NodeIx, other: NodeIx) -> &[EdgeIx] {
        let others = self.others(node);
        let first = others.partition_point(|at| *at < other);
        let count = others[first..].partition_point(|at| *at == other);
        &self.of(node)[first..first + count]
    }
}
