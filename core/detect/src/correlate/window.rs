//! The records of one group that are close enough in time to be judged together.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use cordon_model::{EventId, Evidence, FieldMatch, Timestamp};
use cordon_sigma::{Bound, CorrelationKind, Expr};
use jiff::SignedDuration;

use super::{
    WINDOW_RECORDS_MAX,
    group::{Key, Shown},
};

/// What makes an entry one and the same: its last record, and the correlation it came through.
pub(super) type EntryKey = (EventId, Option<usize>);

/// One record, or one detection of an inner correlation.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) time: Timestamp,
    pub(super) key: EntryKey,
    /// The positions of the references it came through.
    pub(super) positions: BTreeSet<usize>,
    /// The values that `value_count` counts.
    pub(super) values: BTreeSet<Key>,
    pub(super) records: Vec<Arc<Evidence>>,
    pub(super) matched: Vec<FieldMatch>,
    pub(super) reported: bool,
}

/// The records of one group.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) shown: Shown,
    /// By time, then by key.
    entries: VecDeque<Entry>,
    reported: usize,
    /// How many entries each position has.
    positions: Vec<usize>,
    /// How many entries each counted value has.
    values: BTreeMap<Key, usize>,
}

/// How the number of kept entries changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) added: usize,
    /// Left because they grew too old.
    pub(super) expired: usize,
    /// Left because the window was full.
    pub(super) forgotten: usize,
}

impl Window {
    pub(super) fn new(shown: Shown, positions: usize) -> Self {
        Self {
            shown,
            entries: VecDeque::new(),
            reported: 0,
            positions: vec![0; positions],
            values: BTreeMap::new(),
        }
    }

    /// When its newest record happened.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.entries.back().map(|entry| entry.time)
    }

    /// How many entries it keeps.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Puts an entry in its place, unless it is too old for this window, and lets go of what is
    /// now too old or too much.
    pub(super) fn insert(&mut self, entry: Entry, timespan: SignedDuration) -> Change {
        let mut change = Change::default();
        let newest = self
            .newest()
            .map_or(entry.time, |newest| newest.max(entry.time));
        let oldest = newest.checked_sub(timespan).unwrap_or(Timestamp::MIN);
        if entry.time < oldest {
            return change;
        }
        change.added = self.place(entry);
        while self
            .entries
            .front()
            .is_some_and(|first| first.time < oldest)
        {
            self.drop_first();
            change.expired += 1;
        }
        while self.entries.len() > WINDOW_RECORDS_MAX {
            self.drop_first();
            change.forgotten += 1;
        }
        change
    }

    /// Joins an entry with what is known of the same record; how many entries that adds.
    fn place(&mut self, entry: Entry) -> usize {
        let search = self
            .entries
            .binary_search_by(|kept| (kept.time, &kept.key).cmp(&(entry.time, &entry.key)));
        match search {
            Ok(place) => {
                let Some(kept) = self.entries.get_mut(place) else {
                    return 0;
                };
                for position in entry.positions {
                    if kept.positions.insert(position) {
                        count(&mut self.positions, position);
                    }
                }
                for value in entry.values {
                    if kept.values.insert(Arc::clone(&value)) {
                        *self.values.entry(value).or_default() += 1;
                    }
                }
                for matched in entry.matched {
                    if !kept.matched.contains(&matched) {
                        kept.matched.push(matched);
                    }
                }
                0
            }
            Err(place) => {
                for position in &entry.positions {
                    count(&mut self.positions, *position);
                }
                for value in &entry.values {
                    *self.values.entry(Arc::clone(value)).or_default() += 1;
                }
                self.entries.insert(place, entry);
                1
            }
        }
    }

    fn drop_first(&mut self) {
        let Some(entry) = self.entries.pop_front() else {
            return;
        };
        self.reported -= usize::from(entry.reported);
        for position in entry.positions {
            if let Some(count) = self.positions.get_mut(position) {
                *count -= 1;
            }
        }
        for value in entry.values {
            if let Some(count) = self.values.get_mut(&value) {
                *count -= 1;
                if *count == 0 {
                    self.values.remove(&value);
                }
            }
        }
    }

    /// Whether the condition holds and nothing of this window was reported yet.
    pub(super) fn fires(&self, kind: &CorrelationKind) -> bool {
        if self.reported > 0 {
            return false;
        }
        let within = |bounds: &[Bound], count: usize| {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            bounds.iter().all(|bound| bound.holds(count))
        };
        let seen = self.positions.iter().filter(|count| **count > 0).count();
        match kind {
            CorrelationKind::EventCount(bounds) => within(bounds, self.entries.len()),
            CorrelationKind::ValueCount { bounds, .. } => within(bounds, self.values.len()),
            CorrelationKind::Temporal(bounds) if bounds.is_empty() => seen == self.positions.len(),
            CorrelationKind::Temporal(bounds) => within(bounds, seen),
            CorrelationKind::TemporalWhere(expr) => self.shows(expr),
            CorrelationKind::TemporalOrdered => seen == self.positions.len() && self.in_order(),
        }
    }

    /// Whether an expression over positions holds, as the window stands.
    fn shows(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Selection(place) => self.positions.get(*place).is_some_and(|count| *count > 0),
            Expr::Not(inner) => !self.shows(inner),
            Expr::And(parts) => parts.iter().all(|part| self.shows(part)),
            Expr::Or(parts) => parts.iter().any(|part| self.shows(part)),
        }
    }

    /// Whether there is a record for each position, in the order of positions, each another
    /// record. Records of one instant may serve in any order; of those, the one that serves the
    /// fewest positions is taken, so that the others stay free.
    fn in_order(&self) -> bool {
        let mut position = 0;
        let entries: Vec<_> = self.entries.iter().collect();
        for instant in entries.chunk_by(|one, next| one.time == next.time) {
            let mut free = instant.to_vec();
            while let Some((place, _)) = free
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.positions.contains(&position))
                .min_by_key(|(_, entry)| entry.positions.len())
            {
                free.swap_remove(place);
                position += 1;
            }
        }
        position >= self.positions.len()
    }

    /// Marks everything as reported, and gives all records, oldest first and each once, with what
    /// matched in the last.
    pub(super) fn report(&mut self) -> (Vec<Arc<Evidence>>, Vec<FieldMatch>) {
        self.reported = self.entries.len();
        let mut records = BTreeMap::new();
        for entry in &mut self.entries {
            entry.reported = true;
            for record in &entry.records {
                records.insert((record.time, record.id.clone()), Arc::clone(record));
            }
        }
        let matched = self.entries.back().map(|entry| entry.matched.clone());
        (records.into_values().collect(), matched.unwrap_or_default())
    }
}

fn count(counts: &mut [usize], position: usize) {
    if let Some(count) = counts.get_mut(position) {
        *count += 1;
    }
}
