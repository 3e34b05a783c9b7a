//! One record of a log as it was understood (`cordon record`).

use std::sync::Arc;

use cordon_model::{Evidence, Record};
use serde::{Deserialize, Serialize};

use super::{
    document,
    told::{ClockTold, DeedTold, Log, NamedEntity, RawTold},
};

/// The document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneRecord {
    /// `cordon/record/v1`.
    pub format: String,
    /// Its stable id.
    pub id: String,
    /// Where it stands.
    pub log: Log,
    /// Where its raw bytes are; absent of a record that stands in no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawTold>,
    /// What kind of log, such as `okta`.
    pub source: String,
    /// When, RFC 3339 in UTC; null if it does not say.
    pub time: Option<String>,
    /// How that time came about; absent where there is nothing to say beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockTold>,
    /// What was done, and how it ended.
    #[serde(flatten)]
    pub deed: DeedTold,
    /// Whom and what it names.
    pub entities: Vec<NamedEntity>,
    /// What was lost or assumed when it was read, in words.
    pub degraded: Vec<String>,
    /// Its fields under their native names.
    pub event: Arc<Record>,
}

impl OneRecord {
    /// What is said of a record, and of what was lost of it in words.
    pub fn of(evidence: &Evidence, degraded: Vec<String>) -> Self {
        Self {
            format: "cordon/record/v1".to_owned(),
            id: evidence.id.to_string(),
            log: Log::of(&evidence.log),
            raw: RawTold::of(&evidence.raw),
            source: evidence.source.to_string(),
            time: evidence.time.map(|time| time.to_string()),
            clock: ClockTold::of(&evidence.clock),
            deed: DeedTold::of(&evidence.deed),
            entities: evidence.entities.iter().map(NamedEntity::of).collect(),
            degraded,
            event: Arc::clone(&evidence.fields),
        }
    }
}

/// It as a document.
pub fn one_record_document(record: &OneRecord) -> String {
    document(record)
}
