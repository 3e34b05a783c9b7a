//! The cheapest admissible set of steps, exactly: a task in, a set and a bound out.
//!
//! The task is stripped to what can decide it (`problem`), services become a handful of fixed charges
//! (`levels`, `gates`), inequalities that every admissible set obeys are gathered as a floating-point
//! point breaks them (`separate`, `simplex`), multiples of them give an exact bound (`relaxation`), and
//! branch and bound does the rest (`search`, `tie`). Invariants: every comparison of values is one of
//! whole numbers; the same task with the same effort takes the same course.
#![expect(
    clippy::indexing_slicing,
    reason = "steps, arcs, variables and rows are numbered by the structures that hold them, and \
              numbers never leave a problem"
)]

mod branch;
mod gates;
mod greedy;
mod ground;
mod ledger;
mod levels;
mod net;
mod outage;
mod problem;
mod relaxation;
mod row;
mod search;
mod separate;
mod simplex;
mod tie;
mod wide;

#[cfg(test)]
#[path = "../tests/planner/plain/estates.rs"]
mod estates;

use cordon_model::{Money, StepIx};

use crate::{Effort, FlowProof};
use outage::Outage;
use problem::{Problem, Stripped, numbers};
use search::{End, Search, Until};

pub(crate) use problem::{Aim, Task};

/// Most steps of which each is decided by itself, which also tells sets of the same price apart. Beyond
/// it the dense tables of the narrow search outgrow what fits a cache.
const NARROW_STEPS_MAX: usize = 1_500;

/// The cheapest set found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its steps, bytewise by id.
    pub(crate) steps: Vec<StepIx>,
    /// Its price.
    pub(crate) price: Money,
    /// No admissible set costs less.
    pub(crate) lower_bound: Money,
    /// What was known of that before any branching.
    pub(crate) bound_at_root: Money,
    /// Branches looked at.
    pub(crate) work: u64,
    /// How far sets of the same price were told apart.
    pub(crate) settled: Settled,
    /// A flow that shows a bound.
    pub(crate) flow: Option<FlowProof>,
}

/// What is known of sets of the same price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing.
    Price,
    /// None has fewer steps.
    Number,
    /// Of those with as few this is the first by its sorted ids.
    Ids,
}

/// Which of equally cheap sets is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ties {
    /// Any: only the price matters.
    Any,
    /// The first by its sorted ids.
    FirstByIds,
}

/// The cheapest admissible set, as far as the effort goes; none if no set is admissible.
///
/// The effort limits the proof, not the finding: until some admissible set is known, or none is
/// known to exist, the search goes on.
pub(crate) fn cheapest(task: &Task<'_>, effort: Effort, ties: Ties) -> Option<Found> {
    let stripped = Stripped::new(task).ok()?;
    if stripped.steps.len() > NARROW_STEPS_MAX {
        return wide::cheapest(stripped, effort);
    }
    let problem = Problem::narrow(stripped);
    let mut search = Search::new(&problem, effort.0);
    let end = search.run(Vec::new(), Until::Exhausted);
    let bound_at_root = search.bound_at_root();
    let value = search.best.as_ref()?.value.clone();
    let (lower, settled) = match end {
        End::OutOfEffort(lower) => (lower.min(value.clone()), Settled::Price),
        End::Done if ties == Ties::FirstByIds && tie::first_by_ids(&mut search) == End::Done => {
            (value.clone(), Settled::Ids)
        }
        End::Done => (value.clone(), Settled::Number),
    };
    let best = search.best.as_ref()?;
    Some(Found {
        steps: numbers(&best.set)
            .map(|number| problem.steps[number])
            .collect(),
        price: problem.ledger.price(&value),
        bound_at_root: problem.ledger.price(&bound_at_root.min(value)),
        lower_bound: problem.ledger.price(&lower),
        work: search.work,
        settled,
        flow: None,
    })
}

/// Whether so few steps matter to a task that each is decided by itself, or nothing meets it.
pub(crate) fn is_narrow(task: &Task<'_>) -> bool {
    Stripped::new(task).map_or(true, |stripped| stripped.steps.len() <= NARROW_STEPS_MAX)
}

/// A flow that bounds the price of every set that meets a task; none if nothing has to be cut, or
/// nothing can be.
pub(crate) fn proof(task: &Task<'_>) -> Option<FlowProof> {
    Stripped::new(task).ok().and_then(wide::proof)
}

/// The steps that stop nothing protected by themselves.
pub(crate) fn usable(task: &Task<'_>) -> Vec<StepIx> {
    let outage = Outage::new(task.estate, task.hold);
    let matter = outage.that_matter(&task.protected);
    problem::usable(task, &outage, &problem::counted(task.estate, &matter))
}

/// Some admissible set, if there is one.
pub(crate) fn any(task: &Task<'_>) -> Option<Vec<StepIx>> {
    let stripped = Stripped::new(task).ok()?;
    if stripped.steps.len() > NARROW_STEPS_MAX {
        return wide::cheapest(stripped, Effort(0)).map(|found| found.steps);
    }
    let problem = Problem::narrow(stripped);
    let mut search = Search::new(&problem, 0);
    search.run(Vec::new(), Until::First);
    let best = search.best.as_ref()?;
    Some(
        numbers(&best.set)
            .map(|number| problem.steps[number])
            .collect(),
    )
}
