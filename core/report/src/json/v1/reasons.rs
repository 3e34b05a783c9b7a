//! Why an incident is what it is: what joined it, what each belief rests on, whom it resembles.

use std::sync::Arc;

use cordon_incident as incident;
use cordon_model::Confidence;
use serde::{Deserialize, Serialize};

use super::Number;

/// A spelling of a held entity, and how it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAs {
    /// As the log spells it.
    pub name: String,
    /// In words.
    pub why: String,
    /// How surely it means this entity, between 0 and 1.
    pub confidence: Number,
}

/// What one rule's word did to the confidence in an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The rule's id.
    pub rule: String,
    /// Its level in Sigma's words.
    pub level: String,
    /// When it said so, RFC 3339 in UTC.
    pub time: Option<String>,
    /// Ids of the records on which it said so.
    pub records: Vec<String>,
    /// How often it said so.
    pub times: u64,
    /// What its word would be worth alone and fresh, between 0 and 1.
    pub worth: Number,
    /// How many entities it names on an ordinary day; null if nobody measured it.
    pub usual_per_day: Option<String>,
    /// What was new about the entity in the record that names it, in words.
    pub first_seen: Vec<String>,
    /// `raised`, `same_record` (a stronger rule counted one of its records) or `enough` (weak rules
    /// had raised as much as they may).
    pub effect: String,
    /// The confidence before and after, if it was raised.
    pub from: Option<Number>,
    /// See `from`.
    pub to: Option<Number>,
}

/// What joined detections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    /// What it is, such as `session`.
    pub kind: String,
    /// Its name.
    pub id: String,
    /// How many detections it joined to earlier ones.
    pub joins: u64,
    /// The weight of the weakest of these links, between 0 and 1.
    pub weakest: Number,
}

/// What so many use that it joined nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TooCommon {
    /// What it is, such as `address`.
    pub kind: String,
    /// Its name.
    pub id: String,
    /// How many accounts use it, as far as they were counted.
    pub accounts: u64,
}

/// How much an incident resembles what is reported of one actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// The actor's name.
    pub actor: String,
    /// Its other names.
    pub also: Vec<String>,
    /// How many times likelier what was seen is with this actor than with an intruder of whom nothing
    /// is known; at most 100. No attribution.
    pub ratio: Number,
    /// Whether the ratio is a lower bound: what profiles rest on bears no more.
    pub at_least: bool,
    /// Actors that fit so nearly as well that they are not told apart from it.
    pub not_told_apart: Vec<String>,
    /// What speaks for it, strongest first.
    pub speaks_for: Vec<Sign>,
    /// What speaks against it, strongest first.
    pub speaks_against: Vec<Sign>,
    /// What it usually does next, and which log would show it.
    pub next: Vec<Next>,
    /// What it usually does before that and was not seen.
    pub unseen: Vec<Next>,
}

/// Something that speaks for or against an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// In words.
    pub what: String,
    /// The factor by which it changes the ratio.
    pub factor: String,
    /// Ids of records that show it; the first few.
    pub records: Vec<String>,
}

/// Something that an actor usually does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// In words.
    pub does: String,
    /// Techniques, as ATT&CK writes them.
    pub techniques: Vec<String>,
    /// How many minutes after the step before it, usually.
    pub within_minutes: i64,
    /// Which log would show it.
    pub look: String,
}

impl KnownAs {
    pub(super) fn of((name, how): &(Arc<str>, incident::Naming)) -> Self {
        let confidence = Confidence::new(how.confidence()).unwrap_or(Confidence::CERTAIN);
        Self {
            name: name.to_string(),
            why: how.to_string(),
            confidence: Number::confidence(confidence),
        }
    }
}

impl Ground {
    pub(super) fn of(ground: &incident::Ground) -> Self {
        let (effect, from, to) = match ground.effect {
            incident::Effect::Raised(from, to) => ("raised", Some(from), Some(to)),
            incident::Effect::SameRecord => ("same_record", None, None),
            incident::Effect::Enough => ("enough", None, None),
        };
        Self {
            rule: ground.detection.rule.id.to_string(),
            level: ground.level.word().to_owned(),
            time: ground.detection.time.map(|time| time.to_string()),
            records: ground
                .detection
                .records
                .iter()
                .map(|record| record.id.to_string())
                .collect(),
            times: many(ground.times),
            worth: Number::confidence(ground.worth),
            usual_per_day: ground.usual.map(|rate| format!("{:.2}", rate.per_day)),
            first_seen: ground.first_seen.iter().map(ToString::to_string).collect(),
            effect: effect.to_owned(),
            from: from.map(Number::confidence),
            to: to.map(Number::confidence),
        }
    }
}

impl Bond {
    pub(super) fn of(bond: &incident::Bond) -> Self {
        Self {
            kind: bond.kind.word().to_owned(),
            id: bond.id.to_string(),
            joins: many(bond.joins),
            weakest: Number::confidence(bond.weakest),
        }
    }
}

impl TooCommon {
    pub(super) fn of(common: &incident::TooCommon) -> Self {
        Self {
            kind: common.kind.word().to_owned(),
            id: common.id.to_string(),
            accounts: many(common.accounts),
        }
    }
}

impl Likeness {
    pub(super) fn of(likeness: &incident::Likeness) -> Self {
        let signs = |signs: &[incident::Sign]| signs.iter().map(Sign::of).collect();
        let steps = |steps: &[incident::Next]| steps.iter().map(Next::of).collect();
        Self {
            actor: likeness.actor.clone(),
            also: likeness.also.clone(),
            ratio: Number::tenths(likeness.ratio),
            at_least: likeness.at_least,
            not_told_apart: likeness.not_told_apart.clone(),
            speaks_for: signs(&likeness.speaks_for),
            speaks_against: signs(&likeness.speaks_against),
            next: steps(&likeness.next),
            unseen: steps(&likeness.unseen),
        }
    }
}

impl Sign {
    fn of(sign: &incident::Sign) -> Self {
        Self {
            what: sign.what.clone(),
            factor: format!("{:.2}", sign.factor),
            records: sign.records.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Next {
    fn of(next: &incident::Next) -> Self {
        Self {
            does: next.does.clone(),
            techniques: next.techniques.clone(),
            within_minutes: next.within.as_mins(),
            look: next.look.clone(),
        }
    }
}

fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
