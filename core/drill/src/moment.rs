//! The day of the drill and how each kind of log writes its times.
//!
//! The day is Saturday 23 May 2026, the first of a bank-holiday weekend: the shops are full, the
//! offices empty, and British clocks are an hour ahead of UTC.

use cordon_model::Timestamp;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Midnight UTC at which the day begins, in milliseconds since 1970.
const DAY_START_MS: i64 = 1_779_494_400_000;

/// A moment of the drill, in milliseconds since the day's midnight in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

/// A span of time, in milliseconds; below zero for a clock that is slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(i64);

impl Span {
    pub(crate) const fn ms(ms: i64) -> Self {
        Self(ms)
    }

    pub(crate) const fn seconds(seconds: i64) -> Self {
        Self(seconds * SECOND)
    }

    pub(crate) const fn minutes(minutes: i64) -> Self {
        Self(minutes * MINUTE)
    }

    pub(crate) const fn hours(hours: i64) -> Self {
        Self(hours * HOUR)
    }

    pub(crate) const fn as_ms(self) -> i64 {
        self.0
    }
}

impl std::ops::Add<Span> for Moment {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl std::ops::Sub for Moment {
    type Output = Span;

    fn sub(self, other: Self) -> Span {
        Span(self.0 - other.0)
    }
}

impl Moment {
    /// The day's midnight in UTC.
    pub(crate) const START: Self = Self(0);

    /// The next midnight in UTC.
    pub(crate) const END: Self = Self(DAY);

    pub(crate) const fn at_ms(ms: i64) -> Self {
        Self(ms)
    }

    pub(crate) const fn clock(hour: i64, minute: i64) -> Self {
        Self(hour * HOUR + minute * MINUTE)
    }

    pub(crate) const fn as_ms(self) -> i64 {
        self.0
    }

    /// Whether it lies within the day.
    pub(crate) fn is_of_the_day(self) -> bool {
        (Self::START..Self::END).contains(&self)
    }

    /// As a point in time.
    pub(crate) fn timestamp(self) -> Timestamp {
        let point = Timestamp::from_millisecond(self.epoch_ms());
        point.unwrap_or_else(|_| unreachable!("moments lie within days of the drill's day"))
    }

    /// Milliseconds since 1970.
    pub(crate) const fn epoch_ms(self) -> i64 {
        DAY_START_MS + self.0
    }

    /// `2026-05-23T18:04:05.678Z`.
    pub(crate) fn iso_ms(self) -> String {
        format!("{}T{}.{:03}Z", self.date(), self.time(), self.milli())
    }

    /// `2026-05-23T18:04:05Z`.
    pub(crate) fn iso(self) -> String {
        format!("{}T{}Z", self.date(), self.time())
    }

    /// `2026-05-23T18:04:05.6780000Z`, as Azure writes it.
    pub(crate) fn iso_ticks(self) -> String {
        format!("{}T{}.{:03}0000Z", self.date(), self.time(), self.milli())
    }

    /// `2026-05-23 18:04:05.678`.
    pub(crate) fn plain_ms(self) -> String {
        format!("{} {}.{:03}", self.date(), self.time(), self.milli())
    }

    /// `2026-05-23 18:04:05`.
    pub(crate) fn plain(self) -> String {
        format!("{} {}", self.date(), self.time())
    }

    /// The same as a British clock shows it.
    pub(crate) fn british(self) -> Self {
        self + Span::hours(1)
    }

    /// `2026-05-23`.
    pub(crate) const fn date(self) -> &'static str {
        match self.0.div_euclid(DAY) {
            ..0 => "2026-05-22",
            0 => "2026-05-23",
            _ => "2026-05-24",
        }
    }

    /// `18:04:05`.
    pub(crate) fn time(self) -> String {
        let of_day = self.0.rem_euclid(DAY);
        let (hour, minute) = (of_day / HOUR, of_day / MINUTE % 60);
        format!("{hour:02}:{minute:02}:{:02}", of_day / SECOND % 60)
    }

    const fn milli(self) -> i64 {
        self.0.rem_euclid(SECOND)
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Timestamp;

    use super::{Moment, Span};

    #[test]
    fn the_day_is_the_saturday_of_a_bank_holiday_weekend() {
        let start: Timestamp = "2026-05-23T00:00:00Z".parse().unwrap();
        assert_eq!(Moment::START.timestamp(), start);
        let weekday = jiff::civil::date(2026, 5, 23).weekday();
        assert_eq!(weekday, jiff::civil::Weekday::Saturday);
    }

    #[test]
    fn every_spelling_of_a_moment_is_the_same_moment() {
        let moment = Moment::clock(18, 4) + Span::ms(5_678);
        assert_eq!(moment.iso_ms(), "2026-05-23T18:04:05.678Z");
        assert_eq!(
            moment.iso_ms().parse::<Timestamp>().unwrap(),
            moment.timestamp()
        );
        assert_eq!(moment.iso(), "2026-05-23T18:04:05Z");
        assert_eq!(moment.iso_ticks(), "2026-05-23T18:04:05.6780000Z");
        assert_eq!(moment.plain_ms(), "2026-05-23 18:04:05.678");
        assert_eq!(moment.british().plain(), "2026-05-23 19:04:05");
        assert_eq!(Moment::at_ms(-1).iso_ms(), "2026-05-22T23:59:59.999Z");
    }
}
