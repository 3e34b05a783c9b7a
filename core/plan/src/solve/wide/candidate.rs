//! Sets of shared steps made admissible, and what they cost with the best own steps.

use num_bigint::BigInt;

use super::{
    benders::Pools,
    field::{Arc, FREE},
    flow::Flow,
    merge::Merged,
    search::{Candidate, PARTS, Search},
};
use crate::solve::{search::Choice, separate::TOLERANCE};

/// The part of the effort that may go into making the first good set better.
const IMPROVING_SHARE: u64 = 4;

impl Search<'_, '_> {
    /// Every arc paying the cheapest of the steps that close it: quick, and often close.
    pub(super) fn first(&mut self) {
        let state = self.settled.clone();
        let flow = self.flow(&state, &vec![0; state.len()], Pools::Endless);
        self.offer_cut(&state, &flow, PARTS);
    }

    /// Offers the shared steps that are cheapest for what leads from nearer than some parts to further.
    pub(super) fn offer_cut(&mut self, state: &[Choice], flow: &Flow, parts: u32) {
        let mut set = vec![false; state.len()];
        for arc in &self.merged.arcs {
            let crosses = flow.far[arc.from as usize] < parts && flow.far[arc.to as usize] >= parts;
            if crosses && arc.capacity == FREE {
                let steps = self.merged.sets[arc.set as usize].iter();
                if let Some(&step) = steps.min_by_key(|&&step| self.dear[step]) {
                    set[step] = true;
                }
            }
        }
        self.offer(state, set);
    }

    /// Tries the best set with one shared step less or more, those that a point is most torn about first, as long as that
    /// helps and its part of the effort lasts.
    pub(super) fn improve(&mut self, values: &[f64]) {
        let state = self.settled.clone();
        let until = self.work() + self.effort / IMPROVING_SHARE;
        let torn = |step: usize| values[step].min(1.0 - values[step]);
        let mut order: Vec<usize> = (0..state.len()).collect();
        order.sort_by(|&a, &b| torn(b).total_cmp(&torn(a)).then(a.cmp(&b)));
        let mut before = None;
        while let Some(best) = &self.best {
            if before.as_ref() == Some(&best.value) {
                return;
            }
            before = Some(best.value.clone());
            for &step in &order {
                let Some(best) = self.best.as_ref() else {
                    return;
                };
                if self.work() >= until || self.limit <= self.bound_at_root {
                    return;
                }
                let is_open = state[step] == Choice::Open;
                if is_open && (best.shared[step] || values[step] > TOLERANCE) {
                    let mut set = best.shared.clone();
                    set[step] = !set[step];
                    self.offer(&state, set);
                }
            }
        }
    }

    /// Takes a set of shared steps, completed and with the best own steps, if it is the best so far.
    pub(super) fn offer(&mut self, state: &[Choice], mut set: Vec<bool>) {
        for (taken, choice) in set.iter_mut().zip(state) {
            *taken = match choice {
                Choice::In => true,
                Choice::Out => false,
                Choice::Open => *taken,
            };
        }
        let Some(flow) = self.complete(state, &mut set) else {
            return;
        };
        // A step that closes nothing on the way across is not needed for this cut. What is always taken
        // has no arcs any more that could tell.
        let settled = self.settled.iter();
        let mut crossing: Vec<bool> = settled.map(|choice| *choice == Choice::In).collect();
        for arc in &self.merged.arcs {
            if flow.far[arc.from as usize] < PARTS && flow.far[arc.to as usize] >= PARTS {
                let steps = &self.merged.sets[arc.set as usize];
                for &step in steps {
                    crossing[step] = true;
                }
            }
        }
        for (taken, crossing) in set.iter_mut().zip(crossing) {
            *taken &= crossing;
        }
        let Some(mut value) = self.problem.value(&set) else {
            return;
        };
        // Own steps cost what the flow carries, or more where amounts were cut off.
        let at_least = &value + (BigInt::from(flow.total) << self.shift);
        if self
            .best
            .as_ref()
            .is_some_and(|best| at_least >= best.value)
        {
            return;
        }
        let stands = &self.merged.stands;
        let reached = |vertex: u32| flow.far[stands[vertex as usize] as usize] < PARTS;
        let own = self.field.cut(&set, reached);
        for &step in &own {
            value += self
                .problem
                .ledger
                .weight_of(self.problem.steps.len() + step);
        }
        if self.best.as_ref().is_none_or(|best| value < best.value) {
            self.limit = self.units(&value);
            self.best = Some(Candidate {
                shared: set,
                own,
                value,
            });
        }
    }

    /// Adds shared steps until own ones can do the rest; none if the way there stops something
    /// protected, which proves nothing.
    fn complete(&mut self, state: &[Choice], set: &mut [bool]) -> Option<Flow> {
        let settled: Vec<Choice> = vec![Choice::Out; state.len()];
        if !self.problem.spares_protected(set) {
            return None;
        }
        while let Some(steps) = self.open_path(set) {
            let mut steps: Vec<usize> = steps
                .into_iter()
                .filter(|&step| state[step] == Choice::Open)
                .collect();
            steps.sort_by_key(|&step| (self.dear[step], step));
            let fits = steps.into_iter().find(|&step| {
                let mut with = set.to_vec();
                with[step] = true;
                self.problem.spares_protected(&with)
            });
            set[fits?] = true;
        }
        let parts: Vec<u32> = set
            .iter()
            .map(|&taken| if taken { PARTS } else { 0 })
            .collect();
        Some(self.flow(&settled, &parts, Pools::Endless))
    }

    /// The shared steps along a path that no own step closes and none of the set; none if there is none.
    fn open_path(&mut self, set: &[bool]) -> Option<Vec<usize>> {
        let sets = self.merged.sets.iter();
        let closed: Vec<bool> = sets.map(|steps| steps.iter().any(|&s| set[s])).collect();
        let mut by: Vec<Option<u32>> = vec![None; self.merged.vertices];
        let mut queue = vec![0_u32];
        let mut first = 0;
        let open = |arc: &Arc| arc.capacity == FREE && !closed[arc.set as usize];
        let starts = starts(&self.merged);
        while let Some(&from) = queue.get(first) {
            first += 1;
            let range = starts[from as usize]..starts[from as usize + 1];
            for (number, arc) in (starts[from as usize]..).zip(&self.merged.arcs[range]) {
                self.scanned += 1;
                if arc.to != 0 && by[arc.to as usize].is_none() && open(arc) {
                    by[arc.to as usize] = u32::try_from(number).ok();
                    queue.push(arc.to);
                }
            }
        }
        let mut steps = Vec::new();
        let mut at = 1;
        by[at]?;
        while let Some(number) = by[at] {
            let arc = &self.merged.arcs[number as usize];
            steps.extend(&self.merged.sets[arc.set as usize]);
            at = arc.from as usize;
        }
        steps.sort_unstable();
        steps.dedup();
        Some(steps)
    }
}

/// Where each vertex's arcs begin: arcs stand in the order of where they come from.
fn starts(merged: &Merged) -> Vec<usize> {
    let mut starts = vec![0; merged.vertices + 1];
    for arc in &merged.arcs {
        starts[arc.from as usize + 1] += 1;
    }
    for vertex in 0..merged.vertices {
        starts[vertex + 1] += starts[vertex];
    }
    starts
}
