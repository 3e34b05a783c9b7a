//! What no set better than the best known does, and the smaller arcs that are left of the rest.
//!
//! Every row of the relaxation comes from a flow, and multiples of rows that bound the root also say
//! what more a set costs that takes a certain step, or whose cut lets a flow back (the reduced costs of
//! linear programming). What costs so much more that the set is no better than the best known is left
//! out of everything that follows: steps are refused, own steps are forgotten, and vertices that every
//! better cut leaves on one side are made one. Invariant: each set worth less than the limit is still
//! there, or one worth no more. All of it in whole numbers.

use std::collections::BTreeMap;

use super::{
    alike,
    field::{Arc, FREE},
    flow::Network,
    merge::{Merged, Sides},
    search::Search,
};
use crate::solve::{
    relaxation::{Bound, PARTS, Relaxation},
    search::Choice,
};

/// Bits of a part of the grid that shares of flows are counted in.
const BITS: u32 = 32;

/// Flows by the number of the row of the relaxation that comes from each: arcs and amounts.
pub(super) type Flows = BTreeMap<usize, FlowOf>;

/// The flow that a row comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct FlowOf {
    pub(super) amounts: Vec<(u32, i64)>,
    /// Whether some step counts for less in the row than it stops of the flow.
    pub(super) is_capped: bool,
}

/// Whether looking for what is in no better set was of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrower {
    /// Much is left out.
    Much,
    /// Little or nothing more.
    Little,
    /// No set is better.
    Nothing,
}

impl Narrower {
    /// Looking twice.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            (Self::Much, _) | (_, Self::Much) => Self::Much,
            (Self::Little, Self::Little) => Self::Little,
        }
    }
}

impl Search<'_, '_> {
    /// Forgets rows that the root's bound is not made of, and refused steps in the rest.
    pub(super) fn forget(&mut self) {
        let with = |wanted: Choice| {
            let settled = self.settled.iter().enumerate();
            let such = settled.filter(move |(_, choice)| **choice == wanted);
            such.map(|(step, _)| step).collect::<Vec<usize>>()
        };
        let (root, kept) = self.root.narrowed(&with(Choice::Out), &with(Choice::In));
        self.root = root;
        let mut flows = Flows::new();
        for (number, before) in kept.into_iter().enumerate() {
            if let Some(flow) = self.flows.remove(&before) {
                flows.insert(number, flow);
            }
        }
        self.flows = flows;
    }

    /// Leaves out what is in no set that is better than the best known.
    pub(super) fn narrow(&mut self) -> Narrower {
        if self.best.is_none() {
            return Narrower::Little;
        }
        self.narrowed_at = self.limit;
        let mut root = self.root.clone();
        let Some(bound) = self.settle(&mut root) else {
            return Narrower::Nothing;
        };
        self.root = root;
        let (own, steps) = (self.own.0, self.settled.len());
        let known = known(
            &self.merged,
            (&self.root, &bound),
            &self.flows,
            (own, steps),
            self.limit,
        );
        let Some(known) = known else {
            return Narrower::Little;
        };
        let Some(narrowed) = Narrowed::new(&self.merged, &known) else {
            return Narrower::Nothing;
        };
        let is_much = narrowed.merged.arcs.len() * 4 < self.merged.arcs.len() * 3;
        for (settled, choice) in self.settled.iter_mut().zip(&known.steps) {
            if *settled == Choice::Open {
                *settled = *choice;
            }
        }
        for flow in self.flows.values_mut() {
            *flow = narrowed.carried(flow);
        }
        self.merged = narrowed.merged;
        let Merged {
            vertices,
            arcs,
            sets,
            ..
        } = &self.merged;
        self.network = Network::new(*vertices, arcs, sets, steps);
        self.forget();
        if is_much {
            Narrower::Much
        } else {
            Narrower::Little
        }
    }
}

/// What is known of all sets worth less than the limit.
#[derive(Debug)]
struct Known {
    /// By shared step.
    steps: Vec<Choice>,
    /// By arc, whether its own step is in none of them.
    spared: Vec<bool>,
    /// By arc, whether what it leads to is reached only where its own beginning is.
    drawn: Vec<bool>,
}

