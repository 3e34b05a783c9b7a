//! Branch and bound over the shared steps, the rest being a minimum cut.
//!
//! One variable stands for what own steps cost. Any flow through arcs that keeps to the prices of own
//! steps bounds it (`benders`); rows are looked for where the point of the relaxation promises too much.
//! What the bound of the root shows to be in no better set is taken out of the arcs before anything is
//! split, and again whenever a better set is found (`narrow`). Floating point chooses where to look;
//! rows, bounds and values are whole numbers. Work is counted in arcs looked at.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{
    field::{FREE, Field},
    flow::{Flow, Network},
    merge::Merged,
    narrow::{FlowOf, Flows, Narrower},
    proof::{Blend, FINE},
};
use crate::Effort;
use crate::solve::{
    branch::{Branch, Open},
    gates::Gates,
    problem::Problem,
    relaxation::{Bound, Relaxation},
    row::Row,
    search::Choice,
    separate::TOLERANCE,
};

/// Parts of a whole decision that lengths are counted in: divisible by the fractions that points of
/// small problems have.
pub(super) const PARTS: u32 = 60;
/// Arcs looked at that make one unit of work: about a millisecond, as a branch of a narrow search.
const ARCS_A_UNIT: u64 = 100_000;
/// Coefficients of the relaxation that take as long to change as an arc to look at.
const COEFFICIENTS_AN_ARC: u64 = 16;
/// Rounds of adding rows before a branch is split.
const ROUNDS_MAX: usize = 120;
/// Rounds that gain nothing after which the root is first looked at for what is in no better set, if it took
/// so much work already: what comes after costs less in what is left. Before, the certificate is better for going on.
const STALL_MAX: usize = 5;
const PATIENCE: u64 = 300;
/// Rounds after which the flow at hand is also looked at for a cut.
const SWEEP_EVERY: usize = 4;
/// Rows of the root beyond which those that its bound is not made of are forgotten: each makes every pivot longer.
const ROWS_MAX: usize = 400;

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
    /// What is left to be cut.
    pub(super) merged: Merged,
    pub(super) network: Network,
    /// What was found out about shared steps for the whole search.
    pub(super) settled: Vec<Choice>,
    pub(super) gates: Gates,
    pub(super) root: Relaxation,
    /// The variable of what own steps cost, and the most that it can be.
    pub(super) own: (usize, i64),
    /// By shared step, what it costs alone with all that it stops, in units.
    pub(super) dear: Vec<i64>,
    /// More than everything that can be closed costs together.
    pub(super) beyond: i64,
    /// What one unit of capacity is in values.
    pub(super) shift: u64,
    pub(super) best: Option<Candidate>,
    pub(super) limit: i128,
    pub(super) bound_at_root: i128,
    /// The limit when what is in no better set was last looked for.
    pub(super) narrowed_at: i128,
    /// The least bound of what was left without being certain.
    unsettled: i128,
    /// Flows whose rows the root has.
    pub(super) flows: Flows,
    /// The flows that bounds of the root are made of, in fine units, with the arcs that they pass: the first
    /// and the last.
    pub(super) blends: Vec<(Merged, Blend)>,
    pub(super) scanned: u64,
    pub(super) effort: u64,
}

