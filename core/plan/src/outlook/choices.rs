//! Plans that are best at something else than price.
//!
//! What a plan should be best at is a sum over its steps, or the hours of lifeline services. It is
//! made the dearer part of the price: dear enough that no saving makes up for the least more of it.

use std::collections::BTreeSet;

use cordon_model::{
    Care, Estate, EstateParts, Exact, Hours, Minutes, Money, Need, Service, ServiceId, ServiceIx,
    Step, StepIx, StepKind,
};
use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::{
    Beside, Choice, InAdvance, Merit,
    asked::Asked,
    changed::{self, Found},
    fastest::fastest,
};
use crate::{Draft, Question, inadmissible, infeasible, price, race, solve::NoSet};

/// How much of something a plan has: so much for each step, or for each hour of a lifeline service.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// By step.
    pub(super) of_step: Vec<Exact>,
    /// Whether hours of lifeline services count, one each.
    pub(super) counts_lifeline: Lifeline,
}

impl Measure {
    fn is_nothing_of(&self, plan: &Draft) -> bool {
        let of_step = |step: &StepIx| self.of_step.get(step.index()).is_none_or(Zero::is_zero);
        let lifeline = match self.counts_lifeline {
            Lifeline::Counts => plan.price.lifeline.is_zero(),
            Lifeline::CountsNot => true,
        };
        lifeline && plan.steps.iter().all(of_step)
    }
}

/// Whether hours of lifeline services count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifeline {
    Counts,
    CountsNot,
}

/// The plan and those that are best at something else, each once, and whether one needs no approval.
pub(super) fn choices(
    question: &Asked<'_>,
    plan: &Draft,
    beside: &Beside,
) -> (Vec<Choice>, InAdvance) {
    let cheapest = Found {
        steps: plan.steps.clone(),
        proven: plan.proof.proven,
        lower_bound: plan.proof.lower_bound.clone(),
    };
    let of_plan: BTreeSet<StepIx> = plan.steps.iter().copied().collect();
    let mut found = vec![(Merit::Cheapest, cheapest.clone())];
    for (merit, measure) in [
        (Merit::FewestLifelineHours, lifeline_hours(question)),
        (Merit::FewestIrreversible, irreversible(question)),
        (Merit::FewestShared, shared(question, &of_plan)),
    ] {
        // What has none of it cannot be bettered, and costs least as well.
        let least = if measure.is_nothing_of(plan) {
            Some(cheapest.clone())
        } else {
            least(question, question.parts(), &measure)
        };
        // A plan is no other than itself.
        let is_other = |found: &Found| {
            merit != Merit::FewestShared || found.steps.iter().any(|step| !of_plan.contains(step))
        };
        found.extend(least.filter(is_other).map(|least| (merit, least)));
    }
    let in_advance = match beside.approved.as_deref().map(|k| approved(question, k)) {
        None => InAdvance::NotAsked,
        Some(Err(why)) => why,
        Some(Ok(plan)) => {
            found.push((Merit::ApprovedInAdvance, plan));
            InAdvance::Possible
        }
    };
    let known: Vec<Vec<StepIx>> = found.iter().map(|(_, found)| found.steps.clone()).collect();
    found.extend(fastest(question, &known).map(|plan| (Merit::Fastest, plan)));
    found.sort_by_key(|(merit, _)| *merit);
    (each_once(question, found), in_advance)
}

fn each_once(question: &Question<'_>, found: Vec<(Merit, Found)>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let set = |steps: &[StepIx]| steps.iter().copied().collect::<BTreeSet<StepIx>>();
    for (merit, found) in found {
        let flaws = inadmissible(question, &found.steps);
        assert_eq!(flaws, [], "a choice is admissible");
        let mut known = choices.iter_mut();
        match known.find(|c| set(&c.steps) == set(&found.steps)) {
            Some(known) => {
                known.best_at.push(merit);
                known.unproven.extend((!found.proven).then_some(merit));
            }
            None => choices.push(told(question, merit, found)),
        }
    }
    choices.sort_by(|a, b| a.price.total.cmp(&b.price.total));
    choices
}

/// The cheapest plan that has only steps of some kinds, none that only goes forward, and stops no service.
///
/// # Errors
/// Why there is none.
fn approved(question: &Asked<'_>, kinds: &[StepKind]) -> Result<Found, InAdvance> {
    let mut parts = question.parts().clone();
    let approved = |step: &Step| !step.irreversible && kinds.contains(&step.kind);
    for step in parts.steps.iter_mut().filter(|step| !approved(step)) {
        step.removes_nodes.clear();
        step.removes_edges.clear();
    }
    parts.services.iter_mut().for_each(|s| s.protected = true);
    let estate = Estate::new(parts);
    let changed = Question {
        estate: &estate,
        ..Question::clone(question)
    };
    changed::found(question, &changed).map_err(|missing| match missing {
        NoSet::Impossible => InAdvance::Impossible(infeasible::why(&changed)),
        NoSet::NotFound(_) => InAdvance::NotFound,
    })
}

