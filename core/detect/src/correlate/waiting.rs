//! What a correlation that waits has still to judge, and whether anything is heard of what it waits for.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::Timestamp;
use jiff::SignedDuration;

use super::group::Key;

/// How long before a record another one must have had beside it what this one lacks. A night without a
/// single ticket happens; a day on which no reset at all had one means that tickets are not read, or
/// that their names do not meet those of the resets.
const HEARD_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What is still to be judged, and what was heard. Empty where nothing waits.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// The records beside which something may yet come, by their time.
    open: BTreeSet<(Timestamp, Key)>,
    /// The same by their groups.
    of_group: BTreeMap<Key, BTreeSet<Timestamp>>,
    /// The newest record, of whatever group, that was judged and had beside it what must be absent.
    pub(crate) heard: Option<Timestamp>,
}

impl Waiting {
    /// Lets a record of a group wait for its time to pass.
    pub(crate) fn open(&mut self, time: Timestamp, key: Key) {
        self.of_group
            .entry(Key::clone(&key))
            .or_default()
            .insert(time);
        self.open.insert((time, key));
    }

    /// Nothing of a group waits any more.
    pub(crate) fn close(&mut self, key: &Key) {
        for time in self.of_group.remove(key).unwrap_or_default() {
            self.open.remove(&(time, Key::clone(key)));
        }
    }

    /// A record of this time had beside it what must be absent.
    pub(crate) fn hear(&mut self, time: Timestamp) {
        self.heard = self.heard.max(Some(time));
    }

    /// Whether so much is heard that absence beside a record means something.
    pub(crate) fn is_heard(&self, time: Timestamp) -> bool {
        let since = time.checked_sub(HEARD_WITHIN).unwrap_or(Timestamp::MIN);
        self.heard.is_some_and(|heard| heard >= since)
    }

    /// When the next record is to be judged.
    pub(crate) fn next_due(&self, timespan: SignedDuration) -> Option<Timestamp> {
        let (opened, _) = self.open.first()?;
        Some(opened.checked_add(timespan).unwrap_or(Timestamp::MAX))
    }

    /// The record that is to be judged next, which waits no more.
    pub(crate) fn take_next(&mut self) -> Option<(Timestamp, Key)> {
        let (time, key) = self.open.pop_first()?;
        if let Some(times) = self.of_group.get_mut(&key) {
            times.remove(&time);
            if times.is_empty() {
                self.of_group.remove(&key);
            }
        }
        Some((time, key))
    }

    /// Lets everything go unjudged; how many records that were.
    pub(crate) fn give_up(&mut self) -> u64 {
        self.of_group.clear();
        let open = std::mem::take(&mut self.open);
        u64::try_from(open.len()).unwrap_or(u64::MAX)
    }

    /// The records of a group that wait.
    pub(crate) fn of(&self, key: &Key) -> impl Iterator<Item = Timestamp> {
        self.of_group.get(key).into_iter().flatten().copied()
    }
}
