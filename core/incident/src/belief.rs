//! How surely an entity is held, from everything that says so, and what each thing did to that.
//!
//! Statements combine as independent witnesses (noisy-or) after what is not independent was put
//! aside: a rule counts once for an entity however often it fires, a record counts once however
//! many rules match it, and what rules of level medium say of one doing is one witness however many of them
//! see it. Weak rules alone never make anything `likely`. What a rule is worth follows
//! from its level, from how often it fires on ordinary days, from how surely the name in the record
//! means the entity, and from how long the intrusion has been quiet: nothing more of it that is seen ever lowers a
//! belief.

mod doing;
mod rates;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Confidence, Detection, EventId, Level, RuleId};

pub use rates::{Rate, Rates};

use crate::{FirstSeen, Naming};

/// What one detection says of one entity.
#[derive(Debug, Clone)]
pub(crate) struct Statement<'d> {
    pub(crate) detection: &'d Arc<Detection>,
    /// The level of what it says: the rule's, or one lower where nothing ties its records.
    pub(crate) level: Level,
    /// The record that names the entity, by position.
    pub(crate) record: usize,
    /// How its name there was understood.
    pub(crate) how: Naming,
    /// What that record says of it for the first time, beside what the rule speaks of itself.
    pub(crate) first_seen: Vec<FirstSeen>,
    /// The sessions that the record belongs to, in 64 bits.
    pub(crate) sessions: &'d [u64],
}

/// What one rule's word did to the belief in an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The detection that counted: the rule, its records and its time.
    pub detection: Arc<Detection>,
    /// The level of what it says: the rule's, or one lower where nothing ties its records.
    pub level: Level,
    /// How often the rule said so.
    pub times: usize,
    /// What its word would be worth alone and fresh.
    pub worth: Confidence,
    /// How often the rule says so on ordinary days; none if nobody measured it.
    pub usual: Option<Rate>,
    /// What the record that names the entity says of it for the first time; it raised what the word is worth.
    pub first_seen: Vec<FirstSeen>,
    /// What it did.
    pub effect: Effect,
}

/// What a ground did to a belief.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// It raised the belief from the one to the other.
    Raised(Confidence, Confidence),
    /// A stronger rule had counted one of its records already.
    SameRecord,
    /// Weak rules, or those that saw the same doing, had raised as much as they may.
    Enough,
}

/// What is believed of an entity, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) confidence: Confidence,
    /// Strongest first; what did nothing stands last.
    pub(crate) grounds: Vec<Ground>,
}

/// What judging needs beside statements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bench<'r> {
    pub(crate) rates: &'r Rates,
    /// On how many days the entity was seen since the last that is known of the intrusion. Where nothing was seen of it
    /// there is no silence, so that what is found in old logs does not vanish.
    pub(crate) quiet_days: u32,
}

/// Most that rules of level low and informational can add up to: enough to be shown as suspected,
/// never enough to act, because such rules fire on most ordinary days.
const WEAK_BELIEF_MAX: f64 = 0.5;

/// Most that rules of level medium can add up to that saw one doing: what two of them say. They are one witness, since
/// each of an administrator's logons writes five records that look alike to five rules.
const DOING_BELIEF_MAX: f64 = 0.51;

/// Quiet days after which the odds that an entity is still held have halved: sessions end and passwords are
/// changed. A single critical detection stays `likely` for
/// a fortnight, about as long as the longest quiet time between entry and impact in 2025.
const HALF_LIFE_DAYS: f64 = 14.0;

/// How often a rule of this level is right about what is held, before anything is measured:
/// `critical` alone suffices to act, two different `high` rules on different records do.
const fn by_level(level: Level) -> f64 {
    match level {
        Level::Critical => 0.9,
        Level::High => 0.6,
        Level::Medium => 0.3,
        Level::Low => 0.08,
        Level::Informational => 0.01,
    }
}

/// How many entities a rule of this level may name on an ordinary day and still be worth what its
/// level says: about one false alarm a month, one in ten days, one a day, one an hour. Judged.
const fn tolerated_per_day(level: Level) -> f64 {
    match level {
        Level::Critical => 0.03,
        Level::High => 0.1,
        Level::Medium => 1.0,
        Level::Low => 24.0,
        Level::Informational => 1_000.0,
    }
}

/// How often a rule is right: what its level says, with the odds lowered in the measure in which it
/// fires more often on ordinary days than its level allows. Silence raises nothing.
fn worth(level: Level, usual: Option<Rate>) -> f64 {
    let odds = odds(by_level(level));
    let excess = usual.map_or(1.0, |rate| rate.per_day / tolerated_per_day(level));
    of_odds(odds / excess.max(1.0))
}

/// What a rule's word on something being held is worth, alone and fresh.
pub(crate) fn worth_of(rule: &RuleId, level: Level, rates: &Rates) -> f64 {
    worth(level, rates.of(rule))
}

/// Factor of the odds where anything is new about an entity in the record that names it; once, since a new telephone
/// in a new country is one journey. Judged: people travel and change telephones, so that it doubles what a rule says,
/// says nothing by itself, and makes no single rule of level high suffice.
const FIRST_SEEN_FACTOR: f64 = 2.0;

/// The same for an entity of which so much is new.
fn newly(p: f64, first_seen: &[FirstSeen]) -> f64 {
    if first_seen.is_empty() {
        p
    } else {
        of_odds(odds(p) * FIRST_SEEN_FACTOR)
    }
}

fn odds(p: f64) -> f64 {
    p / (1.0 - p)
}

fn of_odds(odds: f64) -> f64 {
    odds / (1.0 + odds)
}

