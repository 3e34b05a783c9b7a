//! Whose an address was when a record names it, and which records say so.

use cordon_incident as incident;
use cordon_model::{Confidence, EventId, Tenure};
use serde::{Deserialize, Serialize};

use super::{
    Number,
    told::{Log, RawTold},
};

/// Who had an address that a record names, at the time of that record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenancy {
    /// The record's stable id.
    pub record: String,
    /// The address.
    pub address: String,
    /// `one` had it, and what the record says is said of them; `several` had it at once, or so many accounts used it
    /// that day that it is `shared`: it then joins nothing.
    pub finding: String,
    /// Why it is taken for them, in words; null if it is not.
    pub why: Option<String>,
    /// How surely, between 0 and 1.
    pub confidence: Option<Number>,
    /// How many accounts used it that day, as far as they were counted, if it is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u64>,
    /// Whose it was, or may have been.
    pub tenants: Vec<Tenant>,
}

/// One that had an address, and the record that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// `host` or `account`.
    pub kind: String,
    /// Its name, as that record spells it.
    pub id: String,
    /// `given` or `seen`.
    pub says: String,
    /// Since when it was given to them, or when they were seen with it; RFC 3339 in UTC.
    pub at: String,
    /// Until when it was given at most, unless given back or to another before.
    pub until: Option<String>,
    /// What kind of log, such as `windows/dhcp-audit`.
    pub source: String,
    /// The stable id of the record that says so.
    pub event_id: String,
    /// Where it stands.
    pub log: Log,
    /// Where its raw bytes are; absent of a record that stands in no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawTold>,
}

impl Tenancy {
    pub(super) fn of(record: &EventId, tenancy: &incident::Tenancy) -> Self {
        let (finding, how, accounts) = match tenancy.finding {
            incident::Finding::One(how) => ("one", Some(how), None),
            incident::Finding::Several => ("several", None, None),
            incident::Finding::Shared(users) => ("shared", None, u64::try_from(users).ok()),
        };
        let confidence = how.and_then(|how| Confidence::new(how.confidence()));
        Self {
            record: record.to_string(),
            address: tenancy.address.to_string(),
            finding: finding.to_owned(),
            why: how.map(|how| how.to_string()),
            confidence: confidence.map(Number::confidence),
            accounts,
            tenants: tenancy.tenants.iter().map(Tenant::of).collect(),
        }
    }
}

impl Tenant {
    fn of(tenant: &incident::Tenant) -> Self {
        let lease = &tenant.lease;
        let (says, until) = match lease.says {
            Tenure::Given(until) => ("given", Some(until.latest())),
            Tenure::Seen => ("seen", None),
            Tenure::Ended => ("ended", None),
        };
        Self {
            kind: tenant.kind.word().to_owned(),
            id: tenant.id.to_string(),
            says: says.to_owned(),
            at: lease.at.to_string(),
            until: until.map(|until| until.to_string()),
            source: lease.source.to_string(),
            event_id: lease.record.to_string(),
            log: Log::of(&lease.log),
            raw: RawTold::of(&lease.raw),
        }
    }
}
