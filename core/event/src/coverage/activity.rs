//! How many records a source wrote in each minute: what a time in which nothing was told rests on.
//!
//! Kept within a bound, oldest minutes first to go; what is no longer known is said, never taken for none.

use std::collections::BTreeMap;

use cordon_model::Timestamp;

use super::telling::start;

/// Most minutes kept of one log: more than a year in which it wrote in each.
const MINUTES_MAX: usize = 600_000;

/// Counts of records by minutes since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    minutes: BTreeMap<i64, u64>,
    /// The minute that is being counted: records of one log mostly come in order.
    now: Option<(i64, u64)>,
    /// The last minute that was forgotten.
    forgotten: Option<i64>,
}

impl Activity {
    /// Counts one record.
    pub(super) fn put(&mut self, minute: i64) {
        match &mut self.now {
            Some((now, count)) if *now == minute => *count += 1,
            Some(_) | None => {
                self.settle();
                self.now = Some((minute, 1));
            }
        }
    }

    fn settle(&mut self) {
        if let Some((minute, count)) = self.now.take() {
            *self.minutes.entry(minute).or_default() += count;
            self.forget();
        }
    }

    fn forget(&mut self) {
        while self.minutes.len() > MINUTES_MAX {
            let oldest = self.minutes.pop_first().map(|(minute, _)| minute);
            self.forgotten = self.forgotten.max(oldest);
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        self.forgotten = self.forgotten.max(other.forgotten);
        for (minute, count) in other.minutes {
            *self.minutes.entry(minute).or_default() += count;
        }
        self.forget();
    }

    /// Each minute in which it wrote, with how many records, oldest first.
    pub fn minutes(&self) -> impl Iterator<Item = (Timestamp, u64)> {
        let counted = self.minutes.iter().map(|(m, n)| (*m, *n)).chain(self.now);
        counted.map(|(minute, count)| (start(minute), count))
    }

    /// From when on the counts are whole; none if they are from the beginning.
    pub fn known_from(&self) -> Option<Timestamp> {
        self.forgotten.map(|minute| start(minute + 1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Activity, start};

    proptest! {
        #[test]
        fn every_record_is_counted_in_its_minute_whatever_the_order(
            one in prop::collection::vec(0_i64..50, 0..60),
            other in prop::collection::vec(0_i64..50, 0..60),
        ) {
            let counted = |minutes: &[i64]| {
                let mut activity = Activity::default();
                for minute in minutes {
                    activity.put(*minute);
                }
                activity
            };
            let mut all = Activity::default();
            all.merge(counted(&one));
            all.merge(counted(&other));
            let mut plain: BTreeMap<i64, u64> = BTreeMap::new();
            for minute in one.iter().chain(&other) {
                *plain.entry(*minute).or_default() += 1;
            }
            let plain: Vec<_> = plain.into_iter().map(|(m, n)| (start(m), n)).collect();
            prop_assert_eq!(all.minutes().collect::<Vec<_>>(), plain);
            prop_assert_eq!(all.known_from(), None);
        }
    }
}
