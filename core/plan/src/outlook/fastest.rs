//! The plan that leaves least to be lost before it is in force, and of those the quickest.
//!
//! What is lost before depends on the order of steps and not on their sum, so that no change of prices finds it. The plan of the
//! fewest minutes and the other choices are made better instead: by the quickest steps that close in time what is
//! closed too late, without those that this makes needless. Nothing is better where the plan of the fewest minutes loses
//! only what would be lost even if all steps were carried out at once; of any other nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Minutes, Money, NodeIx, StepIx};
use cordon_reach::{Chase, OpenWay, removed_by};

use super::{
    asked::Asked,
    changed::Found,
    choices::{least, minutes, together},
};
use crate::{
    Question, inadmissible, infeasible::Demands, order::in_order, price, race, race::Course, solve,
    target::held,
};

/// Sets of steps put in order and run, at most; fewer where an estate has many edges.
const TRIED_MAX: usize = 256;
const EDGES_MAX: usize = 40_000_000;
/// Steps brought in for one jewel, at most.
const BROUGHT_MAX: usize = 8;

/// What a set of steps loses to the race, its minutes, its price, and the steps in order: less is better.
type Rated = (Money, Minutes, Money, usize, Vec<StepIx>);

/// The admissible plan of known length that loses least to the race, as far as is found, from others that are known; none if every plan has a
/// step of unknown length.
pub(super) fn fastest(question: &Asked<'_>, others: &[Vec<StepIx>]) -> Option<Found> {
    let quickest = least(question, question.parts(), &minutes(question))?;
    let first = rated(question, quickest.steps.clone())?;
    let mut search = Search::new(question);
    let floor = search.floor();
    let mut best = first.clone();
    if first.0 > floor {
        let others = others.iter().cloned();
        for known in others.filter_map(|steps| rated(question, steps)) {
            best = best.min(search.at_best(known));
        }
        best = best.min(search.at_best(first.clone()));
    }
    Some(Found {
        proven: quickest.proven && first.0 == floor,
        steps: best.4,
        ..quickest
    })
}

fn rated(question: &Question<'_>, steps: Vec<StepIx>) -> Option<Rated> {
    let minutes = together(question, &steps)?;
    let late = race(question, &steps).late;
    Some((
        late.iter().map(|late| &late.loss).sum(),
        minutes,
        price(question.estate, &steps, &question.hold).total,
        steps.len(),
        steps,
    ))
}

struct Search<'q> {
    question: &'q Question<'q>,
    /// Steps of known length that stop nothing protected by themselves, the quickest first.
    usable: Vec<(&'q Minutes, StepIx)>,
    /// By edge, those of them that remove it.
    removing: BTreeMap<EdgeIx, Vec<StepIx>>,
    left: usize,
}

impl<'q> Search<'q> {
    fn new(question: &'q Question<'q>) -> Self {
        let estate = question.estate;
        let usable = solve::usable(&Demands::of(question).task(question));
        let known = usable.into_iter();
        let known = known.filter_map(|step| Some((estate.step(step).minutes.as_ref()?, step)));
        let mut usable: Vec<(&Minutes, StepIx)> = known.collect();
        usable.sort();
        let mut removing: BTreeMap<EdgeIx, Vec<StepIx>> = BTreeMap::new();
        for (_, step) in &usable {
            for edge in removed_by(estate, *step) {
                removing.entry(edge).or_default().push(*step);
            }
        }
        let tried = EDGES_MAX / estate.edges().len().max(1);
        Self {
            question,
            usable,
            removing,
            left: tried.min(TRIED_MAX),
        }
    }

    /// What is lost even if all steps are carried out at once.
    fn floor(&self) -> Money {
        let (estate, held) = (self.question.estate, held(self.question));
        let losses: BTreeMap<NodeIx, &Money> = estate
            .jewels()
            .filter(|(node, _)| !held.contains(node))
            .map(|(node, jewel)| (node, &jewel.loss))
            .collect();
        let jewels: Vec<NodeIx> = losses.keys().copied().collect();
        let each = self.usable.iter();
        let closing: Vec<_> = each
            .map(|(at, step)| (*step, Some((*at).clone())))
            .collect();
        let steps: Vec<StepIx> = closing.iter().map(|(step, _)| *step).collect();
        let open = Chase::new(estate, &held, &jewels, &steps).run(&closing);
        open.keys()
            .filter_map(|node| losses.get(node))
            .copied()
            .sum()
    }

    /// What is left once nothing that is tried makes a plan better.
    fn at_best(&mut self, mut plan: Rated) -> Rated {
        while let Some(better) = self.better(&plan) {
            plan = better;
        }
        plan
    }

    /// The best of what saves one more jewel each; none if none of it is better.
    fn better(&mut self, best: &Rated) -> Option<Rated> {
        let course = Course::new(self.question, &best.4);
        let (_, open) = course.run(&best.4);
        let tried = open.keys().filter_map(|jewel| {
            self.left = self.left.checked_sub(1)?;
            let steps = self.saving(*jewel, &course, &best.4)?;
            rated(self.question, in_order(self.question, steps))
        });
        tried.min().filter(|found| found < best)
    }

    /// A plan that saves a jewel by quick steps before all others, without what they make needless.
    fn saving(&self, jewel: NodeIx, course: &Course<'_>, plan: &[StepIx]) -> Option<Vec<StepIx>> {
        let mut first: Vec<StepIx> = Vec::new();
        loop {
            let rest = plan.iter().filter(|step| !first.contains(step));
            let steps: Vec<StepIx> = first.iter().chain(rest).copied().collect();
            let (_, open) = course.run(&steps);
            let Some(ways) = open.get(&jewel) else {
                return self.without_needless(steps, first.len());
            };
            if first.len() == BROUGHT_MAX {
                return None;
            }
            first.push(self.quickest(ways, &first)?);
        }
    }

    /// The quickest step that closes the way which takes least time.
    fn quickest(&self, ways: &[OpenWay], besides: &[StepIx]) -> Option<StepIx> {
        let estate = self.question.estate;
        let way = ways.iter().min_by_key(|way| &way.minutes)?;
        let removing = way.edges.iter().filter_map(|edge| self.removing.get(edge));
        let steps: BTreeSet<StepIx> = removing.flatten().copied().collect();
        let new = steps.into_iter().filter(|step| !besides.contains(step));
        new.min_by_key(|step| (&estate.step(*step).minutes, &estate.step(*step).cost, *step))
    }

    /// Steps but for those after the first so many that are not needed, the longest first; none if they are not admissible at all.
    fn without_needless(&self, mut steps: Vec<StepIx>, first: usize) -> Option<Vec<StepIx>> {
        let admissible = |steps: &[StepIx]| inadmissible(self.question, steps).is_empty();
        if !admissible(&steps) {
            return None;
        }
        let mut rest: Vec<StepIx> = steps.iter().skip(first).copied().collect();
        rest.sort_by_key(|step| std::cmp::Reverse(&self.question.estate.step(*step).minutes));
        for step in rest {
            let fewer: Vec<StepIx> = steps.iter().copied().filter(|s| *s != step).collect();
            if admissible(&fewer) {
                steps = fewer;
            }
        }
        Some(steps)
    }
}
