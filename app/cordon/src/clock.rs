//! An executor's clock: the time of day at which it began, and what has passed since by a clock that nobody sets.
//!
//! Looks, pauses and what is on its way are measured by it, so that a clock that is set back or ahead blinds no
//! guard. Where a call may be too late to be sent both clocks count: a machine
//! that was suspended shows it by one of them.

use std::time::{Duration, Instant};

use cordon_model::Timestamp;

/// A clock that only goes forward.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    began: Instant,
    at: Timestamp,
}

impl Clock {
    /// One that begins at this time now.
    pub(crate) fn from(at: Timestamp) -> Self {
        let began = Instant::now();
        Self { began, at }
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = self.at.saturating_add(self.began.elapsed());
        passed.unwrap_or(Timestamp::MAX)
    }
}

/// A moment, by both clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    at: Instant,
    day: Timestamp,
}

impl Moment {
    /// This one.
    pub(crate) fn now() -> Self {
        Self {
            at: Instant::now(),
            day: Timestamp::now(),
        }
    }

    /// Whether by any clock more than this has passed since.
    pub(crate) fn is_over(&self, within: Duration) -> bool {
        let day = Timestamp::now().duration_since(self.day);
        self.at.elapsed() > within || (day.is_positive() && day.unsigned_abs() > within)
    }
}