impl<'p, 'e> Search<'p, 'e> {
    pub(super) fn new(
        problem: &'p Problem<'e>,
        gates: Gates,
        (field, merged, shift): (&'p Field, &Merged, u64),
        effort: u64,
    ) -> Self {
        let units = |value: &BigInt| (value >> shift).to_i64().unwrap_or(i64::MAX >> 8);
        let finite = merged.arcs.iter().filter(|arc| arc.capacity != FREE);
        let most = finite.map(|arc| arc.capacity).sum::<i64>().max(1);
        let mut weights: Vec<i64> = gates.weights().iter().map(units).collect();
        let own = (weights.len(), most);
        weights.push(most);
        let mut root = Relaxation::new(weights);
        root.shrink(gates.never());
        let steps = problem.steps.len();
        let alone = problem.values_alone().into_iter();
        let dear = alone.map(|value| value.map_or(most, |value| units(&value).max(1)));
        let dear: Vec<i64> = dear.collect();
        let all = dear
            .iter()
            .fold(most, |sum, dear| sum.saturating_add(*dear));
        Self {
            beyond: all.saturating_add(1),
            dear,
            network: Network::new(merged.vertices, &merged.arcs, &merged.sets, steps),
            merged: merged.clone(),
            settled: vec![Choice::Open; steps],
            problem,
            field,
            gates,
            root,
            own,
            shift,
            best: None,
            limit: i128::MAX,
            bound_at_root: 0,
            narrowed_at: i128::MAX,
            unsettled: i128::MAX,
            flows: Flows::new(),
            blends: Vec::new(),
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

    fn is_out_of_effort(&self) -> bool {
        self.work() >= self.effort_now()
    }

    /// Searches until nothing is left or the effort ran out.
    pub(super) fn run(&mut self) -> End {
        self.first();
        let mut open = Open::new(Vec::new());
        while let Some(branch) = open.next(self.limit, self.best.as_ref()) {
            if self.is_out_of_effort() {
                let least = branch.bound.min(self.unsettled);
                return End::OutOfEffort(open.least_bound().map_or(least, |open| open.min(least)));
            }
            let split = if branch.decided.is_empty() {
                self.look_first(&branch)
            } else {
                self.look(&branch)
            };
            open.extend(split);
            if self.limit < self.narrowed_at && self.narrow() == Narrower::Nothing {
                break;
            }
        }
        if self.unsettled < self.limit {
            return End::OutOfEffort(self.unsettled);
        }
        End::Done
    }

    /// What a branch decides, on top of what is settled; none if that contradicts it.
    fn state(&self, branch: &Branch) -> Option<Vec<Choice>> {
        let mut state = self.settled.clone();
        for &(step, choice) in &branch.decided {
            if state[step] != Choice::Open && state[step] != choice {
                return None;
            }
            state[step] = choice;
        }
        Some(state)
    }

    /// Looks at the root for as long as that leaves less and less to be split.
    fn look_first(&mut self, root: &Branch) -> Vec<Branch> {
        let mut stall_max = STALL_MAX;
        let mut bound = root.bound;
        loop {
            let state = self.settled.clone();
            let before = (bound, self.limit);
            let Some((more, values)) = self.relax(root, &state, stall_max) else {
                return Vec::new();
            };
            bound = bound.max(more);
            self.bound_at_root = bound;
            self.offer(&state, taken(&values, state.len()));
            let mut narrower = self.narrow();
            if narrower != Narrower::Nothing && bound < self.limit {
                let limit = self.limit;
                self.improve(&values);
                if self.limit < limit {
                    narrower = narrower.and(self.narrow());
                }
            }
            if narrower == Narrower::Nothing || bound >= self.limit {
                return Vec::new();
            }
            let is_done = narrower == Narrower::Little && before == (bound, self.limit);
            if stall_max == ROUNDS_MAX && is_done || self.is_out_of_effort() {
                return self.split(root, bound, &values);
            }
            stall_max = ROUNDS_MAX;
        }
    }

    fn look(&mut self, branch: &Branch) -> Vec<Branch> {
        let Some(state) = self.state(branch) else {
            return Vec::new();
        };
        let chosen: Vec<bool> = state.iter().map(|c| *c == Choice::In).collect();
        let Some(value) = self.problem.value(&chosen) else {
            return Vec::new();
        };
        if self.best.as_ref().is_some_and(|best| value >= best.value) {
            return Vec::new();
        }
        let Some((bound, values)) = self.relax(branch, &state, ROUNDS_MAX) else {
            return Vec::new();
        };
        let bound = bound.max(branch.bound);
        self.offer(&state, taken(&values, state.len()));
        if bound >= self.limit {
            return Vec::new();
        }
        self.split(branch, bound, &values)
    }

    fn split(&mut self, branch: &Branch, bound: i128, values: &[f64]) -> Vec<Branch> {
        let Some(state) = self.state(branch) else {
            return Vec::new();
        };
        let Some(step) = split_at(&state, values) else {
            // Everything is decided and the best own steps were offered. Where amounts were cut off,
            // that they are the best is not known.
            if self.shift > 0 {
                self.unsettled = self.unsettled.min(bound);
            }
            return Vec::new();
        };
        branch.split(bound, step)
    }

    /// Settles a relaxation; none if nothing obeys it.
    pub(super) fn settle(&mut self, relaxation: &mut Relaxation) -> Option<Bound> {
        let before = relaxation.changed();
        let bound = relaxation.settle();
        self.scanned += (relaxation.changed() - before) / COEFFICIENTS_AN_ARC;
        bound
    }

    /// Bounds a branch; none if nothing in it is wanted.
    fn relax(
        &mut self,
        branch: &Branch,
        state: &[Choice],
        stall_max: usize,
    ) -> Option<(i128, Vec<f64>)> {
        let is_root = branch.decided.is_empty();
        let mut relaxation = self.settled_root()?;
        for &(step, choice) in &branch.decided {
            relaxation.add(Rc::new(match choice {
                Choice::In => Row::one_of([step]),
                Choice::Out | Choice::Open => Row::never(step),
            }));
        }
        // Any multiples give a bound, and those found later may have drifted in rounding.
        let mut value = self.settle(&mut relaxation)?.value();
        let mut stalled = 0;
        for round in 0..ROUNDS_MAX {
            if stalled >= stall_max && self.work() >= PATIENCE
                || value >= self.limit
                || self.is_out_of_effort()
            {
                break;
            }
            let values = relaxation.values();
            let mut rows = self.gates.broken(&values, TOLERANCE);
            if rows.is_empty() {
                let (row, flow) = self.broken(state, &values)?;
                if is_root && round % SWEEP_EVERY == 0 {
                    for parts in [PARTS / 4, PARTS / 2, PARTS] {
                        self.offer_cut(state, &flow, parts);
                    }
                }
                if let Some(row) = &row {
                    let flow = flow_of(&flow, row);
                    self.flows.insert(self.root.rows(), flow);
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
            let found = self.settle(&mut relaxation)?.value();
            stalled = if found > value { 0 } else { stalled + 1 };
            value = value.max(found);
        }
        let values = relaxation.values();
        if is_root {
            self.blends.truncate(1);
            let blend = self.blended(&relaxation);
            self.blends.push((self.merged.clone(), blend));
            self.root = relaxation;
        }
        (value < self.limit).then_some((value, values))
    }

    /// The root's relaxation with all rows found so far, at its cheapest point.
    fn settled_root(&mut self) -> Option<Relaxation> {
        let mut root = self.root.clone();
        self.settle(&mut root)?;
        self.root = root;
        if self.root.rows() > ROWS_MAX {
            self.forget();
        }
        Some(self.root.clone())
    }

    /// The flow that the multiples of the root's rows make, as nearly as fine units tell.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "multiples of flows lie within 0 and 1, and a cast saturates"
    )]
    fn blended(&self, relaxation: &Relaxation) -> Blend {
        let mut blend = vec![0; self.merged.arcs.len()];
        for (number, multiple) in relaxation.multiples() {
            let Some(flow) = self.flows.get(&number) else {
                continue;
            };
            let scale = float(relaxation.row(number).scale);
            let part = (multiple / scale * float(FINE)).round() as i128;
            for &(arc, amount) in &flow.amounts {
                blend[arc as usize] += part * i128::from(amount);
            }
        }
        blend
    }

    /// The least bound, in units, that rules out everything below a value.
    pub(super) fn units(&self, value: &BigInt) -> i128 {
        let one = BigInt::from(1) << self.shift;
        let units: BigInt = (value + one - 1) >> self.shift;
        units.to_i128().unwrap_or(i128::MAX)
    }
}

/// The steps that a point takes.
fn taken(values: &[f64], steps: usize) -> Vec<bool> {
    values
        .iter()
        .take(steps)
        .map(|value| *value > 0.5)
        .collect()
}

/// A flow as what its row comes from.
pub(super) fn flow_of(flow: &Flow, row: &Row) -> FlowOf {
    let amounts = (0_u32..).zip(flow.through.iter().copied());
    FlowOf {
        amounts: amounts.filter(|(_, amount)| *amount > 0).collect(),
        is_capped: row
            .terms
            .iter()
            .skip(1)
            .any(|(_, amount)| *amount >= row.least),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "floating point only proposes, so the nearest number serves"
)]
pub(super) fn float(amount: i64) -> f64 {
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
