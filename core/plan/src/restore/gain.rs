//! What undoing steps returns for the work.
//!
//! Hours of lifeline services come before money and are never added to it. A step of unknown length counts as long as the longest
//! that is known, so that nothing is put first for not being known.

use std::{cmp::Ordering, collections::BTreeSet};

use cordon_model::{Exact, NodeIx, ServiceIx, StepIx};
use num_traits::{One, Zero};

use super::{Undo, price};
use crate::{Price, Question, price::needed_nodes};

/// What comes back, for how many minutes of work.
#[derive(Debug, Clone)]
pub(super) struct Gain {
    lifeline: Exact,
    money: Exact,
    pub(super) minutes: Exact,
}

impl Gain {
    /// What all of some undos return; the work is not counted.
    pub(super) fn of(undo: &[Undo]) -> Self {
        Self {
            lifeline: undo.iter().map(|undo| undo.lifeline.exact()).sum(),
            money: undo.iter().map(|undo| undo.returns.exact()).sum(),
            minutes: Exact::zero(),
        }
    }

    fn is_some(&self) -> bool {
        !self.lifeline.is_zero() || !self.money.is_zero()
    }

    /// Which returns more for each minute; where neither takes any, which returns more.
    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let rate =
            |ours: &Exact, theirs: &Exact| (ours * &other.minutes).cmp(&(theirs * &self.minutes));
        rate(&self.lifeline, &other.lifeline)
            .then_with(|| rate(&self.money, &other.money))
            .then_with(|| self.lifeline.cmp(&other.lifeline))
            .then_with(|| self.money.cmp(&other.money))
    }
}

/// What steps that are in place cost trade.
pub(super) struct Trade<'q> {
    pub(super) question: &'q Question<'q>,
    /// By node, whether some service needs it.
    needed: Vec<bool>,
    /// By service, the nodes that it needs, through other services too.
    needs: Vec<BTreeSet<NodeIx>>,
    /// What a step of unknown length counts as.
    unknown: Exact,
}

impl<'q> Trade<'q> {
    pub(super) fn new(question: &'q Question<'q>, steps: &[StepIx]) -> Self {
        let estate = question.estate;
        let mut needs = vec![BTreeSet::new(); estate.services().len()];
        for &service in estate.services_bottom_up() {
            let mut nodes = BTreeSet::new();
            let expression = &estate.service(service).needs;
            expression.for_each_node(&mut |node| {
                nodes.insert(node);
            });
            expression.for_each_service(&mut |needed| {
                nodes.extend(needs.get(needed.index()).into_iter().flatten().copied());
            });
            if let Some(slot) = needs.get_mut(service.index()) {
                *slot = nodes;
            }
        }
        let known = steps
            .iter()
            .filter_map(|step| estate.step(*step).minutes.as_ref());
        let longest = known.max().map(|minutes| minutes.exact().clone());
        Self {
            needed: needed_nodes(estate),
            needs,
            unknown: longest.unwrap_or_else(Exact::one),
            question,
        }
    }

    /// What some steps in place cost.
    pub(super) fn priced(&self, left: &[StepIx]) -> Priced {
        Priced(price(self.question.estate, left, &self.question.hold))
    }

    /// The steps to undo next, of those that can be: one, or all that keep one service from running, whichever return most
    /// for the work; of equals the fewest, then the first by id. None if none return anything.
    pub(super) fn best(&self, left: &[StepIx], open: &[StepIx]) -> Option<Vec<StepIx>> {
        let estate = self.question.estate;
        let touches = |step: &StepIx, nodes: &dyn Fn(NodeIx) -> bool| {
            estate
                .step(*step)
                .takes_down
                .iter()
                .any(|node| nodes(*node))
        };
        let needed = |node: NodeIx| self.needed.get(node.index()) == Some(&true);
        let mut trading: Vec<StepIx> = open
            .iter()
            .copied()
            .filter(|s| touches(s, &needed))
            .collect();
        if trading.is_empty() {
            return None;
        }
        trading.sort_by_key(|step| &estate.step(*step).id);
        let now = self.priced(left);
        let mut bundles: Vec<Vec<StepIx>> = trading.iter().map(|step| vec![*step]).collect();
        for service in now.stopped() {
            let Some(needs) = self.needs.get(service.index()) else {
                continue;
            };
            let all = trading
                .iter()
                .copied()
                .filter(|step| touches(step, &|node| needs.contains(&node)));
            bundles.push(all.collect());
        }
        bundles.sort_by_key(Vec::len);
        let gains = bundles
            .into_iter()
            .map(|steps| (self.gain(&now, left, &steps), steps));
        let some = gains.filter(|(gain, _)| gain.is_some());
        // Of equals the last is the greatest, so they are looked at from their end.
        let some: Vec<_> = some.collect();
        let best = some.into_iter().rev().max_by(|a, b| a.0.cmp(&b.0));
        best.map(|(_, steps)| steps)
    }

    fn gain(&self, now: &Priced, left: &[StepIx], undone: &[StepIx]) -> Gain {
        let estate = self.question.estate;
        let mut rest = left.to_vec();
        rest.retain(|step| !undone.contains(step));
        let then = self.priced(&rest);
        let minutes = undone.iter().map(|step| {
            let known = estate.step(*step).minutes.as_ref();
            known.map_or(&self.unknown, |minutes| minutes.exact())
        });
        Gain {
            lifeline: now.lifeline() - then.lifeline(),
            money: now.loss() - then.loss(),
            minutes: minutes.sum(),
        }
    }
}

/// What steps in place cost trade.
pub(super) struct Priced(Price);

impl Priced {
    /// The loss of all services over the hold; what the steps themselves cost is spent.
    pub(super) fn loss(&self) -> Exact {
        self.0.total.exact() - self.0.steps.exact()
    }

    pub(super) fn lifeline(&self) -> Exact {
        self.0.lifeline.exact().clone()
    }

    fn stopped(&self) -> impl Iterator<Item = ServiceIx> {
        let services = self.0.services.iter();
        services
            .filter(|service| service.start.is_some())
            .map(|service| service.service)
    }

    /// The services that stop here and do not stop there.
    pub(super) fn running_again(&self, after: &Self) -> Vec<ServiceIx> {
        let again = self.stopped();
        let stopped: BTreeSet<ServiceIx> = after.stopped().collect();
        again.filter(|service| !stopped.contains(service)).collect()
    }
}
