//! Whose tradecraft an incident resembles, against an intruder of whom nothing is known.
//!
//! The answer is a likelihood ratio with what speaks for and against it, never a bare name: many
//! intruders buy the same access and run the same tools, and what no rule looks for was not seen. Each
//! step counts once, what was not seen counts for nothing, and no single thing counts for much. Steps come
//! together because one makes the next possible, whoever takes them: of the product of all factors the
//! square root is told.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Detection, EventId, Timestamp};
use jiff::SignedDuration;

use crate::actor::{Actor, Actors, Habit};

/// Ratio from which a likeness is worth a line.
const TOLD_FROM: f64 = 3.0;

/// Most likenesses told.
const TOLD_MAX: usize = 3;

/// Most and least that one thing may speak for an actor.
const ONE_THING: f64 = 6.0;

/// Share of intrusions in which a technique is seen of which the table says nothing.
const USUAL_SHARE: f64 = 0.15;

/// Share of an actor's intrusions in which it does what no report says that it does.
const UNREPORTED_SHARE: f64 = 0.08;

/// What two steps in the actor's order are worth; in another order, the inverse.
const IN_ORDER: f64 = 1.25;

/// What the actor's tempo is worth, if it is met within a factor of three; else the inverse.
const IN_TIME: f64 = 1.25;

/// Most records named for one thing.
const RECORDS_MAX: usize = 3;

/// Most next steps told.
const NEXT_MAX: usize = 4;

/// How much an incident resembles what is reported of one actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The actor's name.
    pub actor: String,
    /// Its other names.
    pub also: Vec<String>,
    /// How many times likelier what was seen is with this actor than with an intruder of whom
    /// nothing is known; never infinite.
    pub ratio: f64,
    /// What speaks for it, strongest first.
    pub speaks_for: Vec<Sign>,
    /// What speaks against it, strongest first.
    pub speaks_against: Vec<Sign>,
    /// What it usually does after what was seen, in its order.
    pub next: Vec<Next>,
    /// What it usually does before that, and was not seen.
    pub unseen: Vec<Next>,
}

/// Something that speaks for or against an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// In words.
    pub what: String,
    /// The factor by which it changes the ratio.
    pub factor: f64,
    /// Records that show it; the first few.
    pub records: Vec<EventId>,
}

/// Something that an actor usually does.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// In words.
    pub does: String,
    /// Its techniques, as ATT&CK writes them.
    pub techniques: Vec<String>,
    /// How long after the step before it, usually.
    pub within: SignedDuration,
    /// Which log would show it.
    pub look: String,
}

impl Next {
    fn of(habit: &Habit) -> Self {
        Self {
            does: habit.does.clone(),
            techniques: habit
                .techniques
                .iter()
                .map(|t| t.0.to_uppercase())
                .collect(),
            within: habit.within,
            look: habit.look.clone(),
        }
    }
}

/// When a technique was seen first, and on which records.
#[derive(Debug, Default)]
struct Sighting {
    first: Option<Timestamp>,
    records: Vec<EventId>,
}

impl Actors {
    /// Compares detections, oldest first, with every actor; likest first.
    pub(crate) fn compare(&self, detections: &[Arc<Detection>]) -> Vec<Likeness> {
        if self.actors.is_empty() {
            return Vec::new();
        }
        let seen = sightings(detections);
        let likenesses = self.actors.iter().map(|actor| self.likeness(actor, &seen));
        let mut told: Vec<Likeness> = likenesses.filter(|l| l.ratio >= TOLD_FROM).collect();
        told.sort_by(|a, b| {
            let order = b.ratio.total_cmp(&a.ratio);
            order.then_with(|| a.actor.cmp(&b.actor))
        });
        told.truncate(TOLD_MAX);
        told
    }

    fn likeness(&self, actor: &Actor, seen: &BTreeMap<&str, Sighting>) -> Likeness {
        let mut signs = Vec::new();
        let mut matched: Vec<(usize, Option<Timestamp>)> = Vec::new();
        for (at, habit) in actor.habits.iter().enumerate() {
            if let Some((sign, first)) = self.habit(habit, seen) {
                signs.push(sign);
                matched.push((at, first));
            }
        }
        signs.extend(self.unreported(actor, seen));
        signs.extend(order(&matched));
        signs.extend(tempo(actor, &matched));
        signs.sort_by(|a, b| a.what.cmp(&b.what));
        let ratio: f64 = signs.iter().map(|sign| sign.factor).product();
        let ratio = ratio.sqrt();
        let (mut speaks_for, mut speaks_against): (Vec<Sign>, Vec<Sign>) =
            signs.into_iter().partition(|sign| sign.factor >= 1.0);
        speaks_for.sort_by(|a, b| b.factor.total_cmp(&a.factor));
        speaks_against.sort_by(|a, b| a.factor.total_cmp(&b.factor));
        let reached = matched.iter().map(|(at, _)| *at).max();
        let is_seen = |at: usize| matched.iter().any(|(known, _)| *known == at);
        let habits = || actor.habits.iter().enumerate();
        let behind = |at: usize| reached.is_some_and(|reached| at < reached);
        let next = habits().filter(|(at, _)| !is_seen(*at) && !behind(*at));
        let unseen = habits().filter(|(at, _)| !is_seen(*at) && behind(*at));
        Likeness {
            actor: actor.name.clone(),
            also: actor.also.clone(),
            ratio,
            speaks_for,
            speaks_against,
            next: next.take(NEXT_MAX).map(|(_, h)| Next::of(h)).collect(),
            unseen: unseen.take(NEXT_MAX).map(|(_, h)| Next::of(h)).collect(),
        }
    }

