//! When services stop, kept up as nodes go down and come back: each change costs what hangs on it, however many others a
//! service needs.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Estate, Need, NodeIx, ServiceIx};

/// What a gate is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Gate(usize),
    Service(ServiceIx),
}

/// Something that fails once so many of its parts have.
#[derive(Debug, Clone)]
struct Gate<T> {
    above: Above,
    trips: usize,
    /// The moments at which parts fail, each with how many do.
    times: BTreeMap<T, usize>,
}

impl<T: Ord + Clone> Gate<T> {
    /// When it fails.
    fn time(&self) -> Option<T> {
        let mut more = self.trips.checked_sub(1)?;
        for (time, &count) in &self.times {
            match more.checked_sub(count) {
                Some(less) => more = less,
                None => return Some(time.clone()),
            }
        }
        None
    }

    fn swap(&mut self, before: Option<&T>, after: Option<&T>) {
        if let Some(count) = before.and_then(|time| self.times.get_mut(time)) {
            *count -= 1;
            if *count == 0 {
                before.map(|time| self.times.remove(time));
            }
        }
        if let Some(time) = after {
            *self.times.entry(time.clone()).or_default() += 1;
        }
    }
}

/// A node that services need.
#[derive(Debug, Clone, Default)]
struct Leaf {
    /// How often it was taken down.
    down: u32,
    /// The gates that it is part of, as often as it is.
    gates: Vec<usize>,
}

/// The services of an estate while some nodes are down. Time is counted in `T`.
#[derive(Debug, Clone)]
pub(crate) struct Standing<T> {
    gates: Vec<Gate<T>>,
    leaves: BTreeMap<NodeIx, Leaf>,
    /// By service, the gates that it is part of.
    needing: Vec<Vec<usize>>,
    /// By service, its own gate.
    own: Vec<usize>,
    /// By service, its place from the bottom up.
    places: Vec<usize>,
    covers: Vec<T>,
    starts: Vec<Option<T>>,
    at_once: T,
    /// Services to look at again, from the bottom up.
    open: BTreeSet<(usize, ServiceIx)>,
}

impl<T: Ord + Clone> Standing<T> {
    /// Nothing is down. Covers are by service.
    pub(crate) fn new(estate: &Estate, covers: Vec<T>, at_once: T) -> Self {
        let count = estate.services().len();
        let mut standing = Self {
            gates: Vec::new(),
            leaves: BTreeMap::new(),
            needing: vec![Vec::new(); count],
            own: vec![0; count],
            places: vec![0; count],
            covers,
            starts: vec![None; count],
            at_once,
            open: BTreeSet::new(),
        };
        for (place, &service) in estate.services_bottom_up().iter().enumerate() {
            let number = standing.gates.len();
            let needs = std::slice::from_ref(&estate.service(service).needs);
            standing.lay_out(needs, 1, Above::Service(service));
            put(&mut standing.own, service.index(), number);
            put(&mut standing.places, service.index(), place);
        }
        standing
    }

    fn lay_out(&mut self, parts: &[Need], trips: usize, above: Above) {
        let number = self.gates.len();
        self.gates.push(Gate {
            above,
            trips,
            times: BTreeMap::new(),
        });
        let above = Above::Gate(number);
        for part in parts {
            match part {
                Need::Node(node) => self.leaves.entry(*node).or_default().gates.push(number),
                Need::Service(service) => {
                    if let Some(needing) = self.needing.get_mut(service.index()) {
                        needing.push(number);
                    }
                }
                Need::All(parts) => self.lay_out(parts, 1, above),
                Need::Any(parts) => self.lay_out(parts, parts.len(), above),
                Need::AtLeast { k, of } => {
                    self.lay_out(of, (of.len() + 1).saturating_sub(*k), above);
                }
            }
        }
    }

    /// When a service stops.
    pub(crate) fn start(&self, service: ServiceIx) -> Option<&T> {
        self.starts.get(service.index()).and_then(Option::as_ref)
    }
}

