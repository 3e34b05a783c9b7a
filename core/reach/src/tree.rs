//! Best paths from all footholds at once, with ties decided exactly.
//!
//! A path is better by its weight, then by fewer edges, then by the sequence of its node ids compared
//! bytewise from the foothold on. All three only get worse as a path grows, and a better path to a
//! node stays better after any edge that follows, so each best path extends a best path. The first
//! pass (Dijkstra 1959) finds weight and number of edges; the second goes by number of edges, and
//! ranks the nodes with equally many by their sequences, so that no two sequences are ever compared
//! as wholes. Equal weights along a cycle end it: the number of edges still grows.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use cordon_model::{Edge, EdgeIx, Estate, Exact, NodeIx};
use num_traits::{One, Zero};

use crate::Removal;

/// What makes one path better than another before its length and names do.
pub(crate) trait Aim {
    /// Weight of a path; less is better.
    type Weight: Clone + Ord;

    /// The weight of no edge at all.
    fn start(&self) -> Self::Weight;

    /// The weight of a path and one more edge; none if the aim never walks that edge.
    fn then(&self, weight: &Self::Weight, ix: EdgeIx, edge: &Edge) -> Option<Self::Weight>;
}

/// Highest product of likelihoods, over edges that can work at all.
pub(crate) struct Likeliest;

impl Aim for Likeliest {
    type Weight = Reverse<Exact>;

    fn start(&self) -> Self::Weight {
        Reverse(Exact::one())
    }

    fn then(&self, weight: &Self::Weight, _: EdgeIx, edge: &Edge) -> Option<Self::Weight> {
        let factor = edge.likelihood.exact();
        if factor.is_zero() {
            return None;
        }
        Some(if factor.is_one() {
            weight.clone()
        } else {
            Reverse(&weight.0 * factor)
        })
    }
}

/// Fewest edges, for nodes that only edges of likelihood zero lead to.
pub(crate) struct Shortest;

impl Aim for Shortest {
    type Weight = ();

    fn start(&self) {}

    fn then(&self, (): &(), _: EdgeIx, _: &Edge) -> Option<()> {
        Some(())
    }
}

/// How good the best path to a node is, but for names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label<W> {
    pub(crate) weight: W,
    edges: u32,
}

/// The best path to every node that the aim reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tree<W> {
    /// By node; none where the aim does not lead.
    labels: Vec<Option<Label<W>>>,
    /// By node, the last edge of its best path; none at footholds.
    last_edge: Vec<Option<EdgeIx>>,
}

impl<W: Clone + Ord> Tree<W> {
    pub(crate) fn grow<A: Aim<Weight = W>>(
        estate: &Estate,
        held: &[NodeIx],
        removal: &Removal,
        aim: &A,
    ) -> Self {
        let labels = labels(estate, held, removal, aim);
        let last_edge = last_edges(estate, &labels, removal, aim);
        Self { labels, last_edge }
    }

    pub(crate) fn label(&self, node: NodeIx) -> Option<&Label<W>> {
        self.labels.get(node.index()).and_then(Option::as_ref)
    }

    /// The foothold where the best path to a node begins, and its edges.
    pub(crate) fn walk(&self, estate: &Estate, to: NodeIx) -> Option<(NodeIx, Vec<EdgeIx>)> {
        self.label(to)?;
        let mut edges = Vec::new();
        let mut at = to;
        while let Some(edge) = self.last_edge.get(at.index()).copied().flatten() {
            edges.push(edge);
            at = estate.edge(edge).from;
        }
        edges.reverse();
        Some((at, edges))
    }
}