    /// A habit that was seen, with when first.
    fn habit(
        &self,
        habit: &Habit,
        seen: &BTreeMap<&str, Sighting>,
    ) -> Option<(Sign, Option<Timestamp>)> {
        let found: Vec<(&&str, &Sighting)> = seen
            .iter()
            .filter(|(tag, _)| habit.techniques.iter().any(|t| t.is_meant_by(tag)))
            .collect();
        // The rarest of the techniques by which it was seen says most.
        let usual = found.iter().map(|(tag, _)| self.usual(tag));
        let usual = usual.min_by(f64::total_cmp)?;
        let first = found.iter().filter_map(|(_, s)| s.first).min();
        let mut records: Vec<EventId> = found
            .iter()
            .flat_map(|(_, sighting)| sighting.records.iter().cloned())
            .collect();
        records.sort();
        records.dedup();
        records.truncate(RECORDS_MAX);
        let factor = (habit.share / usual).clamp(1.0 / ONE_THING, ONE_THING);
        let sign = Sign {
            what: habit.does.clone(),
            factor,
            records,
        };
        Some((sign, first))
    }

    /// Techniques that were seen and that no report ascribes to the actor.
    fn unreported(&self, actor: &Actor, seen: &BTreeMap<&str, Sighting>) -> Vec<Sign> {
        let known = |tag: &str| {
            let mut all = actor.habits.iter().flat_map(|habit| &habit.techniques);
            all.any(|technique| technique.is_meant_by(tag))
        };
        let others = seen.iter().filter(|(tag, _)| !known(tag));
        others
            .map(|(tag, sighting)| Sign {
                what: format!("{} is not reported of it", tag.to_uppercase()),
                factor: (UNREPORTED_SHARE / self.usual(tag)).clamp(1.0 / ONE_THING, 1.0),
                records: sighting.records.clone(),
            })
            .collect()
    }

    /// In what share of all intrusions a technique is seen.
    fn usual(&self, tag: &str) -> f64 {
        let exact = self
            .usual
            .iter()
            .find(|(technique, _)| &*technique.0 == tag);
        let near = || {
            self.usual
                .iter()
                .find(|(technique, _)| technique.is_meant_by(tag))
        };
        exact.or_else(near).map_or(USUAL_SHARE, |(_, share)| *share)
    }
}

/// Every technique that a rule saw.
fn sightings(detections: &[Arc<Detection>]) -> BTreeMap<&str, Sighting> {
    let mut seen: BTreeMap<&str, Sighting> = BTreeMap::new();
    for detection in detections {
        let tags = detection.rule.tags.iter();
        let tags = tags.filter_map(|tag| tag.strip_prefix("attack."));
        for tag in tags.filter(|tag| is_technique(tag)) {
            let sighting = seen.entry(tag).or_default();
            let first = detection.records.iter().filter_map(|r| r.time).min();
            sighting.first = [sighting.first, first].into_iter().flatten().min();
            if sighting.records.len() < RECORDS_MAX {
                let ids = detection.records.iter().map(|r| r.id.clone());
                sighting
                    .records
                    .extend(ids.take(RECORDS_MAX - sighting.records.len()));
            }
        }
    }
    seen
}

fn is_technique(tag: &str) -> bool {
    let digits = tag.strip_prefix('t').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether what was seen came in the actor's order: one sign for all of it.
fn order(matched: &[(usize, Option<Timestamp>)]) -> Option<Sign> {
    let timed: Vec<Timestamp> = matched.iter().filter_map(|(_, first)| *first).collect();
    let pairs = timed.windows(2).map(<[Timestamp]>::is_sorted);
    let (ahead, back): (Vec<bool>, Vec<bool>) = pairs.partition(|ahead| *ahead);
    let (ahead, back) = (ahead.len(), back.len());
    if ahead + back == 0 {
        return None;
    }
    let steps = i32::try_from(ahead).ok()? - i32::try_from(back).ok()?;
    Some(Sign {
        what: format!("{ahead} of {} steps follow its order", ahead + back),
        factor: IN_ORDER.powi(steps).clamp(1.0 / ONE_THING, ONE_THING),
        records: Vec::new(),
    })
}

/// Whether it went about as fast as the actor does.
fn tempo(actor: &Actor, matched: &[(usize, Option<Timestamp>)]) -> Option<Sign> {
    let (first, last) = (matched.first()?.0, matched.last()?.0);
    let times = || matched.iter().filter_map(|(_, first)| *first);
    let took = times().max()?.duration_since(times().min()?);
    let habits = actor.habits.get(first + 1..=last)?;
    let usual: SignedDuration = habits.iter().map(|habit| habit.within).sum();
    if usual.is_zero() {
        return None;
    }
    let in_time = took <= usual * 3 && took * 3 >= usual;
    Some(Sign {
        what: format!(
            "took {} hours where it usually takes {}",
            took.as_hours(),
            usual.as_hours()
        ),
        factor: if in_time { IN_TIME } else { 1.0 / IN_TIME },
        records: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
