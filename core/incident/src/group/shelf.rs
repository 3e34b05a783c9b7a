//! All detections in the order in which they came, and their order in time.
//!
//! Times stand apart from the detections: nearly every comparison of two ends with them, and a comparison that has to
//! fetch the detections themselves waits for memory.

use std::cmp::Ordering;

use cordon_model::{Detection, Timestamp};
use jiff::SignedDuration;

use crate::identity::Told;

/// A detection, by position among those told.
pub(super) type Place = u32;

/// Stands for a time that is not known, and comes after all that are.
const UNKNOWN: i64 = i64::MAX;

/// Detections by place.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    told: Vec<Told>,
    /// When each was, in microseconds of the epoch.
    times: Vec<i64>,
}

impl Shelf {
    pub(super) fn push(&mut self, told: Told) {
        let time = told.detection.time.map(Timestamp::as_microsecond);
        self.times.push(time.unwrap_or(UNKNOWN));
        self.told.push(told);
    }

    pub(super) fn len(&self) -> usize {
        self.told.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Told> {
        self.told.iter()
    }

    pub(super) fn get(&self, place: Place) -> Option<&Told> {
        self.told.get(place as usize)
    }

    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Told> {
        self.told.get_mut(place as usize)
    }

    fn time(&self, place: Place) -> i64 {
        self.times.get(place as usize).copied().unwrap_or(UNKNOWN)
    }

    /// Which of two detections comes before the other: a total order on different ones.
    pub(super) fn compare(&self, a: Place, b: Place) -> Ordering {
        let times = self.time(a).cmp(&self.time(b));
        times.then_with(|| match (self.get(a), self.get(b)) {
            (Some(x), Some(y)) => order(&x.detection, &y.detection).then(a.cmp(&b)),
            (None, _) | (_, None) => a.cmp(&b),
        })
    }

    /// Whether one detection comes before another.
    pub(super) fn less(&self, a: Place, b: Place) -> bool {
        self.compare(a, b).is_lt()
    }

    /// The same detections in their order.
    pub(super) fn sorted(&self, places: impl Iterator<Item = Place>) -> Vec<Place> {
        let mut keyed: Vec<(i64, Place)> = places.map(|place| (self.time(place), place)).collect();
        keyed.sort_unstable_by(|(time, a), (other, b)| {
            time.cmp(other).then_with(|| self.compare(*a, *b))
        });
        keyed.into_iter().map(|(_, place)| place).collect()
    }

    /// The time between two detections; none if either's is unknown.
    pub(super) fn gap(&self, a: Place, b: Place) -> Option<SignedDuration> {
        let known = |place| Some(self.time(place)).filter(|time| *time != UNKNOWN);
        let gap = known(a)?.abs_diff(known(b)?);
        Some(SignedDuration::from_micros(i64::try_from(gap).ok()?))
    }
}

/// By time, unknown last; then by rule and records: a total order on different detections.
fn order(a: &Detection, b: &Detection) -> Ordering {
    (a.time.is_none(), a.time)
        .cmp(&(b.time.is_none(), b.time))
        .then_with(|| a.rule.id.cmp(&b.rule.id))
        .then_with(|| {
            a.records
                .iter()
                .map(|r| &r.id)
                .cmp(b.records.iter().map(|r| &r.id))
        })
}
