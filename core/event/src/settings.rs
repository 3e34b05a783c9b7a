//! What the owner of a log says of it: its format, the zone and form of its times, how wrong its clock is.
//!
//! Invariant: a setting only says what records leave open. A time that names its own zone keeps it,
//! and a format that does not fit is counted, never bent until it fits.

use std::str::FromStr;

use jiff::{SignedDuration, tz::TimeZone};
use thiserror::Error;

use crate::LogFormat;

mod time_format;

pub(crate) use time_format::Told;
pub use time_format::{TimeFormat, TimeFormatError};

/// Settings of one source of records. The default leaves everything to the content.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceSettings {
    /// The format, however the content looks; recognised from the content if none.
    pub format: Option<LogFormat>,
    /// The zone of times written without one; UTC, marked as assumed, if none.
    pub zone: Option<TimeZone>,
    /// How times are written that no reader would understand, or would misunderstand.
    pub time_format: Option<TimeFormat>,
    /// How far the source's clock runs ahead of the true time; negative if it lags. It is taken off
    /// every time that its records say.
    pub clock_offset: SignedDuration,
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a log format, found `{found}`; one of: {}", known())]
pub struct UnknownFormat {
    /// The word.
    pub found: String,
}

fn known() -> String {
    LogFormat::ALL.map(LogFormat::word).join(", ")
}

impl FromStr for LogFormat {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.word() == word)
            .ok_or_else(|| UnknownFormat {
                found: word.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use crate::LogFormat;

    #[test]
    fn every_format_is_found_by_its_word_and_a_wrong_word_lists_them() {
        for format in LogFormat::ALL {
            assert_eq!(format.word().parse(), Ok(format));
        }
        let error = "evt".parse::<LogFormat>().unwrap_err();
        assert!(error.to_string().contains("one of: evtx, "), "{error}");
    }
}
