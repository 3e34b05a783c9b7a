//! Very many steps that stop something, each closing little: what they stop is paid for by tolls.
//!
//! That a gate of `m` children fails once `t` of them have says that at most `t - 1` fail, or one more for each share of
//! `m - t + 1` of the gate's price. Paying so much toll for each child, less `t - 1` tolls, is therefore never more than what
//! the gate costs (Lagrange; Held and Karp 1971), and with all tolls set the rest is one minimum cut. Gates that may not fail
//! pay any toll. Tolls follow what each cut takes down, and each cut is a candidate, priced as it is. A step that closes
//! several ways splits its price among them. Invariant: whole numbers, and every bound is one.

use cordon_model::StepIx;
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use super::{
    alike::mixed,
    field::{Arc, FREE, Parted},
    flow::{Network, Terms},
};
use crate::solve::{gates::Gates, ground::Way, problem::Problem};

/// Cuts looked at.
const CUTS_MAX: usize = 160;
/// Cuts that neither raise the bound nor lower the price after which more are not worth it.
const STALL_MAX: usize = 60;
/// Bits that all capacities together may take.
const BITS_MAX: u64 = 60;
/// How often a toll moves the same way before it moves further each time.
const SAME_MAX: u32 = 2;
/// How much of what is split goes where it was last wanted.
const SHIFT: f64 = 0.3;

/// What tolls found.
#[derive(Debug)]
pub(super) struct Tolled {
    /// The cheapest admissible set met, by step, and its value.
    pub(super) best: Option<(Vec<bool>, BigInt)>,
    /// No set is worth less.
    pub(super) lower: BigInt,
    /// What the first cut showed.
    pub(super) first: BigInt,
    /// More than any set can be worth.
    pub(super) beyond: BigInt,
    /// Slots looked at.
    pub(super) scanned: u64,
    /// Cuts looked at.
    pub(super) cuts: usize,
    /// By step, how many of them took it.
    pub(super) taken: Vec<u32>,
}

/// One gate's toll, and how it moves.
#[derive(Debug, Clone)]
struct Toll {
    /// What each child pays if several must fail; else what is paid where nothing may fail.
    each: i64,
    move_by: i64,
    rose: Option<bool>,
    /// How often it moved the same way since.
    same: u32,
    /// By child, its part where one is enough.
    parts: Vec<f64>,
}

/// The search for tolls.
struct Tolls<'p, 'e> {
    problem: &'p Problem<'e>,
    gates: &'p Gates,
    ways: &'p [Way],
    /// By way, the steps that close it, by number.
    closing: Vec<Vec<usize>>,
    /// By way and step that closes it, its part of the price.
    parts: Vec<Vec<f64>>,
    vertices: usize,
    /// By variable in fine units, those of steps with what tells equals apart taken off.
    weights: Vec<i64>,
    by_gate: Vec<Toll>,
    never: Vec<bool>,
    /// A unit of value has so many fine ones: two to the power of `fine`, of which `shift` bits were cut off.
    fine: u64,
    shift: u64,
    most: i64,
}

