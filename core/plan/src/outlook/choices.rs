//! Plans that are best at something else than price.
//!
//! What a plan should be best at is a sum over its steps, or the hours of lifeline services. It is
//! made the dearer part of the price: dear enough that no saving makes up for the least more of it.

use std::collections::BTreeSet;

use cordon_model::{
    Care, EstateParts, Exact, Hours, Minutes, Money, Need, Service, ServiceId, ServiceIx, Step,
    StepIx,
};
use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::{
    Beside, Choice, Merit,
    changed::{self, Found},
};
use crate::{Draft, Question, inadmissible, price};

/// How much of something a plan has: so much for each step, or for each hour of a lifeline service.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// By step.
    pub(super) of_step: Vec<Exact>,
    /// Whether hours of lifeline services count, one each.
    pub(super) counts_lifeline: Lifeline,
}

/// Whether hours of lifeline services count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifeline {
    Counts,
    CountsNot,
}

/// The plan and those that are best at something else, each once.
pub(super) fn choices(question: &Question<'_>, plan: &Draft, beside: &Beside) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut add = |merit: Merit, found: Found| {
        let set = |steps: &[StepIx]| steps.iter().copied().collect::<BTreeSet<StepIx>>();
        let flaws = inadmissible(question, &found.steps);
        assert_eq!(flaws, [], "a choice is admissible");
        let mut known = choices.iter_mut();
        match known.find(|c| set(&c.steps) == set(&found.steps)) {
            Some(known) => known.best_at.push(merit),
            None => choices.push(told(question, merit, found)),
        }
    };
    let plan = Found {
        steps: plan.steps.clone(),
        proven: plan.proof.proven,
        lower_bound: plan.proof.lower_bound.clone(),
    };
    add(Merit::Cheapest, plan);
    for (merit, measure) in [
        (Merit::Fastest, minutes(question)),
        (Merit::FewestLifelineHours, lifeline_hours(question)),
        (Merit::FewestIrreversible, irreversible(question)),
    ] {
        let found = least(question, question.estate.parts(), &measure);
        // Of a plan that nobody knows the length of nobody knows that it is the fastest.
        let known = |found: &Found| merit != Merit::Fastest || together(question, found).is_some();
        if let Some(found) = found.filter(known) {
            add(merit, found);
        }
    }
    if let Some(kinds) = &beside.approved {
        let mut parts = question.estate.parts().clone();
        let approved = |step: &Step| !step.irreversible && kinds.contains(&step.kind);
        for step in parts.steps.iter_mut().filter(|step| !approved(step)) {
            step.removes_nodes.clear();
            step.removes_edges.clear();
        }
        parts.services.iter_mut().for_each(|s| s.protected = true);
        if let Some(found) = changed::cheapest(question, parts) {
            add(Merit::ApprovedInAdvance, found);
        }
    }
    choices.sort_by(|a, b| a.price.total.cmp(&b.price.total));
    choices
}

fn told(question: &Question<'_>, merit: Merit, found: Found) -> Choice {
    let estate = question.estate;
    let minutes = together(question, &found);
    let Found { steps, proven, .. } = found;
    let each = steps.iter().map(|&step| estate.step(step));
    Choice {
        best_at: vec![merit],
        price: price(estate, &steps, &question.hold),
        minutes,
        irreversible: each.filter(|step| step.irreversible).count(),
        proven,
        steps,
    }
}

/// How long steps take one after another; unknown if that of any is.
fn together(question: &Question<'_>, found: &Found) -> Option<Minutes> {
    let steps = found.steps.iter();
    let known: Option<Vec<&Minutes>> = steps
        .map(|&step| question.estate.step(step).minutes.as_ref())
        .collect();
    known.map(|minutes| minutes.into_iter().sum())
}

/// One step of unknown length is more than all known lengths together.
fn minutes(question: &Question<'_>) -> Measure {
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
    let steps = question.estate.steps().iter();
    let each = steps.map(|step| Exact::from(BigInt::from(u8::from(step.irreversible))));
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
pub(super) fn least(
    question: &Question<'_>,
    parts: &EstateParts,
    measure: &Measure,
) -> Option<Found> {
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
