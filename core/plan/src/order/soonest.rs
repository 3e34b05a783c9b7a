//! The order of steps that loses least to the race.
//!
//! What an order may lose follows from the ways that can be walked before they are closed. Of these only those are known at
//! first that the usual order leaves open too long; an order is chosen that is best for the known ones, run, and what it leaves
//! open besides is known from then on, until nothing new comes up. As fewer ways never make an order look worse than it
//! is, an order that is best for them and leaves nothing else open is best for all. Up to a dozen steps are ordered by
//! branch and bound, first the usual order; more by what each jewel saves for the minutes it takes.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Exact, NodeIx, StepIx};
use cordon_reach::{OpenWay, removed_by};
use num_traits::Zero;

use crate::{Question, race::Course};

/// Steps of which every order is weighed; 12 have 4,096 sets of what is done already.
const WEIGHED_MAX: usize = 12;
/// Beginnings of orders looked at, so that a choice never takes longer than the plan itself.
const BEGINNINGS_MAX: usize = 20_000;
/// Jewels told apart in one search, as bits.
const JEWELS_MAX: usize = 128;
/// Orders run at most, and edges of all the runs together: a large estate is not walked for long.
const RUNS_MAX: usize = 64;
const EDGES_MAX: usize = 4_000_000;

/// Steps, given in the usual order, in the one that may lose least; of equals the one that is nearest to the usual order.
pub(super) fn soonest(question: &Question<'_>, usual: &[StepIx]) -> Vec<StepIx> {
    let course = Course::new(question, usual);
    let mut known = Known::new(question, &course, usual);
    let steps = |order: &[usize]| -> Vec<StepIx> {
        let steps = order.iter().filter_map(|at| usual.get(*at));
        steps.copied().collect()
    };
    let mut order: Vec<usize> = (0..usual.len()).collect();
    let mut best: Option<(Cost, Vec<usize>)> = None;
    let runs = EDGES_MAX / question.estate.edges().len().max(1);
    for _ in 0..runs.clamp(1, RUNS_MAX) {
        let (_, found) = course.run(&steps(&order));
        let this = (known.cost_of_run(&found), order);
        let is_new = known.learn(&found);
        best = Some(match best {
            Some(best) => best.min(this),
            None => this,
        });
        if !is_new {
            break;
        }
        order = known.order();
    }
    best.map_or_else(|| usual.to_vec(), |(_, order)| steps(&order))
}

/// What may be lost: first what is not surely kept, then what is known to come too late.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    open: Exact,
    late: Exact,
}

/// A way to a jewel, by number, and the steps that close it, by their places in the usual order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    jewel: usize,
    /// It takes at least so long.
    minutes: Exact,
    is_known: bool,
    closed_by: BTreeSet<usize>,
}

/// The ways known so far.
struct Known {
    ways: BTreeSet<Way>,
    /// By jewel.
    losses: Vec<Exact>,
    numbers: BTreeMap<NodeIx, usize>,
    /// By step, in the usual order.
    minutes: Vec<Option<Exact>>,
    /// Which steps remove an edge.
    removed_by: BTreeMap<EdgeIx, Vec<usize>>,
}

impl Known {
    fn new(question: &Question<'_>, course: &Course<'_>, usual: &[StepIx]) -> Self {
        let estate = question.estate;
        let minutes = usual.iter().map(|step| estate.step(*step).minutes.as_ref());
        let mut removing: BTreeMap<EdgeIx, Vec<usize>> = BTreeMap::new();
        for (at, step) in usual.iter().enumerate() {
            for edge in removed_by(estate, *step) {
                removing.entry(edge).or_default().push(at);
            }
        }
        let jewels = course.jewels.iter();
        Self {
            ways: BTreeSet::new(),
            losses: jewels
                .clone()
                .map(|(_, loss)| loss.exact().clone())
                .collect(),
            numbers: jewels.zip(0..).map(|((node, _), at)| (*node, at)).collect(),
            minutes: minutes.map(|m| m.map(|m| m.exact().clone())).collect(),
            removed_by: removing,
        }
    }

