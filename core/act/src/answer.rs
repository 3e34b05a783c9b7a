//! What a connector is asked, and what it may answer.

use std::collections::BTreeMap;

use cordon_model::Value;
use serde::{Deserialize, Serialize};

/// What a connector is asked to do. All but `Do` and `Undo` change nothing; those two set a state,
/// so that doing them twice is doing them once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Read the state before, and whatever is soon gone.
    Capture,
    /// Change the target.
    Do,
    /// Read the state again and compare it with the one before and the one wanted.
    ReadBack,
    /// Try whether what should be refused is refused.
    Probe,
    /// Restore the state before, in what was set and nothing else.
    Undo,
}

impl Act {
    /// Whether a call may change its target.
    pub fn changes(self) -> bool {
        match self {
            Self::Do | Self::Undo => true,
            Self::Capture | Self::ReadBack | Self::Probe => false,
        }
    }
}

/// How a target stands between the state before and the one wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As captured before.
    AsBefore,
    /// As the effect wants it.
    AsWanted,
    /// On its way from one to the other.
    Pending,
    /// As neither.
    Other,
}

/// The volatile facts about a target, which a cut may destroy: by name, those that were taken and
/// those that were not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was taken.
    pub taken: BTreeMap<String, Value>,
    /// What was not, and why.
    pub skipped: BTreeMap<String, String>,
}

impl Evidence {
    /// Of these facts each is accounted for: what nobody took was skipped, because of this.
    pub(crate) fn about(mut self, volatile: &[String], why: &str) -> Self {
        for fact in volatile {
            if !self.taken.contains_key(fact) && !self.skipped.contains_key(fact) {
                self.skipped.insert(fact.clone(), why.to_owned());
            }
        }
        self
    }
}

/// What a connector says a call came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To `Capture`: the state before.
    Captured {
        /// What `Undo` will restore.
        prior: Value,
        /// Whether that already is what the effect wants.
        already: bool,
        /// What was taken besides.
        evidence: Evidence,
    },
    /// To `Do` and `Undo`: taken, which says nothing about its effect.
    Accepted,
    /// To `ReadBack`: how it stands.
    Stands {
        /// How.
        standing: Standing,
        /// What was read.
        state: Value,
    },
    /// To `Probe`: what should be refused is refused.
    Effective,
    /// To `Probe`: it is not refused yet.
    NotYet {
        /// What was seen.
        why: String,
    },
    /// To `Probe`: there is no way to try.
    CannotTell {
        /// Why not.
        why: String,
    },
    /// To any: not now.
    Throttled {
        /// Ask again after so long.
        after_ms: u64,
    },
    /// To any: it was refused, and had no effect.
    Refused {
        /// Why.
        why: String,
    },
    /// To any: nobody knows whether it had an effect.
    Unknown {
        /// Why.
        why: String,
    },
}

impl Answer {
    /// Whether this can be said to such a call at all; a connector that says anything else is
    /// taken to have said nothing.
    pub fn answers(&self, act: Act) -> bool {
        match self {
            Self::Captured { .. } => act == Act::Capture,
            Self::Accepted => act.changes(),
            Self::Stands { .. } => act == Act::ReadBack,
            Self::Effective | Self::NotYet { .. } | Self::CannotTell { .. } => act == Act::Probe,
            Self::Throttled { .. } | Self::Refused { .. } | Self::Unknown { .. } => true,
        }
    }
}
