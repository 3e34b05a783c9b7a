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
