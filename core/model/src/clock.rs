//! How the time of a record came about.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// What was declared of the clock that a record was written by, and when the record arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// How far the clock runs ahead, negative if it lags: taken off the time that the record says.
    pub ahead: SignedDuration,
    /// The zone of times that name none.
    pub zone: Option<Arc<str>>,
    /// When the record was read, if it was awaited; files that were written before tell nothing by that.
    pub arrival: Option<Timestamp>,
}

impl Clock {
    /// Whether there is nothing to say beside the time itself.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}
