//! What must be cut: labelled arcs from one source to one sink.
//!
//! Each arc carries the steps that cut it; it is open while none of them is chosen. Made of a
//! [`Ground`], so that every arc lies on a path between node 0, the source, and node 1, the sink.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque},
};

use super::ground::Ground;

/// Where walks begin.
const SOURCE: usize = 0;
/// Where they must not end.
const SINK: usize = 1;

/// One way onward and the steps that close it, ascending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) labels: Vec<usize>,
}

/// Arcs from a source to a sink.
#[derive(Debug, Default)]
pub(super) struct Net {
    arcs: Vec<Arc>,
    out: Vec<Vec<usize>>,
}

impl Net {
    fn new(arcs: BTreeSet<Arc>) -> Self {
        let ends = arcs.iter().flat_map(|arc| [arc.from, arc.to]);
        let mut out = vec![Vec::new(); ends.max().map_or(2, |last| last.max(SINK) + 1)];
        let arcs: Vec<Arc> = arcs.into_iter().collect();
        for (number, arc) in arcs.iter().enumerate() {
            out[arc.from].push(number);
        }
        Self { arcs, out }
    }

    /// The ways of a ground, their steps by number; those without a number are forgotten. Of arcs side
    /// by side only those are kept that are not closed by whatever closes another.
    pub(super) fn of(ground: &Ground, number: &BTreeMap<usize, usize>) -> Self {
        let mut ways: BTreeMap<(usize, usize), Vec<Vec<usize>>> = BTreeMap::new();
        for way in &ground.ways {
            let steps = ground.closing(way).iter();
            let labels = steps.filter_map(|&old| number.get(&(old as usize)).copied());
            let mut labels: Vec<usize> = labels.collect();
            labels.sort_unstable();
            let beside = ways
                .entry((way.from as usize, way.to as usize))
                .or_default();
            if beside.iter().any(|other| is_within(other, &labels)) {
                continue;
            }
            beside.retain(|other| !is_within(&labels, other));
            beside.push(labels);
        }
        let arcs = ways.into_iter().flat_map(|((from, to), ways)| {
            ways.into_iter().map(move |labels| Arc { from, to, labels })
        });
        Self::new(arcs.collect())
    }

    /// How many arcs there are.
    pub(super) fn arcs(&self) -> u64 {
        self.arcs.len() as u64
    }

    /// The steps along a path of fewest arcs that `open` lets through, ascending; none if there
    /// is no such path.
    pub(super) fn path(&self, open: impl Fn(&Arc) -> bool) -> Option<Vec<usize>> {
        let mut by: Vec<Option<usize>> = vec![None; self.out.len()];
        let mut queue = VecDeque::from([SOURCE]);
        while let Some(node) = queue.pop_front() {
            for &number in &self.out[node] {
                let arc = &self.arcs[number];
                if arc.to != SOURCE && by[arc.to].is_none() && open(arc) {
                    by[arc.to] = Some(number);
                    if arc.to == SINK {
                        return Some(self.labels_along(&by));
                    }
                    queue.push_back(arc.to);
                }
            }
        }
        None
    }

    /// Whether these steps leave no path.
    pub(super) fn is_cut_by(&self, chosen: &[bool]) -> bool {
        let open = |arc: &Arc| !arc.labels.iter().any(|&label| chosen[label]);
        self.path(open).is_none()
    }

    /// The steps along the lightest path, where an arc weighs what its steps weigh together.
    pub(super) fn lightest(&self, weight: &[f64]) -> Option<Vec<usize>> {
        let mut dist = vec![f64::INFINITY; self.out.len()];
        let mut by: Vec<Option<usize>> = vec![None; self.out.len()];
        let mut heap = BinaryHeap::from([Near(0.0, SOURCE)]);
        dist[SOURCE] = 0.0;
        while let Some(Near(far, node)) = heap.pop() {
            if node == SINK {
                return Some(self.labels_along(&by));
            }
            if far > dist[node] {
                continue;
            }
            for &number in &self.out[node] {
                let arc = &self.arcs[number];
                let to = far + arc.labels.iter().map(|&l| weight[l]).sum::<f64>();
                if to < dist[arc.to] {
                    dist[arc.to] = to;
                    by[arc.to] = Some(number);
                    heap.push(Near(to, arc.to));
                }
            }
        }
        None
    }

    fn labels_along(&self, by: &[Option<usize>]) -> Vec<usize> {
        let mut labels = Vec::new();
        let mut node = SINK;
        while let Some(number) = by[node] {
            labels.extend(&self.arcs[number].labels);
            node = self.arcs[number].from;
        }
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}

/// A node and how far it is; the nearest is the greatest, so that a heap gives it first.
#[derive(Debug, PartialEq)]
struct Near(f64, usize);

impl Eq for Near {}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        let nearer = other.0.total_cmp(&self.0);
        nearer.then_with(|| other.1.cmp(&self.1))
    }
}

/// Whether every number of `part` is in `whole`; both ascend.
pub(super) fn is_within<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.any(|found| found == wanted))
}
