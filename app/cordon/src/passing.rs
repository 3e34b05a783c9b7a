//! Looks at every event on its way from a reader to the rules: leaves out what happened at another time, and keeps what a
//! summary needs of each.

use std::{collections::BTreeMap, sync::Arc};

use cordon_event::{Event, LogKind};
use jiff::Timestamp;
use rayon::slice::ParallelSliceMut as _;

use crate::{moment::Period, progress::Progress};

/// How many records are told to the progress bar together: it must not slow down anybody.
const TOLD_TOGETHER: u64 = 1024;

/// Most events whose ids are kept, to find those that came twice: 128 megabytes.
const IDS_MAX: usize = 16 << 20;

/// How many events of each kind of log were left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outside(BTreeMap<Arc<str>, u64>);

impl Outside {
    fn add(&mut self, kind: &LogKind) {
        *self.0.entry(kind.source()).or_default() += 1;
    }

    /// Adds those of what stands behind.
    pub(crate) fn extend(&mut self, other: Self) {
        for (kind, count) in other.0 {
            *self.0.entry(kind).or_default() += count;
        }
    }

    /// All of them.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Those of one kind.
    pub(crate) fn of(&self, kind: &str) -> u64 {
        self.0.get(kind).copied().unwrap_or_default()
    }
}

/// What was kept of the events of one file.
#[derive(Debug)]
pub(crate) struct Passed {
    /// Events that were left out, by the kind of their log.
    pub(crate) outside: Outside,
    /// An id for each event; none if there were too many.
    pub(crate) ids: Option<Vec<u64>>,
    /// When the latest event happened.
    pub(crate) last: Option<Timestamp>,
}

impl Default for Passed {
    fn default() -> Self {
        Self {
            outside: Outside::default(),
            ids: Some(Vec::new()),
            last: None,
        }
    }
}

impl Passed {
    /// Adds what was kept of what stands behind.
    pub(crate) fn extend(&mut self, other: Self) {
        self.outside.extend(other.outside);
        self.last = self.last.max(other.last);
        self.ids = self.ids.take().zip(other.ids).map(|(mut ids, more)| {
            ids.extend(more);
            ids
        });
    }
}

/// Looks at every record on its way.
pub(crate) struct Passing<'p> {
    period: Period,
    progress: &'p Progress,
    untold: u64,
    passed: Passed,
}

impl<'p> Passing<'p> {
    /// For the events of a period.
    pub(crate) fn of(period: Period, progress: &'p Progress) -> Self {
        Self {
            period,
            progress,
            untold: 0,
            passed: Passed::default(),
        }
    }

    /// What was kept.
    pub(crate) fn finish(self) -> Passed {
        self.progress.records(self.untold);
        self.passed
    }

    /// Counts a record.
    pub(crate) fn count(&mut self) {
        self.untold += 1;
        if self.untold == TOLD_TOGETHER {
            self.progress.records(self.untold);
            self.untold = 0;
        }
    }

    /// Counts an event; says whether it is wanted.
    pub(crate) fn lets_through(&mut self, event: &Event) -> bool {
        self.count();
        if let Some(ids) = &mut self.passed.ids {
            ids.push(event.fingerprint());
            if ids.len() > IDS_MAX {
                self.passed.ids = None;
            }
        }
        if !self.period.may_hold(event.time) {
            self.passed.outside.add(&event.kind);
            return false;
        }
        self.passed.last = self.passed.last.max(event.time);
        true
    }
}

/// The ids of all events, as far as they fit.
#[derive(Debug)]
pub(crate) struct Ids(Option<Vec<u64>>);

impl Ids {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Some(Vec::new()))
    }

    /// Adds those of a file, or that there were too many.
    pub(crate) fn add(&mut self, ids: Option<Vec<u64>>) {
        self.0 = self.0.take().zip(ids).map(|(mut all, ids)| {
            all.extend(ids);
            all
        });
        if self.0.as_ref().is_some_and(|all| all.len() > IDS_MAX) {
            self.0 = None;
        }
    }

    /// How many events came before under the same id, or with the same bytes; none if that cannot be said of all.
    pub(crate) fn repeated(self) -> Option<u64> {
        let mut all = self.0?;
        all.par_sort_unstable();
        let repeated = all
            .windows(2)
            .filter(|pair| matches!(pair, [a, b] if a == b));
        u64::try_from(repeated.count()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    fn repeated(files: Vec<Option<Vec<u64>>>) -> Option<u64> {
        let mut ids = Ids::new();
        for of_file in files {
            ids.add(of_file);
        }
        ids.repeated()
    }

    #[test]
    fn an_event_that_comes_three_times_came_twice_before() {
        let ids = vec![Some(vec![7, 1]), Some(vec![1, 2]), Some(vec![1])];
        assert_eq!(repeated(ids), Some(2));
        assert_eq!(repeated(vec![Some(vec![1]), None]), None);
        assert_eq!(repeated(Vec::new()), Some(0));
    }
}