fn labels<A: Aim>(
    estate: &Estate,
    held: &[NodeIx],
    removal: &Removal,
    aim: &A,
) -> Vec<Option<Label<A::Weight>>> {
    let mut labels: Vec<Option<Label<A::Weight>>> = vec![None; estate.nodes().len()];
    let mut queue = BinaryHeap::new();
    let start = Label {
        weight: aim.start(),
        edges: 0,
    };
    for node in held {
        offer(&mut labels, &mut queue, *node, start.clone());
    }
    while let Some(Reverse((label, node))) = queue.pop() {
        if labels.get(node.index()).and_then(Option::as_ref) != Some(&label) {
            continue;
        }
        let edges = label.edges + 1;
        for (ix, to) in estate.ways_out(node).filter(|(ix, _)| removal.keeps(*ix)) {
            if let Some(weight) = aim.then(&label.weight, ix, estate.edge(ix)) {
                offer(&mut labels, &mut queue, to, Label { weight, edges });
            }
        }
    }
    labels
}

fn offer<W: Clone + Ord>(
    labels: &mut [Option<Label<W>>],
    queue: &mut BinaryHeap<Reverse<(Label<W>, NodeIx)>>,
    node: NodeIx,
    label: Label<W>,
) {
    let Some(known) = labels.get_mut(node.index()) else {
        return;
    };
    if known.as_ref().is_none_or(|known| label < *known) {
        *known = Some(label.clone());
        queue.push(Reverse((label, node)));
    }
}

/// The last edge of each node's best path, level by level of path length.
fn last_edges<A: Aim>(
    estate: &Estate,
    labels: &[Option<Label<A::Weight>>],
    removal: &Removal,
    aim: &A,
) -> Vec<Option<EdgeIx>> {
    let mut last = vec![None; labels.len()];
    let mut rank_of_path = vec![0_usize; labels.len()];
    for nodes in levels(labels).into_values() {
        let mut level = Vec::new();
        for node in nodes {
            let best = best_into((estate, removal, aim), labels, &rank_of_path, node);
            if let Some(cell) = last.get_mut(node.index()) {
                *cell = best.map(|(_, edge)| edge);
            }
            level.push((
                best.map(|(rank, _)| rank),
                estate.node(node).id.as_str(),
                node,
            ));
        }
        level.sort_unstable();
        for (rank, (_, _, node)) in level.into_iter().enumerate() {
            if let Some(cell) = rank_of_path.get_mut(node.index()) {
                *cell = rank;
            }
        }
    }
    last
}

/// Reached nodes by the number of edges of their best paths.
fn levels<W>(labels: &[Option<Label<W>>]) -> BTreeMap<u32, Vec<NodeIx>> {
    let mut levels: BTreeMap<u32, Vec<NodeIx>> = BTreeMap::new();
    for (number, label) in (0_u32..).zip(labels) {
        if let Some(label) = label {
            levels.entry(label.edges).or_default().push(NodeIx(number));
        }
    }
    levels
}

/// The edge into a node that ends its best path, with the rank of the path before it. Of parallel
/// edges that are equally good one of known minutes counts, then the first by kind, then the fastest,
/// the surest, one that is known to exist.
fn best_into<A: Aim>(
    (estate, removal, aim): (&Estate, &Removal, &A),
    labels: &[Option<Label<A::Weight>>],
    rank_of_path: &[usize],
    node: NodeIx,
) -> Option<(usize, EdgeIx)> {
    let target = labels.get(node.index())?.as_ref()?;
    let tight = estate
        .ways_in(node)
        .filter(|(ix, _)| removal.keeps(*ix))
        .filter_map(|(ix, from)| {
            let edge = estate.edge(ix);
            let before = labels.get(from.index())?.as_ref()?;
            let fits = before.edges + 1 == target.edges
                && aim.then(&before.weight, ix, edge).as_ref() == Some(&target.weight);
            let rank = *rank_of_path.get(from.index())?;
            fits.then(|| (rank, preference(edge), ix))
        });
    tight.min().map(|(rank, _, edge)| (rank, edge))
}

/// Which of parallel edges that are equally good comes first, whatever the order of a file.
fn preference(edge: &Edge) -> impl Ord + '_ {
    (
        edge.minutes.is_none(),
        &edge.kind,
        &edge.minutes,
        Reverse(&edge.likelihood),
        edge.unknown.is_some(),
    )
}
