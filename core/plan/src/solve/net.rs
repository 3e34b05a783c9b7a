//! What must be cut: labelled arcs from one source to one sink.
//!
//! Each arc carries the steps that cut it; it is open while none of them is chosen. A node that steps
//! remove becomes an arc through itself. Invariant after [`Net::reduced`]: node 0 is the source
//! (whatever is held and stays held), node 1 the sink (whatever must not be reached), every arc lies
//! on a path between them, and every arc has a step that cuts it or is inside such a path.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque},
};

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
#[derive(Debug)]
pub(super) struct Net {
    arcs: Vec<Arc>,
    out: Vec<Vec<usize>>,
}

/// Some source is joined to some sink by arcs that no step closes.
#[derive(Debug)]
pub(super) struct Uncuttable;

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

    /// Merges what cannot be parted and drops what lies on no path.
    ///
    /// Whatever is joined to a source by arcs without a label is held whatever is chosen, so ways
    /// into it decide nothing; likewise for sinks and ways out of them.
    ///
    /// # Errors
    /// When a source is joined to a sink by arcs without labels.
    pub(super) fn reduced(
        arcs: &BTreeSet<Arc>,
        sources: &[usize],
        sinks: &[usize],
    ) -> Result<Self, Uncuttable> {
        let plain = |arc: &&Arc| arc.labels.is_empty();
        let forward = |arc: &Arc| (arc.from, arc.to);
        let backward = |arc: &Arc| (arc.to, arc.from);
        let held = spread(arcs.iter().filter(plain).map(forward), sources);
        let lost = spread(arcs.iter().filter(plain).map(backward), sinks);
        if held.intersection(&lost).next().is_some() {
            return Err(Uncuttable);
        }
        let open = |arc: &&Arc| !held.contains(&arc.to) && !lost.contains(&arc.from);
        let start: Vec<usize> = held.iter().copied().collect();
        let end: Vec<usize> = lost.iter().copied().collect();
        let after = spread(arcs.iter().filter(open).map(forward), &start);
        let before = spread(arcs.iter().filter(open).map(backward), &end);
        let mut numbers = BTreeMap::new();
        let mut number = |node: usize| {
            if held.contains(&node) {
                return SOURCE;
            }
            if lost.contains(&node) {
                return SINK;
            }
            let next = numbers.len() + 2;
            *numbers.entry(node).or_insert(next)
        };
        let between = |arc: &&Arc| after.contains(&arc.from) && before.contains(&arc.to);
        let kept = arcs.iter().filter(open).filter(between).map(|arc| Arc {
            from: number(arc.from),
            to: number(arc.to),
            labels: arc.labels.clone(),
        });
        Ok(Self::new(kept.filter(|arc| arc.from != arc.to).collect()))
    }

    /// The same arcs with their steps numbered anew, those without a number forgotten; of arcs side
    /// by side only those are kept that are not closed by whatever closes another.
    pub(super) fn relabelled(&self, number: &BTreeMap<usize, usize>) -> Self {
        let mut ways: BTreeMap<(usize, usize), Vec<Vec<usize>>> = BTreeMap::new();
        for arc in &self.arcs {
            let labels = arc.labels.iter().filter_map(|old| number.get(old).copied());
            let mut labels: Vec<usize> = labels.collect();
            labels.sort_unstable();
            let beside = ways.entry((arc.from, arc.to)).or_default();
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

    /// All arcs.
    pub(super) fn arcs(&self) -> &[Arc] {
        &self.arcs
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

/// Everything that arrows lead to from the starts, the starts included.
fn spread(arrows: impl Iterator<Item = (usize, usize)>, starts: &[usize]) -> BTreeSet<usize> {
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in arrows {
        next.entry(from).or_default().push(to);
    }
    let mut found: BTreeSet<usize> = starts.iter().copied().collect();
    let mut open: Vec<usize> = starts.to_vec();
    while let Some(node) = open.pop() {
        for &to in next.get(&node).into_iter().flatten() {
            if found.insert(to) {
                open.push(to);
            }
        }
    }
    found
}

/// Whether every number of `part` is in `whole`; both ascend.
pub(super) fn is_within(part: &[usize], whole: &[usize]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.any(|found| found == wanted))
}