/// Arcs that are left, and where those before went.
#[derive(Debug)]
struct Narrowed {
    merged: Merged,
    /// By arc before, the arc that holds it now.
    places: Vec<Option<u32>>,
}

/// What the multiples of a settled relaxation say; none if some row comes from no flow.
fn known(
    merged: &Merged,
    (relaxation, bound): (&Relaxation, &Bound),
    flows: &Flows,
    (own, steps): (usize, usize),
    limit: i128,
) -> Option<Known> {
    let shares = Shares::new(merged.arcs.len(), relaxation, flows, own)?;
    let part = i128::from(PARTS);
    let rest = |arc: &Arc, share: i128| ((i128::from(arc.capacity) * part) << BITS) - share;
    let finite = || merged.arcs.iter().zip(&shares.most);
    let finite = || finite().filter(|(arc, _)| arc.capacity != FREE);
    let beyond: i128 = finite().map(|(arc, &share)| rest(arc, share).min(0)).sum();
    // What of the limit the bound leaves, in shares; a set that needs more is not below the limit.
    let base = bound.total() - bound.reduced(own).min(0);
    let room = (((limit - 1) * part - base) << BITS) - beyond;
    let hopeless = |more: i128| more > room;
    let choice = |step: usize| {
        let reduced = bound.reduced(step) << BITS;
        if hopeless(reduced) {
            Choice::Out
        } else if hopeless(-reduced) {
            Choice::In
        } else {
            Choice::Open
        }
    };
    let spared = |(arc, share): (&Arc, &i128)| arc.capacity == FREE || hopeless(rest(arc, *share));
    Some(Known {
        steps: (0..steps).map(choice).collect(),
        spared: merged.arcs.iter().zip(&shares.most).map(spared).collect(),
        drawn: shares.least.iter().map(|&share| hopeless(share)).collect(),
    })
}

/// What all flows together let through each arc, each as often as its row counts, in shares of the grid.
struct Shares {
    /// Rounded up.
    most: Vec<i128>,
    /// Rounded down, of flows of which all that a cut lets back counts.
    least: Vec<i128>,
}

impl Shares {
    fn new(arcs: usize, relaxation: &Relaxation, flows: &Flows, own: usize) -> Option<Self> {
        let (mut most, mut least) = (vec![0; arcs], vec![0; arcs]);
        for (number, multiple) in relaxation.counted() {
            let row = relaxation.row(number);
            let Some(flow) = flows.get(&number) else {
                if row.terms.iter().any(|(variable, _)| *variable == own) {
                    return None;
                }
                continue;
            };
            let scale = i128::from(row.scale);
            let down = (multiple << BITS) / scale;
            let up = down + 1;
            for &(arc, amount) in &flow.amounts {
                most[arc as usize] += up * i128::from(amount);
                if !flow.is_capped {
                    least[arc as usize] += down * i128::from(amount);
                }
            }
        }
        Some(Self { most, least })
    }
}

impl Narrowed {
    /// What is left; none if no set is better.
    fn new(merged: &Merged, known: &Known) -> Option<Self> {
        let (sets, numbers) = left_of(&merged.sets, &known.steps);
        let classes = classes(merged, known, &numbers)?;
        let arcs = merged.arcs.iter().zip(&known.spared);
        let left = arcs.filter_map(|(arc, &spared)| {
            Some(Arc {
                set: numbers[arc.set as usize]?,
                capacity: if spared { FREE } else { arc.capacity },
                ..*arc
            })
        });
        let mut narrowed = Merged {
            arcs: left.collect(),
            stands: merged.stands.clone(),
            vertices: merged.vertices,
            sets,
            numbers: merged
                .numbers
                .iter()
                .map(|set| numbers[(*set)? as usize])
                .collect(),
        };
        narrowed.apply(&classes);
        narrowed.settle();
        let mut now = vec![0_u32; merged.vertices];
        for (&before, &after) in merged.stands.iter().zip(&narrowed.stands) {
            now[before as usize] = after;
        }
        let place = |arc: &Arc| {
            let set = numbers[arc.set as usize]?;
            let key = (now[arc.from as usize], now[arc.to as usize], set);
            let arcs = &narrowed.arcs;
            let found = arcs.binary_search_by_key(&key, |arc| (arc.from, arc.to, arc.set));
            found.ok().and_then(|place| u32::try_from(place).ok())
        };
        Some(Self {
            places: merged.arcs.iter().map(place).collect(),
            merged: narrowed,
        })
    }

