//! How plans age: the best for each hold, when to change from one to the next, and when a cut has
//! come to cost more than it keeps.

use std::collections::BTreeSet;

use cordon_model::{Estate, Exact, Hours, Money, StepIx};
use num_bigint::BigInt;

use super::{AtHold, Held, asked::Asked, changed};
use crate::{Draft, Question, TargetStatus, price, price::starts};

/// Holds that people think in, in hours.
const HOLDS: [i64; 5] = [1, 6, 24, 72, 168];
/// Beyond so many hours, four generations, nobody asks.
const HOURS_MAX: i64 = 1 << 20;

/// The cheapest plan for each of the holds and the question's own.
pub(super) fn holds(question: &Asked<'_>, plan: Option<&Draft>) -> Vec<AtHold> {
    let mut times: Vec<Hours> = HOLDS.into_iter().map(Hours::from_units).collect();
    times.push(question.hold.clone());
    times.sort();
    times.dedup();
    let mut found: Vec<AtHold> = Vec::new();
    for hold in times {
        let known = plan.filter(|_| hold == question.hold);
        let known = known.map(|plan| known_plan(question.estate, plan));
        let known = known.or_else(|| still(question, found.last()?, &hold));
        found.push(AtHold {
            plan: known.or_else(|| best(question, &hold)),
            hold,
            change_after: None,
        });
    }
    let changes: Vec<Option<Hours>> = found
        .iter()
        .zip(found.iter().skip(1))
        .map(|(one, next)| change(question.estate, one, next))
        .collect();
    for (at, change) in found.iter_mut().zip(changes) {
        at.change_after = change;
    }
    found
}

fn known_plan(estate: &Estate, plan: &Draft) -> Held {
    Held {
        steps: plan.steps.clone(),
        price: plan.price.total.clone(),
        proven: plan.proof.proven,
        stands_until: stands_until(estate, &plan.steps),
    }
}

/// The plan of a shorter hold, if it costs no more over this one and stops nothing protected: no plan costs less over more hours
/// than the best over fewer, so that none needs to be looked for.
fn still(question: &Question<'_>, before: &AtHold, hold: &Hours) -> Option<Held> {
    let plan = before.plan.as_ref().filter(|plan| plan.proven)?;
    let stands = plan.stands_until.as_ref().is_none_or(|until| until >= hold);
    let is_still = stands && price(question.estate, &plan.steps, hold).total == plan.price;
    is_still.then(|| plan.clone())
}

fn best(question: &Asked<'_>, hold: &Hours) -> Option<Held> {
    let held_for = Question {
        hold: hold.clone(),
        ..Question::clone(question)
    };
    let found = changed::found(question, &held_for).ok()?;
    Some(Held {
        price: price(question.estate, &found.steps, hold).total,
        stands_until: stands_until(question.estate, &found.steps),
        proven: found.proven,
        steps: found.steps,
    })
}

/// When the first protected service stops.
fn stands_until(estate: &Estate, steps: &[StepIx]) -> Option<Hours> {
    let services = estate.services().iter().zip(starts(estate, steps));
    let protected = services.filter(|(service, _)| service.protected);
    protected.filter_map(|(_, start)| start).min()
}

fn change(estate: &Estate, one: &AtHold, next: &AtHold) -> Option<Hours> {
    let (now, then) = (one.plan.as_ref()?, next.plan.as_ref()?);
    let [ours, theirs] = [now, then].map(|plan| plan.steps.iter().collect::<BTreeSet<_>>());
    if ours == theirs {
        return None;
    }
    let dearer =
        |at: &Hours| price(estate, &now.steps, at).total >= price(estate, &then.steps, at).total;
    let crossing = first_minute(&one.hold, &next.hold, dearer);
    crossing.into_iter().chain(now.stands_until.clone()).min()
}

/// When a plan has cost more than all that it cuts off is worth.
pub(super) fn break_even(estate: &Estate, plan: &Draft) -> Option<Hours> {
    let cut_off = plan.targets.iter();
    let cut_off = cut_off.filter(|target| target.status == TargetStatus::CutOff);
    let kept: Money = cut_off.map(|target| &target.loss).sum();
    let dearer = |at: &Hours| price(estate, &plan.steps, at).total > kept;
    let now = Hours::zero();
    if dearer(&now) {
        return Some(now);
    }
    let mut until = 1;
    while !dearer(&Hours::from_units(until)) {
        until *= 2;
        if until > HOURS_MAX {
            return None;
        }
    }
    first_minute(&now, &Hours::from_units(until), dearer)
}

/// The first minute after `from` at which something holds that does not hold then and holds at
/// `until`; `until` itself if that comes first; none if it does not hold there.
fn first_minute(from: &Hours, until: &Hours, holds: impl Fn(&Hours) -> bool) -> Option<Hours> {
    if !holds(until) {
        return None;
    }
    let minutes = Exact::from(BigInt::from(60));
    let (mut before, mut after) = (BigInt::from(0), {
        let span = (until.exact() - from.exact()) * &minutes;
        span.ceil().to_integer()
    });
    let at = |minute: &BigInt| {
        let moment = Hours::from_exact(from.exact() + Exact::from(minute.clone()) / &minutes);
        moment.min(until.clone())
    };
    while &after - &before > BigInt::from(1) {
        let middle = (&before + &after) / 2;
        if holds(&at(&middle)) {
            after = middle;
        } else {
            before = middle;
        }
    }
    Some(at(&after))
}
