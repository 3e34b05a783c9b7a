//! Which attack edges a set of steps takes away.

use std::sync::Arc;

use cordon_model::{EdgeIx, Estate, StepIx};

/// The attack edges that are gone. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// One mark an edge; empty if every edge stays.
    gone: Arc<[bool]>,
}

impl Removal {
    /// Every edge of the estate stays.
    pub fn none(_estate: &Estate) -> Self {
        Self { gone: Arc::new([]) }
    }

    /// What is gone once these steps are done: every edge into and out of the nodes they remove, and
    /// every edge that one of their patterns names.
    pub fn of(estate: &Estate, steps: &[StepIx]) -> Self {
        if steps.is_empty() {
            return Self::none(estate);
        }
        let mut gone = vec![false; estate.edges().len()];
        for step in steps {
            for edge in removes(estate, *step) {
                if let Some(mark) = gone.get_mut(edge.index()) {
                    *mark = true;
                }
            }
        }
        Self { gone: gone.into() }
    }

    /// Whether an edge of the estate stays.
    pub fn keeps(&self, edge: EdgeIx) -> bool {
        !self.gone.get(edge.index()).copied().unwrap_or(false)
    }
}

/// Every edge that a step removes, some of them more than once.
pub(crate) fn removes(estate: &Estate, step: StepIx) -> impl Iterator<Item = EdgeIx> + '_ {
    let of_nodes = estate.step(step).removes_nodes.iter();
    let of_nodes = of_nodes.flat_map(|node| {
        let ends = [estate.out_edges(*node), estate.in_edges(*node)];
        ends.into_iter().flatten().copied()
    });
    of_nodes.chain(estate.edges_named_by(step).iter().copied())
}

/// The edges that a step removes, each once, ascending.
pub fn removed_by(estate: &Estate, step: StepIx) -> Vec<EdgeIx> {
    let mut edges: Vec<EdgeIx> = removes(estate, step).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}
