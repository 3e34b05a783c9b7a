//! From the multiples that bound the root to a flow in the estate that anybody can check.
//!
//! Every row of the relaxation is a flow, and multiples of flows are one flow. It tells how much of
//! each shared step's cost every arc should draw on; a flow through the arcs of the field, before any
//! merging, is then computed within these shares, in whole numbers. What it carries is a bound whatever
//! was rounded on the way.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Exact, Money, StepIx};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{
    field::{Arc, FREE, Field},
    flow::{ENDLESS, Flow, Network, Terms},
    merge::Merged,
};
use crate::{
    Draw, FlowProof, price,
    solve::{ground::Origin, problem::Problem},
};

/// Parts of a unit of value that flows are counted in: divisible by every number up to 16, because the
/// multiples that bound small problems are such fractions, and then the flow loses nothing to rounding.
pub(super) const FINE: i64 = 720_720;

/// The flow of the merged arcs that multiples of flows make, in fine units.
pub(super) type Blend = Vec<i128>;

/// What is known when a proof is written.
pub(super) struct Made<'m, 'e> {
    pub(super) problem: &'m Problem<'e>,
    pub(super) field: &'m Field,
    pub(super) shift: u64,
    /// Steps left out, each with the one in its place.
    pub(super) replaced: &'m BTreeMap<StepIx, StepIx>,
}

impl Made<'_, '_> {
    /// A flow of the field that spends on shared steps what a blend does, and then whatever is left of
    /// them; none if there is nothing to be stopped.
    pub(super) fn proof(&self, merged: &Merged, blend: &Blend) -> Option<FlowProof> {
        let unit = self.unit();
        let (pools, draws) = self.pools(merged, blend, &unit);
        let flow = self.flow(&self.shares(merged, blend), &pools);
        if flow.total == 0 {
            return None;
        }
        let draws = self.needed(&flow, draws, &unit);
        Some(self.written(&flow, &unit, draws))
    }

    /// One fine unit in money.
    fn unit(&self) -> Money {
        let value = BigInt::from(1) << self.shift;
        let fine = Exact::from(BigInt::from(FINE));
        Money::from_exact(self.problem.ledger.price(&value).exact() / fine)
    }

    fn in_units(amount: &Money, unit: &Money) -> i64 {
        let units = (amount.exact() / unit.exact()).floor().to_integer();
        units.to_i64().unwrap_or(i64::MAX >> 1)
    }

    /// What may be drawn on each shared step: what the blend does, as far as its own cost and losses of
    /// services that it stops by itself allow. What is left of a service goes to whoever draws on it first.
    fn pools(&self, merged: &Merged, blend: &Blend, unit: &Money) -> (Vec<i64>, Vec<Draw>) {
        let estate = self.problem.outage.estate();
        let hold = self.problem.outage.hours();
        let mut used = vec![0_i128; self.problem.steps.len()];
        for (arc, amount) in merged.arcs.iter().zip(blend) {
            for &step in &merged.sets[arc.set as usize] {
                used[step] += amount;
            }
        }
        let mut pools: Vec<i64> = Vec::with_capacity(used.len());
        let mut draws: Vec<(usize, Draw)> = Vec::new();
        let mut purses = vec![Purse::default(); estate.services().len()];
        for (number, (&step, &used)) in self.problem.steps.iter().zip(&used).enumerate() {
            let own = Self::in_units(&estate.step(step).cost, unit);
            let mut missing = (used - i128::from(own)).clamp(0, i128::from(i64::MAX >> 1));
            pools.push(own);
            let alone = if missing > 0 {
                price(estate, &[step], hold).services
            } else {
                Vec::new()
            };
            for stopped in alone.iter().filter(|stopped| !stopped.loss.is_zero()) {
                let loss = Self::in_units(&stopped.loss, unit);
                let amount = purses[stopped.service.index()].take(loss, missing);
                if amount > 0 {
                    missing -= i128::from(amount);
                    let (service, amount) = (stopped.service, amount.unsigned_abs());
                    draws.push((
                        number,
                        Draw {
                            step,
                            service,
                            amount,
                        },
                    ));
                }
            }
        }
        for (_, draw) in &mut draws {
            let left = purses[draw.service.index()].empty();
            draw.amount += left.unsigned_abs();
        }
        for (step, draw) in &draws {
            pools[*step] += i64::try_from(draw.amount).unwrap_or(0);
        }
        (pools, draws.into_iter().map(|(_, draw)| draw).collect())
    }

    /// Of what was set aside, what a flow needs beyond the steps' own costs.
    fn needed(&self, flow: &Flow, mut draws: Vec<Draw>, unit: &Money) -> Vec<Draw> {
        let mut stopped = vec![0_u64; self.problem.steps.len()];
        for (arc, amount) in self.field.arcs.iter().zip(&flow.through) {
            for &step in &self.field.sets[arc.set as usize] {
                stopped[step] += amount.unsigned_abs();
            }
        }
        let steps = self.problem.steps.iter().zip(stopped);
        let mut missing: BTreeMap<StepIx, u64> = steps
            .map(|(&step, stopped)| {
                let cost = &self.problem.outage.estate().step(step).cost;
                let own = Self::in_units(cost, unit).unsigned_abs();
                (step, stopped.saturating_sub(own))
            })
            .collect();
        for draw in &mut draws {
            if let Some(missing) = missing.get_mut(&draw.step) {
                draw.amount = draw.amount.min(*missing);
                *missing -= draw.amount;
            }
        }
        draws.retain(|draw| draw.amount > 0);
        draws
    }

