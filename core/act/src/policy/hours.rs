//! Times of the week at which a rule fits, in the zone of the people it speaks of.

use cordon_model::Timestamp;
use jiff::{civil::Time, civil::Weekday, tz::TimeZone};

/// Some hours of some days.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// From this time of day.
    pub from: Time,
    /// To before this one; if that is earlier, on the next day.
    pub to: Time,
    /// On these days; on all if empty.
    pub days: Vec<Weekday>,
    /// In this zone.
    pub zone: TimeZone,
}

impl Hours {
    /// Whether a time lies within.
    pub fn hold(&self, time: Timestamp) -> bool {
        let local = self.zone.to_datetime(time);
        let at = local.time();
        let day = local.weekday();
        let on = |day: Weekday| self.days.is_empty() || self.days.contains(&day);
        if self.from <= self.to {
            on(day) && self.from <= at && at < self.to
        } else {
            on(day) && self.from <= at || on(day.previous()) && at < self.to
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::Weekday, civil::time, tz::TimeZone};

    use super::Hours;

    #[test]
    fn hours_are_those_of_the_zone_and_may_pass_midnight() {
        let night = Hours {
            from: time(22, 0, 0, 0),
            to: time(6, 0, 0, 0),
            days: vec![Weekday::Friday],
            zone: TimeZone::get("Europe/London").unwrap(),
        };
        for (at, expect) in [
            ("2026-07-03T21:30:00Z", true),
            ("2026-07-03T20:30:00Z", false),
            ("2026-07-04T04:59:00Z", true),
            ("2026-07-04T05:00:00Z", false),
            ("2026-07-04T22:30:00Z", false),
            ("2026-01-02T22:00:00Z", true),
            ("2026-01-02T21:30:00Z", false),
        ] {
            assert_eq!(night.hold(at.parse().unwrap()), expect, "{at}");
        }
    }
}
