//! Branch and bound over sets of steps.
//!
//! A branch has some steps chosen for good and some refused for good. It is dropped when its bound
//! is not below the best value known, when what it has chosen stops something protected, or when a
//! path stays open that only refused steps would close; it is finished when what it has chosen cuts
//! everything. All of these are decided in whole numbers; floating point only chooses where to look.
//! Work is counted in branches looked at, and in what the relaxation computes: branches of wide groups take many times as long
//! as others.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{
    branch::{Branch, Open},
    dive,
    gates::Gates,
    greedy,
    net::Arc,
    problem::Problem,
    relaxation::{Bound, Relaxation},
    row::Row,
    separate::{self, TOLERANCE},
};
use crate::Effort;

/// Bits that all weights of the relaxation together may take. Finer amounts are cut off downwards,
/// which weakens bounds and changes no answer.
const BITS_MAX: u64 = 60;
/// Coefficients of the relaxation whose change takes about a millisecond, as a branch of an estate of a few hundred nodes does.
const COEFFICIENTS_A_UNIT: u64 = 2_500_000;
/// Coefficients whose change takes as long as looking at an arc where paths are looked for.
const COEFFICIENTS_AN_ARC: u64 = 16;
/// Between failed and not, further from both than this, it is worth deciding which.
pub(super) const TORN: f64 = 0.01;
/// Rounds of adding rows before a branch is split. Most need under ten.
const ROUNDS_MAX: usize = 200;

/// What has been decided about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing.
    Open,
    /// It is in the set.
    In,
    /// It is not.
    Out,
}

/// The steps that are in the set for good.
pub(super) fn chosen(state: &[Choice]) -> Vec<bool> {
    state.iter().map(|&choice| choice == Choice::In).collect()
}

/// A set of steps and its value.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) set: Vec<bool>,
    pub(super) value: BigInt,
}

/// When a search may stop early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Never.
    Exhausted,
    /// At the first set below the limit.
    First,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing is left, or nothing more was wanted.
    Done,
    /// The effort ran out; no set is worth less than this.
    OutOfEffort(BigInt),
}

/// A search and everything learnt in it.
#[derive(Debug)]
pub(super) struct Search<'p, 'e> {
    pub(super) problem: &'p Problem<'e>,
    pub(super) gates: Gates,
    root: Relaxation,
    root_bound: Option<Bound>,
    is_prepared: bool,
    /// Steps that the root leaves at zero without anybody knowing that they are.
    hidden: Vec<usize>,
    pool: Vec<Rc<Row>>,
    /// Decided for the whole search.
    decisions: Vec<Choice>,
    pub(super) best: Option<Candidate>,
    taken: u64,
    /// Only sets below this value are wanted.
    limit: Option<BigInt>,
    pub(super) limit_units: i128,
    /// The limit when what no set as good as the best has was last looked for.
    narrowed_at: i128,
    shift: u64,
    branches: u64,
    /// Coefficients that the relaxation changed, and what took as long.
    changed: u64,
    effort: u64,
}

impl<'p, 'e> Search<'p, 'e> {
    /// Lays out the relaxation.
    pub(super) fn new(problem: &'p Problem<'e>, effort: u64) -> Self {
        let gates = Gates::new(problem);
        let all: BigInt = gates.weights().iter().sum();
        let shift = all.bits().saturating_sub(BITS_MAX);
        let units = gates
            .weights()
            .iter()
            .map(|weight| (weight >> shift).to_i64());
        let mut root = Relaxation::new(units.map(Option::unwrap_or_default).collect());
        root.shrink(gates.never());
        Self {
            decisions: vec![Choice::Open; problem.steps.len()],
            root,
            root_bound: None,
            is_prepared: false,
            hidden: Vec::new(),
            gates,
            pool: Vec::new(),
            best: None,
            taken: 0,
            limit: None,
            limit_units: i128::MAX,
            narrowed_at: i128::MAX,
            shift,
            branches: 0,
            changed: 0,
            effort,
            problem,
        }
    }

    /// A bound before any branching, if one was reached.
    pub(super) fn bound_at_root(&self) -> BigInt {
        let units = self.root_bound.as_ref().map_or(0, Bound::value);
        BigInt::from(units.max(0)) << self.shift
    }

    /// Searches for sets below the limit, each one found lowering it.
    pub(super) fn run(&mut self, decided: Vec<(usize, Choice)>, until: Until) -> End {
        let before = self.taken;
        let mut open = Open::new(decided);
        while let Some(branch) = open.next(self.limit_units, self.best.as_ref()) {
            if self.is_out_of_effort() {
                let least = open
                    .least_bound()
                    .map_or(branch.bound, |least| least.min(branch.bound));
                return End::OutOfEffort(BigInt::from(least) << self.shift);
            }
            self.branches += 1;
            let split = self.look(&branch);
            if until == Until::First && self.taken > before {
                return End::Done;
            }
            open.extend(split);
            if self.is_prepared && self.limit_units < self.narrowed_at {
                self.narrow();
            }
        }
        End::Done
    }

