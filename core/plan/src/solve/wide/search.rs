//! Branch and bound over the shared steps, the rest being a minimum cut.
//!
//! One variable stands for what own steps cost. Any flow through arcs that keeps to the prices of own
//! steps bounds it: whatever of the flow no chosen shared step stops must be stopped by own steps. That
//! is one row for each flow, looked for where the point of the relaxation promises too much (Benders
//! 1962). Floating point chooses where to look; rows, bounds and values are whole numbers. Work is
//! counted in arcs looked at.

use std::{collections::BTreeMap, rc::Rc};

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{
    field::{FREE, Field},
    flow::{ENDLESS, Flow, Network, Terms},
    merge::Merged,
    proof::{Blend, FINE},
};
use crate::Effort;
use crate::solve::{
    branch::{Branch, Open},
    gates::Gates,
    problem::{Problem, numbers},
    relaxation::Relaxation,
    row::Row,
    search::Choice,
    separate::TOLERANCE,
};

/// Parts of a whole decision that lengths are counted in: divisible by the fractions that points of
/// small problems have.
pub(super) const PARTS: u32 = 60;
/// Arcs looked at that make one unit of work: about a millisecond, as a branch of a narrow search.
const ARCS_A_UNIT: u64 = 100_000;
/// Rounds of adding rows before a branch is split.
const ROUNDS_MAX: usize = 120;

/// Rounds after which the flow at hand is also looked at for a cut.
const SWEEP_EVERY: usize = 4;
/// How much of a flow a point must promise too much of for a row that is a bound by itself.
const WORTH_IT: f64 = 0.02;

/// How much a flow may draw on a shared step that is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pools {
    /// What it costs, all arcs together.
    Own,
    /// What it costs on each arc.
    Endless,
}

/// Shared steps and own ones, and what they cost together.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) shared: Vec<bool>,
    /// By number.
    pub(super) own: Vec<usize>,
    pub(super) value: BigInt,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    /// No set is worth less than this, in units.
    OutOfEffort(i128),
}

/// A search and what it has learnt.
pub(super) struct Search<'p, 'e> {
    pub(super) problem: &'p Problem<'e>,
    pub(super) field: &'p Field,
    pub(super) merged: &'p Merged,
    network: Network,
    /// By arc, its set.
    set_of: Vec<u32>,
    gates: Gates,
    root: Relaxation,
    /// The variable of what own steps cost, and the most that it can be.
    own: (usize, i64),
    /// By shared step, what it costs alone with all that it stops, in units.
    pub(super) dear: Vec<i64>,
    /// More than everything that can be closed costs together.
    beyond: i64,
    /// What one unit of capacity is in values.
    shift: u64,
    pub(super) best: Option<Candidate>,
    pub(super) limit: i128,
    pub(super) bound_at_root: i128,
    /// The least bound of what was left without being certain.
    unsettled: i128,
    /// Flows whose rows the root has, by the number of the row: arcs and amounts.
    flows: BTreeMap<usize, Vec<(usize, i64)>>,
    /// The flow that the root's bound is made of, in fine units.
    pub(super) blend: Blend,
    pub(super) scanned: u64,
    pub(super) effort: u64,
}

