//! Whether the intruder may take a jewel before the steps that cut it off are in force.
//!
//! Steps are taken to run one after another in the order of the plan. The fastest way counts as
//! open until the last step that cuts it is in force, any other way until the first that does.
//! What the intruder has opened by then (passwords read, sessions) is not followed any further.

use std::collections::BTreeMap;

use cordon_model::{EdgeIx, Estate, Minutes, NodeIx, StepIx};
use cordon_plan::{Outcome, Target, TargetStatus};
use cordon_reach::{Removal, reach};

use crate::Case;

/// Who may be first at a jewel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// The step of this number may come too late.
    MayBeIntruder(usize),
    /// How long something takes is not known, so neither is who is first.
    NotKnown,
}

/// The plan's steps against the intruder.
#[derive(Debug, Default)]
pub(crate) struct Race {
    /// When each step is in force, in the plan's order; unknown from the first unknown step on.
    in_force: Vec<Option<Minutes>>,
    /// Jewels that the plan may come too late for.
    late: BTreeMap<NodeIx, First>,
}

impl Race {
    pub(crate) fn new(case: &Case<'_>) -> Self {
        let Some(Outcome::Plan(vetted)) = case.answer.map(|answer| &answer.outcome) else {
            return Self::default();
        };
        let draft = vetted.draft();
        let mut race = Self {
            in_force: in_force(case.estate, &draft.steps),
            late: BTreeMap::new(),
        };
        let cut_off = draft.targets.iter();
        let cut_off: Vec<&Target> = cut_off
            .filter(|target| target.status == TargetStatus::CutOff)
            .collect();
        race.run_fastest_ways(case.estate, &draft.steps, &cut_off);
        race.run_what_steps_leave(case, &draft.steps, &cut_off);
        race
    }

    /// When the step of a number, from 1, is in force.
    pub(crate) fn in_force(&self, number: usize) -> Option<&Minutes> {
        self.in_force.get(number.checked_sub(1)?)?.as_ref()
    }

    /// Who may be first at a jewel, unless it is surely the plan.
    pub(crate) fn late(&self, jewel: NodeIx) -> Option<First> {
        self.late.get(&jewel).copied()
    }

    /// For how many jewels the intruder may be faster.
    pub(crate) fn late_count(&self) -> usize {
        self.late.len()
    }

    fn run(&mut self, jewel: NodeIx, takes: Option<&Minutes>, number: usize) {
        let first = match (takes, self.in_force(number)) {
            (Some(takes), Some(in_force)) if takes >= in_force => return,
            (Some(_), Some(_)) => First::MayBeIntruder(number),
            (Some(_) | None, None) | (None, Some(_)) => First::NotKnown,
        };
        let known = self.late.entry(jewel).or_insert(first);
        *known = match (*known, first) {
            (First::MayBeIntruder(a), First::MayBeIntruder(b)) => First::MayBeIntruder(a.max(b)),
            (First::MayBeIntruder(a), First::NotKnown)
            | (First::NotKnown, First::MayBeIntruder(a)) => First::MayBeIntruder(a),
            (First::NotKnown, First::NotKnown) => First::NotKnown,
        };
    }

    /// Each fastest way against the last step that cuts it.
    fn run_fastest_ways(&mut self, estate: &Estate, steps: &[StepIx], jewels: &[&Target]) {
        let mut last_cut: BTreeMap<NodeIx, usize> = BTreeMap::new();
        for (number, ix) in (1..).zip(steps) {
            let removal = Removal::of(estate, &[*ix]);
            for target in jewels {
                if cuts(estate, &removal, &target.path_before) {
                    last_cut.insert(target.node, number);
                }
            }
        }
        for target in jewels {
            if let Some(number) = last_cut.get(&target.node) {
                self.run(target.node, target.minutes_before.as_ref(), *number);
            }
        }
    }

    /// What is left of every way while the steps before one are in force, against that one.
    fn run_what_steps_leave(&mut self, case: &Case<'_>, steps: &[StepIx], jewels: &[&Target]) {
        let footholds = case.question.footholds.iter();
        let held: Vec<NodeIx> = footholds.map(|foothold| foothold.node).collect();
        for done in 0..steps.len() {
            let carried_out = steps.get(..done).unwrap_or_default();
            let left = reach(case.estate, &held, &Removal::of(case.estate, carried_out));
            for target in jewels {
                if let Some(path) = left.fastest(target.node) {
                    self.run(target.node, path.minutes.as_ref(), done + 1);
                }
            }
        }
    }
}

fn in_force(estate: &Estate, steps: &[StepIx]) -> Vec<Option<Minutes>> {
    let mut so_far = Some(Minutes::zero());
    let each = steps.iter().map(|ix| {
        let takes = estate.step(*ix).minutes.as_ref();
        so_far = match (&so_far, takes) {
            (Some(so_far), Some(takes)) => Some([so_far, takes].into_iter().sum()),
            (Some(_) | None, None) | (None, Some(_)) => None,
        };
        so_far.clone()
    });
    each.collect()
}

/// Whether some hop of a path is cut.
pub(crate) fn cuts(estate: &Estate, removal: &Removal, path: &[NodeIx]) -> bool {
    let mut hops = path.iter().zip(path.iter().skip(1));
    hops.any(|(from, to)| {
        let out = estate.out_edges(*from).iter().copied();
        let mut edges = out.filter(|ix: &EdgeIx| estate.edge(*ix).to == *to);
        edges.any(|edge| !removal.keeps(edge))
    })
}