fn told(question: &Question<'_>, merit: Merit, found: Found) -> Choice {
    let estate = question.estate;
    let Found { steps, proven, .. } = found;
    let late = race(question, &steps).late;
    let each = steps.iter().map(|&step| estate.step(step));
    Choice {
        best_at: vec![merit],
        price: price(estate, &steps, &question.hold),
        minutes: together(question, &steps),
        may_be_lost: late.iter().map(|late| &late.loss).sum(),
        irreversible: each.filter(|step| step.irreversible).count(),
        unproven: (!proven).then_some(merit).into_iter().collect(),
        steps,
    }
}

/// How long steps take one after another; unknown if that of any is.
pub(super) fn together(question: &Question<'_>, steps: &[StepIx]) -> Option<Minutes> {
    let steps = steps.iter();
    let known: Option<Vec<&Minutes>> = steps
        .map(|&step| question.estate.step(step).minutes.as_ref())
        .collect();
    known.map(|minutes| minutes.into_iter().sum())
}

/// One step of unknown length is more than all known lengths together.
pub(super) fn minutes(question: &Question<'_>) -> Measure {
    let steps = question.estate.steps().iter();
    let known: Minutes = steps.clone().filter_map(|s| s.minutes.as_ref()).sum();
    let unknown = known.exact() + Exact::one();
    let each = steps.map(|step| match &step.minutes {
        Some(minutes) => minutes.exact().clone(),
        None => unknown.clone(),
    });
    Measure {
        of_step: each.collect(),
        counts_lifeline: Lifeline::CountsNot,
    }
}

fn irreversible(question: &Question<'_>) -> Measure {
    of_those(question, |step| question.estate.step(step).irreversible)
}

fn shared(question: &Question<'_>, plan: &BTreeSet<StepIx>) -> Measure {
    of_those(question, |step| plan.contains(&step))
}

/// How many steps are of some.
fn of_those(question: &Question<'_>, counts: impl Fn(StepIx) -> bool) -> Measure {
    let steps = question.estate.step_indices();
    let each = steps.map(|step| Exact::from(BigInt::from(u8::from(counts(step)))));
    Measure {
        of_step: each.collect(),
        counts_lifeline: Lifeline::CountsNot,
    }
}

fn lifeline_hours(question: &Question<'_>) -> Measure {
    Measure {
        of_step: vec![Exact::zero(); question.estate.steps().len()],
        counts_lifeline: Lifeline::Counts,
    }
}

/// The plan that has least of something, and of those the cheapest. First how much that is, prices left
/// out; what that plan costs says how dear the least more of it has to be.
pub(super) fn least(question: &Asked<'_>, parts: &EstateParts, measure: &Measure) -> Option<Found> {
    let mut bare = parts.clone();
    for step in &mut bare.steps {
        step.cost = Money::zero();
    }
    for service in &mut bare.services {
        service.loss_per_hour = Money::zero();
    }
    let measured = Measured {
        hold: &question.hold,
        measure,
    };
    let one = Money::from_units(1);
    let first = changed::cheapest(question, measured.priced(bare, &one))?;
    let enough = price(question.estate, &first.steps, &question.hold).total;
    let enough = (enough.exact() + Exact::one()) * Exact::from(measured.parts_of_one(parts));
    let dear = Money::from_exact(enough);
    let found = changed::cheapest(question, measured.priced(parts.clone(), &dear))?;
    Some(Found {
        proven: found.proven && first.proven,
        ..found
    })
}

struct Measured<'m> {
    hold: &'m Hours,
    measure: &'m Measure,
}

impl Measured<'_> {
    /// The estate with a price on what is measured.
    fn priced(&self, mut parts: EstateParts, price: &Money) -> EstateParts {
        for (step, amount) in parts.steps.iter_mut().zip(&self.measure.of_step) {
            step.cost = Money::from_exact(step.cost.exact() + amount * price.exact());
        }
        if self.measure.counts_lifeline == Lifeline::Counts {
            let services = (0_u32..).map(ServiceIx).zip(&parts.services);
            let lifelines = services.filter(|(_, service)| service.care == Care::Lifeline);
            let hours: Vec<Service> = lifelines.map(|(ix, _)| hours_of(ix, price)).collect();
            parts.services.extend(hours);
        }
        parts
    }

    /// A number of which every difference in what is measured is a whole part at least.
    fn parts_of_one(&self, parts: &EstateParts) -> BigInt {
        let steps = self.measure.of_step.iter().map(Exact::denom);
        let covers = parts.services.iter().map(|s| s.cover.exact().denom());
        let hold = [self.hold.exact().denom()];
        steps
            .chain(covers)
            .chain(hold)
            .fold(BigInt::one(), |all, each| {
                // The least common multiple: what of it is not there yet comes in.
                let more = Exact::new(all.clone(), each.clone());
                &all * more.denom()
            })
    }
}

/// A service that loses that price for every hour that another is down.
fn hours_of(service: ServiceIx, price: &Money) -> Service {
    Service {
        id: ServiceId::new(format!("{}", service.0)),
        name: None,
        needs: Need::Service(service),
        loss_per_hour: price.clone(),
        cover: Hours::zero(),
        ramp: Hours::zero(),
        protected: false,
        care: Care::None,
        probe: None,
    }
}
