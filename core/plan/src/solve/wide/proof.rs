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
    field::{FREE, Field},
    flow::{ENDLESS, Flow, Network, Terms},
    merge::Merged,
};
use crate::{
    Draw, FlowProof, price,
    solve::{ground::Origin, problem::Problem},
};

/// Parts of a unit of value that flows are counted in, as a power of two: shares of an arc's price
/// among thousands of arcs stay whole numbers.
const FINE_BITS: u32 = 20;

/// The flow of the merged arcs that multiples of flows make, in fine units.
pub(super) type Blend = Vec<i128>;

/// What is known when a proof is written.
pub(super) struct Made<'m, 'e> {
    pub(super) problem: &'m Problem<'e>,
    pub(super) field: &'m Field,
    pub(super) merged: &'m Merged,
    pub(super) shift: u64,
    /// Steps left out, each with the one in its place.
    pub(super) replaced: &'m BTreeMap<StepIx, StepIx>,
}

/// How many fine units make a unit of capacity.
pub(super) fn fine() -> i64 {
    1 << FINE_BITS
}

impl Made<'_, '_> {
    /// The best flow of the field within what a blend spends on shared steps; none if there is nothing
    /// to be stopped.
    pub(super) fn proof(&self, blend: &Blend) -> Option<FlowProof> {
        let unit = self.unit();
        let (pools, draws) = self.pools(blend, &unit);
        let network = Network::new(self.field.vertices, &self.field.arcs);
        let shares = self.shares(blend);
        let endless = vec![i64::MAX; self.field.arcs.len()];
        let flows = [shares, endless].map(|shares| self.flow(&network, &shares, &pools));
        let flow = flows.into_iter().max_by_key(|flow| flow.total)?;
        if flow.total == 0 {
            return None;
        }
        Some(self.written(&flow, unit, draws))
    }

    /// One fine unit in money.
    fn unit(&self) -> Money {
        let value = BigInt::from(1) << self.shift;
        let fine = Exact::from(BigInt::from(fine()));
        Money::from_exact(self.problem.ledger.price(&value).exact() / fine)
    }

    fn in_units(amount: &Money, unit: &Money) -> i64 {
        let units = (amount.exact() / unit.exact()).floor().to_integer();
        units.to_i64().unwrap_or(i64::MAX >> 1)
    }

    /// What may be drawn on each shared step: what the blend does, as far as its own cost and losses of
    /// services that it stops by itself allow.
    fn pools(&self, blend: &Blend, unit: &Money) -> (Vec<i64>, Vec<Draw>) {
        let estate = self.problem.outage.estate();
        let hold = self.problem.outage.hours();
        let mut used = vec![0_i128; self.problem.steps.len()];
        for (arc, amount) in self.merged.arcs.iter().zip(blend) {
            for &step in &self.field.sets[arc.set as usize] {
                used[step] += amount;
            }
        }
        let mut pools: Vec<i64> = Vec::with_capacity(used.len());
        let mut draws = Vec::new();
        // What is left of each service, the least loss of whoever draws on it.
        let mut left: Vec<Option<(i64, i64)>> = vec![None; estate.services().len()];
        for (&step, &used) in self.problem.steps.iter().zip(&used) {
            let own = Self::in_units(&estate.step(step).cost, unit);
            let mut missing = (used - i128::from(own)).clamp(0, i128::from(i64::MAX >> 1));
            let mut pool = own;
            let alone = if missing > 0 {
                price(estate, &[step], hold).services
            } else {
                Vec::new()
            };
            for stopped in alone.iter().filter(|stopped| !stopped.loss.is_zero()) {
                let loss = Self::in_units(&stopped.loss, unit);
                let slot = &mut left[stopped.service.index()];
                let (least, spent) = slot.unwrap_or((loss, 0));
                let least = least.min(loss);
                let free = (least - spent).max(0);
                let amount = i128::from(free).min(missing);
                let Some(amount) = amount.to_i64().filter(|amount| *amount > 0) else {
                    continue;
                };
                if spent > least {
                    continue;
                }
                *slot = Some((least, spent + amount));
                missing -= i128::from(amount);
                pool += amount;
                draws.push(Draw {
                    step,
                    service: stopped.service,
                    amount: amount.unsigned_abs(),
                });
            }
            pools.push(pool);
        }
        (pools, draws)
    }

    /// For each arc of the field its part of what the blend lets through the merged one, where shared
    /// steps close it.
    fn shares(&self, blend: &Blend) -> Vec<i64> {
        let stands = &self.merged.stands;
        let arcs = self.field.arcs.iter();
        let places: Vec<Option<usize>> = arcs
            .map(|arc| {
                let (from, to) = (stands[arc.from as usize], stands[arc.to as usize]);
                let key = (from, to, arc.set);
                let found = self
                    .merged
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
        let mut weights = vec![0_i128; self.merged.arcs.len()];
        for (arc, place) in self.field.arcs.iter().zip(&places) {
            if let Some(place) = place {
                weights[*place] += weight(arc.capacity);
            }
        }
        let share = |(arc, place): (&super::field::Arc, &Option<usize>)| match place {
            Some(place) if arc.set != 0 => {
                let part = blend[*place] * weight(arc.capacity) / weights[*place].max(1);
                part.to_i64().unwrap_or(i64::MAX)
            }
            Some(_) => i64::MAX,
            None if arc.set == 0 => i64::MAX,
            None => 0,
        };
        self.field.arcs.iter().zip(&places).map(share).collect()
    }

    fn flow(&self, network: &Network, shares: &[i64], pools: &[i64]) -> Flow {
        let arcs = self.field.arcs.iter().zip(shares);
        // Enough for everything, and small enough for sums.
        let plenty = i64::MAX >> 3;
        let capacity: Vec<i64> = arcs
            .map(|(arc, share)| {
                let own = match arc.capacity {
                    FREE => plenty,
                    capacity => capacity.saturating_mul(fine()).min(plenty),
                };
                own.min(*share)
            })
            .collect();
        let pools: Vec<i64> = pools.iter().map(|&pool| pool.min(ENDLESS - 1)).collect();
        let set: Vec<u32> = self.field.arcs.iter().map(|arc| arc.set).collect();
        network.flow(&Terms {
            capacity: &capacity,
            length: &vec![0; self.field.arcs.len()],
            limit: 1,
            most: plenty,
            set: &set,
            sets: &self.field.sets,
            pools: &pools,
        })
    }

    fn written(&self, flow: &Flow, unit: Money, draws: Vec<Draw>) -> FlowProof {
        let (mut edges, mut nodes) = (Vec::new(), Vec::new());
        for (number, &amount) in flow.through.iter().enumerate() {
            if amount > 0 {
                let amount = amount.unsigned_abs();
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
        FlowProof {
            behind: behind.map(|(&step, &leader)| (step, leader)).collect(),
            bound: Money::from_exact(unit.exact() * total),
            unit,
            edges,
            nodes,
            draws,
        }
    }
}
