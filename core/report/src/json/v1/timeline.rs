//! The time line as a document (`timeline.json`).

use cordon_incident::Incident;
use serde::{Deserialize, Serialize};

use super::{
    document,
    told::{ClockTold, Log, NamedEntity},
};
use crate::record::{Entry, Gap, Record, entries, records};

/// The document: every record that an incident rests on, oldest first, and the gaps between them.
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
    /// `record` or `gap`.
    pub kind: String,
    /// What happened, in words.
    pub what: String,
    /// When, in event time, RFC 3339 in UTC; of a gap, when it begins.
    pub time: Option<String>,
    /// Of a gap, when it ends.
    pub until: Option<String>,
    /// What was declared of the clock that the time comes from.
    pub clock: Option<ClockTold>,
    /// What kind of log, such as `okta`; null for a gap, as all that follows.
    pub source: Option<String>,
    /// The most serious level of its rules.
    pub level: Option<String>,
    /// The ids of the rules that matched it.
    pub rules: Vec<String>,
    /// The record's stable id.
    pub event_id: Option<String>,
    /// Where it stands.
    pub log: Option<Log>,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
    /// The incidents it belongs to.
    pub incidents: Vec<String>,
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
            rules: record.rules.iter().map(|r| r.id.to_string()).collect(),
            event_id: Some(evidence.id.to_string()),
            log: Some(Log::of(&evidence.log)),
            entities: evidence.entities.iter().map(NamedEntity::of).collect(),
            incidents: record.incidents.iter().map(ToString::to_string).collect(),
        }
    }

    fn gap(gap: Gap) -> Self {
        Self {
            kind: "gap".to_owned(),
            what: gap.sentence(),
            time: Some(gap.from.to_string()),
            until: Some(gap.until.to_string()),
            clock: None,
            source: None,
            level: None,
            rules: Vec::new(),
            event_id: None,
            log: None,
            entities: Vec::new(),
            incidents: Vec::new(),
        }
    }
}

/// The time line of all incidents as one document.
pub fn timeline_document(incidents: &[Incident]) -> String {
    let records = records(incidents);
    let lines = entries(&records).into_iter().map(|entry| match entry {
        Entry::Happened(_, record) => TimelineLine::happened(record),
        Entry::Gap(gap) => TimelineLine::gap(gap),
    });
    document(&Timeline {
        format: "cordon/timeline/v1".to_owned(),
        lines: lines.collect(),
    })
}