    /// Units of work done: branches looked at, and what was computed in them.
    pub(super) fn work(&self) -> u64 {
        self.branches + self.changed / COEFFICIENTS_A_UNIT
    }

    /// Whether all work is done that may be.
    pub(super) fn is_out_of_effort(&self) -> bool {
        self.work() >= self.effort_now()
    }

    /// How much work may be done in all: more as long as no set is known.
    fn effort_now(&self) -> u64 {
        match self.best {
            Some(_) => self.effort,
            None => Effort(self.effort).to_find_one().0,
        }
    }

    fn look(&mut self, branch: &Branch) -> Vec<Branch> {
        let state = self.state(&branch.decided);
        let set = chosen(&state);
        let Some(value) = self.problem.value(&set) else {
            return Vec::new();
        };
        if self.limit.as_ref().is_some_and(|limit| value >= *limit) {
            return Vec::new();
        }
        if self.problem.net.is_cut_by(&set) {
            self.offer(set);
            return Vec::new();
        }
        let lost = |arc: &Arc| arc.labels.iter().all(|&label| state[label] == Choice::Out);
        if self.problem.net.path(lost).is_some() {
            return Vec::new();
        }
        let Some((bound, values)) = self.relax(branch, &state) else {
            return Vec::new();
        };
        match self.split_at(&state, &values) {
            Some(step) if bound < self.limit_units => branch.split(bound, step),
            Some(_) | None => Vec::new(),
        }
    }

    /// What was decided about a step for the whole search.
    pub(super) fn decided(&self, step: usize) -> Choice {
        self.decisions[step]
    }

    /// The decisions of the whole search and these.
    pub(super) fn state(&self, decided: &[(usize, Choice)]) -> Vec<Choice> {
        let mut state = self.decisions.clone();
        for &(variable, choice) in decided {
            // That something fails or not is decided too, and says nothing of single steps.
            if let Some(slot) = state.get_mut(variable) {
                *slot = choice;
            }
        }
        state
    }

    /// Bounds a branch and looks for sets in it; none if nothing in it is wanted.
    fn relax(&mut self, branch: &Branch, state: &[Choice]) -> Option<(i128, Vec<f64>)> {
        if !self.is_prepared {
            self.prepare();
        }
        let mut relaxation = self.root.clone();
        for &(step, choice) in &branch.decided {
            relaxation.add(Rc::new(decision(step, choice)));
        }
        let bound = self.tighten(&mut relaxation)?.value().max(branch.bound);
        let values = relaxation.values();
        if bound < self.limit_units && self.branches.is_power_of_two() {
            dive::dive(self, relaxation, state.to_vec());
        }
        if bound < self.limit_units
            && let Some(set) = greedy::complete((self.problem, &self.gates), state, &values)
        {
            self.offer(set);
        }
        (bound < self.limit_units).then_some((bound, values))
    }

    /// Settles the relaxation that all branches start from, and refuses for good every step that no
    /// set as good as the best known has.
    pub(super) fn prepare(&mut self) {
        self.is_prepared = true;
        let mut score = vec![0.0; self.gates.weights().len()];
        let mut root = self.root.clone();
        // The second time round the scores are those of the relaxation.
        for _ in 0..2 {
            if let Some(set) =
                greedy::complete((self.problem, &self.gates), &self.decisions, &score)
            {
                self.offer(set);
            }
            self.root_bound = self.tighten(&mut root);
            score = root.values();
        }
        self.root = root;
        if !self.hidden.is_empty() {
            self.reveal();
        }
        self.narrow();
    }

    /// Has the relaxation begin with some steps. Among them is a set that is known.
    pub(super) fn begin_with(&mut self, steps: &[bool]) {
        self.hidden = (0..steps.len()).filter(|&step| !steps[step]).collect();
        self.root = self.root.hiding(&self.hidden);
    }

    /// Brings in the hidden steps that the bound wants until it wants none (column generation; Gilmore and Gomory 1961), and
    /// then all that may still be in a good set.
    fn reveal(&mut self) {
        while let Some(bound) = &self.root_bound {
            let before = self.hidden.len();
            self.hidden.retain(|&step| bound.reduced(step) >= 0);
            if self.hidden.len() == before || self.is_out_of_effort() {
                break;
            }
            self.tighten_anew();
        }
        self.narrow();
        self.hidden.clear();
        self.tighten_anew();
    }

    fn tighten_anew(&mut self) {
        let mut root = self.root.hiding(&self.hidden);
        self.root_bound = self.tighten(&mut root);
        self.root = root;
    }