impl<'p, 'e> Search<'p, 'e> {
    pub(super) fn new(
        problem: &'p Problem<'e>,
        gates: Gates,
        (field, merged, shift): (&'p Field, &'p Merged, u64),
        effort: u64,
    ) -> Self {
        let units = |value: &BigInt| (value >> shift).to_i64().unwrap_or(i64::MAX >> 8);
        let finite = merged.arcs.iter().filter(|arc| arc.capacity != FREE);
        let most = finite.map(|arc| arc.capacity).sum::<i64>().max(1);
        let mut weights: Vec<i64> = gates.weights().iter().map(units).collect();
        let own = (weights.len(), most);
        weights.push(most);
        let mut root = Relaxation::new(weights);
        for row in gates.fixed() {
            root.add(Rc::new(row));
        }
        let alone = |step: usize| {
            let mut set = vec![false; problem.steps.len()];
            set[step] = true;
            let value = problem.value(&set);
            value.map_or(most, |value| units(&value).max(1))
        };
        let dear: Vec<i64> = (0..problem.steps.len()).map(alone).collect();
        let all = dear
            .iter()
            .fold(most, |sum, dear| sum.saturating_add(*dear));
        Self {
            beyond: all.saturating_add(1),
            dear,
            network: Network::new(merged.vertices, &merged.arcs),
            set_of: merged.arcs.iter().map(|arc| arc.set).collect(),
            problem,
            field,
            merged,
            gates,
            root,
            own,
            shift,
            best: None,
            limit: i128::MAX,
            bound_at_root: 0,
            unsettled: i128::MAX,
            flows: BTreeMap::new(),
            blend: vec![0; merged.arcs.len()],
            scanned: 0,
            effort,
        }
    }

    pub(super) fn work(&self) -> u64 {
        1 + self.scanned / ARCS_A_UNIT
    }

    /// How much work may be done in all: more as long as no set is known.
    fn effort_now(&self) -> u64 {
        match self.best {
            Some(_) => self.effort,
            None => Effort(self.effort).to_find_one().0,
        }
    }

    /// Searches until nothing is left or the effort ran out.
    pub(super) fn run(&mut self) -> End {
        let nothing = vec![Choice::Open; self.problem.steps.len()];
        self.first(&nothing);
        let mut open = Open::new(Vec::new());
        while let Some(branch) = open.next(self.limit, self.best.as_ref()) {
            if self.work() >= self.effort_now() {
                let least = branch.bound.min(self.unsettled);
                return End::OutOfEffort(open.least_bound().map_or(least, |open| open.min(least)));
            }
            let split = self.look(&branch);
            open.extend(split);
        }
        if self.unsettled < self.limit {
            return End::OutOfEffort(self.unsettled);
        }
        End::Done
    }

    fn look(&mut self, branch: &Branch) -> Vec<Branch> {
        let mut state = vec![Choice::Open; self.problem.steps.len()];
        for &(step, choice) in &branch.decided {
            state[step] = choice;
        }
        let taken: Vec<bool> = state.iter().map(|c| *c == Choice::In).collect();
        let Some(value) = self.problem.value(&taken) else {
            return Vec::new();
        };
        if self.best.as_ref().is_some_and(|best| value >= best.value) {
            return Vec::new();
        }
        let Some((bound, values)) = self.relax(branch, &state) else {
            return Vec::new();
        };
        let bound = bound.max(branch.bound);
        if branch.decided.is_empty() {
            self.bound_at_root = bound;
        }
        self.offer(
            &state,
            state
                .iter()
                .zip(&values)
                .map(|(_, value)| *value > 0.5)
                .collect(),
        );
        if branch.decided.is_empty() && bound < self.limit {
            self.improve(&state, &values);
        }
        if bound >= self.limit {
            return Vec::new();
        }
        let Some(step) = split_at(&state, &values) else {
            // Everything is decided and the best own steps were offered. Where amounts were cut off,
            // that they are the best is not known.
            if self.shift > 0 {
                self.unsettled = self.unsettled.min(bound);
            }
            return Vec::new();
        };
        branch.split(bound, step)
    }

