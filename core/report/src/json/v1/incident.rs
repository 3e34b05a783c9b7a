//! The incidents found (`incidents.json`).

use cordon_incident as incident;
use cordon_model::{Detection, Evidence};
use serde::{Deserialize, Serialize};

use super::{
    Number, document,
    reasons::{Bond, Likeness, TooCommon},
    tenancy::Tenancy,
    told::{ClockTold, DeedTold, HeldEntity, Log, MatchedField, NamedEntity, RawTold, Rule},
};

/// The document: every incident, in the order found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incidents {
    /// `cordon/incidents/v1`.
    pub format: String,
    /// The incidents.
    pub incidents: Vec<OneIncident>,
    /// What people said is held or not; what is not is in no incident.
    #[serde(default)]
    pub marks: Vec<MarkTold>,
}

/// A person's word on something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkTold {
    /// Of what, as they named it.
    pub entity: String,
    /// `held` or `cleared`.
    pub says: String,
    /// How surely it is held; null if it is cleared.
    pub confidence: Option<Number>,
    /// Who said it.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: Option<String>,
    /// Why.
    pub why: String,
}

impl MarkTold {
    fn of((entity, mark): &(String, incident::Mark)) -> Self {
        let (says, confidence) = match mark.says {
            incident::Says::Held(confidence) => ("held", Some(Number::confidence(confidence))),
            incident::Says::Cleared => ("cleared", None),
        };
        Self {
            entity: entity.clone(),
            says: says.to_owned(),
            confidence,
            by: mark.by.to_string(),
            at: mark.at.map(|at| at.to_string()),
            why: mark.why.to_string(),
        }
    }
}

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneIncident {
    /// Its name.
    pub id: String,
    /// When its first record happened, RFC 3339 in UTC.
    pub first: Option<String>,
    /// When its last record happened.
    pub last: Option<String>,
    /// Whether something is `likely` held.
    pub calls_for_decision: bool,
    /// What the intruder may hold, surest first.
    pub held: Vec<HeldEntity>,
    /// Its detections, oldest first.
    pub detections: Vec<IncidentDetection>,
    /// What joined its detections, what joins most first.
    #[serde(default)]
    pub bonds: Vec<Bond>,
    /// What it shares with others without being joined to them, because so many use it.
    #[serde(default)]
    pub too_common: Vec<TooCommon>,
    /// Whose the addresses were that its records name; absent where no record says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenancies: Vec<Tenancy>,
    /// Whose tradecraft it resembles, likest first.
    #[serde(default)]
    pub likeness: Vec<Likeness>,
}

/// One detection of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentDetection {
    /// The rule.
    pub rule: Rule,
    /// When, RFC 3339 in UTC.
    pub time: Option<String>,
    /// Which fields of the last record matched.
    pub matched: Vec<MatchedField>,
    /// The records it rests on, oldest first.
    pub records: Vec<IncidentRecord>,
}

/// One record that a detection rests on; its fields stand in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentRecord {
    /// Its stable id.
    pub id: String,
    /// Where it stands.
    pub log: Log,
    /// Where its raw bytes are; absent of a record that stands in no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawTold>,
    /// When, RFC 3339 in UTC.
    pub time: Option<String>,
    /// How that time came about; absent where there is nothing to say beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockTold>,
    /// What kind of log, such as `okta`.
    pub source: String,
    /// What was done, and how it ended.
    #[serde(flatten)]
    pub deed: DeedTold,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
}

impl OneIncident {
    fn of(incident: &incident::Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            first: incident.first.map(|time| time.to_string()),
            last: incident.last.map(|time| time.to_string()),
            calls_for_decision: incident.calls_for_decision(),
            held: incident.held.iter().map(HeldEntity::of).collect(),
            detections: incident
                .detections
                .iter()
                .map(|detection| IncidentDetection::of(detection))
                .collect(),
            bonds: incident.bonds.iter().map(Bond::of).collect(),
            too_common: incident.too_common.iter().map(TooCommon::of).collect(),
            tenancies: incident
                .tenancies
                .iter()
                .flat_map(|(record, all)| all.iter().map(|one| Tenancy::of(record, one)))
                .collect(),
            likeness: incident.likeness.iter().map(Likeness::of).collect(),
        }
    }
}

impl IncidentDetection {
    fn of(detection: &Detection) -> Self {
        Self {
            rule: Rule::of(&detection.rule),
            time: detection.time.map(|time| time.to_string()),
            matched: detection.matched.iter().map(MatchedField::of).collect(),
            records: detection.records.iter().map(IncidentRecord::of).collect(),
        }
    }
}

impl IncidentRecord {
    fn of(record: &Evidence) -> Self {
        Self {
            id: record.id.to_string(),
            log: Log::of(&record.log),
            raw: RawTold::of(&record.raw),
            time: record.time.map(|time| time.to_string()),
            clock: ClockTold::of(&record.clock),
            source: record.source.to_string(),
            deed: DeedTold::of(&record.deed),
            entities: record.entities.iter().map(NamedEntity::of).collect(),
        }
    }
}

/// All incidents as one document, with what people said.
pub fn incidents_document(
    incidents: &[incident::Incident],
    marks: &[(String, incident::Mark)],
) -> String {
    document(&Incidents {
        format: "cordon/incidents/v1".to_owned(),
        incidents: incidents.iter().map(OneIncident::of).collect(),
        marks: marks.iter().map(MarkTold::of).collect(),
    })
}
