//! The ground as arcs with capacities.
//!
//! A step that closes one arc and stops nothing that matters is that arc's price: what of such steps is
//! best follows from the others by a minimum cut. The others, which close several arcs or stop
//! something, are shared; they are what a search has to decide.

use std::{collections::BTreeMap, mem};

use cordon_model::{Estate, StepIx};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::solve::{
    ground::{Origin, Way},
    problem::{Problem, Stripped},
};

/// Bits that everything together may cost in units of capacity, so that sums of flows stay in range.
/// Finer amounts are cut off downwards, which weakens bounds and changes no answer.
const BITS_MAX: u64 = 40;

/// The capacity of an arc that no step of its own closes.
pub(super) const FREE: i64 = i64::MAX;

/// No step of its own.
const NONE: u32 = u32::MAX;

/// An arc: what shared steps close it, and what closing it alone costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc {
    pub(super) from: u32,
    pub(super) to: u32,
    /// A number among [`Field::sets`].
    pub(super) set: u32,
    pub(super) capacity: i64,
}

/// Arcs from vertex 0, the source, to vertex 1, the sink.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) vertices: usize,
    pub(super) arcs: Vec<Arc>,
    /// Sets of shared steps that close the same arcs, by number; the first is empty.
    pub(super) sets: Vec<Vec<usize>>,
    /// For each arc what it is in the estate; one of several that are alike.
    origins: Vec<Origin>,
    /// For each arc its own step, by number among `own_steps`.
    own: Vec<u32>,
    own_steps: Vec<StepIx>,
}

/// Which steps of a stripped task are shared, and which arc each of the others closes.
pub(super) struct Parted {
    pub(super) shared: Vec<StepIx>,
    pub(super) own: Vec<StepIx>,
    pub(super) ways: Vec<Way>,
    pub(super) sets: Vec<Vec<u32>>,
}

impl Parted {
    /// Parts the steps worth looking at. The ground is taken out of the task.
    pub(super) fn new(estate: &Estate, stripped: &mut Stripped<'_>) -> Self {
        let mut ways = mem::take(&mut stripped.ground.ways);
        ways.sort_unstable();
        ways.dedup_by_key(|way| (way.from, way.to, way.set));
        let mut closes = vec![0_usize; estate.steps().len()];
        for way in &ways {
            for &step in stripped.ground.closing(way) {
                closes[step as usize] += 1;
            }
        }
        let stops = |step: StepIx| {
            let down = &estate.step(step).takes_down;
            down.iter().any(|node| stripped.counted[node.index()])
        };
        let is_own = |step: &StepIx| closes[step.index()] == 1 && !stops(*step);
        let (own, shared) = stripped.steps.iter().partition(|step| is_own(step));
        Self {
            shared,
            own,
            ways,
            sets: mem::take(&mut stripped.ground.sets),
        }
    }

    /// The arcs with what they cost in `problem`, whose steps are the shared ones.
    /// Everything together, `more` included, stays within the bits that capacities may take.
    pub(super) fn field(
        self,
        problem: &Problem<'_>,
        more: &[BigInt],
        vertices: usize,
    ) -> (Field, u64) {
        let steps = self.shared.len() + self.own.len();
        let estate_steps = problem.outage.estate().steps().len();
        let prices = (self.shared.len()..steps).map(|n| problem.ledger.cost(n));
        let all: BigInt = prices.chain(more).sum();
        let shift = all.bits().saturating_sub(BITS_MAX);
        let numbers = |steps: &[StepIx]| {
            let mut numbers = vec![NONE; estate_steps];
            for (number, step) in (0_u32..).zip(steps) {
                numbers[step.index()] = number;
            }
            numbers
        };
        let (shared, own) = (numbers(&self.shared), numbers(&self.own));
        let costs = (self.shared.len()..steps).map(|n| problem.ledger.cost(n) >> shift);
        let costs: Vec<i64> = costs.map(|cost| cost.to_i64().unwrap_or(FREE)).collect();
        let known_as = |numbers: &[u32], step: u32| {
            let number = numbers[step as usize];
            (number != NONE).then_some(number as usize)
        };
        let mut known: BTreeMap<Vec<usize>, u32> = BTreeMap::from([(Vec::new(), 0)]);
        let parted: Vec<(u32, Option<usize>)> = self
            .sets
            .iter()
            .map(|set| {
                let common = set.iter().filter_map(|&step| known_as(&shared, step));
                let mut common: Vec<usize> = common.collect();
                common.sort_unstable();
                let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                let number = *known.entry(common).or_insert(next);
                let alone = set.iter().filter_map(|&step| known_as(&own, step));
                (number, alone.min_by_key(|&own| (costs[own], own)))
            })
            .collect();
        let mut sets = vec![Vec::new(); known.len()];
        for (set, number) in known {
            sets[number as usize] = set;
        }
        let mut field = Field {
            vertices,
            arcs: Vec::with_capacity(self.ways.len()),
            origins: self.ways.iter().map(|way| way.origin).collect(),
            sets,
            own: Vec::with_capacity(self.ways.len()),
            own_steps: self.own,
        };
        for way in self.ways {
            let (set, own) = parted[way.set as usize];
            field.arcs.push(Arc {
                from: way.from,
                to: way.to,
                set,
                capacity: own.map_or(FREE, |own| costs[own]),
            });
            let own = own.and_then(|own| u32::try_from(own).ok());
            field.own.push(own.unwrap_or(NONE));
        }
        (field, shift)
    }
}

impl Field {
    /// The own steps of arcs from one side to the other that no chosen step closes, by number.
    pub(super) fn cut(&self, chosen: &[bool], is_reached: impl Fn(u32) -> bool) -> Vec<usize> {
        let mut steps = Vec::new();
        for (arc, &own) in self.arcs.iter().zip(&self.own) {
            let crosses = is_reached(arc.from) && !is_reached(arc.to);
            let closed = || self.sets[arc.set as usize].iter().any(|&step| chosen[step]);
            if crosses && own != NONE && !closed() {
                steps.push(own as usize);
            }
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// What an arc is in the estate.
    pub(super) fn origin(&self, arc: usize) -> Origin {
        self.origins[arc]
    }

    /// An arc's own step.
    pub(super) fn own_step(&self, number: usize) -> StepIx {
        self.own_steps[number]
    }
}
