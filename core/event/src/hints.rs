//! What the records do not say and the caller knows: what "now" is, and the settings of their source.

use std::sync::Arc;

use cordon_model::{Clock, Timestamp};

use crate::SourceSettings;

/// What a reader may assume where records are silent.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// What is known of the log the records come from.
    pub settings: SourceSettings,
    /// The year of times written without one (RFC 3164), if the reference is not given.
    pub year: Option<i16>,
    /// A moment not long after the records were written, usually now. Times without a year get the
    /// year that puts them nearest before it.
    pub reference: Option<Timestamp>,
    /// When the records were read, if they were awaited.
    pub arrival: Option<Timestamp>,
}

impl Hints {
    /// Hints for records read about now.
    pub fn at(reference: Timestamp) -> Self {
        Self {
            reference: Some(reference),
            ..Self::default()
        }
    }

    /// The same for a source of which something is known.
    #[must_use]
    pub fn of(self, settings: SourceSettings) -> Self {
        Self { settings, ..self }
    }

    /// What is known of the clock behind the records.
    pub(crate) fn clock(&self) -> Clock {
        let zone = self.settings.zone.as_ref();
        Clock {
            ahead: self.settings.clock_offset,
            zone: zone.and_then(|zone| zone.iana_name()).map(Arc::from),
            written: None,
            arrival: self.arrival,
        }
    }
}