    /// Bounds a branch; none if nothing in it is wanted.
    fn relax(&mut self, branch: &Branch, state: &[Choice]) -> Option<(i128, Vec<f64>)> {
        let mut relaxation = self.root.clone();
        for &(step, choice) in &branch.decided {
            relaxation.add(Rc::new(match choice {
                Choice::In => Row::one_of([step]),
                Choice::Out | Choice::Open => Row::never(step),
            }));
        }
        // Any multiples give a bound, and those found later may have drifted in rounding.
        let mut value = relaxation.settle()?.value();
        for round in 0..ROUNDS_MAX {
            if value >= self.limit || self.work() >= self.effort_now() {
                break;
            }
            let values = relaxation.values();
            let mut rows = self.gates.broken(&values, TOLERANCE);
            if rows.is_empty() {
                let (row, flow) = self.broken(state, &values)?;
                if branch.decided.is_empty() && round % SWEEP_EVERY == 0 {
                    for parts in [PARTS / 4, PARTS / 2, PARTS] {
                        self.offer_cut(state, &flow, parts);
                    }
                }
                if branch.decided.is_empty() && row.is_some() {
                    let amounts = flow.through.iter().copied().enumerate();
                    let amounts = amounts.filter(|(_, amount)| *amount > 0).collect();
                    self.flows.insert(relaxation.rows(), amounts);
                }
                rows.extend(row);
            }
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let row = Rc::new(row);
                self.root.add(Rc::clone(&row));
                relaxation.add(row);
            }
            value = value.max(relaxation.settle()?.value());
        }
        if branch.decided.is_empty() {
            self.blend = self.blended(&relaxation);
            self.flows.clear();
        }
        (value < self.limit).then(|| (value, relaxation.values()))
    }

    /// The flow that the multiples of the root's rows make, as nearly as fine units tell.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "multiples of flows lie within 0 and 1, and a cast saturates"
    )]
    fn blended(&self, relaxation: &Relaxation) -> Blend {
        let mut blend = vec![0; self.merged.arcs.len()];
        for (row, multiple) in relaxation.multiples() {
            let Some(amounts) = self.flows.get(&row) else {
                continue;
            };
            let scale = float(relaxation.scale(row));
            let part = (multiple / scale * float(FINE)).round() as i128;
            for &(arc, amount) in amounts {
                blend[arc] += part * i128::from(amount);
            }
        }
        blend
    }

    /// A row that a point breaks, if one is found, and the flow last looked at; none if what is decided
    /// leaves a way that nothing closes. Flows that draw no more on a shared step than it costs are
    /// tried first: each of them is a bound by itself, while others only are together.
    fn broken(&mut self, state: &[Choice], values: &[f64]) -> Option<(Option<Row>, Flow)> {
        let lengths = lengths(state, values);
        for pools in [Pools::Own, Pools::Endless] {
            let flow = self.flow(state, &lengths, pools);
            if flow.total >= self.beyond {
                return None;
            }
            let row = self.row(&flow, values);
            let enough = match pools {
                Pools::Own => WORTH_IT,
                Pools::Endless => TOLERANCE,
            };
            if row.excess(values) < -enough {
                return Some((Some(row), flow));
            }
            if pools == Pools::Endless {
                return Some((None, flow));
            }
        }
        None
    }

    /// The most valuable flow where shared steps shorten what they close by these parts.
    pub(super) fn flow(&mut self, state: &[Choice], parts: &[u32], pools: Pools) -> Flow {
        let most = self.beyond;
        let of_set = |steps: &Vec<usize>| {
            let length: u32 = steps.iter().map(|&step| parts[step]).sum();
            let open = steps.iter().filter(|&&step| state[step] == Choice::Open);
            let price = open.map(|&step| self.dear[step]).min();
            (length.min(PARTS), price.unwrap_or(most))
        };
        let sets: Vec<(u32, i64)> = self.field.sets.iter().map(of_set).collect();
        let arcs = self.merged.arcs.iter();
        let terms: Vec<(i64, u32)> = arcs
            .map(|arc| {
                let (length, price) = sets[arc.set as usize];
                let capacity = if arc.capacity == FREE {
                    price
                } else {
                    arc.capacity
                };
                (capacity, length)
            })
            .collect();
        let (capacity, length): (Vec<i64>, Vec<u32>) = terms.into_iter().unzip();
        let pool = |(choice, dear): (&Choice, &i64)| match (choice, pools) {
            (Choice::Open, Pools::Own) => *dear,
            (_, _) => ENDLESS,
        };
        let pools: Vec<i64> = state.iter().zip(&self.dear).map(pool).collect();
        let flow = self.network.flow(&Terms {
            capacity: &capacity,
            length: &length,
            limit: PARTS,
            most,
            set: &self.set_of,
            sets: &self.field.sets,
            pools: &pools,
        });
        self.scanned += flow.work;
        flow
    }

    /// What a flow says of every admissible set: what no shared step stops, own steps must.
    fn row(&self, flow: &Flow, values: &[f64]) -> Row {
        let mut through = vec![0_i64; self.field.sets.len()];
        for (arc, amount) in self.merged.arcs.iter().zip(&flow.through) {
            through[arc.set as usize] = through[arc.set as usize].saturating_add(*amount);
        }
        through[0] = 0;
        let taken = self.charged(&through, values);
        let mut terms = vec![(self.own.0, self.own.1)];
        for (variable, amount) in taken {
            // More than all of the flow is stopped by one step at most as well as all of it.
            terms.push((variable, amount.min(flow.total)));
        }
        Row {
            terms,
            least: flow.total,
            scale: flow.total.max(1),
        }
    }

    /// What each variable stops of flows through sets: steps, or in their place services that some of
    /// them stop by themselves, where that is the harder to obey at these values.
    fn charged(&self, through: &[i64], values: &[f64]) -> Vec<(usize, i64)> {
        let mut by_step = vec![0_i64; self.problem.steps.len()];
        for (steps, &amount) in self.field.sets.iter().zip(through) {
            for &step in steps {
                by_step[step] = by_step[step].saturating_add(amount);
            }
        }
        let mut found = Vec::new();
        for (service, alone) in self.gates.charges() {
            let some = |steps: &&Vec<usize>| steps.iter().any(|&s| alone[s] && by_step[s] > 0);
            let sets = self.field.sets.iter().zip(through);
            let together = sets
                .filter(|(steps, _)| some(steps))
                .fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
            let each = numbers(alone).map(|step| float(by_step[step]) * values[step]);
            if each.sum::<f64>() > float(together) * values[service] + TOLERANCE {
                found.push((service, together));
                numbers(alone).for_each(|step| by_step[step] = 0);
            }
        }
        let rest = by_step.into_iter().enumerate();
        found.extend(rest.filter(|(_, amount)| *amount > 0));
        found
    }

    /// The least bound, in units, that rules out everything below a value.
    pub(super) fn units(&self, value: &BigInt) -> i128 {
        let one = BigInt::from(1) << self.shift;
        let units: BigInt = (value + one - 1) >> self.shift;
        units.to_i128().unwrap_or(i128::MAX)
    }
}

/// How many parts of a decision each step has, rounded up so that what is decided stays so.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "values lie within 0 and 1, and a cast saturates"
)]
fn lengths(state: &[Choice], values: &[f64]) -> Vec<u32> {
    let part = |(choice, value): (&Choice, &f64)| match choice {
        Choice::In => PARTS,
        Choice::Out => 0,
        Choice::Open => (value * f64::from(PARTS) - TOLERANCE).ceil() as u32,
    };
    state.iter().zip(values).map(part).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "floating point only proposes, so the nearest number serves"
)]
fn float(amount: i64) -> f64 {
    amount as f64
}

/// The most undecided open step of a point, else one it takes, else any.
fn split_at(state: &[Choice], values: &[f64]) -> Option<usize> {
    let open = || (0..state.len()).filter(|&step| state[step] == Choice::Open);
    let torn = |step: usize| values[step].min(1.0 - values[step]);
    let most = open().max_by(|&a, &b| torn(a).total_cmp(&torn(b)).then(b.cmp(&a)));
    most.filter(|&step| torn(step) > TOLERANCE)
        .or_else(|| open().find(|&step| values[step] > 0.5))
        .or_else(|| open().next())
}
