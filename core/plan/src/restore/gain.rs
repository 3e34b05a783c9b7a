//! What undoing steps returns for the work.
//!
//! Hours of lifeline services come before money and are never added to it. A step of unknown length counts as long as the longest
//! that is known, so that nothing is put first for not being known.

use std::{cmp::Ordering, collections::BTreeSet};

use cordon_model::{Care, Exact, Hours, NodeIx, ServiceIx, StepIx};
use num_traits::{One, Zero};

use super::Undo;
use crate::{
    Question,
    price::{Standing, loss, needed_nodes, time_down},
};

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
    standing: Standing<Exact>,
}

/// What comes back with one step.
#[derive(Debug)]
pub(super) struct Returned {
    pub(super) money: Exact,
    pub(super) lifeline: Exact,
    /// Services that nothing stops any longer, in the order of the estate.
    pub(super) services: Vec<ServiceIx>,
}

impl<'q> Trade<'q> {
    /// All of the steps are in place.
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
        let covers = estate.services().iter().map(|s| s.cover.exact().clone());
        let mut trade = Self {
            needed: needed_nodes(estate),
            needs,
            unknown: longest.unwrap_or_else(Exact::one),
            standing: Standing::new(estate, covers.collect(), Exact::zero()),
            question,
        };
        for step in steps {
            trade.redo(*step);
        }
        trade
    }

    /// Undoes a step in place.
    pub(super) fn undo(&mut self, step: StepIx) -> Returned {
        let estate = self.question.estate;
        let mut changed = self.standing.bring_back(&estate.step(step).takes_down);
        changed.sort_unstable_by_key(|(service, _)| *service);
        let mut returned = Returned {
            money: Exact::zero(),
            lifeline: Exact::zero(),
            services: Vec::new(),
        };
        for (ix, before) in changed {
            let (service, after) = (estate.service(ix), self.standing.start(ix));
            let [was, is] = [before.as_ref(), after].map(|start| self.time_down(start));
            returned.money += loss(service, &was).exact() - loss(service, &is).exact();
            if service.care == Care::Lifeline {
                returned.lifeline += was - is;
            }
            if after.is_none() {
                returned.services.push(ix);
            }
        }
        returned
    }

    /// Puts a step in place again.
    pub(super) fn redo(&mut self, step: StepIx) {
        let down = &self.question.estate.step(step).takes_down;
        self.standing.take_down(down);
    }

    /// How long a service is down within the hold.
    fn time_down(&self, start: Option<&Exact>) -> Exact {
        let start = start.cloned().map(Hours::from_exact);
        time_down(start.as_ref(), &self.question.hold)
    }

    /// The steps to undo next, of those that can be: one, or all that keep one service from running, whichever return most
    /// for the work; of equals the fewest, then the first by id. None if none return anything.
    pub(super) fn best(&mut self, open: &[StepIx]) -> Option<Vec<StepIx>> {
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
        let mut bundles: Vec<Vec<StepIx>> = trading.iter().map(|step| vec![*step]).collect();
        let stopped = (0_u32..).map(ServiceIx).zip(&self.needs);
        for (_, needs) in stopped.filter(|(ix, _)| self.standing.start(*ix).is_some()) {
            let all = trading
                .iter()
                .copied()
                .filter(|step| touches(step, &|node| needs.contains(&node)));
            bundles.push(all.collect());
        }
        bundles.sort_by_key(Vec::len);
        let gains = bundles.into_iter().map(|steps| (self.gain(&steps), steps));
        let some = gains.filter(|(gain, _)| gain.is_some());
        // Of equals the last is the greatest, so they are looked at from their end.
        let some: Vec<_> = some.collect();
        let best = some.into_iter().rev().max_by(|a, b| a.0.cmp(&b.0));
        best.map(|(_, steps)| steps)
    }

    /// What undoing some steps would return.
    fn gain(&mut self, steps: &[StepIx]) -> Gain {
        let mut gain = Gain {
            lifeline: Exact::zero(),
            money: Exact::zero(),
            minutes: Exact::zero(),
        };
        for step in steps {
            let returned = self.undo(*step);
            gain.lifeline += returned.lifeline;
            gain.money += returned.money;
            let known = self.question.estate.step(*step).minutes.as_ref();
            gain.minutes += known.map_or(&self.unknown, |minutes| minutes.exact());
        }
        for step in steps {
            self.redo(*step);
        }
        gain
    }
}
