//! Services that are looked at while a plan is carried out.

use cordon_model::ServiceId;
use serde::{Deserialize, Serialize};

use crate::as_text;

/// A service to look at, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarded {
    /// Which.
    #[serde(with = "as_text")]
    pub service: ServiceId,
    /// How: `http`, `tcp` or `log`.
    pub by: String,
    /// Where.
    pub at: String,
    /// What shows in a log that it runs; only for `log`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beat: Option<Beat>,
}

/// Lines that a log gets as long as a service runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// The text that such a line holds; any line if none.
    pub holds: Option<String>,
    /// How many come at least,
    pub at_least: u32,
    /// within so long.
    pub within_ms: u64,
}

/// How a service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It does what it should.
    Well,
    /// It does not, and what was seen.
    Ill(String),
    /// That cannot be seen, and why.
    Unknown(String),
}
