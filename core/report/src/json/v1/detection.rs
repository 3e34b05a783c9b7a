//! One detection as one line (`cordon scan --format jsonl`).

use std::sync::Arc;

use cordon_model::{Detection, Record};
use serde::{Deserialize, Serialize};

use super::{
    line,
    told::{Log, MatchedField, NamedEntity, RecordFields, Rule, is_correlation},
};

/// One rule's statement; of a correlation, `log`, `event` and `entities` are those of its last record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectionLine {
    /// The rule.
    pub rule: Rule,
    /// When, RFC 3339 in UTC; null if the record does not say.
    pub time: Option<String>,
    /// Where the record stands.
    pub log: Option<Log>,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
    /// Which fields matched.
    pub matched: Vec<MatchedField>,
    /// The record's own fields.
    pub event: Arc<Record>,
    /// All records of a correlation, oldest first; absent for a plain rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<RecordFields>>,
}

impl DetectionLine {
    fn of(detection: &Detection) -> Self {
        let last = detection.last();
        let all = || detection.records.iter().map(RecordFields::of).collect();
        Self {
            rule: Rule::of(&detection.rule),
            time: detection.time.map(|time| time.to_string()),
            log: last.map(|record| Log::of(&record.log)),
            entities: last.map_or_else(Vec::new, |record| {
                record.entities.iter().map(NamedEntity::of).collect()
            }),
            matched: detection.matched.iter().map(MatchedField::of).collect(),
            event: last.map_or_else(Arc::default, |record| Arc::clone(&record.fields)),
            records: is_correlation(detection).then(all),
        }
    }
}

/// A detection as a JSON object on one line, line end included.
pub fn detection_line(detection: &Detection) -> String {
    line(&DetectionLine::of(detection))
}