/// Looks for tolls as long as that helps and so many slots last. The steps of the problem are all that there are.
pub(super) fn tolled(
    (problem, gates): (&Problem<'_>, &Gates),
    parted: &Parted,
    vertices: usize,
    slots_max: u64,
) -> Tolled {
    let mut tolls = Tolls::new((problem, gates), parted, vertices);
    let mut found = Tolled {
        best: None,
        lower: BigInt::zero(),
        first: BigInt::zero(),
        beyond: gates.weights().iter().sum::<BigInt>() + 1,
        scanned: 0,
        cuts: 0,
        taken: vec![0; problem.steps.len()],
    };
    tolls.look(&mut found, slots_max);
    let value = found.best.as_ref().map(|(_, value)| value.clone());
    if value.is_some_and(|value| found.lower < value) {
        // A group that is nearly worth its price is let go at the best tolls; what keeping every group costs is a set as well, and
        // what bounds such sets is no bound of all.
        let lower = std::mem::take(&mut found.lower);
        let mut tolls = Tolls::new((problem, gates), parted, vertices);
        tolls.keep_groups();
        tolls.look(&mut found, slots_max);
        found.lower = lower;
    }
    found
}

impl<'p, 'e> Tolls<'p, 'e> {
    fn new(
        (problem, gates): (&'p Problem<'e>, &'p Gates),
        parted: &'p Parted,
        vertices: usize,
    ) -> Self {
        let steps = problem.steps.len();
        let mut numbers = std::collections::BTreeMap::new();
        for (number, step) in problem.steps.iter().enumerate() {
            numbers.insert(*step, number);
        }
        let ways = parted.ways.as_slice();
        let known = |way: &Way| {
            let closing = parted.sets[way.set as usize].iter();
            let known = closing.filter_map(|&step| numbers.get(&StepIx(step)).copied());
            known.collect::<Vec<usize>>()
        };
        let closing: Vec<Vec<usize>> = ways.iter().map(known).collect();
        let mut closes = vec![0_u32; steps];
        closing.iter().flatten().for_each(|&step| closes[step] += 1);
        let part = |steps: &Vec<usize>| {
            let parts = steps.iter().map(|&step| 1.0 / f64::from(closes[step]));
            parts.collect::<Vec<f64>>()
        };
        let all: BigInt = gates.weights().iter().sum();
        let spread = u64::from(usize::BITS - steps.leading_zeros());
        // Gates of which all children must fail charge each of them all.
        let bits = all.bits() + spread + 2;
        let shift = bits.saturating_sub(BITS_MAX);
        let fine = BITS_MAX.saturating_sub(bits).min(3 * spread);
        let units = |weight: &BigInt| ((weight >> shift) << fine).to_i64().unwrap_or(0);
        let mut weights: Vec<i64> = gates.weights().iter().map(units).collect();
        // Equals are told apart by less than one unit in all, and not by their order: others that close the same ways may be in
        // the same order.
        let apart = (1_u64 << fine) >> spread;
        for (number, weight) in (0_u64..).zip(weights.iter_mut().take(steps)) {
            let less = mixed(number).checked_rem(apart).unwrap_or(0);
            *weight = weight.saturating_sub_unsigned(less).max(0);
        }
        let dearest = weights.iter().take(steps).max().copied().unwrap_or(1);
        let mut never = vec![false; weights.len()];
        gates.never().for_each(|gate| never[gate] = true);
        let tolls = gates.made().enumerate().map(|(number, (trips, children))| {
            let count = children.len();
            #[expect(clippy::cast_precision_loss, reason = "counts of children are small")]
            let even = 1.0 / count.max(1) as f64;
            let is_never = never[steps + number];
            Toll {
                each: if is_never { 0 } else { i64::MAX },
                move_by: if is_never { dearest / 4 + 1 } else { 0 },
                rose: None,
                same: 0,
                parts: vec![even; if trips == 1 { count } else { 0 }],
            }
        });
        Self {
            by_gate: tolls.collect(),
            parts: closing.iter().map(part).collect(),
            vertices,
            most: i64::MAX >> 2,
            problem,
            gates,
            ways,
            closing,
            weights,
            never,
            fine,
            shift,
        }
    }

    /// Has no group fail of which several must.
    fn keep_groups(&mut self) {
        let steps = self.problem.steps.len();
        let dearest = self.weights.iter().take(steps).max().copied();
        let gates = self.gates.made().zip(&mut self.by_gate);
        for ((gate, toll), never) in gates.zip(self.never.iter_mut().skip(steps)) {
            if gate.0 > 1 && !*never {
                *never = true;
                toll.each = 0;
                toll.move_by = dearest.unwrap_or(0) / 4 + 1;
            }
        }
    }

    /// Moves tolls as long as that helps.
    fn look(&mut self, found: &mut Tolled, slots_max: u64) {
        let (mut stalled, until) = (0, found.cuts + CUTS_MAX);
        while found.cuts < until && stalled < STALL_MAX {
            let (is_better, taken) = self.cut(found);
            stalled = if is_better { 0 } else { stalled + 1 };
            let is_done = match &found.best {
                Some((_, value)) => found.lower >= *value || found.scanned > slots_max,
                None => found.lower >= found.beyond,
            };
            if is_done {
                break;
            }
            self.follow(&taken, found);
        }
    }

    /// What each variable pays with these tolls, and what was paid too much by all together.
    fn paid(&mut self) -> (Vec<i64>, i128) {
        let steps = self.problem.steps.len();
        let mut credit = self.weights.clone();
        let mut too_much = 0_i128;
        let made: Vec<_> = self.gates.made().collect();
        for (number, (trips, children)) in made.into_iter().enumerate().rev() {
            let toll = &mut self.by_gate[number];
            let mut has = credit[steps + number];
            if self.never[steps + number] {
                let spare = if trips == 1 {
                    1
                } else {
                    children.len() + 1 - trips
                };
                let spare = i64::try_from(spare).unwrap_or(i64::MAX);
                has = has
                    .saturating_add(toll.each.saturating_mul(spare))
                    .min(self.most);
            }
            if has == 0 || children.is_empty() {
                continue;
            }
            if trips == 1 {
                let mut left = has;
                for (&child, part) in children.iter().zip(&toll.parts) {
                    let pays = share(has, *part).min(left);
                    left -= pays;
                    credit[child] = credit[child].saturating_add(pays);
                }
                continue;
            }
            let spare = i64::try_from(children.len() + 1 - trips).unwrap_or(i64::MAX);
            let most = has / spare;
            toll.each = toll.each.min(most);
            if toll.move_by == 0 {
                toll.move_by = most / 4 + 1;
            }
            for &child in children {
                credit[child] = credit[child].saturating_add(toll.each);
            }
            let trips = i128::try_from(trips).unwrap_or(i128::MAX);
            too_much += i128::from(toll.each) * (trips - 1);
        }
        (credit, too_much)
    }

    /// Takes the cheapest cut at these tolls; whether that is of use, and the steps that it takes.
    fn cut(&mut self, found: &mut Tolled) -> (bool, Vec<bool>) {
        let (prices, too_much) = self.paid();
        let mut arcs = Vec::with_capacity(self.ways.len());
        let mut cheapest = Vec::with_capacity(self.ways.len());
        for ((way, steps), parts) in self.ways.iter().zip(&self.closing).zip(&self.parts) {
            let each = steps.iter().zip(parts);
            let least = each
                .map(|(&step, part)| (share(prices[step], *part), step))
                .min();
            arcs.push(Arc {
                from: way.from,
                to: way.to,
                set: 0,
                capacity: least.map_or(FREE, |(price, _)| price.min(self.most)),
            });
            cheapest.push(least);
        }
        let network = Network::new(self.vertices, &arcs, &[Vec::new()], 0);
        let flow = network.flow(&Terms {
            free: &[self.most],
            length: &[0],
            limit: 1,
            most: self.most,
            pools: &[],
        });
        found.scanned += flow.work;
        found.cuts += 1;
        let reached = |vertex: u32| flow.far[vertex as usize] < 1;
        let mut taken = vec![false; self.problem.steps.len()];
        for ((way, least), parts) in self
            .ways
            .iter()
            .zip(&cheapest)
            .zip(self.closing.iter().zip(&mut self.parts))
        {
            let crosses = reached(way.from) && !reached(way.to);
            let (steps, parts) = parts;
            if let Some((_, step)) = least.filter(|_| crosses) {
                taken[step] = true;
            }
            let wanted = |step| crosses && least.is_some_and(|(_, least)| least == step);
            for (&step, part) in steps.iter().zip(parts.iter_mut()) {
                let more = if wanted(step) { 1.0 } else { 0.0 };
                // One is all of it: a step that closes one way only keeps it.
                if *part < 1.0 {
                    *part = *part * (1.0 - SHIFT) + more * SHIFT;
                }
            }
        }
        self.even_out();
        for (times, taken) in found.taken.iter_mut().zip(&taken) {
            *times += u32::from(*taken);
        }
        (self.note(found, (flow.total, too_much), &taken), taken)
    }

    /// Has the parts of each step sum up to no more than one.
    fn even_out(&mut self) {
        let mut sums = vec![0.0; self.problem.steps.len()];
        let each = || self.closing.iter().zip(&self.parts);
        for (&step, part) in each().flat_map(|(steps, parts)| steps.iter().zip(parts)) {
            sums[step] += part;
        }
        for (steps, parts) in self.closing.iter().zip(&mut self.parts) {
            for (&step, part) in steps.iter().zip(parts) {
                if *part < 1.0 && sums[step] > 0.0 {
                    *part /= sums[step] * (1.0 + 1e-9);
                }
            }
        }
    }

    /// Takes note of a bound in fine units and of a set; whether one of them is better than before.
    fn note(&self, found: &mut Tolled, (flow, too_much): (i64, i128), taken: &[bool]) -> bool {
        let bound = i128::from(flow) - too_much;
        let whole =
            bound.div_euclid(1 << self.fine) + i128::from(bound.rem_euclid(1 << self.fine) > 0);
        let bound = BigInt::from(whole.max(0)) << self.shift;
        let mut is_better = bound > found.lower;
        if found.cuts == 1 {
            found.first.clone_from(&bound);
        }
        found.lower = std::mem::take(&mut found.lower).max(bound);
        // Where more is wanted than may flow, no cut was found.
        let is_cut = flow < self.most;
        let value = self.problem.value(taken).filter(|_| is_cut);
        if let Some(value) = value
            && found.best.as_ref().is_none_or(|(_, best)| value < *best)
        {
            found.best = Some((taken.to_vec(), value));
            is_better = true;
        }
        is_better
    }

    /// Moves tolls by what a cut takes down: up where too many children fail, down where there is room for more, unless no
    /// admissible set was met so far.
    fn follow(&mut self, taken: &[bool], found: &Tolled) {
        let may_fall = found.best.is_some();
        let mut failed = taken.to_vec();
        let most = self.most >> 8;
        for ((trips, children), toll) in self.gates.made().zip(&mut self.by_gate) {
            let count = children.iter().filter(|&&child| failed[child]).count();
            failed.push(count >= trips);
            let is_never = self.never[failed.len() - 1];
            if trips == 1 {
                #[expect(clippy::cast_precision_loss, reason = "counts of children are small")]
                let each = SHIFT / count.max(1) as f64;
                for (part, &child) in toll.parts.iter_mut().zip(children).filter(|_| count > 0) {
                    *part *= 1.0 - SHIFT;
                    *part += if failed[child] { each } else { 0.0 };
                }
            }
            let rises = count >= trips;
            let stays = count + 1 == trips || !rises && !may_fall || trips == 1 && !is_never;
            if stays {
                continue;
            }
            toll.same = if toll.rose == Some(rises) {
                toll.same + 1
            } else {
                0
            };
            match toll.rose {
                Some(rose) if rose != rises => toll.move_by = toll.move_by / 2 + 1,
                Some(_) if rises && !may_fall => toll.move_by = toll.move_by.saturating_mul(2),
                Some(_) if toll.same >= SAME_MAX => {
                    toll.move_by = toll.move_by.saturating_add(toll.move_by / 2);
                }
                Some(_) | None => {}
            }
            toll.rose = Some(rises);
            toll.move_by = toll.move_by.min(most);
            toll.each = if rises {
                toll.each.saturating_add(toll.move_by).min(most)
            } else {
                (toll.each - toll.move_by).max(0)
            };
        }
    }
}

/// A part of an amount, rounded down; all of it for one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a part may be a little less than meant, never more than the amount"
)]
fn share(amount: i64, part: f64) -> i64 {
    if part >= 1.0 {
        return amount;
    }
    ((amount as f64 * part * (1.0 - 1e-9)) as i64).min(amount)
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "how many estates are tried is set from outside"
)]
mod tests {
    use std::collections::BTreeSet;

