//! A second reading of the contract, as plain as possible: every subset of the steps, tried.
//!
//! It shares no code with the planner beyond the estate itself, so that a mistake in one is not made
//! in the other.

pub(crate) mod estates;
pub(crate) mod retailer;

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Care, Estate, Exact, Hours, Money, Need, NodeIx, ServiceIx};
use num_rational::Ratio;
use num_traits::ToPrimitive;

pub(crate) type Number = Ratio<i128>;

pub(crate) fn number(exact: &Exact) -> Number {
    Ratio::new(
        exact.numer().to_i128().unwrap(),
        exact.denom().to_i128().unwrap(),
    )
}

pub(crate) fn money(money: &Money) -> Number {
    number(money.exact())
}

/// What a set of steps must do.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) jewels: BTreeSet<NodeIx>,
    pub(crate) protected: BTreeSet<ServiceIx>,
    pub(crate) gone: Option<(NodeIx, NodeIx)>,
}

/// The best of all subsets: price, how many, ids.
pub(crate) type Best = (Number, usize, Vec<String>);

/// What becomes of services once certain nodes are down.
#[derive(Clone)]
pub(crate) struct Fall {
    pub(crate) loss: Number,
    pub(crate) lifeline: Number,
    pub(crate) stopped: BTreeSet<ServiceIx>,
}

pub(crate) struct Plain<'e> {
    estate: &'e Estate,
    held: BTreeSet<NodeIx>,
    hold: Number,
    removes: Vec<u64>,
    downs: Vec<u64>,
    falls: BTreeMap<u64, Fall>,
}

impl<'e> Plain<'e> {
    pub(crate) fn new(estate: &'e Estate, held: &[NodeIx], hold: &Hours) -> Self {
        let steps = estate.steps().iter();
        let removes = steps.clone().map(|step| {
            let mut bits = 0;
            for (bit, edge) in estate.edges().iter().enumerate() {
                let by_node = step
                    .removes_nodes
                    .iter()
                    .any(|n| *n == edge.from || *n == edge.to);
                let by_edge = step.removes_edges.iter().any(|p| {
                    p.from == edge.from
                        && p.to == edge.to
                        && p.kind.as_ref().is_none_or(|k| k == &edge.kind)
                });
                bits |= u64::from(by_node || by_edge) << bit;
            }
            bits
        });
        let downs = steps.map(|step| step.takes_down.iter().fold(0, |bits, n| bits | 1 << n.0));
        Self {
            removes: removes.collect(),
            downs: downs.collect(),
            estate,
            held: held.iter().copied().collect(),
            hold: number(hold.exact()),
            falls: BTreeMap::new(),
        }
    }

    pub(crate) fn wanted(&self) -> Wanted {
        let services = (0..).map(ServiceIx).zip(self.estate.services());
        Wanted {
            jewels: self
                .estate
                .jewels()
                .map(|(node, _)| node)
                .filter(|node| !self.held.contains(node))
                .collect(),
            protected: services
                .filter(|(_, s)| s.protected)
                .map(|(ix, _)| ix)
                .collect(),
            gone: None,
        }
    }

    pub(crate) fn best(&mut self, wanted: &Wanted) -> Option<Best> {
        let mut best: Option<Best> = None;
        for mask in 0..1_u64 << self.estate.steps().len() {
            if self.reached(mask, wanted.gone).is_disjoint(&wanted.jewels)
                && self.fall(mask).stopped.is_disjoint(&wanted.protected)
            {
                let this = self.sized(mask);
                if best.as_ref().is_none_or(|best| this < *best) {
                    best = Some(this);
                }
            }
        }
        best
    }

    /// The best of all subsets that remove each foothold by name.
    pub(crate) fn contain(&mut self) -> Option<Best> {
        let mut best: Option<Best> = None;
        for mask in 0..1_u64 << self.estate.steps().len() {
            let mut removed = BTreeSet::new();
            for (bit, step) in self.estate.steps().iter().enumerate() {
                if mask >> bit & 1 == 1 {
                    removed.extend(step.removes_nodes.iter().copied());
                }
            }
            if removed.is_superset(&self.held) {
                let this = self.sized(mask);
                if best.as_ref().is_none_or(|best| this < *best) {
                    best = Some(this);
                }
            }
        }
        best
    }