    /// For each arc of the field its part of what the blend lets through the merged one, where shared
    /// steps close it.
    fn shares(&self, merged: &Merged, blend: &Blend) -> Vec<i64> {
        let stands = &merged.stands;
        let arcs = self.field.arcs.iter();
        let places: Vec<Option<usize>> = arcs
            .map(|arc| {
                let (from, to) = (stands[arc.from as usize], stands[arc.to as usize]);
                let key = (from, to, merged.numbers[arc.set as usize]?);
                let found = merged
                    .arcs
                    .binary_search_by_key(&key, |a| (a.from, a.to, a.set));
                found.ok()
            })
            .collect();
        let weight = |capacity: i64| {
            if capacity == FREE {
                1
            } else {
                i128::from(capacity)
            }
        };
        let mut weights = vec![0_i128; merged.arcs.len()];
        for (arc, place) in self.field.arcs.iter().zip(&places) {
            if let Some(place) = place {
                weights[*place] += weight(arc.capacity);
            }
        }
        let share = |(arc, place): (&Arc, &Option<usize>)| match place {
            Some(place) if arc.set != 0 => {
                let whole = weights[*place].max(1);
                let part = (blend[*place] * weight(arc.capacity) + whole - 1) / whole;
                part.to_i64().unwrap_or(i64::MAX)
            }
            Some(_) => i64::MAX,
            None if arc.set == 0 => i64::MAX,
            None => 0,
        };
        self.field.arcs.iter().zip(&places).map(share).collect()
    }

    fn flow(&self, shares: &[i64], pools: &[i64]) -> Flow {
        // Enough for everything, and small enough for sums.
        let plenty = i64::MAX >> 3;
        let fine = self.field.arcs.iter().map(|arc| Arc {
            capacity: match arc.capacity {
                FREE => FREE,
                capacity => capacity.saturating_mul(FINE).min(plenty),
            },
            ..*arc
        });
        let fine: Vec<Arc> = fine.collect();
        let pools: Vec<i64> = pools.iter().map(|&pool| pool.min(ENDLESS - 1)).collect();
        let sets = &self.field.sets;
        let terms = Terms {
            free: &vec![plenty; sets.len()],
            length: &vec![0; sets.len()],
            limit: 1,
            most: plenty,
            pools: &pools,
        };
        Network::new(self.field.vertices, &fine, sets, pools.len())
            .flow_first_within(shares, &terms)
    }

    /// The flow in the estate's terms, in the largest unit that keeps amounts whole.
    fn written(&self, flow: &Flow, unit: &Money, draws: Vec<Draw>) -> FlowProof {
        let of_draws = draws.iter().map(|draw| draw.amount);
        let amounts = flow.through.iter().map(|amount| amount.unsigned_abs());
        let common = amounts.chain(of_draws).fold(0, common_divisor).max(1);
        let (mut edges, mut nodes) = (Vec::new(), Vec::new());
        for (number, &amount) in flow.through.iter().enumerate() {
            if amount > 0 {
                let amount = amount.unsigned_abs() / common;
                match self.field.origin(number) {
                    Origin::Edge(edge) => edges.push((edge, amount)),
                    Origin::Node(node) => nodes.push((node, amount)),
                }
            }
        }
        edges.sort_unstable();
        nodes.sort_unstable();
        let total = Exact::from(BigInt::from(flow.total));
        let drawing: BTreeSet<StepIx> = draws.iter().map(|draw| draw.step).collect();
        let behind = self
            .replaced
            .iter()
            .filter(|(_, leader)| drawing.contains(leader));
        let draws = draws.into_iter().map(|draw| Draw {
            amount: draw.amount / common,
            ..draw
        });
        FlowProof {
            behind: behind.map(|(&step, &leader)| (step, leader)).collect(),
            bound: Money::from_exact(unit.exact() * total),
            unit: Money::from_exact(unit.exact() * Exact::from(BigInt::from(common))),
            edges,
            nodes,
            draws: draws.collect(),
        }
    }
}

/// What may be charged to a service: the least loss of whoever draws on it.
#[derive(Debug, Clone, Default)]
struct Purse {
    least: Option<i64>,
    spent: i64,
}

impl Purse {
    /// Takes up to an amount for a step that makes the service lose so much; nothing if the others
    /// have more already.
    fn take(&mut self, loss: i64, wanted: i128) -> i64 {
        let least = self.least.map_or(loss, |least| least.min(loss));
        let free = least.saturating_sub(self.spent).max(0);
        let amount = i128::from(free).min(wanted).to_i64().unwrap_or(0);
        if amount > 0 {
            self.least = Some(least);
            self.spent += amount;
        }
        amount
    }

    /// Takes what is left.
    fn empty(&mut self) -> i64 {
        let left = self.least.unwrap_or(0) - self.spent;
        self.spent += left;
        left
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