    /// Refuses for good every step that no set as good as the best known has, and has the relaxation forget what no such set
    /// makes fail: it would pay for it with every pivot.
    fn narrow(&mut self) {
        self.narrowed_at = self.limit_units;
        let variables = 0..self.gates.weights().len();
        let hopeless: Vec<usize> = variables.filter(|&v| self.is_hopeless(v)).collect();
        for &step in &hopeless {
            if let Some(choice @ Choice::Open) = self.decisions.get_mut(step) {
                *choice = Choice::Out;
            }
        }
        self.root.shrink(hopeless);
    }

    /// Adds rows until the point breaks none or the bound says enough; none if it is certain that
    /// nothing obeys them.
    pub(super) fn tighten(&mut self, relaxation: &mut Relaxation) -> Option<Bound> {
        let mut bound = self.settled(relaxation)?;
        for _ in 0..ROUNDS_MAX {
            let is_bound = bound.value() >= self.limit_units;
            if is_bound || self.best.is_some() && self.work() >= self.effort {
                break;
            }
            let values = relaxation.values();
            let known = self
                .pool
                .iter()
                .filter(|row| row.excess(&values) < -TOLERANCE);
            let mut rows: Vec<Rc<Row>> = known.cloned().collect();
            if rows.is_empty() {
                let found = separate::broken(&self.problem.net, &self.gates, &values);
                self.changed += found.arcs * COEFFICIENTS_AN_ARC;
                rows = found.rows.into_iter().map(Rc::new).collect();
                self.pool.extend(rows.iter().cloned());
            }
            if rows.is_empty() {
                break;
            }
            for row in rows {
                relaxation.add(row);
            }
            bound = self.settled(relaxation)?;
        }
        Some(bound)
    }

    /// Settles a relaxation; none if it is certain that nothing obeys it.
    fn settled(&mut self, relaxation: &mut Relaxation) -> Option<Bound> {
        let before = relaxation.changed();
        let bound = relaxation.settle();
        self.changed += relaxation.changed() - before;
        bound
    }

    /// Takes a set if it is admissible and wanted.
    pub(super) fn offer(&mut self, set: Vec<bool>) {
        let Some(value) = self.problem.value(&set) else {
            return;
        };
        if self.limit.as_ref().is_none_or(|limit| value < *limit) {
            self.set_limit(value.clone());
            self.best = Some(Candidate { set, value });
            self.taken += 1;
        }
    }

    /// Wants only sets below this value from now on.
    pub(super) fn set_limit(&mut self, limit: BigInt) {
        self.limit_units = self.units(&limit);
        self.limit = Some(limit);
    }

    /// The least bound, in the relaxation's units, that rules out everything below a value.
    fn units(&self, value: &BigInt) -> i128 {
        let one = BigInt::from(1) << self.shift;
        let units: BigInt = (value + one - 1) >> self.shift;
        units.to_i128().unwrap_or(i128::MAX)
    }

    /// What to decide next: whether what is torn most dearly fails, else the most undecided step of the point, else one it
    /// takes, else one that would close an open path.
    fn split_at(&self, state: &[Choice], values: &[f64]) -> Option<usize> {
        let open = || (0..state.len()).filter(|&step| state[step] == Choice::Open);
        let torn = |variable: &usize| values[*variable].min(1.0 - values[*variable]);
        let at_stake = |gate: &usize| torn(gate) * self.gates.weight(*gate);
        let gates = self.gates.that_cost().filter(|gate| torn(gate) > TORN);
        let gate = gates.max_by(|a, b| at_stake(a).total_cmp(&at_stake(b)).then(b.cmp(a)));
        let most = open().max_by(|a, b| torn(a).total_cmp(&torn(b)).then(b.cmp(a)));
        gate.or_else(|| most.filter(|step| torn(step) > TOLERANCE))
            .or_else(|| open().find(|&step| values[step] > 0.5))
            .or_else(|| {
                let set = chosen(state);
                let arc = |arc: &Arc| !arc.labels.iter().any(|&label| set[label]);
                let path = self.problem.net.path(arc)?;
                path.into_iter().find(|&step| state[step] == Choice::Open)
            })
    }

    /// Whether the root shows that no set as good as the best known has this step.
    pub(super) fn is_hopeless(&self, step: usize) -> bool {
        let (Some(bound), Some(best)) = (&self.root_bound, &self.best) else {
            return false;
        };
        bound.with(step) >= self.units(&(&best.value + 1))
    }

    /// Decides a step for everything that follows.
    pub(super) fn settle(&mut self, step: usize, choice: Choice) {
        self.decisions[step] = choice;
        let mut root = self.root.clone();
        root.add(Rc::new(decision(step, choice)));
        if let Some(bound) = self.settled(&mut root) {
            self.root_bound = Some(bound);
        }
        self.root = root;
    }
}

pub(super) fn decision(step: usize, choice: Choice) -> Row {
    match choice {
        Choice::In => Row::one_of([step]),
        Choice::Out | Choice::Open => Row::never(step),
    }
}