    pub(crate) fn sized(&mut self, mask: u64) -> Best {
        let mut price = self.fall(mask).loss;
        let mut ids = Vec::new();
        for (bit, step) in self.estate.steps().iter().enumerate() {
            if mask >> bit & 1 == 1 {
                price += money(&step.cost);
                ids.push(step.id.to_string());
            }
        }
        ids.sort();
        (price, ids.len(), ids)
    }

    /// Every node held or taken.
    pub(crate) fn reached(&self, mask: u64, gone: Option<(NodeIx, NodeIx)>) -> BTreeSet<NodeIx> {
        let chosen = self
            .removes
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1);
        let removed = chosen.fold(0, |all, (_, bits)| all | bits);
        let mut reached = self.held.clone();
        loop {
            let before = reached.len();
            for (bit, edge) in self.estate.edges().iter().enumerate() {
                if removed >> bit & 1 == 0
                    && gone != Some((edge.from, edge.to))
                    && reached.contains(&edge.from)
                {
                    reached.insert(edge.to);
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }

    /// Edges that no step removes which stops nothing protected by itself.
    pub(crate) fn without_step(&mut self) -> BTreeSet<(NodeIx, NodeIx)> {
        let protected = self.wanted().protected;
        let mut removable = 0;
        for step in 0..self.estate.steps().len() {
            if self.fall(1 << step).stopped.is_disjoint(&protected) {
                removable |= self.removes[step];
            }
        }
        let edges = self.estate.edges().iter().enumerate();
        let kept = edges.filter(|(bit, _)| removable >> bit & 1 == 0);
        kept.map(|(_, edge)| (edge.from, edge.to)).collect()
    }

    pub(crate) fn fall(&mut self, mask: u64) -> Fall {
        let chosen = self
            .downs
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1);
        let down = chosen.fold(0, |all, (_, bits)| all | bits);
        if !self.falls.contains_key(&down) {
            let fall = self.compute(down);
            self.falls.insert(down, fall);
        }
        self.falls[&down].clone()
    }

    fn compute(&self, down: u64) -> Fall {
        let mut fall = Fall {
            loss: Number::from(0),
            lifeline: Number::from(0),
            stopped: BTreeSet::new(),
        };
        for (ix, service) in (0..).map(ServiceIx).zip(self.estate.services()) {
            let Some(start) = self.start(ix, down).filter(|start| *start < self.hold) else {
                continue;
            };
            let (u, m) = (self.hold - start, number(service.ramp.exact()));
            let r = money(&service.loss_per_hour);
            fall.loss += if m == Number::from(0) {
                r * u
            } else if u <= m {
                r * u * u / (m * 2)
            } else {
                r * (u - m / 2)
            };
            if service.care == Care::Lifeline {
                fall.lifeline += u;
            }
            fall.stopped.insert(ix);
        }
        fall
    }

    fn start(&self, service: ServiceIx, down: u64) -> Option<Number> {
        let service = &self.estate.services()[service.index()];
        Some(self.fails(&service.needs, down)? + number(service.cover.exact()))
    }

    /// None is never.
    fn fails(&self, need: &Need, down: u64) -> Option<Number> {
        match need {
            Need::Node(node) => (down >> node.0 & 1 == 1).then(|| Number::from(0)),
            Need::Service(service) => self.start(*service, down),
            Need::All(of) => self.nth(of, 1, down),
            Need::Any(of) => self.nth(of, of.len(), down),
            Need::AtLeast { k, of } => self.nth(of, of.len() - k + 1, down),
        }
    }

    /// The n-th soonest of the failures that ever come.
    fn nth(&self, of: &[Need], n: usize, down: u64) -> Option<Number> {
        let mut times: Vec<Number> = of.iter().filter_map(|c| self.fails(c, down)).collect();
        times.sort();
        times.get(n - 1).copied()
    }
}
