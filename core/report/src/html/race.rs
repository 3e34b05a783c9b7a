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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum First {
    /// A step may come too late.
    MayBeIntruder(TooLate),
    /// How long something takes is not known, so neither is who is first.
    NotKnown,
}

/// The last step that may come too late for a jewel, and the way it comes too late on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TooLate {
    /// The step, from 1.
    pub(crate) step: usize,
    /// The way, foothold first, if it is another than the fastest of all.
    pub(crate) detour: Option<Vec<NodeIx>>,
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
    pub(crate) fn late(&self, jewel: NodeIx) -> Option<&First> {
        self.late.get(&jewel)
    }

    /// For how many jewels the intruder may be faster.
    pub(crate) fn late_count(&self) -> usize {
        self.late.len()
    }

    /// Who is first on one way: the intruder, who takes so long on it, or the step that closes it.
    fn run(&mut self, jewel: NodeIx, takes: Option<&Minutes>, closed_by: TooLate) {
        let first = match (takes, self.in_force(closed_by.step)) {
            (Some(takes), Some(in_force)) if takes >= in_force => return,
            (Some(_), Some(_)) => First::MayBeIntruder(closed_by),
            (Some(_) | None, None) | (None, Some(_)) => First::NotKnown,
        };
        let last = match (self.late.remove(&jewel), first) {
            (None | Some(First::NotKnown), first) => first,
            (Some(known), First::NotKnown) => known,
            (Some(First::MayBeIntruder(known)), First::MayBeIntruder(new)) => {
                First::MayBeIntruder(if new.step > known.step { new } else { known })
            }
        };
        self.late.insert(jewel, last);
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
                let closed_by = TooLate {
                    step: *number,
                    detour: None,
                };
                self.run(target.node, target.minutes_before.as_ref(), closed_by);
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
                let ways = [left.fastest(target.node), left.perhaps_sooner(target.node)];
                for path in ways.into_iter().flatten() {
                    let closed_by = TooLate {
                        step: done + 1,
                        detour: (path.nodes != target.path_before).then_some(path.nodes),
                    };
                    self.run(target.node, path.minutes.as_ref(), closed_by);
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
