//! Points in time as people type them, and the time between two of them.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use crate::{Failure, duration, failure::Problems};

/// A point in time, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// This one.
    At(Timestamp),
    /// A whole day, in UTC.
    Day(civil::Date),
    /// So long ago.
    Ago(SignedDuration),
}

impl Moment {
    /// Reads what was typed.
    ///
    /// # Errors
    /// In words, when it is no point in time.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(ago) = duration::positive(text) {
            return Ok(Self::Ago(ago));
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        let spaced = text.contains(['T', 't', ' ']);
        if !spaced && let Ok(day) = text.parse::<civil::Date>() {
            return Ok(Self::Day(day));
        }
        let local = text.parse::<civil::DateTime>().ok();
        let at = local.and_then(|local| TimeZone::UTC.to_timestamp(local).ok());
        at.map(Self::At).ok_or_else(|| {
            format!(
                "expected a date, a time or how long ago, such as 2025-04-22, 2025-04-22T18:00Z or 2h, found `{text}`"
            )
        })
    }

    fn begins(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(day) => TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok(),
            Self::Ago(ago) => now.checked_sub(ago).ok(),
        }
    }

    fn ends(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(_) | Self::Ago(_) => self.begins(now),
            Self::Day(day) => TimeZone::UTC
                .to_timestamp(day.at(23, 59, 59, 999_999_999))
                .ok(),
        }
    }
}

/// The time that is looked at, both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Period {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Period {
    /// From one moment to another.
    ///
    /// # Errors
    /// When the first is after the second.
    pub(crate) fn between(
        since: Option<Moment>,
        until: Option<Moment>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let period = Self {
            since: since.and_then(|moment| moment.begins(now)),
            until: until.and_then(|moment| moment.ends(now)),
        };
        if let (Some(since), Some(until)) = (period.since, period.until)
            && since > until
        {
            let message = format!("nothing happens since {since} and until {until}");
            let help = "let --since be before --until";
            return Err(Failure::Input(Problems::of_arguments(
                "--since", &message, help,
            )));
        }
        Ok(period)
    }

    /// Whether nothing of it can still come, where records come so late at most.
    pub(crate) fn is_over(self, now: Timestamp, lateness: SignedDuration) -> bool {
        let last = self
            .until
            .and_then(|until| until.checked_add(lateness).ok());
        last.is_some_and(|last| last < now)
    }

    /// Whether a moment is in it. One that is unknown may be.
    pub(crate) fn may_hold(self, time: Option<Timestamp>) -> bool {
        time.is_none_or(|time| {
            self.since.is_none_or(|since| since <= time)
                && self.until.is_none_or(|until| time <= until)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Period};

    #[test]
    fn moments_are_read_as_people_type_them() {
        let now = "2025-04-22T12:00:00Z".parse().unwrap();
        for (text, begins, ends) in [
            (
                "2025-04-22T18:00Z",
                "2025-04-22T18:00:00Z",
                "2025-04-22T18:00:00Z",
            ),
            (
                "2025-04-22T18:00+01:00",
                "2025-04-22T17:00:00Z",
                "2025-04-22T17:00:00Z",
            ),
            (
                "2025-04-22 18:00",
                "2025-04-22T18:00:00Z",
                "2025-04-22T18:00:00Z",
            ),
            (
                "2025-04-21",
                "2025-04-21T00:00:00Z",
                "2025-04-21T23:59:59.999999999Z",
            ),
            ("2h", "2025-04-22T10:00:00Z", "2025-04-22T10:00:00Z"),
        ] {
            let moment = Moment::parse(text).unwrap();
            let read = [moment.begins(now), moment.ends(now)].map(|at| at.unwrap().to_string());
            assert_eq!(read, [begins, ends], "{text}");
        }
        for text in ["", "yesterday", "25:00", "2025-13-01", "-2h"] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_has_no_time_may_have_happened_then() {
        let moment = |text| Some(Moment::parse(text).unwrap());
        let now = "2025-04-22T12:00:00Z".parse().unwrap();
        let Ok(period) = Period::between(moment("1h"), moment("2025-04-22"), now) else {
            panic!("a period");
        };
        for (time, holds) in [
            (None, true),
            (Some("2025-04-22T10:59:59Z"), false),
            (Some("2025-04-22T11:00:00Z"), true),
            (Some("2025-04-22T23:59:59Z"), true),
            (Some("2025-04-23T00:00:00Z"), false),
        ] {
            let time = time.map(|time| time.parse().unwrap());
            assert_eq!(period.may_hold(time), holds, "{time:?}");
        }
        assert!(Period::between(moment("1h"), moment("2h"), now).is_err());
    }
}
