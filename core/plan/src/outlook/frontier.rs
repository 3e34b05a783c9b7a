//! What can be had for which loss accepted.
//!
//! Every jewel gets a way to one end that can be closed for a part of its loss: closing it is giving the
//! jewel up. The parts tried are those at which the points known so far weigh the same, so that whatever
//! lies below the line between two of them is found (Cohon 1978).

use cordon_model::{EstateParts, Exact, Jewel, Money, NodeIx, StepIx};
use cordon_reach::{Removal, reach};
use num_traits::Zero;

use super::{
    Accepting,
    asked::Asked,
    changed,
    choices::{Lifeline, Measure, least},
};
use crate::{Draft, price, target::held};

/// Searches at most; each finds a point or shows that there is none between two.
const SEARCHES_MAX: usize = 16;

/// Points that no other beats in both; the least loss first.
pub(super) fn frontier(question: &Asked<'_>, plan: Option<&Draft>) -> Vec<Accepting> {
    let stakes = Stakes::new(question);
    if stakes.jewels.is_empty() {
        return Vec::new();
    }
    let first = match plan {
        Some(plan) => Some(stakes.point(plan.steps.clone())),
        None => stakes.least_loss(),
    };
    let (Some(first), Some(last)) = (first, stakes.all_lost()) else {
        return Vec::new();
    };
    let mut searches = SEARCHES_MAX;
    let mut points = vec![first.clone(), last.clone()];
    let mut between = vec![(first, last)];
    while let Some((a, b)) = between.pop() {
        if searches == 0 || a.loss >= b.loss || a.price <= b.price {
            continue;
        }
        searches -= 1;
        let saved = a.price.exact() - b.price.exact();
        let part = saved / (b.loss.exact() - a.loss.exact());
        let weigh = |point: &Accepting| point.price.exact() + &part * point.loss.exact();
        let Some(found) = stakes.at(&part) else {
            continue;
        };
        if weigh(&found) < weigh(&a) {
            points.push(found.clone());
            between.push((a, found.clone()));
            between.push((found, b));
        }
    }
    points.sort_by(|a, b| a.loss.cmp(&b.loss).then_with(|| a.price.cmp(&b.price)));
    let mut kept: Vec<Accepting> = Vec::new();
    for point in points {
        if kept.last().is_none_or(|last| point.price < last.price) {
            kept.push(point);
        }
    }
    kept
}

/// The estate with its jewels to be given up.
struct Stakes<'q> {
    question: &'q Asked<'q>,
    /// Those with a loss, which are not held.
    jewels: Vec<(NodeIx, Money)>,
}

impl<'q> Stakes<'q> {
    fn new(question: &'q Asked<'q>) -> Self {
        let held = held(question);
        let jewels = question.estate.jewels();
        let at_stake = jewels.filter(|(node, jewel)| !jewel.loss.is_zero() && !held.contains(node));
        Self {
            jewels: at_stake.map(|(node, j)| (node, j.loss.clone())).collect(),
            question,
        }
    }

    /// The estate where giving up a jewel costs a part of its loss.
    fn parts(&self, part: &Exact) -> EstateParts {
        let mut parts = self.question.parts().clone();
        let end = changed::add_node(&mut parts);
        for (node, loss) in &self.jewels {
            let price = Money::from_exact(loss.exact() * part);
            changed::add_way_out(&mut parts, *node, end, price);
        }
        for (node, _) in &self.jewels {
            if let Some(node) = parts.nodes.get_mut(node.index()) {
                node.jewel = None;
            }
        }
        if let Some(end) = parts.nodes.get_mut(end.index()) {
            let loss = Money::zero();
            end.jewel = Some(Jewel { loss, why: None });
        }
        parts
    }

    /// The least of price and that part of the loss accepted together.
    fn at(&self, part: &Exact) -> Option<Accepting> {
        let found = changed::cheapest(self.question, self.parts(part))?;
        Some(self.point(found.steps))
    }

    /// The least price whatever is lost: nothing done, unless something can be had for nothing, or a jewel without a price is
    /// not to be lost.
    fn all_lost(&self) -> Option<Accepting> {
        let (estate, held) = (self.question.estate, held(self.question));
        let at_stake = |node| self.jewels.iter().any(|(jewel, _)| *jewel == node);
        let mut jewels = estate.jewels();
        let nothing_else = jewels.all(|(node, _)| at_stake(node) || held.contains(&node));
        if nothing_else && estate.steps().iter().all(|step| !step.cost.is_zero()) {
            return Some(self.point(Vec::new()));
        }
        self.at(&Exact::zero())
    }

    /// The least loss, and of those the least price.
    fn least_loss(&self) -> Option<Accepting> {
        let parts = self.parts(&Exact::zero());
        let own = self.question.estate.steps().len();
        let mut of_step = vec![Exact::zero(); own];
        of_step.extend(self.jewels.iter().map(|(_, loss)| loss.exact().clone()));
        let measure = Measure {
            of_step,
            counts_lifeline: Lifeline::CountsNot,
        };
        let found = least(self.question, &parts, &measure)?;
        Some(self.point(found.steps))
    }

    /// What steps leave to be lost, and cost.
    fn point(&self, steps: Vec<StepIx>) -> Accepting {
        let estate = self.question.estate;
        let after = reach(estate, &held(self.question), &Removal::of(estate, &steps));
        let lost = || self.jewels.iter().filter(|(node, _)| after.contains(*node));
        Accepting {
            jewels: lost().map(|(node, _)| *node).collect(),
            loss: lost().map(|(_, loss)| loss).sum(),
            price: price(estate, &steps, &self.question.hold).total,
            steps,
        }
    }
}
