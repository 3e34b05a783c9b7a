//! What came of reading: counts by reason, each with an example.
//!
//! Invariant: records = events + refused, in every summary and after every merge.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{LogRef, Timestamp};

use crate::{Degradation, RefusalReason};

/// One record that stands for all of its tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub log: LogRef,
    /// Its beginning, clipped, control characters escaped.
    pub sample: String,
}

/// How often something happened, and where it happened first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The first one.
    pub example: Example,
}

/// What came of reading one file or, merged, many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSummary {
    /// Records found.
    pub records: u64,
    /// Records that became events.
    pub events: u64,
    /// Records that did not, by reason.
    pub refused: BTreeMap<RefusalReason, Tally>,
    /// Events that lost something on the way, by what.
    pub degraded: BTreeMap<Degradation, Tally>,
    /// Time of the earliest event.
    pub first: Option<Timestamp>,
    /// Time of the latest event.
    pub last: Option<Timestamp>,
    /// Events by log, such as `windows/security`.
    pub by_source: BTreeMap<Arc<str>, u64>,
}

impl ReadSummary {
    /// How many records were refused.
    pub fn refused_count(&self) -> u64 {
        self.refused.values().map(|tally| tally.count).sum()
    }

    /// Adds what came of reading another file.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.events += other.events;
        merge(&mut self.refused, other.refused);
        merge(&mut self.degraded, other.degraded);
        for time in [other.first, other.last].into_iter().flatten() {
            self.saw(time);
        }
        for (source, count) in other.by_source {
            *self.by_source.entry(source).or_default() += count;
        }
    }

    /// Counts its records on from so many.
    pub(crate) fn renumber(&mut self, before: u64) {
        let tallies = self.refused.values_mut().chain(self.degraded.values_mut());
        tallies.for_each(|tally| tally.example.log.record += before);
    }

    pub(crate) fn saw(&mut self, time: Timestamp) {
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
    }
}

/// Adds to a tally; the example is made only for the first.
pub(crate) fn count<K: Ord>(
    tallies: &mut BTreeMap<K, Tally>,
    key: K,
    example: impl FnOnce() -> Example,
) {
    tallies
        .entry(key)
        .or_insert_with(|| Tally {
            count: 0,
            example: example(),
        })
        .count += 1;
}

fn merge<K: Ord>(into: &mut BTreeMap<K, Tally>, from: BTreeMap<K, Tally>) {
    for (key, tally) in from {
        if let Some(known) = into.get_mut(&key) {
            known.count += tally.count;
        } else {
            into.insert(key, tally);
        }
    }
}
