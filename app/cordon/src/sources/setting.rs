//! One thing that is known of a log.

use std::fmt;

use cordon_event::{LogFormat, SourceSettings, TimeFormat};
use cordon_text::nearest;
use jiff::{
    SignedDuration,
    fmt::temporal::DateTimeParser,
    tz::{self, TimeZone},
};

use crate::duration;

/// One thing that is known of a log.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Setting {
    Zone(String, TimeZone),
    Clock(SignedDuration),
    Time(String, TimeFormat),
    Format(LogFormat),
}

/// Why something is no setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WrongSetting {
    NoSetting,
    NoPattern,
    Key(String),
    Value(String),
}

impl Setting {
    /// The words for them.
    pub(super) const KEYS: [&str; 4] = ["zone", "clock", "time", "format"];

    /// What a key and its value say.
    pub(super) fn read(key: &str, value: &str) -> Result<Self, WrongSetting> {
        match key {
            "zone" => zone(value),
            "clock" => duration::signed(value)
                .map(Self::Clock)
                .map_err(WrongSetting::Value),
            "time" => value
                .parse()
                .map(|form| Self::Time(value.to_owned(), form))
                .map_err(|why: cordon_event::TimeFormatError| WrongSetting::Value(why.to_string())),
            "format" => value
                .parse()
                .map(Self::Format)
                .map_err(|why: cordon_event::UnknownFormat| WrongSetting::Value(why.to_string())),
            other => Err(WrongSetting::Key(other.to_owned())),
        }
    }

    /// Adds it to what is known.
    pub(super) fn apply(&self, settings: &mut SourceSettings) {
        match self {
            Self::Zone(_, zone) => settings.zone = Some(zone.clone()),
            Self::Clock(ahead) => settings.clock_offset = *ahead,
            Self::Time(_, form) => settings.time_format = Some(form.clone()),
            Self::Format(format) => settings.format = Some(*format),
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Zone(name, _) => format!("times without a zone are of {name}"),
            Self::Clock(ahead) if ahead.is_negative() => {
                format!("clock {} behind", said(*ahead))
            }
            Self::Clock(ahead) => format!("clock {} ahead", said(*ahead)),
            Self::Time(form, _) => format!("times are written {form}"),
            Self::Format(format) => format!("read as {}", format.word()),
        }
    }
}

fn said(length: SignedDuration) -> String {
    duration::words(length)
        .trim_start_matches(['+', '-'])
        .to_owned()
}

fn zone(name: &str) -> Result<Setting, WrongSetting> {
    let zone = TimeZone::get(name).or_else(|_| DateTimeParser::new().parse_time_zone(name));
    if let Ok(zone) = zone {
        return Ok(Setting::Zone(name.to_owned(), zone));
    }
    let known: Vec<_> = tz::db().available().collect();
    let near = nearest(name, known.iter().map(tz::TimeZoneName::as_str));
    let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Err(WrongSetting::Value(format!(
        "expected a time zone, such as Europe/London or +02:00, found `{name}`{meant}"
    )))
}

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = Setting::KEYS.join(", ");
        match self {
            Self::NoSetting => write!(f, "expected one of {keys} with a value after the pattern"),
            Self::NoPattern => write!(f, "expected a pattern of paths before the first `:`"),
            Self::Key(key) => write!(f, "there is no setting `{key}`; there are {keys}"),
            Self::Value(why) => write!(f, "{why}"),
        }
    }
}
