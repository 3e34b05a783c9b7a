//! Times as most logs write them, `2021-05-20T15:53:47.1234567Z`: the short way, which may give up.
//!
//! Understood: a `T` or blank between date and clock, up to nine digits of a second, `Z`, an offset
//! such as `+01:00` or nothing behind them. Invariant: what is read here is what the calendar library
//! reads; tests compare the two. Leap days, leap seconds and years before 1970 are left to that.

use cordon_model::Timestamp;
use jiff::{civil, tz::Offset};

use super::{When, Zoneless, at_zone};
use crate::{Degradation, Hints};

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// With the offset that it is written with.
    Moment(Timestamp, Option<Offset>),
    Local(Local),
}

/// A date and time without a zone, as the moment it is in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Local(pub(super) Timestamp);

impl Local {
    /// The moment that it is where it was written.
    pub(super) fn at_zone(self, zoneless: Zoneless, hints: &Hints) -> Option<When> {
        let assumed = match (zoneless, &hints.settings.zone) {
            (Zoneless::Utc, _) => None,
            (Zoneless::Local, None) => Some(Degradation::ZoneAssumed),
            (Zoneless::Local, Some(_)) => {
                let local = jiff::tz::TimeZone::UTC.to_datetime(self.0);
                return at_zone(local, zoneless, hints);
            }
        };
        Some(When {
            time: self.0,
            written: None,
            assumed,
        })
    }
}

/// The time that a text of exactly such a form says; none if it is another form or no time.
pub(super) fn read(text: &str) -> Option<Plain> {
    let (fixed, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let [
        y3,
        y2,
        y1,
        y0,
        b'-',
        m1,
        m0,
        b'-',
        d1,
        d0,
        b'T' | b' ',
        clock @ ..,
    ] = fixed
    else {
        return None;
    };
    let [year, month, day] = [
        number(&[*y3, *y2, *y1, *y0])?,
        number(&[*m1, *m0])?,
        number(&[*d1, *d0])?,
    ];
    let [hour, minute, second] = clock_of(*clock)?;
    let zone = rest.iter().position(|b| !matches!(b, b'.' | b'0'..=b'9'));
    let (fraction, zone) = rest.split_at_checked(zone.unwrap_or(rest.len()))?;
    let ahead = ahead(zone)?;
    let nanos = nanoseconds(fraction)?;
    let exists = year >= 1970 && is_day(month, day);
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let at = |seconds| exists.then(|| Timestamp::new(seconds, nanos).ok())?;
    Some(match ahead {
        Some(ahead) => {
            let written = Offset::from_seconds(i32::try_from(ahead).ok()?).ok()?;
            Plain::Moment(at(seconds - ahead)?, Some(written))
        }
        None => Plain::Local(Local(at(seconds)?)),
    })
}

/// Whether every year has such a day.
pub(super) fn is_day(month: i64, day: i64) -> bool {
    let last_day = match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=last_day).contains(&day)
}

/// The time of day that a word says.
pub(crate) fn time_of_day(word: &str) -> Option<civil::Time> {
    let plain = || {
        let [hour, minute, second] = clock_of(word.as_bytes().try_into().ok()?)?;
        let [hour, minute, second] = [hour, minute, second].map(|part| i8::try_from(part).ok());
        civil::Time::new(hour?, minute?, second?, 0).ok()
    };
    plain().or_else(|| word.parse().ok())
}

/// Hour, minute and second of `15:53:47`.
pub(super) fn clock_of(clock: [u8; 8]) -> Option<[i64; 3]> {
    let [h1, h0, b':', n1, n0, b':', s1, s0] = clock else {
        return None;
    };
    let (hour, minute, second) = (number(&[h1, h0])?, number(&[n1, n0])?, number(&[s1, s0])?);
    (hour < 24 && minute < 60 && second < 60).then_some([hour, minute, second])
}

