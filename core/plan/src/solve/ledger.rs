//! What steps and stopped services cost, in whole units: the money of the search.
//!
//! All money is a whole multiple of one unit, as small as needed and no smaller, so that sums and
//! comparisons are those of whole numbers. A set of steps is valued at its price in units times one
//! more than there are steps, plus how many it has: the lower value is the lower price and, at
//! equal price, the fewer steps. In wide searches the value is the price alone.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Exact, Money, ServiceIx, StepIx};
use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::{
    levels::Levels,
    outage::{Outage, gcd, in_units, lcm},
};

/// How one service loses money with the ticks it is down.
#[derive(Debug)]
struct Tariff {
    ramp: BigInt,
    /// Fine units for each squared tick within the ramp.
    rising: BigInt,
    /// Half of the fine units for each tick beyond it.
    half_rate: BigInt,
}

/// The prices of a problem in whole units.
#[derive(Debug)]
pub(super) struct Ledger {
    tariffs: Vec<Tariff>,
    hold: BigInt,
    /// Fine units to one unit of the currency: every loss at any tick is a whole number of them.
    fine: BigInt,
    /// Fine units to one unit.
    grain: BigInt,
    costs: Vec<BigInt>,
    weight: BigInt,
    /// What a step weighs beside its cost.
    each: BigInt,
}

impl Ledger {
    /// Finds the unit for these steps and all losses that they can cause.
    pub(super) fn new(outage: &Outage<'_>, steps: &[StepIx], levels: &Levels) -> Self {
        let estate = outage.estate();
        // A hundred thousand steps have a few costs.
        let mut known: BTreeMap<(&BigInt, &BigInt), usize> = BTreeMap::new();
        let mut distinct: Vec<&Exact> = Vec::new();
        let mut by_step = Vec::with_capacity(steps.len());
        for &step in steps {
            let cost = estate.step(step).cost.exact();
            let number = known.entry((cost.numer(), cost.denom()));
            by_step.push(*number.or_insert_with(|| {
                distinct.push(cost);
                distinct.len() - 1
            }));
        }
        let fine = fine_units(outage, &distinct);
        let costs = distinct.iter().map(|cost| in_units(cost, &fine));
        let costs: Vec<BigInt> = costs.collect();
        let mut ledger = Self {
            tariffs: tariffs(outage, &fine),
            hold: outage.hold().clone(),
            fine,
            grain: BigInt::one(),
            costs: Vec::new(),
            weight: BigInt::from(steps.len() + 1),
            each: BigInt::one(),
        };
        // Losses at levels left out are not known here, so they may be no multiple of any grain.
        if levels.complete() {
            ledger.grain = ledger.common_grain(&costs, levels);
        }
        let costs = costs.into_iter().map(|cost| cost / &ledger.grain);
        let costs: Vec<BigInt> = costs.collect();
        ledger.costs = by_step.into_iter().map(|at| costs[at].clone()).collect();
        ledger
    }

    /// Values sets by their price alone.
    pub(super) fn by_price(self) -> Self {
        Self {
            weight: BigInt::one(),
            each: BigInt::zero(),
            ..self
        }
    }

    /// What a step by itself adds to a value.
    pub(super) fn weight_of(&self, step: usize) -> BigInt {
        self.cost(step) * &self.weight + &self.each
    }

    fn common_grain(&self, costs: &[BigInt], levels: &Levels) -> BigInt {
        let services = (0_u32..).take(self.tariffs.len()).map(ServiceIx);
        let losses = services.flat_map(|service| {
            let starts = levels.of(service).iter();
            starts.map(move |start| self.loss(service, start))
        });
        let amounts: BTreeSet<BigInt> = losses.chain(costs.iter().cloned()).collect();
        let found = amounts.into_iter().filter(|amount| !amount.is_zero());
        found.reduce(|a, b| gcd(&a, &b)).unwrap_or_else(BigInt::one)
    }

    /// A step's own cost in units.
    pub(super) fn cost(&self, step: usize) -> &BigInt {
        &self.costs[step]
    }

    /// What a service loses within the hold if it stops then, in units.
    pub(super) fn loss(&self, service: ServiceIx, start: &BigInt) -> BigInt {
        let tariff = &self.tariffs[service.index()];
        let down = &self.hold - start;
        let fine = if down <= tariff.ramp {
            &tariff.rising * &down * &down
        } else {
            &tariff.half_rate * (down * 2 - &tariff.ramp)
        };
        fine / &self.grain
    }

    /// What a unit of price weighs against one step more.
    pub(super) fn weight(&self) -> &BigInt {
        &self.weight
    }

    /// The price within a value.
    pub(super) fn price(&self, value: &BigInt) -> Money {
        let units = value / &self.weight;
        Money::from_exact(Exact::new(units * &self.grain, self.fine.clone()))
    }
}

/// A unit of which every cost and every loss at any tick is a whole multiple.
fn fine_units(outage: &Outage<'_>, costs: &[&Exact]) -> BigInt {
    let estate = outage.estate();
    let two_ticks = outage.ticks_per_hour() * 2;
    let costs = costs.iter().map(|cost| cost.denom().clone());
    let losses = estate.services().iter().map(|service| {
        let ramp = in_units(service.ramp.exact(), outage.ticks_per_hour());
        let unit = service.loss_per_hour.exact().denom() * &two_ticks;
        if ramp.is_zero() { unit } else { unit * ramp }
    });
    costs
        .chain(losses)
        .fold(BigInt::one(), |all, each| lcm(&all, &each))
}

fn tariffs(outage: &Outage<'_>, fine: &BigInt) -> Vec<Tariff> {
    let two_ticks = outage.ticks_per_hour() * 2;
    let tariff = |service: &cordon_model::Service| {
        let half_rate = in_units(service.loss_per_hour.exact(), fine) / &two_ticks;
        let ramp = in_units(service.ramp.exact(), outage.ticks_per_hour());
        let rising = if ramp.is_zero() {
            BigInt::zero()
        } else {
            &half_rate / &ramp
        };
        Tariff {
            ramp,
            rising,
            half_rate,
        }
    };
    outage.estate().services().iter().map(tariff).collect()
}
