//! The format `cordon/correlations/v1`.
//!
//! A document holds what waits and is remembered in a [`Reorder`], and the windows of a
//! [`Correlator`]: each record once, however many windows it is in; rules by id and title;
//! correlations by what they mean. Counters and running totals are not written where they follow from the records.
//!
//! Restoring into other rules: the windows of a correlation that changed in meaning, be it by a
//! rule it builds on, or that is gone, are dropped and counted, and so are waiting hits of rules
//! that are gone. Names in groups are those under which windows were made; an estate that knows
//! other aliases meanwhile changes them only for what comes.

mod fields;
mod read;
mod record;
mod write;

use serde::{Deserialize, Serialize};

pub use read::{Dropped, RestoreError, Restored, restore};
pub use write::snapshot;

/// How a document says what it is.
const FORMAT: &str = "cordon/correlations/v1";

/// What correlations remember. How it is written as bytes is up to whoever keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    format: String,
    /// Every record that something else points to, by its place.
    records: Vec<record::Record>,
    /// Every plain rule that something else points to, by its place.
    rules: Vec<RuleName>,
    waiting_room: WaitingRoom,
    /// The newest record that correlations saw: its time and id.
    newest: Option<(String, String)>,
    losses: Losses,
    correlations: Vec<Correlation>,
}

/// A rule: its id, its title, and which of those that share both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct RuleName(String, String, usize);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitingRoom {
    each_place: bool,
    horizon: String,
    told: String,
    used: u64,
    duplicates: u64,
    late: u64,
    hastened: u64,
    hits: Vec<WaitingHit>,
    remembered: Vec<RememberedHit>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitingHit {
    rule: usize,
    record: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    matched: Vec<record::Matched>,
    beside: Vec<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RememberedHit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    id: String,
    rule: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<record::Log>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Losses {
    window_full: u64,
    memory_full: u64,
    crowded: u64,
    without_number: u64,
    out_of_order: u64,
    #[serde(default, skip_serializing_if = "is_none")]
    unheard: u64,
    #[serde(default, skip_serializing_if = "is_none")]
    unfinished: u64,
}

/// What came to the format later is written only where there is something of it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Correlation {
    /// What it means.
    meaning: String,
    /// The newest record that had beside it what it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heard: Option<String>,
    windows: Vec<Window>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    group: Vec<String>,
    /// How many of the oldest entries were told.
    told: usize,
    /// The times of the entries that wait to be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waiting: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor: Option<String>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    time: String,
    positions: Vec<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<(String, Vec<String>)>,
    records: Vec<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    matched: Vec<record::Matched>,
}
