//! The steps that cuts took at some tolls, searched as if there were no others.
//!
//! Cuts at the best tolls take a few steps too many of one group or another, and then pay for all of it. Which few are better
//! left is what the narrow search decides, and those that it needs instead were taken at other tolls (kernel search; Angelelli,
//! Mansini, Speranza 2010). What it finds is a set of all the steps; what it proves is said of these alone, and thrown away. Then
//! all steps are searched, as long as there are not too many, by a relaxation that begins with those few.

use cordon_model::{Money, StepIx};
use num_bigint::BigInt;
use num_traits::Zero;

use super::super::{
    NARROW_STEPS_MAX,
    problem::{Problem, Stripped, numbers},
    search::{End, Search, Until},
};
use super::field::Parted;

/// A set that is known, and the steps among which to look for a better one.
pub(super) struct Kernel<'k> {
    /// By step of the task.
    pub(super) known: &'k [bool],
    /// By step of the task, how often it was taken.
    pub(super) taken: &'k [u32],
}

/// A set found, its price, what no set costs less than, and the work that it took.
pub(super) struct InKernel {
    pub(super) steps: Vec<StepIx>,
    pub(super) price: Money,
    pub(super) lower_bound: Money,
    pub(super) work: u64,
}

/// Most steps that are searched all together, which takes tables of as many columns as may be in a good set.
const ALL_MAX: usize = 8_000;
/// The part of the effort that the few have.
const FEW_SHARE: u64 = 3;

impl Kernel<'_> {
    /// The best set found, first of the steps that were taken most often.
    pub(super) fn searched(
        &self,
        mut stripped: Stripped<'_>,
        parted: &Parted,
        effort: u64,
    ) -> InKernel {
        stripped.ground.ways.clone_from(&parted.ways);
        stripped.ground.sets.clone_from(&parted.sets);
        let order = self.few();
        let mut few = stripped.clone();
        few.steps = order.iter().map(|&step| stripped.steps[step]).collect();
        let problem = Problem::narrow(few);
        let mut search = Search::new(&problem, effort / FEW_SHARE);
        search.offer(order.iter().map(|&step| self.known[step]).collect());
        search.run(Vec::new(), Until::Exhausted);
        let found = found(&search, &BigInt::zero());
        if stripped.steps.len() > ALL_MAX {
            return found;
        }
        let mut is_few = vec![false; stripped.steps.len()];
        for &step in &order {
            is_few[step] = true;
        }
        let known = |step: &StepIx| found.steps.contains(step);
        let known = stripped.steps.iter().map(known).collect();
        let problem = Problem::narrow(stripped);
        let mut search = Search::new(&problem, effort.saturating_sub(found.work));
        search.offer(known);
        search.begin_with(&is_few);
        let lower = match search.run(Vec::new(), Until::Exhausted) {
            End::Done => None,
            End::OutOfEffort(lower) => Some(lower),
        };
        let best = search.best.as_ref().map(|best| best.value.clone());
        let mut all = self::found(&search, &lower.or(best).unwrap_or_default());
        all.work += found.work;
        all
    }

    /// The numbers of the steps that are known or were taken most often, ascending.
    fn few(&self) -> Vec<usize> {
        let taken = |step: &usize| self.known[*step] || self.taken[*step] > 0;
        let mut order: Vec<usize> = (0..self.known.len()).filter(taken).collect();
        order.sort_by_key(|&step| (!self.known[step], u32::MAX - self.taken[step], step));
        order.truncate(NARROW_STEPS_MAX);
        order.sort_unstable();
        order
    }
}

fn found(search: &Search<'_, '_>, lower: &BigInt) -> InKernel {
    let Some(best) = &search.best else {
        unreachable!("a set that is known was offered")
    };
    let problem = search.problem;
    InKernel {
        steps: numbers(&best.set)
            .map(|number| problem.steps[number])
            .collect(),
        price: problem.ledger.price(&best.value),
        lower_bound: problem.ledger.price(lower.min(&best.value)),
        work: search.work(),
    }
}