/// By how many seconds what stands behind a time is ahead of UTC, or that nothing stands there; none if
/// it is no such thing.
#[expect(clippy::option_option, reason = "no zone is not the same as no time")]
fn ahead(zone: &[u8]) -> Option<Option<i64>> {
    match zone {
        [] => Some(None),
        b"Z" => Some(Some(0)),
        [sign @ (b'+' | b'-'), h1, h0, b':', n1, n0] => {
            let (hours, minutes) = (number(&[*h1, *h0])?, number(&[*n1, *n0])?);
            let seconds = hours * 3600 + minutes * 60;
            // `-00:00` says that the zone is not known.
            let is_known = *sign == b'+' || seconds > 0;
            let seconds = if *sign == b'+' { seconds } else { -seconds };
            (is_known && hours < 24 && minutes < 60).then_some(Some(seconds))
        }
        _ => None,
    }
}

/// The number that digits write.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// A point and up to nine digits, or nothing, as nanoseconds.
fn nanoseconds(fraction: &[u8]) -> Option<i32> {
    let digits = match fraction {
        [] => return Some(0),
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => digits,
        _ => return None,
    };
    let scale = 10_i64.pow(u32::try_from(9 - digits.len()).ok()?);
    i32::try_from(number(digits)? * scale).ok()
}

/// Days between two dates of the Gregorian calendar, where months are counted from March so that a
/// leap day ends its year.
pub(super) fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    /// From the first of March of the year 0 to the first of January 1970.
    const LEAD: i64 = 719_468;
    let (year, month) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - LEAD
}

#[cfg(test)]
mod tests {
    use cordon_model::Timestamp;
    use jiff::{civil, tz::TimeZone};
    use proptest::prelude::*;

    use super::{Plain, read, time_of_day};

    /// What the calendar library reads.
    fn carefully(text: &str) -> Option<Plain> {
        let moment = text.parse::<Timestamp>().ok();
        let moment = moment.map(|time| Plain::Moment(time, super::super::offset_in(text)));
        let local = || {
            let local = text.parse::<civil::DateTime>().ok()?;
            let utc = TimeZone::UTC.to_timestamp(local).ok()?;
            Some(Plain::Local(super::Local(utc)))
        };
        moment.or_else(local)
    }

    fn check(text: &str) {
        let found = read(text);
        assert!(
            found.is_none() || found == carefully(text),
            "{text}: {found:?}"
        );
    }

    proptest! {
        #[test]
        fn the_short_way_to_a_time_agrees_with_the_long_one(
            seconds in 0..253_402_207_200_i64, nanos in 0..1_000_000_000_i32, digits in 0..10_usize,
            between in "[T ]", zone in prop_oneof![Just("Z"), Just(""), Just("+00:00"), Just("-00:00"),
                Just("+02:30"), Just("-11:59"), Just("+24:00"), Just("+0100"), Just(" UTC")],
            damage in prop::option::of((0..36_usize, "[-0-9TZ:. +/]")),
        ) {
            let time = Timestamp::new(seconds, nanos).unwrap();
            let local = TimeZone::UTC.to_datetime(time);
            let date = local.date();
            let fraction = format!(".{nanos:09}");
            let fraction = if digits == 0 { "" } else { &fraction[..=digits] };
            let clock = local.time().strftime("%H:%M:%S");
            let mut text = format!("{date}{between}{clock}{fraction}{zone}");
            check(&text);
            let is_leap_day = (date.month(), date.day()) == (2, 29);
            let is_plain = !matches!(zone, "-00:00" | "+24:00" | "+0100" | " UTC");
            prop_assert_eq!(read(&text).is_some(), is_plain && !is_leap_day);
            if let Some((at, sign)) = damage {
                if at < text.len() {
                    text.replace_range(at..=at, &sign);
                }
                check(&text);
                time_of_day(text.get(11..19).unwrap_or_default());
            }
        }

        #[test]
        fn the_short_way_to_a_time_of_day_agrees_with_the_long_one(word in "[0-9]{2}:[0-9]{2}:[0-9]{2}") {
            prop_assert_eq!(time_of_day(&word), word.parse().ok());
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_the_long_way() {
        for text in [
            "2021-02-28T24:00:00Z",
            "2021-13-01T00:00:00Z",
            "2021-04-31T00:00:00Z",
            "2021-05-20T15:53:60Z",
            "2021-05-20T15:53:47.Z",
            "2021-05-20T15:53:47.1234567890Z",
            "1969-12-31T23:59:59Z",
            "2021-05-20t15:53:47z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
