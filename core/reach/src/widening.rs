//! What is reached while the cut is undone, step after step, or more is held.
//!
//! Both only ever let more be reached, so that each change costs no more than what is new. That something is held no longer
//! may let less be reached, and costs as much as what was reached by way of it; that something is cut is another question: a
//! new [`Widening`], or [`crate::reach`].

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Estate, NodeIx, StepIx};

use crate::removed_by;

/// What is reached from what is held while some steps are in place.
#[derive(Debug, Clone)]
pub struct Widening<'e> {
    estate: &'e Estate,
    /// By edge, how many of the steps in place remove it.
    removed: Vec<u32>,
    /// By node, from where it was first reached; itself where it is held.
    from: Vec<Option<NodeIx>>,
}

impl<'e> Widening<'e> {
    /// What is reached from some footholds while these steps, each named once, are in place.
    pub fn new(estate: &'e Estate, footholds: &[NodeIx], steps: &[StepIx]) -> Self {
        let mut widening = Self {
            estate,
            removed: vec![0; estate.edges().len()],
            from: vec![None; estate.nodes().len()],
        };
        for step in steps {
            for edge in removed_by(estate, *step) {
                if let Some(count) = widening.removed.get_mut(edge.index()) {
                    *count += 1;
                }
            }
        }
        // All of them first: a path begins at the last foothold that it could.
        for node in footholds {
            widening.reach(*node, *node);
        }
        for node in footholds {
            widening.spread(vec![*node]);
        }
        widening
    }

    /// Holds some nodes no longer.
    pub fn release(&mut self, nodes: &[NodeIx]) {
        let held = nodes.iter().copied();
        let mut lost: Vec<NodeIx> = held
            .filter(|node| self.first_from(*node) == Some(*node))
            .collect();
        for node in &lost {
            self.lose(*node);
        }
        let mut next = 0;
        while let Some(&node) = lost.get(next) {
            next += 1;
            let estate = self.estate;
            for (_, to) in estate.ways_out(node) {
                // What is held is reached from itself, and was lost already if it was released.
                if to != node && self.first_from(to) == Some(node) {
                    self.lose(to);
                    lost.push(to);
                }
            }
        }
        for node in lost {
            let mut ways = self.estate.ways_in(node);
            let other = ways.find(|(edge, from)| self.is_open(*edge) && self.contains(*from));
            if let Some((_, from)) = other {
                self.take(node, from);
            }
        }
    }

    fn lose(&mut self, node: NodeIx) {
        if let Some(slot) = self.from.get_mut(node.index()) {
            *slot = None;
        }
    }

    /// Of what is reached, what leads to a node, itself included.
    pub fn leading_to(&self, node: NodeIx) -> BTreeSet<NodeIx> {
        let (mut found, mut open) = (BTreeSet::new(), vec![node]);
        while let Some(node) = open.pop() {
            if self.contains(node) && found.insert(node) {
                let ways = self.estate.ways_in(node);
                let kept = ways.filter(|(edge, _)| self.is_open(*edge));
                open.extend(kept.map(|(_, from)| from));
            }
        }
        found
    }

    /// Whether a node is reached.
    pub fn contains(&self, node: NodeIx) -> bool {
        self.first_from(node).is_some()
    }

    /// How a node was first reached, foothold first; empty if it is not.
    pub fn path(&self, to: NodeIx) -> Vec<NodeIx> {
        self.path_with(&BTreeMap::new(), to)
    }

    /// What more is reached once a step in place is undone, each with the path to it, for those that `of_interest` names.
    pub fn would_reach(
        &self,
        step: StepIx,
        of_interest: impl Fn(NodeIx) -> bool,
    ) -> Vec<(NodeIx, Vec<NodeIx>)> {
        let more = self.more(step);
        let told = more.keys().copied().filter(|node| of_interest(*node));
        told.map(|node| (node, self.path_with(&more, node)))
            .collect()
    }

    /// Undoes a step that is in place.
    pub fn undo(&mut self, step: StepIx) {
        for edge in removed_by(self.estate, step) {
            if let Some(count) = self.removed.get_mut(edge.index()) {
                *count = count.saturating_sub(1);
            }
        }
        for edge in removed_by(self.estate, step) {
            let (from, to) = (self.estate.edge(edge).from, self.estate.edge(edge).to);
            if self.is_open(edge) && self.contains(from) {
                self.take(to, from);
            }
        }
    }

    /// Holds a node.
    pub fn hold(&mut self, node: NodeIx) {
        self.take(node, node);
        if let Some(slot) = self.from.get_mut(node.index()) {
            *slot = Some(node);
        }
    }

    /// Reaches a node from another, and whatever it leads to.
    fn take(&mut self, node: NodeIx, from: NodeIx) {
        if self.reach(node, from) {
            self.spread(vec![node]);
        }
    }

    /// Whether a node was not reached before.
    fn reach(&mut self, node: NodeIx, from: NodeIx) -> bool {
        let Some(slot @ None) = self.from.get_mut(node.index()) else {
            return false;
        };
        *slot = Some(from);
        true
    }

    /// Reaches what some nodes lead to that are reached.
    fn spread(&mut self, mut open: Vec<NodeIx>) {
        while let Some(node) = open.pop() {
            for (edge, to) in self.estate.ways_out(node) {
                if self.is_open(edge) && self.reach(to, node) {
                    open.push(to);
                }
            }
        }
    }

    fn first_from(&self, node: NodeIx) -> Option<NodeIx> {
        self.from.get(node.index()).copied().flatten()
    }

    fn is_open(&self, edge: EdgeIx) -> bool {
        self.removed.get(edge.index()) == Some(&0)
    }

    /// What is reached beside, with where from, if a step in place were undone.
    fn more(&self, step: StepIx) -> BTreeMap<NodeIx, NodeIx> {
        // Edges that only this one of the steps in place removes.
        let reopened = removed_by(self.estate, step).into_iter();
        let reopened = reopened.filter(|edge| self.removed.get(edge.index()) == Some(&1));
        let (mut open, mut behind) = (Vec::new(), BTreeMap::<NodeIx, Vec<EdgeIx>>::new());
        for edge in reopened {
            let from = self.estate.edge(edge).from;
            if self.contains(from) {
                open.push(edge);
            } else {
                behind.entry(from).or_default().push(edge);
            }
        }
        let mut more = BTreeMap::new();
        while let Some(edge) = open.pop().map(|edge| self.estate.edge(edge)) {
            if self.contains(edge.to) || more.contains_key(&edge.to) {
                continue;
            }
            more.insert(edge.to, edge.from);
            let out = self.estate.out_edges(edge.to).iter().copied();
            open.extend(out.filter(|edge| self.is_open(*edge)));
            open.extend(behind.remove(&edge.to).into_iter().flatten());
        }
        more
    }

    fn path_with(&self, more: &BTreeMap<NodeIx, NodeIx>, to: NodeIx) -> Vec<NodeIx> {
        let before = |node: NodeIx| more.get(&node).copied().or_else(|| self.first_from(node));
        let mut path = Vec::new();
        let mut next = before(to).map(|_| to);
        while let Some(node) = next {
            path.push(node);
            next = before(node).filter(|from| *from != node);
        }
        path.reverse();
        path
    }
}
