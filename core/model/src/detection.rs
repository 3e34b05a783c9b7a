//! One rule's statement about one or several records.

use std::sync::Arc;

use crate::{Clock, Deed, Entity, EventId, Record, Role, RuleId, Timestamp};

/// How serious a rule says its matches are (Sigma `level`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Of interest only beside other things.
    Informational,
    /// Rarely malicious by itself.
    Low,
    /// Worth a look.
    Medium,
    /// Needs a look soon.
    High,
    /// An incident by itself.
    Critical,
}

impl Level {
    /// The word Sigma uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Informational,
            Self::Low,
            Self::Medium,
            Self::High,
            Self::Critical,
        ]
        .into_iter()
        .find(|level| level.word() == word)
    }
}

/// What a detection needs to say of the rule behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFacts {
    /// Its id.
    pub id: RuleId,
    /// Its title.
    pub title: String,
    /// How serious it is; `medium` where the rule is silent.
    pub level: Level,
    /// Its tags, such as `attack.t1098`.
    pub tags: Vec<String>,
    /// Which of the named entities the intruder holds if the rule is right. Rules say it under
    /// `cordon: { holds: [actor] }`. Where a plain rule is silent it is the actor, and for what
    /// ran on a Windows machine the host too; where a correlation is silent this is empty, and the entity that
    /// its `group-by` names is held (see [`Detection::group`]).
    pub holds: Vec<Role>,
}

/// Where a record stands in the user's files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogRef {
    /// The path as given, `archive.zip!member` for members of archives.
    pub path: Arc<str>,
    /// The record's ordinal number in its file, from 1; refused records keep their number.
    pub record: u64,
}

/// Where a record's raw bytes are, in its file; of a packed one, in what it unpacks to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawPlace {
    /// Where they begin.
    pub offset: u64,
    /// How many there are; none of a record that stands in no file.
    pub length: u64,
    /// Their SHA-256, where whoever read them asked for it.
    pub sha256: Option<[u8; 32]>,
}

/// One record that a detection rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The record's stable id.
    pub id: EventId,
    /// Where it stands.
    pub log: LogRef,
    /// Where its raw bytes are.
    pub raw: RawPlace,
    /// When it happened, in event time; unknown if the record does not say.
    pub time: Option<Timestamp>,
    /// How that time came about.
    pub clock: Arc<Clock>,
    /// What kind of log it is, such as `okta` or `windows/security`.
    pub source: Arc<str>,
    /// What was done, and how it ended.
    pub deed: Deed,
    /// Who and what it names.
    pub entities: Vec<Entity>,
    /// The record's own fields.
    pub fields: Arc<Record>,
}

/// A field whose value made a rule match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldMatch {
    /// The field, as the rule names it; none for a keyword.
    pub field: Option<Arc<str>>,
    /// The value found, as text.
    pub value: String,
}

/// One rule's statement about one or several records.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// The rule.
    pub rule: Arc<RuleFacts>,
    /// When: that of the last record.
    pub time: Option<Timestamp>,
    /// The records, oldest first; one for a plain rule, never none.
    pub records: Vec<Evidence>,
    /// Which fields matched, of the last record. Most of what a rule says names the same values again, so that these may
    /// be shared.
    pub matched: Arc<[FieldMatch]>,
    /// For a correlation, its `group-by` values after names were resolved, in the rule's order;
    /// empty for a plain rule.
    pub group: Vec<Arc<str>>,
}

impl Detection {
    /// The record that completed the detection.
    pub fn last(&self) -> Option<&Evidence> {
        self.records.last()
    }
}
