//! Who had a network address when, as one record says.

use std::sync::Arc;

use crate::{EntityKind, EventId, LogRef, RawPlace, Timestamp};

/// What one record says of who has an address. In order of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lease {
    /// When the record says so.
    pub at: Timestamp,
    /// What it says.
    pub says: Tenure,
    /// The address; none where somebody gives back whatever they had.
    pub address: Option<Arc<str>>,
    /// Who has it; none where an address is free again, whoever had it.
    pub holder: Option<Holder>,
    /// The record's stable id.
    pub record: EventId,
    /// Where it stands.
    pub log: LogRef,
    /// Where its raw bytes are.
    pub raw: RawPlace,
    /// What kind of log it is, such as `windows/dhcp-audit`.
    pub source: Arc<str>,
}

/// A machine or a person, as a log spells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: Arc<str>,
}

/// What a record says of an address and whoever has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tenure {
    /// They no longer have it.
    Ended,
    /// They were seen with it.
    Seen,
    /// It was given to them.
    Given(Until),
}

/// How long something was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Until {
    /// The record does not say; no longer than this.
    AtMost(Timestamp),
    /// So long, says the record.
    Told(Timestamp),
}

impl Until {
    /// When it is over at the latest.
    pub const fn latest(self) -> Timestamp {
        match self {
            Self::AtMost(end) | Self::Told(end) => end,
        }
    }
}