/// The same after so many quiet days.
fn faded(p: f64, quiet_days: u32) -> f64 {
    of_odds(odds(p) * (-f64::from(quiet_days) / HALF_LIFE_DAYS).exp2())
}

/// A statement with what it is worth.
struct Weighed<'d> {
    statement: &'d Statement<'d>,
    /// Alone and fresh.
    worth: f64,
    /// As of now.
    now: f64,
}

/// Combines statements about one entity.
pub(crate) fn judge(statements: &[Statement<'_>], bench: Bench<'_>) -> Judged {
    let mut weighed: Vec<Weighed<'_>> = statements.iter().map(|s| weigh(s, bench)).collect();
    weighed.sort_by(|a, b| {
        let order = b.now.total_cmp(&a.now);
        order.then_with(|| rank(a.statement, b.statement))
    });
    let doings = doing::of_rules(statements);
    let mut records: BTreeSet<&EventId> = BTreeSet::new();
    let mut grounds: BTreeMap<&RuleId, Ground> = BTreeMap::new();
    let mut doubt = Doubt::default();
    for said in &weighed {
        let detection = said.statement.detection;
        let known = grounds.get_mut(&detection.rule.id);
        if let Some(Ground { times, .. }) = known {
            *times += 1;
        }
        let counted = grounds.get(&detection.rule.id);
        if counted.is_some_and(|g| g.effect != Effect::SameRecord) {
            continue;
        }
        let times = counted.map_or(1, |g| g.times);
        let ids = || detection.records.iter().map(|r| &r.id);
        let before = doubt.combined();
        let effect = if ids().any(|id| records.contains(id)) {
            Effect::SameRecord
        } else {
            records.extend(ids());
            doubt.take(said, doings.get(&detection.rule.id).copied());
            let after = doubt.combined();
            if after > before {
                Effect::Raised(before, after)
            } else {
                Effect::Enough
            }
        };
        if counted.is_none() || effect != Effect::SameRecord {
            grounds.insert(&detection.rule.id, ground(said, (times, effect), bench));
        }
    }
    let mut grounds: Vec<Ground> = grounds.into_values().collect();
    grounds.sort_by_key(|ground| std::cmp::Reverse(ground.effect.raises()));
    Judged {
        confidence: doubt.combined(),
        grounds,
    }
}

/// What speaks against an entity's being held, as far as was heard.
#[derive(Debug)]
struct Doubt {
    /// By what alone suffices to look soon.
    strong: f64,
    /// By what rules of level medium saw of each doing, with the strongest of their words.
    doings: BTreeMap<usize, (f64, f64)>,
    /// By weak rules.
    weak: f64,
}

impl Default for Doubt {
    fn default() -> Self {
        Self {
            strong: 1.0,
            doings: BTreeMap::new(),
            weak: 1.0,
        }
    }
}

impl Doubt {
    fn take(&mut self, said: &Weighed<'_>, doing: Option<usize>) {
        match (said.statement.level, doing) {
            (Level::Medium, Some(doing)) => {
                let (doubt, strongest) = self.doings.entry(doing).or_insert((1.0, 0.0));
                *doubt *= 1.0 - said.now;
                *strongest = f64::max(*strongest, said.now);
            }
            (Level::Critical | Level::High | Level::Medium, _) => self.strong *= 1.0 - said.now,
            (Level::Low | Level::Informational, _) => self.weak *= 1.0 - said.now,
        }
    }

    fn combined(&self) -> Confidence {
        let doings = self.doings.values();
        let doings =
            doings.map(|(doubt, strongest)| doubt.max(1.0 - strongest.max(DOING_BELIEF_MAX)));
        let doubt: f64 =
            self.strong * doings.product::<f64>() * self.weak.max(1.0 - WEAK_BELIEF_MAX);
        Confidence::new(1.0 - doubt).unwrap_or(Confidence::CERTAIN)
    }
}

impl Effect {
    /// By how much it raised the belief.
    fn raises(self) -> Confidence {
        let by = match self {
            Self::Raised(from, to) => to.get() - from.get(),
            Self::SameRecord | Self::Enough => 0.0,
        };
        Confidence::new(by).unwrap_or(Confidence::CERTAIN)
    }
}

fn weigh<'d>(statement: &'d Statement<'d>, bench: Bench<'_>) -> Weighed<'d> {
    let rule = &statement.detection.rule.id;
    let worth = worth_of(rule, statement.level, bench.rates);
    let worth = newly(worth, &statement.first_seen) * statement.how.confidence();
    Weighed {
        statement,
        worth,
        now: faded(worth, bench.quiet_days),
    }
}

fn ground(said: &Weighed<'_>, (times, effect): (usize, Effect), bench: Bench<'_>) -> Ground {
    let detection = said.statement.detection;
    Ground {
        detection: Arc::clone(detection),
        level: said.statement.level,
        times,
        worth: Confidence::new(said.worth).unwrap_or(Confidence::CERTAIN),
        usual: bench.rates.of(&detection.rule.id),
        first_seen: said.statement.first_seen.clone(),
        effect,
    }
}

/// Strongest first; then a fixed order, so that the result does not depend on arrival.
fn rank(a: &Statement<'_>, b: &Statement<'_>) -> Ordering {
    fn ids<'s>(s: &'s Statement<'_>) -> impl Iterator<Item = &'s EventId> {
        s.detection.records.iter().map(|record| &record.id)
    }
    let (one, other) = (&a.detection.rule, &b.detection.rule);
    other
        .level
        .cmp(&one.level)
        .then_with(|| one.id.cmp(&other.id))
        .then_with(|| a.detection.time.cmp(&b.detection.time))
        .then_with(|| ids(a).cmp(ids(b)))
        .then_with(|| a.record.cmp(&b.record))
}

#[cfg(test)]
mod tests;
