//! When services stop, in whole ticks: the arithmetic of the search.
//!
//! Times are counted in ticks of one common denominator and never beyond the hold, since whatever
//! stops at the hold or later costs nothing within it and breaks no protection.

use cordon_model::{Estate, Exact, Hours, Need, NodeIx, ServiceIx};
use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::price::Standing;

/// The least common multiple of two positive whole numbers.
pub(super) fn lcm(a: &BigInt, b: &BigInt) -> BigInt {
    a * Exact::new(a.clone(), b.clone()).denom()
}

/// The greatest common divisor of a whole number and a positive one.
pub(super) fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    b / Exact::new(a.clone(), b.clone()).denom()
}

/// An exact number in units of which it is a whole multiple.
pub(super) fn in_units(value: &Exact, units: &BigInt) -> BigInt {
    value.numer() * units / value.denom()
}

/// An estate's services on a clock of whole ticks.
#[derive(Debug, Clone)]
pub(super) struct Outage<'e> {
    estate: &'e Estate,
    hours: Hours,
    ticks_per_hour: BigInt,
    hold: BigInt,
    covers: Vec<BigInt>,
    at_once: BigInt,
    /// For each node its number among those that services need, counted from one; none needs the rest.
    slots: Vec<u32>,
    slots_count: usize,
}

impl<'e> Outage<'e> {
    /// Sets the clock.
    pub(super) fn new(estate: &'e Estate, hold: &Hours) -> Self {
        let services = estate.services();
        let spans = services.iter().flat_map(|s| [&s.cover, &s.ramp]);
        let ticks_per_hour = spans.chain([hold]).fold(BigInt::one(), |ticks, span| {
            lcm(&ticks, span.exact().denom())
        });
        let covers = services
            .iter()
            .map(|s| in_units(s.cover.exact(), &ticks_per_hour));
        let mut named = vec![false; estate.nodes().len()];
        for service in services {
            mark_nodes(&service.needs, &mut named);
        }
        let mut slots_count = 0;
        let slot = |named: bool| {
            slots_count += u32::from(named);
            if named { slots_count } else { 0 }
        };
        let slots: Vec<u32> = named.into_iter().map(slot).collect();
        Self {
            slots,
            slots_count: slots_count as usize,
            estate,
            hours: hold.clone(),
            hold: in_units(hold.exact(), &ticks_per_hour),
            covers: covers.collect(),
            ticks_per_hour,
            at_once: BigInt::zero(),
        }
    }

    /// The estate.
    pub(super) fn estate(&self) -> &'e Estate {
        self.estate
    }

    /// The hold in hours.
    pub(super) fn hours(&self) -> &Hours {
        &self.hours
    }

    /// How many ticks an hour has.
    pub(super) fn ticks_per_hour(&self) -> &BigInt {
        &self.ticks_per_hour
    }

    /// The hold in ticks.
    pub(super) fn hold(&self) -> &BigInt {
        &self.hold
    }

    /// A service's cover in ticks.
    pub(super) fn cover(&self, service: ServiceIx) -> &BigInt {
        &self.covers[service.index()]
    }

    /// The services on this clock, nothing down yet.
    pub(super) fn standing(&self) -> Standing<BigInt> {
        Standing::new(self.estate, self.covers.clone(), self.at_once.clone())
    }

    /// When each service stops once these nodes are down, the hold standing for it and for
    /// whatever is later.
    pub(super) fn starts<'n>(&self, down: impl Iterator<Item = &'n NodeIx>) -> Vec<BigInt> {
        // Nodes that no service needs all share the first place, which nothing asks for.
        let mut is_down = vec![false; self.slots_count + 1];
        for node in down {
            is_down[self.slots[node.index()] as usize] = true;
        }
        let mut starts = vec![self.hold.clone(); self.covers.len()];
        for &service in self.estate.services_bottom_up() {
            let needs = &self.estate.service(service).needs;
            let start = self.fails(needs, &is_down, &starts) + self.cover(service);
            if start < self.hold {
                starts[service.index()] = start;
            }
        }
        starts
    }

    fn fails<'t>(&'t self, need: &Need, down: &[bool], starts: &'t [BigInt]) -> &'t BigInt {
        let each = |children: &[Need]| -> Vec<&'t BigInt> {
            children
                .iter()
                .map(|child| self.fails(child, down, starts))
                .collect()
        };
        let found = match need {
            Need::Node(node) if down[self.slots[node.index()] as usize] => Some(&self.at_once),
            Need::Node(_) => None,
            Need::Service(service) => Some(&starts[service.index()]),
            Need::All(children) => each(children).into_iter().min(),
            Need::Any(children) => each(children).into_iter().max(),
            Need::AtLeast { k, of } => {
                let mut times = each(of);
                times.sort();
                Some(times[of.len() - k])
            }
        };
        found.unwrap_or(&self.hold)
    }

    /// Which services money or protection hangs on: those that lose, those that are protected,
    /// and whatever they need.
    pub(super) fn that_matter(&self, protected: &[bool]) -> Vec<bool> {
        let services = self.estate.services();
        let rated = services.iter().map(|s| !s.loss_per_hour.is_zero());
        let mut matter: Vec<bool> = rated.zip(protected).map(|(rated, &p)| rated || p).collect();
        for service in self.estate.services_bottom_up().iter().rev() {
            if matter[service.index()] {
                let needs = &self.estate.service(*service).needs;
                needs.for_each_service(&mut |needed| matter[needed.index()] = true);
            }
        }
        matter
    }
}

/// Marks every node that an expression names.
pub(super) fn mark_nodes(need: &Need, named: &mut [bool]) {
    need.for_each_node(&mut |node| named[node.index()] = true);
}
