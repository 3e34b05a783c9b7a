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
mod dive;
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
pub(crate) mod estates;

use cordon_model::{Money, StepIx};

use crate::{Effort, FlowProof};
use ground::Uncuttable;
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
    /// Units of work done.
    pub(crate) work: u64,
    /// How far sets of the same price were told apart.
    pub(crate) settled: Settled,
    /// A flow that shows a bound.
    pub(crate) flow: Option<FlowProof>,
}

/// No admissible set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoSet {
    /// There is none.
    Impossible,
    /// None was found in so much work, and whether there is one is open.
    NotFound(u64),
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

/// The cheapest admissible set, as far as the effort goes.
///
/// The effort limits the proof: until some admissible set is known, or none is known to exist, the search goes on as far as
/// [`Effort::to_find_one`].
///
/// # Errors
/// When no set is admissible, or none was found.
pub(crate) fn cheapest(task: &Task<'_>, effort: Effort, ties: Ties) -> Result<Found, NoSet> {
    let stripped = Stripped::new(task).map_err(|Uncuttable| NoSet::Impossible)?;
    if stripped.steps.len() > NARROW_STEPS_MAX {
        return wide::cheapest(stripped, effort);
    }
    let problem = Problem::narrow(stripped);
    let mut search = Search::new(&problem, effort.0);
    let end = search.run(Vec::new(), Until::Exhausted);
    let bound_at_root = search.bound_at_root();
    let value = match (&search.best, &end) {
        (Some(best), _) => best.value.clone(),
        (None, End::Done) => return Err(NoSet::Impossible),
        (None, End::OutOfEffort(_)) => return Err(NoSet::NotFound(search.work())),
    };
    let (lower, settled) = match end {
        End::OutOfEffort(lower) => (lower.min(value.clone()), Settled::Price),
        End::Done if ties == Ties::FirstByIds && tie::first_by_ids(&mut search) == End::Done => {
            (value.clone(), Settled::Ids)
        }
        End::Done => (value.clone(), Settled::Number),
    };
    let best = search.best.iter().flat_map(|best| numbers(&best.set));
    Ok(Found {
        steps: best.map(|number| problem.steps[number]).collect(),
        price: problem.ledger.price(&value),
        bound_at_root: problem.ledger.price(&bound_at_root.min(value)),
        lower_bound: problem.ledger.price(&lower),
        work: search.work(),
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

/// Some admissible set.
///
/// # Errors
/// When no set is admissible, or none was found.
pub(crate) fn any(task: &Task<'_>) -> Result<Vec<StepIx>, NoSet> {
    let stripped = Stripped::new(task).map_err(|Uncuttable| NoSet::Impossible)?;
    if stripped.steps.len() > NARROW_STEPS_MAX {
        return wide::cheapest(stripped, Effort(0)).map(|found| found.steps);
    }
    let problem = Problem::narrow(stripped);
    let mut search = Search::new(&problem, 0);
    match (search.run(Vec::new(), Until::First), &search.best) {
        (_, Some(best)) => Ok(numbers(&best.set).map(|n| problem.steps[n]).collect()),
        (End::Done, None) => Err(NoSet::Impossible),
        (End::OutOfEffort(_), None) => Err(NoSet::NotFound(search.work())),
    }
}
