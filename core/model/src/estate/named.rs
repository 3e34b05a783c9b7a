//! The edges that steps name by their ends, found once: whoever weighs all steps asks for them again and again, and each
//! search for one waits for memory.
#![expect(
    clippy::indexing_slicing,
    reason = "there is one more start than steps, and none beyond the list"
)]

use super::{Edge, EdgeIx, Step, StepIx, adjacency::Adjacency};

/// By step, the edges that its patterns name.
#[derive(Debug, Clone)]
pub(super) struct Named {
    starts: Vec<u32>,
    edges: Vec<EdgeIx>,
}

impl Named {
    /// Finds them among the edges by where they come from.
    pub(super) fn new(steps: &[Step], edges: &[Edge], out: &Adjacency) -> Self {
        let mut named = Self {
            starts: vec![0],
            edges: Vec::new(),
        };
        for step in steps {
            for pattern in &step.removes_edges {
                let between = out.between(pattern.from, pattern.to).iter().copied();
                let matching = between.filter(|edge| pattern.matches(&edges[edge.index()]));
                named.edges.extend(matching);
            }
            let end = u32::try_from(named.edges.len()).unwrap_or(u32::MAX);
            named.starts.push(end);
        }
        named
    }

    pub(super) fn by(&self, step: StepIx) -> &[EdgeIx] {
        let (start, end) = (self.starts[step.index()], self.starts[step.index() + 1]);
        &self.edges[start as usize..end as usize]
    }
}
