//! The time line as a document (`timeline.json`).

use cordon_incident::Incident;
use cordon_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    document,
    told::{ClockTold, Log, NamedEntity},
};
use crate::{
    Reading,
    gap::{Entry, Gap, Silent, entries},
    record::{Part, Record, Said, records},
};

/// The document: every record that an incident rests on, oldest first, and the times between in which
/// nothing was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// `cordon/timeline/v1`.
    pub format: String,
    /// The lines; those without a time stand last.
    pub lines: Vec<TimelineLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineLine {
    /// `record`; `quiet` (nothing told while records were read) or `gap` (no record of any log) between
    /// two records of one incident; or `silence` (a log wrote nothing though it should have).
    pub kind: String,
    /// What happened, in words.
    pub what: String,
    /// When, in event time, RFC 3339 in UTC; of what is no record, when it begins.
    pub time: Option<String>,
    /// When it ends, of what is no record; null of a silence that did not end.
    pub until: Option<String>,
    /// What was declared of the clock that the time comes from.
    pub clock: Option<ClockTold>,
    /// What kind of log, such as `okta`; null for a gap, as most that follows.
    pub source: Option<String>,
    /// The most serious level of its rules.
    pub level: Option<String>,
    /// The ids of the rules that matched it.
    pub rules: Vec<String>,
    /// What each of them says of it.
    #[serde(default)]
    pub told_by: Vec<ToldBy>,
    /// The record's stable id.
    pub event_id: Option<String>,
    /// Where it stands.
    pub log: Option<Log>,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
    /// The incidents it belongs to.
    pub incidents: Vec<String>,
}

/// What one rule says of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldBy {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its level in Sigma's words.
    pub level: String,
    /// Whether the record is merely the beginning of what the rule speaks of.
    pub merely_a_part: bool,
}

impl ToldBy {
    fn of(said: &Said<'_>) -> Self {
        Self {
            rule: said.rule.id.to_string(),
            title: said.rule.title.clone(),
            level: said.rule.level.word().to_owned(),
            merely_a_part: said.part == Part::Beginning,
        }
    }
}

impl TimelineLine {
    fn happened(record: &Record<'_>) -> Self {
        let evidence = record.evidence;
        Self {
            kind: "record".to_owned(),
            what: record.sentence(),
            time: evidence.time.map(|time| time.to_string()),
            until: None,
            clock: ClockTold::of(&evidence.clock),
            source: Some(evidence.source.to_string()),
            level: Some(record.level().word().to_owned()),
            rules: record
                .rules
                .iter()
                .map(|said| said.rule.id.to_string())
                .collect(),
            told_by: record.rules.iter().map(ToldBy::of).collect(),
            event_id: Some(evidence.id.to_string()),
            log: Some(Log::of(&evidence.log)),
            entities: evidence.entities.iter().map(NamedEntity::of).collect(),
            incidents: record.incidents.iter().map(ToString::to_string).collect(),
        }
    }

    /// A line that is no record.
    fn between(kind: &str, what: String, from: Timestamp) -> Self {
        Self {
            kind: kind.to_owned(),
            what,
            time: Some(from.to_string()),
            until: None,
            clock: None,
            source: None,
            level: None,
            rules: Vec::new(),
            told_by: Vec::new(),
            event_id: None,
            log: None,
            entities: Vec::new(),
            incidents: Vec::new(),
        }
    }

    fn gap(gap: &Gap<'_>) -> Self {
        let kind = if gap.is_empty() { "gap" } else { "quiet" };
        Self {
            until: Some(gap.until.to_string()),
            incidents: vec![gap.incident.to_string()],
            ..Self::between(kind, gap.sentence(), gap.from)
        }
    }

    fn silent(silent: &Silent<'_>) -> Self {
        Self {
            until: silent.silence.until.map(|until| until.to_string()),
            source: Some(silent.silence.log.clone()),
            incidents: silent.incidents.iter().map(ToString::to_string).collect(),
            ..Self::between("silence", silent.sentence(), silent.silence.from)
        }
    }
}

/// The time line of all incidents as one document.
pub fn timeline_document(incidents: &[Incident], reading: &Reading) -> String {
    let records = records(incidents);
    let lines = entries(&records, reading)
        .into_iter()
        .map(|entry| match entry {
            Entry::Happened(_, record) => TimelineLine::happened(record),
            Entry::Gap(gap) => TimelineLine::gap(&gap),
            Entry::Silent(silent) => TimelineLine::silent(&silent),
        });
    document(&Timeline {
        format: "cordon/timeline/v1".to_owned(),
        lines: lines.collect(),
    })
}