impl<T: Ord + Clone> Standing<T>
where
    for<'t> &'t T: std::ops::Add<&'t T, Output = T>,
{
    /// Takes nodes down, each once more than it was. Tells which services stop at another moment than before, and at
    /// which they did.
    pub(crate) fn take_down(&mut self, nodes: &[NodeIx]) -> Vec<(ServiceIx, Option<T>)> {
        for node in nodes {
            let Some(leaf) = self.leaves.get_mut(node) else {
                continue;
            };
            leaf.down += 1;
            if leaf.down == 1 {
                let (gates, at_once) = (leaf.gates.clone(), self.at_once.clone());
                self.change_all(&gates, None, Some(&at_once));
            }
        }
        self.settle()
    }

    /// Brings back nodes that were taken down, each once. Tells the same.
    pub(crate) fn bring_back(&mut self, nodes: &[NodeIx]) -> Vec<(ServiceIx, Option<T>)> {
        for node in nodes {
            let Some(leaf) = self.leaves.get_mut(node).filter(|leaf| leaf.down > 0) else {
                continue;
            };
            leaf.down -= 1;
            if leaf.down == 0 {
                let (gates, at_once) = (leaf.gates.clone(), self.at_once.clone());
                self.change_all(&gates, Some(&at_once), None);
            }
        }
        self.settle()
    }

    fn change_all(&mut self, gates: &[usize], before: Option<&T>, after: Option<&T>) {
        for &gate in gates {
            self.change(gate, before.cloned(), after.cloned());
        }
    }

    /// Has a part of a gate fail at another moment, and what the gate is part of.
    fn change(&mut self, gate: usize, mut before: Option<T>, mut after: Option<T>) {
        let mut next = Some(gate);
        while let Some(gate) = next.and_then(|gate| self.gates.get_mut(gate)) {
            let failed = gate.time();
            gate.swap(before.as_ref(), after.as_ref());
            let fails = gate.time();
            if failed == fails {
                return;
            }
            (before, after) = (failed, fails);
            next = match gate.above {
                Above::Gate(above) => Some(above),
                Above::Service(service) => {
                    let place = self.places.get(service.index()).copied();
                    self.open.insert((place.unwrap_or(0), service));
                    None
                }
            };
        }
    }

    /// Has services follow what they need. Those that need a service come after it, so that each is looked at once.
    fn settle(&mut self) -> Vec<(ServiceIx, Option<T>)> {
        let mut changed = Vec::new();
        while let Some((_, service)) = self.open.pop_first() {
            let number = service.index();
            let gate = self.own.get(number).and_then(|own| self.gates.get(*own));
            let time = gate.and_then(Gate::time);
            let cover = self.covers.get(number);
            let start = time.zip(cover).map(|(time, cover)| &time + cover);
            let Some(slot) = self.starts.get_mut(number) else {
                continue;
            };
            if *slot == start {
                continue;
            }
            let before = std::mem::replace(slot, start.clone());
            let needing = self.needing.get(number).cloned().unwrap_or_default();
            self.change_all(&needing, before.as_ref(), start.as_ref());
            changed.push((service, before));
        }
        changed
    }
}

fn put(list: &mut [usize], place: usize, number: usize) {
    if let Some(slot) = list.get_mut(place) {
        *slot = number;
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Exact, Hours, ServiceIx, StepIx};
    use num_traits::Zero;

    use super::{super::starts, Standing};
    use crate::solve::estates::{Dice, case};

    #[test]
    fn services_stop_when_pricing_anew_says_whatever_was_taken_down_and_brought_back() {
        let mut stopped = 0;
        for seed in 0..1_000 {
            let (case, mut dice) = (case(seed, 10), Dice::new(seed));
            let estate = case.estate();
            let covers = estate.services().iter().map(|s| s.cover.exact().clone());
            let mut standing = Standing::new(&estate, covers.collect(), Exact::zero());
            let mut left: Vec<StepIx> = Vec::new();
            for step in estate.step_indices().chain(estate.step_indices()) {
                let down = &estate.step(step).takes_down;
                if left.contains(&step) {
                    left.retain(|other| *other != step);
                    standing.bring_back(down);
                } else if !dice.one_in(3) {
                    left.push(step);
                    standing.take_down(down);
                }
                let all = (0_u32..).zip(starts(&estate, &left));
                for (service, start) in all {
                    let kept = standing.start(ServiceIx(service));
                    stopped += u32::from(kept.is_some());
                    assert_eq!(kept, start.as_ref().map(Hours::exact), "seed {seed}");
                }
            }
        }
        assert!(stopped > 2_000, "{stopped}");
    }
}
