//! One record of one log, normalised.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use cordon_model::{Clock, EventId, LogRef, Record, Timestamp};

use crate::ids::Named;

/// Which log a record comes from, in the words of Sigma's `logsource`.
///
/// A record may belong to several categories: Sysmon's event 1 is service `sysmon` and category
/// `process_creation`, and so is event 4688 of service `security`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogKind {
    /// Such as `windows`, `okta`, `azure`, `aws`, `vmware`; none if not recognised.
    pub product: Option<Arc<str>>,
    /// Such as `security`, `sysmon`, `auditlogs`, `cloudtrail`.
    pub service: Option<Arc<str>>,
    /// Such as `process_creation`; none, one or several.
    pub categories: Vec<Arc<str>>,
}

impl LogKind {
    /// The log in one word for people: `windows/security`, `okta`, `unknown`.
    pub fn source(&self) -> Arc<str> {
        match (&self.product, &self.service) {
            (Some(product), Some(service)) if product != service => {
                Arc::from(format!("{product}/{service}"))
            }
            (Some(product), _) => Arc::clone(product),
            (None, Some(service)) => Arc::clone(service),
            (None, None) => Arc::from("unknown"),
        }
    }
}

/// One record of one log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Where it stands in the user's files.
    pub log: LogRef,
    /// When it happened, in event time; unknown if the record does not say.
    pub time: Option<Timestamp>,
    /// How that time came about.
    pub clock: Arc<Clock>,
    /// Which log it comes from.
    pub kind: Arc<LogKind>,
    /// Its fields under their native names. Windows records are flat (`EventID`, `Channel`,
    /// `Computer`, `Provider_Name` and the `EventData` names); all others as the vendor nests them.
    pub fields: Record,
    /// Where its raw bytes begin in the (unpacked) file, in bytes.
    pub offset: u64,
    /// How many raw bytes it has.
    pub length: u64,
    /// What its stable id is made of.
    pub own: OwnId,
}

/// What makes an event the same as another: its vendor's own unique id, or a digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnId {
    /// The vendor's id; empty if there is none.
    pub(crate) vendor: String,
    /// What a digest is made of, where there is no vendor's id.
    pub(crate) named: Named,
    /// How many equal records stood before this one, if the vendor gives no id.
    pub(crate) repeats: u64,
}

impl OwnId {
    /// The id that a vendor gives.
    pub fn of_vendor(id: impl Into<String>) -> Self {
        Self {
            vendor: id.into(),
            ..Self::default()
        }
    }
}

impl Event {
    /// An event of these fields alone, as if read from nowhere: for examples and tests.
    pub fn of_fields(kind: LogKind, fields: impl Into<Record>) -> Self {
        Self {
            log: LogRef {
                path: Arc::from(""),
                record: 1,
            },
            time: None,
            clock: Arc::default(),
            kind: Arc::new(kind),
            fields: fields.into(),
            offset: 0,
            length: 0,
            own: OwnId::default(),
        }
    }

    /// A number for its log and its vendor's id, or for its bytes if it has none: the same where these are, and
    /// another one for all but one in 2⁶⁴ others.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let own = &self.own;
        if own.vendor.is_empty() {
            own.named.alike().hash(&mut hasher);
        } else {
            // Vendors count by themselves: what is 7 to one is 7 to the next.
            (&self.kind.product, &self.kind.service, &own.vendor).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Its stable id. Made when asked for, because nobody asks of most events.
    pub fn id(&self) -> EventId {
        self.own.id()
    }
}