    /// A flow through the arcs before as one through those that are left.
    fn carried(&self, flow: &FlowOf) -> FlowOf {
        let moved = flow.amounts.iter().filter_map(|&(arc, amount)| {
            let place = self.places[arc as usize];
            place.map(|place| (place, amount))
        });
        FlowOf {
            amounts: moved.collect(),
            is_capped: flow.is_capped,
        }
    }
}

/// Sets without steps that are refused, and for each set before its number now; none if one of its steps is
/// always chosen.
fn left_of(sets: &[Vec<usize>], steps: &[Choice]) -> (Vec<Vec<usize>>, Vec<Option<u32>>) {
    let mut list = vec![Vec::new()];
    let mut known = BTreeMap::from([(Vec::new(), 0_u32)]);
    let number = |set: &Vec<usize>| {
        if set.iter().any(|&step| steps[step] == Choice::In) {
            return None;
        }
        let open = set
            .iter()
            .copied()
            .filter(|&step| steps[step] == Choice::Open);
        let open: Vec<usize> = open.collect();
        let next = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let number = *known.entry(open.clone()).or_insert(next);
        if number == next {
            list.push(open);
        }
        Some(number)
    };
    let numbers = sets.iter().map(number).collect();
    (list, numbers)
}

/// For each vertex the number of those that every better cut leaves on its side; none if there is no such cut.
fn classes(merged: &Merged, known: &Known, numbers: &[Option<u32>]) -> Option<Vec<u32>> {
    let follows = |from: u32, to: u32| Arc {
        from,
        to,
        set: 0,
        capacity: FREE,
    };
    let vertices = 0..u32::try_from(merged.vertices).unwrap_or(u32::MAX);
    // The source is always reached and the sink never.
    let ends = vertices.flat_map(|vertex| [follows(vertex, 0), follows(1, vertex)]);
    let mut all: Vec<Arc> = ends.collect();
    for (number, arc) in merged.arcs.iter().enumerate() {
        if known.spared[number] && numbers[arc.set as usize] == Some(0) {
            all.push(follows(arc.from, arc.to));
        }
        if known.drawn[number] {
            all.push(follows(arc.to, arc.from));
        }
    }
    all.sort_unstable();
    let mut sides = Sides::new(merged.vertices);
    for class in alike::strongly_connected(merged.vertices, &all, |_| true) {
        if class.contains(&0) && class.contains(&1) {
            return None;
        }
        for pair in class.windows(2) {
            sides.join(pair[0], pair[1]);
        }
    }
    Some(sides.numbered())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    use super::{
        super::{
            field::{Arc, FREE},
            flow::{ENDLESS, Network, Terms},
            merge::Merged,
            search::flow_of,
        },
        Flows, Narrowed, known,
    };
    use crate::solve::{relaxation::Relaxation, row::Row, search::Choice};

    const STEPS: usize = 3;
    const VERTICES: u32 = 6;
    /// More than everything costs.
    const PLENTY: i64 = 1_000;

    /// Every set of steps, by the bits of its number.
    fn sets() -> Vec<Vec<usize>> {
        let has = |set: usize, step: &usize| set >> step & 1 == 1;
        let steps = |set| (0..STEPS).filter(|step| has(set, step)).collect();
        (0..1 << STEPS).map(steps).collect()
    }

    /// What the cheapest cut costs, by trying every set of steps and every side of it.
    fn cheapest(merged: &Merged, prices: &[i64], choices: &[Choice]) -> Option<i64> {
        let fits = |set: &Vec<usize>| {
            let mut choices = choices.iter().enumerate();
            choices.all(|(step, choice)| match choice {
                Choice::Open => true,
                Choice::In => set.contains(&step),
                Choice::Out => !set.contains(&step),
            })
        };
        let own = |set: &[usize], side: usize| {
            let crosses = |arc: &&Arc| side >> arc.from & 1 == 1 && side >> arc.to & 1 == 0;
            let mut crossing = merged.arcs.iter().filter(crosses);
            crossing.try_fold(0, |sum, arc| {
                let closing = &merged.sets[arc.set as usize];
                match (closing.iter().any(|step| set.contains(step)), arc.capacity) {
                    (true, _) => Some(sum),
                    (false, FREE) => None,
                    (false, capacity) => Some(sum + capacity),
                }
            })
        };
        // The source, which is the first, is reached, and the sink, the second, is not.
        let sides = || (0..1_usize << merged.vertices).filter(|side| side & 3 == 1);
        let sets = sets().into_iter().filter(fits);
        let costs = sets.filter_map(|set| {
            let least = sides().filter_map(|side| own(&set, side)).min()?;
            Some(least + set.iter().map(|&step| prices[step]).sum::<i64>())
        });
        costs.min()
    }

    fn row(merged: &Merged, through: &[i64], total: i64, own: (usize, i64)) -> Row {
        let mut stopped = [0; STEPS];
        for (arc, amount) in merged.arcs.iter().zip(through) {
            for &step in &merged.sets[arc.set as usize] {
                stopped[step] += amount;
            }
        }
        let stopped = stopped.into_iter().map(|amount| amount.min(total));
        Row {
            terms: [own].into_iter().chain(stopped.enumerate()).collect(),
            least: total,
            scale: total.max(1),
        }
    }

    proptest! {
        #[test]
        fn the_best_set_stays_however_much_is_left_out(
            ways in prop::collection::vec(
                (0..VERTICES, 0..VERTICES, 0..1_u32 << STEPS, prop::option::of(1..9_i64)), 1..16),
            prices in prop::array::uniform3(1..12_i64),
            parts in prop::collection::vec(prop::array::uniform3(0..5_u32), 1..6),
            above in any::<bool>(),
        ) {
            let arcs = ways.into_iter().map(|(from, to, set, capacity)| Arc {
                from,
                to,
                set,
                capacity: capacity.unwrap_or(FREE),
            });
            let arcs: Vec<Arc> = arcs.filter(|arc| arc.from != arc.to).collect();
            let merged = Merged::new(VERTICES as usize, &arcs, &sets());
            let Some(best) = cheapest(&merged, &prices, &[Choice::Open; STEPS]) else {
                return Ok(());
            };
            let finite = merged.arcs.iter().filter(|arc| arc.capacity != FREE);
            let own = (STEPS, finite.map(|arc| arc.capacity).sum::<i64>().max(1));
            let mut relaxation = Relaxation::new([&prices[..], &[own.1]].concat());
            let network = Network::new(merged.vertices, &merged.arcs, &merged.sets, STEPS);
            let mut flows = Flows::new();
            for parts in parts {
                let price = |set: &Vec<usize>| set.iter().map(|&step| prices[step]).min();
                let free: Vec<i64> = merged.sets.iter().map(|s| price(s).unwrap_or(PLENTY)).collect();
                let length = |set: &Vec<usize>| set.iter().map(|&step| parts[step]).sum::<u32>().min(4);
                let length: Vec<u32> = merged.sets.iter().map(length).collect();
                let flow = network.flow(&Terms {
                    free: &free,
                    length: &length,
                    limit: 4,
                    most: PLENTY,
                    pools: &[ENDLESS; STEPS],
                });
                prop_assert!(flow.total < PLENTY);
                let row = row(&merged, &flow.through, flow.total, own);
                flows.insert(relaxation.rows(), flow_of(&flow, &row));
                relaxation.add(Rc::new(row));
            }
            let bound = relaxation.settle().unwrap();
            prop_assert!(bound.value() <= i128::from(best));
            let limit = i128::from(best) + i128::from(above) + 1;
            let mut left = merged;
            // Twice, as flows go along to what is left.
            for _ in 0..2 {
                let known = known(&left, (&relaxation, &bound), &flows, (own.0, STEPS), limit).unwrap();
                let narrowed = Narrowed::new(&left, &known);
                prop_assert!(narrowed.is_some());
                let Some(narrowed) = narrowed else {
                    return Ok(());
                };
                let found = cheapest(&narrowed.merged, &prices, &known.steps);
                prop_assert_eq!(found, Some(best));
                for flow in flows.values_mut() {
                    *flow = narrowed.carried(flow);
                }
                left = narrowed.merged;
            }
        }
    }
}