    use cordon_model::NodeIx;

    use super::super::{super::estates::case, Parted, with_tolls};
    use crate::{
        Effort, FlowProof, Question, price,
        solve::{Aim, NoSet, Task, Ties, cheapest, ground::Uncuttable, problem::Stripped},
        vet_flow,
    };

    #[test]
    fn what_tolls_find_is_a_set_at_its_price_and_a_bound_of_all_sets() {
        let set = std::env::var("CORDON_PLAN_ESTATES").ok();
        let many: u64 = set.map_or(1_000, |set| set.parse().unwrap());
        let (mut plans, mut met, mut proven) = (0, 0, 0);
        for seed in 0..many {
            let case = case(seed, 14);
            let estate = case.estate();
            let held = case.held.clone();
            let jewels = estate.jewels().map(|(node, _)| node);
            let jewels: Vec<NodeIx> = jewels.filter(|node| !held.contains(node)).collect();
            let protected = estate.services().iter().map(|service| service.protected);
            let task = Task {
                estate: &estate,
                hold: &case.hold,
                aim: Aim::CutOff {
                    held,
                    jewels,
                    gone: BTreeSet::new(),
                },
                protected: protected.collect(),
            };
            let exact = cheapest(&task, Effort(100_000), Ties::Any);
            let tolled = Stripped::new(&task).map_err(|Uncuttable| NoSet::Impossible);
            let tolled = tolled.and_then(|mut stripped| {
                let parted = Parted::new(&estate, &mut stripped);
                with_tolls(&stripped, &parted, Effort(10_000))
            });
            plans += u64::from(exact.is_ok());
            match (exact, tolled) {
                (Ok(exact), Ok(tolled)) => {
                    met += 1;
                    proven += u64::from(tolled.price == tolled.lower_bound);
                    assert!(tolled.lower_bound <= exact.price, "seed {seed}");
                    assert!(tolled.price >= exact.price, "seed {seed}");
                    let found = price(&estate, &tolled.steps, &case.hold);
                    assert_eq!(found.total, tolled.price, "seed {seed}");
                    let question = Question {
                        estate: &estate,
                        footholds: case.footholds(),
                        outside_estate: Vec::new(),
                        hold: case.hold.clone(),
                        effort: Effort(0),
                    };
                    let flaws = crate::inadmissible(&question, &tolled.steps);
                    assert_eq!(flaws, [], "seed {seed}");
                    let shows = |flow: &FlowProof| vet_flow(&question, flow).is_ok();
                    assert!(tolled.flow.as_ref().is_none_or(shows), "seed {seed}");
                }
                (Ok(_), Err(missing)) => {
                    assert!(matches!(missing, NoSet::NotFound(_)), "seed {seed}");
                }
                (Err(_), found) => assert!(found.is_err(), "seed {seed}"),
            }
        }
        assert!(plans > many / 4, "{plans} plans");
        assert!(met * 10 > plans * 9, "{met} of {plans} are met");
        assert!(proven * 2 > plans, "{proven} of {plans} are proven");
    }
}
