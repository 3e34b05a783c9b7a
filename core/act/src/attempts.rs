//! Calls that tried the same change in a row.

use cordon_model::Timestamp;

use crate::Given;

/// What is known of the calls that tried one change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Calls decided on in this row, throttled ones not counted.
    pub made: u32,
    /// When the row began.
    pub since: Option<Timestamp>,
    /// When the last call was decided on, in any row.
    pub last: Option<Timestamp>,
    /// What the last call was answered; none if that is not known.
    pub given: Option<Given>,
}

impl Attempts {
    pub(crate) fn begin(&mut self, at: Timestamp) {
        self.made += 1;
        self.since.get_or_insert(at);
        self.last = Some(at);
        self.given = None;
    }

    pub(crate) fn answered(&mut self, given: Given) {
        if matches!(given, Given::Throttled { .. }) {
            self.made = self.made.saturating_sub(1);
        }
        self.given = Some(given);
    }

    /// Another row begins; what the last one left on its way is still on its way.
    pub(crate) fn new_row(&mut self) {
        self.made = 0;
        self.since = None;
        self.given = None;
    }
}
