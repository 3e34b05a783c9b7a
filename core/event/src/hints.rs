//! What the records do not say and the caller knows: the zone of local times, what "now" is.

use cordon_model::Timestamp;
use jiff::tz::TimeZone;

/// What a reader may assume where records are silent about time.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// The zone of times written without one; UTC, marked as assumed, if none.
    pub zone: Option<TimeZone>,
    /// The year of times written without one (RFC 3164), if the reference is not given.
    pub year: Option<i16>,
    /// A moment not long after the records were written, usually now. Times without a year get the
    /// year that puts them nearest before it.
    pub reference: Option<Timestamp>,
}

impl Hints {
    /// Hints for records read about now.
    pub fn at(reference: Timestamp) -> Self {
        Self {
            reference: Some(reference),
            ..Self::default()
        }
    }
}
