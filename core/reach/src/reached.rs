//! Everything that can be taken from the footholds.

use std::{cmp::Reverse, sync::OnceLock};

use cordon_model::{Estate, Exact, Minutes, NodeIx};

use crate::{
    Path, Removal,
    fastest::{Fastest, Unknown},
    tree::{Likeliest, Shortest, Tree},
};

/// What can be taken from some footholds while some edges are gone.
///
/// Whether a node is reached is known at once. Best paths are found, to every node together, when
/// the first of their kind is asked for.
#[derive(Debug, Clone)]
pub struct Reach<'e> {
    estate: &'e Estate,
    removal: Removal,
    footholds: Vec<NodeIx>,
    reached: Vec<bool>,
    known: OnceLock<Fastest>,
    hoped: OnceLock<Option<Fastest>>,
    likeliest: OnceLock<Tree<Reverse<Exact>>>,
    shortest: OnceLock<Tree<()>>,
}

/// Walks every edge that stays, from every foothold.
///
/// A foothold is reached by holding it, also where every edge at it is gone; a foothold named twice
/// counts once.
///
/// # Panics
/// When a foothold is not a node of the estate.
pub fn reach<'e>(estate: &'e Estate, footholds: &[NodeIx], removal: &Removal) -> Reach<'e> {
    let mut reached = vec![false; estate.nodes().len()];
    let mut held = Vec::new();
    for node in footholds {
        let Some(mark) = reached.get_mut(node.index()) else {
            unreachable!("a foothold is a node of the estate");
        };
        if !std::mem::replace(mark, true) {
            held.push(*node);
        }
    }
    let mut open = held.clone();
    while let Some(node) = open.pop() {
        for (ix, to) in estate.ways_out(node) {
            if let Some(mark) = reached.get_mut(to.index())
                && !*mark
                && removal.keeps(ix)
            {
                *mark = true;
                open.push(to);
            }
        }
    }
    Reach {
        estate,
        removal: removal.clone(),
        footholds: held,
        reached,
        known: OnceLock::new(),
        hoped: OnceLock::new(),
        likeliest: OnceLock::new(),
        shortest: OnceLock::new(),
    }
}

/// Every node from which one of some nodes can be reached by edges that stay, those themselves included; ascending.
pub fn leading_to(estate: &Estate, nodes: &[NodeIx], removal: &Removal) -> Vec<NodeIx> {
    let mut found = vec![false; estate.nodes().len()];
    let mut open = nodes.to_vec();
    while let Some(node) = open.pop() {
        if let Some(mark @ false) = found.get_mut(node.index()) {
            *mark = true;
            let kept = estate
                .ways_in(node)
                .filter(|(edge, _)| removal.keeps(*edge));
            open.extend(kept.map(|(_, from)| from));
        }
    }
    let marked = estate.node_indices().zip(found);
    marked
        .filter(|(_, found)| *found)
        .map(|(node, _)| node)
        .collect()
}

impl Reach<'_> {
    /// Whether a node can be taken, or is held already.
    pub fn contains(&self, node: NodeIx) -> bool {
        self.reached.get(node.index()).copied().unwrap_or(false)
    }

    /// Every node that can be taken or is held, in the order of the estate.
    pub fn reached(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.estate
            .node_indices()
            .filter(|node| self.contains(*node))
    }

    /// The path of least minutes to a node among those of which all minutes are known; where there is
    /// none, the one whose known minutes are least. Of equals the one of fewest edges, of those the
    /// first by its node ids compared bytewise from the foothold on. Between two nodes it takes the
    /// fastest edge, of those the first by kind.
    ///
    /// None if the node is not reached. A foothold's path is itself.
    pub fn fastest(&self, to: NodeIx) -> Option<Path> {
        let known = self.known().walk(self.estate, to);
        let found = known.or_else(|| self.hoped().walk(self.estate, to));
        found.map(|(foothold, edges)| Path::along(self.estate, foothold, edges))
    }

    /// A path that may take less than [`Reach::fastest`], because nobody knows how long some of its edges
    /// take: of those the one whose known minutes are least, ties as there. None if there is no such
    /// path, or the fastest one is of unknown minutes itself.
    pub fn perhaps_sooner(&self, to: NodeIx) -> Option<Path> {
        let known = self.known().minutes(to)?;
        if self.soonest(to)? >= known {
            return None;
        }
        let (foothold, edges) = self.hoped().walk(self.estate, to)?;
        Some(Path::along(self.estate, foothold, edges))
    }

    /// The path that most surely works: of the highest product of likelihoods, ties as in
    /// [`Reach::fastest`]. Where only edges of likelihood zero lead to a node, all ways to it are
    /// equally sure and the fewest edges decide.
    pub fn likeliest(&self, to: NodeIx) -> Option<Path> {
        let (estate, held, removal) = (self.estate, &self.footholds, &self.removal);
        let likeliest = || Tree::grow(estate, held, removal, &Likeliest);
        let walk = || self.likeliest.get_or_init(likeliest).walk(estate, to);
        let fewest = || Tree::grow(estate, held, removal, &Shortest);
        let shortest = || self.shortest.get_or_init(fewest).walk(estate, to);
        let (foothold, edges) = walk().or_else(shortest)?;
        Some(Path::along(self.estate, foothold, edges))
    }

    /// The soonest that a node can be taken at best: unknown minutes count as none, so that it is
    /// never more than it truly takes. None if it is not reached.
    pub fn soonest(&self, node: NodeIx) -> Option<Minutes> {
        self.hoped().minutes(node)
    }

    /// Every node that can be taken within so many minutes, in the order of the estate.
    pub fn within(&self, minutes: &Minutes) -> impl Iterator<Item = NodeIx> {
        let in_time = |node: &NodeIx| {
            self.soonest(*node)
                .is_some_and(|soonest| soonest <= *minutes)
        };
        self.reached().filter(in_time)
    }

    fn known(&self) -> &Fastest {
        self.known.get_or_init(|| self.grow(Unknown::Shut))
    }

    /// The same tree where every edge has known minutes.
    fn hoped(&self) -> &Fastest {
        let grow = || {
            let mut edges = self.estate.edges().iter();
            let some_unknown = edges.any(|edge| edge.minutes.is_none());
            some_unknown.then(|| self.grow(Unknown::Instant))
        };
        let hoped = self.hoped.get_or_init(grow).as_ref();
        hoped.unwrap_or_else(|| self.known())
    }

    fn grow(&self, unknown: Unknown) -> Fastest {
        Fastest::grow(self.estate, &self.footholds, &self.removal, unknown)
    }
}
