//! The small shapes that several documents share: who is held, what a record names, which rule.

use std::sync::Arc;

use cordon_incident as incident;
use cordon_model::{
    Clock, Deed, Detection, Entity, Estate, Evidence, FieldMatch, LogRef, Outcome, RawPlace,
    Record, RuleFacts,
};
use serde::{Deserialize, Serialize};

use super::{
    Number,
    reasons::{Ground, KnownAs},
};

/// A node that the intruder is believed to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foothold {
    /// Its id in the estate.
    pub id: String,
    /// How surely, between 0 and 1.
    pub confidence: Number,
    /// Products whose logs each say so without the others; absent where a person said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<String>>,
}

/// An entity that the intruder may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldEntity {
    /// Its id in the estate, or the name seen first.
    pub id: String,
    /// What it is, such as `account`.
    pub kind: String,
    /// Whether the estate knows it.
    pub in_estate: bool,
    /// How surely, between 0 and 1.
    pub confidence: Number,
    /// `likely` or `suspected`.
    pub belief: String,
    /// Every spelling seen.
    pub names: Vec<String>,
    /// Ids of the records that say so.
    pub evidence: Vec<String>,
    /// How each spelling was understood.
    #[serde(default)]
    pub known_as: Vec<KnownAs>,
    /// What each rule's word did to the confidence; what did nothing stands last.
    #[serde(default)]
    pub grounds: Vec<Ground>,
    /// What an analyst said: `held` or null.
    #[serde(default)]
    pub mark: Option<String>,
}

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// The path as given, `archive.zip!member` for members of archives.
    pub path: String,
    /// Its ordinal number there, from 1.
    pub record: u64,
}

/// Where a record's raw bytes are, in its file; of a packed one, in what it unpacks to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawTold {
    /// Where they begin.
    pub offset: u64,
    /// How many there are.
    pub length: u64,
    /// Their SHA-256 in hexadecimal digits; null if it was not asked for.
    pub sha256: Option<String>,
}

impl RawTold {
    /// None of a record that stands in no file.
    pub(crate) fn of(raw: &RawPlace) -> Option<Self> {
        (raw.length > 0).then(|| Self {
            offset: raw.offset,
            length: raw.length,
            sha256: raw.sha256.map(|digest| {
                let digits = digest.iter().map(|byte| format!("{byte:02x}"));
                digits.collect()
            }),
        })
    }
}

/// How the time of a record came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockTold {
    /// How far its writer's clock was declared to run ahead, in seconds; taken off the time it says.
    pub ahead_seconds: i64,
    /// The zone that was declared for times without one.
    pub zone: Option<String>,
    /// The offset that the record writes beside its time, such as `+01:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// When the record was read, if it was awaited.
    pub arrival: Option<String>,
}

/// What a record says was done, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedTold {
    /// In the vendor's word where there is one; null if the record has none.
    #[serde(default)]
    pub action: Option<String>,
    /// `success`, `failure` or `unknown`.
    #[serde(default = "unknown")]
    pub outcome: String,
}

fn unknown() -> String {
    Outcome::Unknown.word().to_owned()
}

/// An entity that a record names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedEntity {
    /// The part it plays, such as `actor`.
    pub role: String,
    /// What it is, such as `account`.
    pub kind: String,
    /// Its name as the record spells it.
    pub id: String,
}

/// A field whose value made a rule match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedField {
    /// The field as the rule names it; null for a keyword.
    pub field: Option<String>,
    /// The value found.
    pub value: String,
}

/// What a detection says of its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its level in Sigma's words.
    pub level: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A record with its own fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordFields {
    /// Where it stands.
    pub log: Log,
    /// Where its raw bytes are; absent of a record that stands in no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawTold>,
    /// When it happened, RFC 3339 in UTC; null if it does not say.
    #[serde(default)]
    pub time: Option<String>,
    /// How that time came about; absent where there is nothing to say beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockTold>,
    /// What was done, and how it ended.
    #[serde(flatten)]
    pub deed: DeedTold,
    /// Its fields under their native names.
    pub event: Arc<Record>,
}

impl Foothold {
    pub(super) fn of(estate: &Estate, foothold: &cordon_model::Foothold) -> Self {
        Self {
            id: estate.node(foothold.node).id.to_string(),
            confidence: Number::confidence(foothold.confidence),
            sources: (!foothold.evidence.is_empty())
                .then(|| foothold.sources.iter().map(ToString::to_string).collect()),
        }
    }
}

impl HeldEntity {
    pub(super) fn of(held: &incident::HeldEntity) -> Self {
        Self {
            id: held.id.to_string(),
            kind: held.kind.word().to_owned(),
            in_estate: held.node.is_some(),
            confidence: Number::confidence(held.confidence),
            belief: held.belief.word().to_owned(),
            names: held
                .names
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            evidence: held.evidence.iter().map(ToString::to_string).collect(),
            known_as: held.names.iter().map(KnownAs::of).collect(),
            grounds: held.grounds.iter().map(Ground::of).collect(),
            mark: held.mark.as_ref().map(|mark| match mark.says {
                incident::Says::Held(_) => "held".to_owned(),
                incident::Says::Cleared => "cleared".to_owned(),
            }),
        }
    }
}

impl Log {
    pub(super) fn of(log: &LogRef) -> Self {
        Self {
            path: log.path.to_string(),
            record: log.record,
        }
    }
}

impl ClockTold {
    pub(super) fn of(clock: &Clock) -> Option<Self> {
        (!clock.is_plain()).then(|| Self {
            ahead_seconds: clock.ahead.as_secs(),
            zone: clock.zone.as_ref().map(ToString::to_string),
            written: clock.written_text(),
            arrival: clock.arrival.map(|time| time.to_string()),
        })
    }
}

impl DeedTold {
    pub(super) fn of(deed: &Deed) -> Self {
        Self {
            action: deed.action.as_ref().map(ToString::to_string),
            outcome: deed.outcome.word().to_owned(),
        }
    }
}

impl NamedEntity {
    pub(super) fn of(entity: &Entity) -> Self {
        Self {
            role: entity.role.word().to_owned(),
            kind: entity.kind.word().to_owned(),
            id: entity.id.to_string(),
        }
    }
}

impl MatchedField {
    pub(super) fn of(matched: &FieldMatch) -> Self {
        Self {
            field: matched.field.as_ref().map(ToString::to_string),
            value: matched.value.clone(),
        }
    }
}

impl Rule {
    pub(super) fn of(rule: &RuleFacts) -> Self {
        Self {
            id: rule.id.to_string(),
            title: rule.title.clone(),
            level: rule.level.word().to_owned(),
            tags: rule.tags.clone(),
        }
    }
}

impl RecordFields {
    pub(super) fn of(evidence: &Evidence) -> Self {
        Self {
            log: Log::of(&evidence.log),
            raw: RawTold::of(&evidence.raw),
            time: evidence.time.map(|time| time.to_string()),
            clock: ClockTold::of(&evidence.clock),
            deed: DeedTold::of(&evidence.deed),
            event: Arc::clone(&evidence.fields),
        }
    }
}

/// Whether a detection is that of a correlation: only those rest on several records or have a group.
pub(super) fn is_correlation(detection: &Detection) -> bool {
    detection.records.len() > 1 || !detection.group.is_empty()
}
