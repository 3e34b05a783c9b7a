//! The records of one group that are close enough in time to be judged together.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use cordon_model::{Evidence, FieldMatch, Timestamp};
use cordon_sigma::{CorrelationKind, Decimal};
use jiff::SignedDuration;

use super::{
    WINDOW_RECORDS_MAX,
    chain::Positions,
    gauge::Gauge,
    group::{Key, Shown},
};

/// One record, or one detection of an inner correlation.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) time: Timestamp,
    /// The positions of the references it came through.
    pub(crate) positions: Positions,
    /// The values that `value_count` counts.
    pub(crate) values: BTreeSet<Key>,
    /// The numbers that are measured, by their field: a field counts once, however many of the
    /// references look at it.
    pub(crate) numbers: BTreeMap<Arc<str>, Vec<Decimal>>,
    /// Never empty; several for the detection of an inner correlation.
    pub(crate) records: Vec<Arc<Evidence>>,
    pub(crate) matched: Vec<FieldMatch>,
}

impl Entry {
    /// Its share of what all windows may keep together.
    pub(crate) fn weight(&self) -> usize {
        self.records.len().max(1)
    }
}

/// When a group that was told is told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// When enough has come of what was not told yet: what is told is spent.
    WithOthers,
    /// When all that was told has left the window: a flood is told once for each time span.
    AfterAllLeft,
}

impl Again {
    /// Conditions over rules describe an occurrence, of which there may be several; those over
    /// counts and measures describe a level, which goes on. A number of rules limited from above is
    /// a level too: whatever came alone would be within it.
    pub(crate) fn of(kind: &CorrelationKind, positions: usize) -> Self {
        let all = Decimal::from(u64::try_from(positions).unwrap_or(u64::MAX));
        match kind {
            CorrelationKind::TemporalWhere(_) | CorrelationKind::TemporalOrdered(_) => {
                Self::WithOthers
            }
            CorrelationKind::Temporal(bounds) if bounds.iter().all(|b| b.holds(all)) => {
                Self::WithOthers
            }
            CorrelationKind::Temporal(_)
            | CorrelationKind::EventCount(_)
            | CorrelationKind::ValueCount { .. }
            | CorrelationKind::ValueMeasure { .. } => Self::AfterAllLeft,
        }
    }
}

/// The records of one group.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) shown: Shown,
    /// By time, then as they came.
    pub(crate) entries: VecDeque<Entry>,
    /// How many of the oldest entries were told.
    pub(crate) told: usize,
    /// When the newest of those happened that were forgotten because the window was full. Of that
    /// instant only a part may be left, and so no order of rules begins in it.
    pub(crate) floor: Option<Timestamp>,
    gauge: Gauge,
}

/// How what is kept changed, in weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) added: usize,
    pub(crate) left: usize,
    /// How many entries left because the window was full.
    pub(crate) forgotten: u64,
    /// What was done, in entries.
    pub(crate) steps: u64,
}

impl Window {
    pub(crate) fn new(shown: Shown, kind: &CorrelationKind, positions: usize) -> Self {
        Self {
            shown,
            entries: VecDeque::new(),
            told: 0,
            floor: None,
            gauge: Gauge::new(kind, positions),
        }
    }

    /// When its newest record happened.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.entries.back().map(|entry| entry.time)
    }

    /// The weight of what it keeps.
    pub(crate) fn weight(&self) -> usize {
        self.entries.iter().map(Entry::weight).sum()
    }

    /// Adds an entry, which is not older than any before it, and lets go of what is now too old or
    /// too much.
    pub(crate) fn push(&mut self, entry: Entry, timespan: SignedDuration) -> Change {
        let steps = self.gauge.steps();
        let mut change = Change {
            added: entry.weight(),
            left: self.drop_before(oldest(entry.time, timespan)),
            ..Change::default()
        };
        self.gauge.add(&entry);
        self.entries.push_back(entry);
        while self.entries.len() > WINDOW_RECORDS_MAX {
            self.floor = self.entries.front().map(|first| first.time);
            change.left += self.drop_first();
            change.forgotten += 1;
        }
        change.steps = self.gauge.steps() - steps;
        change
    }

    /// Drops all entries before a moment; their weight.
    pub(crate) fn drop_before(&mut self, oldest: Timestamp) -> usize {
        let mut left = 0;
        while self
            .entries
            .front()
            .is_some_and(|first| first.time < oldest)
        {
            left += self.drop_first();
        }
        left
    }

    /// Drops the oldest entry; its weight.
    fn drop_first(&mut self) -> usize {
        let Some(entry) = self.entries.pop_front() else {
            return 0;
        };
        self.told = self.told.saturating_sub(1);
        self.gauge.remove(&entry);
        entry.weight()
    }

    /// Whether the condition holds, and there is something new to tell.
    pub(crate) fn fires(&self, kind: &CorrelationKind, timespan: SignedDuration) -> bool {
        let Some(newest) = self.newest() else {
            return false;
        };
        let oldest = oldest(newest, timespan);
        let whole = |begun| begun >= oldest && self.floor.is_none_or(|floor| begun > floor);
        self.told == 0 && self.gauge.shows(kind, &whole)
    }

    /// Whether a record came through a position.
    pub(crate) fn has(&self, position: usize) -> bool {
        self.gauge.has(position)
    }

    /// Marks everything as told, and gives all records, oldest first and each once, with what
    /// matched in the last.
    pub(crate) fn tell(&mut self) -> (Vec<Arc<Evidence>>, Vec<FieldMatch>) {
        self.told = self.entries.len();
        let mut records = BTreeMap::new();
        for record in self.entries.iter().flat_map(|entry| &entry.records) {
            records.insert((record.time, record.id.clone()), Arc::clone(record));
        }
        let matched = self.entries.back().map(|entry| entry.matched.clone());
        (records.into_values().collect(), matched.unwrap_or_default())
    }
}

/// When the oldest record may have happened that still belongs to one of this time.
fn oldest(newest: Timestamp, timespan: SignedDuration) -> Timestamp {
    newest.checked_sub(timespan).unwrap_or(Timestamp::MIN)
}