    fn cost(&self, open: impl Iterator<Item = usize>, late: impl Iterator<Item = usize>) -> Cost {
        let loss = |jewel: usize| self.losses.get(jewel);
        Cost {
            open: open.filter_map(loss).sum(),
            late: late.filter_map(loss).sum(),
        }
    }

    fn cost_of_run(&self, found: &BTreeMap<NodeIx, Vec<OpenWay>>) -> Cost {
        let number = |node: &NodeIx| self.numbers.get(node).copied();
        let known = found
            .iter()
            .filter(|(_, ways)| ways.iter().any(|way| way.is_known));
        let late = known.filter_map(|(node, _)| number(node));
        self.cost(found.keys().filter_map(number), late)
    }

    /// Whether some way was not known.
    fn learn(&mut self, found: &BTreeMap<NodeIx, Vec<OpenWay>>) -> bool {
        let mut is_new = false;
        for (node, ways) in found {
            let Some(&jewel) = self.numbers.get(node) else {
                continue;
            };
            for way in ways {
                let closing = way
                    .edges
                    .iter()
                    .filter_map(|edge| self.removed_by.get(edge));
                let way = Way {
                    jewel,
                    minutes: way.minutes.exact().clone(),
                    is_known: way.is_known,
                    closed_by: closing.flatten().copied().collect(),
                };
                is_new |= self.ways.insert(way);
            }
        }
        is_new
    }

    /// A good order for the ways known, the best one of few steps.
    fn order(&self) -> Vec<usize> {
        let all = 0..self.minutes.len();
        let matter: BTreeSet<usize> = if all.len() <= WEIGHED_MAX {
            all.clone().collect()
        } else {
            let ways = self.ways.iter();
            ways.flat_map(|way| way.closed_by.iter().copied()).collect()
        };
        let is_small = matter.len() <= WEIGHED_MAX && self.losses.len() <= JEWELS_MAX;
        let first = if is_small {
            Weighing::new(self, &matter).best()
        } else {
            self.most_for_the_minutes()
        };
        let rest: Vec<usize> = all.filter(|at| !first.contains(at)).collect();
        [first, rest].concat()
    }

    /// Again and again what saves the most valuable jewel for the minutes that takes, of those that can be saved still.
    fn most_for_the_minutes(&self) -> Vec<usize> {
        let mut of_jewel: Vec<Vec<&Way>> = vec![Vec::new(); self.losses.len()];
        for way in &self.ways {
            if let Some(ways) = of_jewel.get_mut(way.jewel) {
                ways.push(way);
            }
        }
        let mut order: Vec<usize> = Vec::new();
        let mut at = Exact::zero();
        loop {
            let rescues = of_jewel
                .iter()
                .zip(&self.losses)
                .filter_map(|(ways, loss)| {
                    let (steps, takes) = self.rescue(ways, &order, &at)?;
                    Some((steps, takes, loss))
                });
            // Of equals the first of the estate.
            let best = rescues.reduce(|best, next| {
                let is_better = next.2 * &best.1 > best.2 * &next.1;
                if is_better { next } else { best }
            });
            let Some((steps, takes, _)) = best else {
                return order;
            };
            order.extend(steps);
            at += takes;
        }
    }

    /// Steps that close all ways to a jewel in time after some others, and how long they take; none if there are none, or all are
    /// closed.
    fn rescue(&self, ways: &[&Way], done: &[usize], at: &Exact) -> Option<(Vec<usize>, Exact)> {
        let (mut steps, mut takes) = (Vec::new(), Exact::zero());
        // The most urgent first: ways of a jewel stand by their minutes.
        for way in ways {
            let closed = done
                .iter()
                .chain(&steps)
                .any(|at| way.closed_by.contains(at));
            if closed {
                continue;
            }
            let closing = way.closed_by.iter();
            let known = closing.filter_map(|at| Some((self.minutes.get(*at)?.as_ref()?, *at)));
            let (minutes, step) = known.min()?;
            takes += minutes;
            if way.minutes < at + &takes {
                return None;
            }
            steps.push(step);
        }
        (!steps.is_empty()).then_some((steps, takes))
    }
}

