//! A second reading of the contract, as plain as possible: every subset of the steps, tried.
//!
//! It shares no code with the planner beyond the estate itself, so that a mistake in one is not made
//! in the other.

pub(crate) mod estates;
pub(crate) mod retailer;
pub(crate) mod wide_groups;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use cordon_model::{Care, Estate, Exact, Hours, Money, Need, NodeIx, ServiceIx, Step};
use num_rational::Ratio;
use num_traits::ToPrimitive;

pub(crate) type Number = Ratio<i128>;

pub(crate) fn number(exact: &Exact) -> Number {
    Ratio::new(
        exact.numer().to_i128().unwrap(),
        exact.denom().to_i128().unwrap(),
    )
}

fn exact(number: Number) -> Exact {
    Exact::new((*number.numer()).into(), (*number.denom()).into())
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
    /// One bit a service.
    stopped: u64,
}

impl Fall {
    pub(crate) fn stopped(&self) -> BTreeSet<ServiceIx> {
        let bits = (0..64_u32).filter(|bit| self.stopped >> bit & 1 == 1);
        bits.map(ServiceIx).collect()
    }
}

pub(crate) struct Plain<'e> {
    estate: &'e Estate,
    held: BTreeSet<NodeIx>,
    hold: Number,
    removes: Vec<u64>,
    downs: Vec<u64>,
    falls: BTreeMap<u64, Fall>,
    /// By set of steps, what they cost themselves.
    costs: Vec<Number>,
}

fn bits(of: impl Iterator<Item = u32>) -> u64 {
    of.fold(0, |bits, bit| bits | 1 << bit)
}

impl<'e> Plain<'e> {
    pub(crate) fn new(estate: &'e Estate, held: &[NodeIx], hold: &Hours) -> Self {
        let steps = estate.steps();
        let removes = steps.iter().map(|step| {
            let edges = (0..).zip(estate.edges()).filter(|(_, edge)| {
                let ends = [edge.from, edge.to];
                let by_node = step.removes_nodes.iter().any(|n| ends.contains(n));
                let by_edge = step.removes_edges.iter().any(|p| {
                    p.from == edge.from
                        && p.to == edge.to
                        && p.kind.as_ref().is_none_or(|k| k == &edge.kind)
                });
                by_node || by_edge
            });
            bits(edges.map(|(bit, _)| bit))
        });
        let mut costs = vec![Number::from(0); 1 << steps.len()];
        for mask in 1..costs.len() {
            let lowest = mask.trailing_zeros() as usize;
            costs[mask] = costs[mask & (mask - 1)] + money(&steps[lowest].cost);
        }
        Self {
            removes: removes.collect(),
            downs: steps
                .iter()
                .map(|step| bits(step.takes_down.iter().map(|n| n.0)))
                .collect(),
            estate,
            held: held.iter().copied().collect(),
            hold: number(hold.exact()),
            falls: BTreeMap::new(),
            costs,
        }
    }

    /// Every set of steps, one bit a step.
    pub(crate) fn sets(&self) -> Range<u64> {
        0..1 << self.estate.steps().len()
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

    /// The same estate, kept cut for another time.
    pub(crate) fn held_for(&self, hold: &Hours) -> Self {
        Self {
            hold: number(hold.exact()),
            falls: BTreeMap::new(),
            removes: self.removes.clone(),
            downs: self.downs.clone(),
            held: self.held.clone(),
            costs: self.costs.clone(),
            ..*self
        }
    }

    /// The same estate with other things held.
    pub(crate) fn holding(&self, held: &[NodeIx]) -> Self {
        let held = held.iter().copied().collect();
        Self {
            held,
            ..self.held_for(&Hours::from_exact(exact(self.hold)))
        }
    }

    /// The steps of a set.
    pub(crate) fn steps_of(&self, set: u64) -> impl Iterator<Item = &'e Step> {
        let steps = (0..).zip(self.estate.steps());
        steps
            .filter(move |(bit, _): &(u32, _)| set >> bit & 1 == 1)
            .map(|(_, step)| step)
    }

    /// Whether a set of steps does what is wanted.
    pub(crate) fn does(&mut self, mask: u64, wanted: &Wanted) -> bool {
        let jewels = bits(wanted.jewels.iter().map(|node| node.0));
        let protected = bits(wanted.protected.iter().map(|service| service.0));
        self.reached_bits(mask, wanted.gone) & jewels == 0
            && self.fall(mask).stopped & protected == 0
    }

