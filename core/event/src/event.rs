//! One record of one log, normalised.

use std::sync::Arc;

use cordon_model::{EventId, LogRef, Timestamp, Value};

/// Which log a record comes from, in the words of Sigma's `logsource`.
///
/// A record may belong to several categories: Sysmon's event 1 is service `sysmon` and category
/// `process_creation`, and so is event 4688 of service `security`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// Its stable id: the vendor's own unique id, or a digest of its bytes.
    pub id: EventId,
    /// Where it stands in the user's files.
    pub log: LogRef,
    /// When it happened, in event time; unknown if the record does not say.
    pub time: Option<Timestamp>,
    /// Which log it comes from.
    pub kind: LogKind,
    /// Its fields under their native names. Windows records are flat (`EventID`, `Channel`,
    /// `Computer`, `Provider_Name` and the `EventData` names); all others as the vendor nests them.
    pub fields: Value,
    /// Where its raw bytes begin in the (unpacked) file, in bytes.
    pub offset: u64,
    /// How many raw bytes it has.
    pub length: u64,
}
