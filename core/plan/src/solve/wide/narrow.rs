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