    pub(crate) fn best(&mut self, wanted: &Wanted) -> Option<Best> {
        let sets: Vec<u64> = self.sets().filter(|&set| self.does(set, wanted)).collect();
        self.first_of(sets)
    }

    /// The best of all subsets that remove each foothold by name.
    pub(crate) fn contain(&mut self) -> Option<Best> {
        let held = bits(self.held.iter().map(|node| node.0));
        let estate = self.estate;
        let removes = |set: u64| {
            let steps = (0..).zip(estate.steps());
            let steps = steps.filter(|(bit, _)| set >> bit & 1 == 1);
            bits(steps.flat_map(|(_, step): (u32, _)| step.removes_nodes.iter().map(|n| n.0)))
        };
        let sets = self.sets().filter(|&set| removes(set) & held == held);
        let sets: Vec<u64> = sets.collect();
        self.first_of(sets)
    }

    fn first_of(&mut self, sets: Vec<u64>) -> Option<Best> {
        let mut best: Option<Best> = None;
        for set in sets {
            let price = self.price(set);
            if best.as_ref().is_some_and(|best| price > best.0) {
                continue;
            }
            let this = self.sized(set);
            if best.as_ref().is_none_or(|best| this < *best) {
                best = Some(this);
            }
        }
        best
    }

    pub(crate) fn price(&mut self, mask: u64) -> Number {
        self.fall(mask).loss + self.costs[usize::try_from(mask).unwrap()]
    }

    pub(crate) fn sized(&mut self, mask: u64) -> Best {
        let steps = (0..).zip(self.estate.steps());
        let chosen = steps.filter(|(bit, _): &(u32, _)| mask >> bit & 1 == 1);
        let mut ids: Vec<String> = chosen.map(|(_, step)| step.id.to_string()).collect();
        ids.sort();
        (self.price(mask), ids.len(), ids)
    }

    /// Every node held or taken.
    pub(crate) fn reached(&self, mask: u64) -> BTreeSet<NodeIx> {
        let reached = self.reached_bits(mask, None);
        let nodes = self.estate.node_indices();
        nodes.filter(|node| reached >> node.0 & 1 == 1).collect()
    }

    fn reached_bits(&self, mask: u64, gone: Option<(NodeIx, NodeIx)>) -> u64 {
        let chosen = (0..).zip(&self.removes);
        let chosen = chosen.filter(|(bit, _): &(u32, _)| mask >> bit & 1 == 1);
        let removed = chosen.fold(0, |all, (_, bits)| all | bits);
        let mut reached = bits(self.held.iter().map(|node| node.0));
        loop {
            let before = reached;
            for (bit, edge) in self.estate.edges().iter().enumerate() {
                if removed >> bit & 1 == 0
                    && reached >> edge.from.0 & 1 == 1
                    && gone != Some((edge.from, edge.to))
                {
                    reached |= 1 << edge.to.0;
                }
            }
            if reached == before {
                return reached;
            }
        }
    }

    /// Edges that no step removes which stops nothing protected by itself.
    pub(crate) fn without_step(&mut self) -> BTreeSet<(NodeIx, NodeIx)> {
        let protected = self.wanted().protected;
        let mut removable = 0;
        for step in 0..self.estate.steps().len() {
            if self.fall(1 << step).stopped().is_disjoint(&protected) {
                removable |= self.removes[step];
            }
        }
        let edges = self.estate.edges().iter().enumerate();
        let kept = edges.filter(|(bit, _)| removable >> bit & 1 == 0);
        kept.map(|(_, edge)| (edge.from, edge.to)).collect()
    }

    /// Whether two steps stop something protected that neither stops alone.
    pub(crate) fn two_stop_what_neither_stops(&mut self) -> bool {
        let protected = bits(self.wanted().protected.iter().map(|service| service.0));
        let steps = self.estate.steps().len();
        let mut stops = |set: u64| self.fall(set).stopped & protected;
        (0..steps)
            .any(|a| (0..a).any(|b| stops(1 << a | 1 << b) & !stops(1 << a) & !stops(1 << b) != 0))
    }

    pub(crate) fn fall(&mut self, mask: u64) -> Fall {
        let chosen = (0..).zip(&self.downs);
        let chosen = chosen.filter(|(bit, _): &(u32, _)| mask >> bit & 1 == 1);
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
            stopped: 0,
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
            fall.stopped |= 1 << ix.0;
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