/// Jewels that may be lost, and of those the ones that are known to be, as bits.
#[derive(Debug, Clone, Copy, Default)]
struct Lost {
    open: u128,
    late: u128,
}

impl Lost {
    fn add(&mut self, way: &Way) {
        self.open |= 1 << way.jewel;
        if way.is_known {
            self.late |= 1 << way.jewel;
        }
    }

    fn is_within(self, other: Self) -> bool {
        self.open & !other.open == 0 && self.late & !other.late == 0
    }
}

/// Branch and bound over the orders of a few steps, the usual one first, so that of equals the first found stays.
struct Weighing<'w> {
    ways: &'w Known,
    matter: &'w BTreeSet<usize>,
    best: Option<(Cost, Vec<usize>)>,
    /// By the set of steps done, what earlier beginnings with that set had lost.
    seen: BTreeMap<BTreeSet<usize>, Vec<Lost>>,
    left: usize,
}

impl<'w> Weighing<'w> {
    fn new(ways: &'w Known, matter: &'w BTreeSet<usize>) -> Self {
        Self {
            ways,
            matter,
            best: None,
            seen: BTreeMap::new(),
            left: BEGINNINGS_MAX,
        }
    }

    fn best(mut self) -> Vec<usize> {
        self.go_on(&mut Vec::new(), Some(&Exact::zero()), Lost::default());
        self.best.map_or_else(Vec::new, |(_, order)| order)
    }

    fn go_on(&mut self, order: &mut Vec<usize>, at: Option<&Exact>, lost: Lost) {
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        self.left = left;
        let done: BTreeSet<usize> = order.iter().copied().collect();
        let lost = self.surely(&done, at, lost);
        let cost = self.cost(lost);
        if self.best.as_ref().is_some_and(|(best, _)| *best <= cost) {
            return;
        }
        let seen = self.seen.entry(done.clone()).or_default();
        if seen.iter().any(|known| known.is_within(lost)) {
            return;
        }
        seen.push(lost);
        if done.len() == self.matter.len() {
            self.best = Some((cost, order.clone()));
            return;
        }
        for &step in self.matter.difference(&done) {
            let takes = self.ways.minutes.get(step).and_then(Option::as_ref);
            let then = at.zip(takes).map(|(at, takes)| at + takes);
            order.push(step);
            self.go_on(
                order,
                then.as_ref(),
                self.after(&done, step, then.as_ref(), lost),
            );
            order.pop();
        }
    }

    /// With what is lost of the ways that a step closes too late.
    fn after(
        &self,
        done: &BTreeSet<usize>,
        step: usize,
        then: Option<&Exact>,
        mut lost: Lost,
    ) -> Lost {
        let open = self.open(done).filter(|way| way.closed_by.contains(&step));
        for way in open.filter(|way| then.is_none_or(|then| way.minutes < *then)) {
            lost.add(way);
        }
        lost
    }

    /// With what is lost whatever comes next.
    fn surely(&self, done: &BTreeSet<usize>, at: Option<&Exact>, mut lost: Lost) -> Lost {
        for way in self.open(done) {
            let closing = way.closed_by.iter();
            let takes = closing.filter_map(|step| self.ways.minutes.get(*step)?.as_ref());
            let closed = at.zip(takes.min()).map(|(at, takes)| at + takes);
            if closed.is_none_or(|closed| way.minutes < closed) {
                lost.add(way);
            }
        }
        lost
    }

    fn open(&self, done: &BTreeSet<usize>) -> impl Iterator<Item = &'w Way> {
        let ways = self.ways.ways.iter();
        ways.filter(move |way| way.closed_by.is_disjoint(done))
    }

    fn cost(&self, lost: Lost) -> Cost {
        let bits = |bits: u128| (0..JEWELS_MAX).filter(move |bit| bits >> bit & 1 == 1);
        self.ways.cost(bits(lost.open), bits(lost.late))
    }
}
