//! What a run never exceeds, and how often it looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Limits of a run; part of what is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How many targets are changed in a minute by steps of a kind.
    pub per_minute: BTreeMap<String, u32>,
    /// The same for kinds that are not named.
    pub per_minute_other: u32,
    /// Calls under way at the same time.
    pub in_flight_max: u32,
    /// Calls that try to do, or to undo, the same thing in a row.
    pub attempts_max: u32,
    /// How often an effect that others reverted is done again before people must decide.
    pub redo_max: u32,
    /// The pause after a first failed try; it doubles up to thirty times itself.
    pub pause_ms: u64,
    /// How often what was done is read again.
    pub watch_ms: u64,
    /// How often a guarded service is looked at.
    pub look_ms: u64,
    /// A service is worse after so many looks in a row that say so.
    pub ill_looks: u32,
    /// What was done longer ago than this, before a service was last well, is not blamed.
    pub blame_ms: u64,
}

impl Default for Limits {
    /// A service that is hurt is noticed within two looks, a second apart, so that the cause is
    /// recalled well within five seconds. Sixty targets a minute are more than a plan of shared actions
    /// has, and few enough for a person to stop what goes wrong. Ten minutes of blame keep an
    /// intruder from having yesterday's cut taken back by hurting a service today.
    fn default() -> Self {
        Self {
            per_minute: BTreeMap::new(),
            per_minute_other: 60,
            in_flight_max: 32,
            attempts_max: 5,
            redo_max: 2,
            pause_ms: 500,
            watch_ms: 30_000,
            look_ms: 1_000,
            ill_looks: 2,
            blame_ms: 600_000,
        }
    }
}

impl Limits {
    /// How many targets steps of this kind may change in a minute.
    pub fn per_minute(&self, kind: &str) -> u32 {
        let named = self.per_minute.get(kind).copied();
        named.unwrap_or(self.per_minute_other)
    }

    /// The pause after so many failed tries in a row.
    pub(crate) fn pause_after(&self, tries: u32) -> u64 {
        let factor = 1_u64 << tries.saturating_sub(1).min(5);
        self.pause_ms.saturating_mul(factor.min(30))
    }
}
