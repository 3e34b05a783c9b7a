//! The steps that cuts took at some tolls, searched as if there were no others.
//!
//! Cuts at the best tolls take a few steps too many of one group or another, and then pay for all of it. Which few are better
//! left is what the narrow search decides, and those that it needs instead were taken at other tolls (kernel search; Angelelli,
//! Mansini, Speranza 2010). What it finds is a set of all the steps; what it proves is said of these alone, and thrown away.

use cordon_model::{Money, StepIx};

use super::super::{
    NARROW_STEPS_MAX,
    problem::{Problem, Stripped, numbers},
    search::{Search, Until},
};
use super::field::Parted;

/// A set that is known, and the steps among which to look for a better one.
pub(super) struct Kernel<'k> {
    /// By step of the task.
    pub(super) known: &'k [bool],
    /// By step of the task, how often it was taken.
    pub(super) taken: &'k [u32],
}

/// A set found, its price, and the work that it took.
pub(super) struct InKernel {
    pub(super) steps: Vec<StepIx>,
    pub(super) price: Money,
    pub(super) work: u64,
}

impl Kernel<'_> {
    /// The best set of steps that were taken most often.
    pub(super) fn searched(
        &self,
        mut stripped: Stripped<'_>,
        parted: &Parted,
        effort: u64,
    ) -> InKernel {
        let steps = stripped.steps.len();
        let mut order: Vec<usize> = (0..steps)
            .filter(|&step| self.known[step] || self.taken[step] > 0)
            .collect();
        order.sort_by_key(|&step| (!self.known[step], u32::MAX - self.taken[step], step));
        order.truncate(NARROW_STEPS_MAX);
        order.sort_unstable();
        stripped.ground.ways.clone_from(&parted.ways);
        stripped.ground.sets.clone_from(&parted.sets);
        stripped.steps = order.iter().map(|&step| stripped.steps[step]).collect();
        let problem = Problem::narrow(stripped);
        let mut search = Search::new(&problem, effort);
        search.offer(order.iter().map(|&step| self.known[step]).collect());
        search.run(Vec::new(), Until::Exhausted);
        let Some(best) = &search.best else {
            unreachable!("a set that is known was offered")
        };
        InKernel {
            steps: numbers(&best.set)
                .map(|number| problem.steps[number])
                .collect(),
            price: problem.ledger.price(&best.value),
            work: search.work(),
        }
    }
}
