//! Times as logs write them.
//!
//! Understood: RFC 3339 with any offset and its relaxed forms (a space for the `T`, `/` for `-`,
//! ` UTC` at the end, no colon in the offset), the same without a zone, seconds, milli-, micro- and
//! nanoseconds since 1970, and anything with the month as a word, with or without a year. Absent on purpose: forms
//! whose day and month cannot be told apart, such as `05/06/2025`.

mod named_month;

pub(crate) use named_month::month;

use cordon_model::{Item, Scalar, Timestamp};
use jiff::{SignedDuration, civil, tz::TimeZone};

use crate::{Degradation, Hints, settings::Told};

/// A time, and what was assumed to get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When {
    pub(crate) time: Timestamp,
    pub(crate) assumed: Option<Degradation>,
}

/// What a time without a zone means in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zoneless {
    /// The vendor documents such times as UTC.
    Utc,
    /// Local time of whoever wrote it.
    Local,
}

/// The time a field's value says; none if it says none that is understood.
pub(crate) fn of_item(value: Item<'_>, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    match value.scalar()? {
        Scalar::Text(text) => of_text(text, zoneless, hints),
        Scalar::Number(spelled) => {
            let time = match spelled.parse() {
                Ok(whole) => epoch(whole),
                Err(_) => epoch_fraction(spelled),
            };
            time.map(certain)
        }
        Scalar::Null | Scalar::Bool(_) => None,
    }
}

/// The time a text says; none if it says none that is understood.
pub(crate) fn of_text(text: &str, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    if let Some(time) = in_utc(text) {
        return Some(certain(time));
    }
    let text = text.trim();
    if let Some(told) = hints
        .settings
        .time_format
        .as_ref()
        .and_then(|form| form.read(text))
    {
        return match told {
            Told::Moment(time) => Some(certain(time)),
            Told::Local(local) => at_zone(local, zoneless, hints),
        };
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(certain(time));
    }
    if let Some(known) = text.strip_suffix(" UTC").or(text.strip_suffix(" GMT")) {
        return of_text(known, Zoneless::Utc, hints);
    }
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return epoch_fraction(text).map(certain);
    }
    if text.contains('/') && !text.contains(char::is_alphabetic) {
        let dashed = text.replace('/', "-");
        return of_text(&dashed, zoneless, hints);
    }
    match text.parse::<civil::DateTime>() {
        Ok(local) => at_zone(local, zoneless, hints),
        Err(_) => named_month::read(text, zoneless, hints),
    }
}

/// A time of exactly the form `2021-05-20T15:53:47.1234567Z`, with or without a fraction, which is
/// what most logs write; none if it is another form or no time.
fn in_utc(text: &str) -> Option<Timestamp> {
    let (fixed, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let fraction = rest.strip_suffix(b"Z")?;
    let [y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0, b'T', clock @ ..] = fixed else {
        return None;
    };
    let [h1, h0, b':', n1, n0, b':', s1, s0] = clock else {
        return None;
    };
    let [year, month, day] = [
        number(&[*y3, *y2, *y1, *y0])?,
        number(&[*m1, *m0])?,
        number(&[*d1, *d0])?,
    ];
    let [hour, minute, second] = [
        number(&[*h1, *h0])?,
        number(&[*n1, *n0])?,
        number(&[*s1, *s0])?,
    ];
    let nanos = nanoseconds(fraction)?;
    // Leap days and leap seconds take the long way.
    let last_day = match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let exists = year >= 1970
        && (1..=12).contains(&month)
        && (1..=last_day).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let time = exists.then(|| Timestamp::new(seconds, nanos))?;
    time.ok()
}

/// The number that digits write.
fn number(digits: &[u8]) -> Option<i64> {
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
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    /// From the first of March of the year 0 to the first of January 1970.
    const LEAD: i64 = 719_468;
    let (year, month) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - LEAD
}

/// A local date and time as a moment.
pub(crate) fn at_zone(local: civil::DateTime, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    let (zone, assumed) = match (zoneless, &hints.settings.zone) {
        (Zoneless::Utc, _) => (TimeZone::UTC, None),
        (Zoneless::Local, Some(zone)) => (zone.clone(), None),
        (Zoneless::Local, None) => (TimeZone::UTC, Some(Degradation::ZoneAssumed)),
    };
    let time = zone.to_timestamp(local).ok()?;
    Some(When { time, assumed })
}

/// How far ahead of the reference a time without a year may lie before the year before it is
/// meant: a day covers any zone and any clock that is merely wrong.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24);

/// How many years back a time without a year may reach; eight, so that 29 February is found.
const YEARS_BACK_MAX: i16 = 8;

/// A time of RFC 3164: month, day and time of day, without year or zone.
pub(crate) fn without_year(
    month: i8,
    day: i8,
    time_of_day: civil::Time,
    hints: &Hints,
) -> Option<When> {
    let at = |year: i16| {
        let date = civil::Date::new(year, month, day).ok()?;
        at_zone(date.to_datetime(time_of_day), Zoneless::Local, hints)
    };
    let found = match (hints.reference, hints.year) {
        (Some(reference), _) => {
            let latest = reference.checked_add(AHEAD_MAX).ok()?;
            let year = TimeZone::UTC.to_datetime(latest).year();
            (0..=YEARS_BACK_MAX)
                .filter_map(|back| at(year.checked_sub(back)?))
                .find(|when| when.time <= latest)
        }
        (None, Some(year)) => at(year),
        (None, None) => None,
    };
    found.map(|when| When {
        assumed: Some(Degradation::YearAssumed),
        ..when
    })
}

/// A whole number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by
/// size: as seconds, the smallest number taken for milliseconds lies beyond the year 5000.
fn epoch(number: i64) -> Option<Timestamp> {
    let time = match number.unsigned_abs() {
        0..100_000_000_000 => Timestamp::from_second(number),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number),
        _ => Timestamp::from_nanosecond(i128::from(number)),
    };
    time.ok()
}

/// The same with a decimal fraction.
fn epoch_fraction(text: &str) -> Option<Timestamp> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return epoch(text.parse().ok()?);
    };
    let time = epoch(whole.parse().ok()?)?;
    let digits = fraction.get(..9).unwrap_or(fraction);
    let scale = 10_i64.pow(u32::try_from(9 - digits.len()).ok()?);
    let nanos: i64 = digits.parse().ok()?;
    // A fraction of anything finer than a second is far below what any comparison needs.
    if whole.len() > 11 {
        return Some(time);
    }
    time.checked_add(SignedDuration::from_nanos(nanos * scale))
        .ok()
}

fn certain(time: Timestamp) -> When {
    When {
        time,
        assumed: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil, tz};

    use cordon_model::Record;

    use super::{When, Zoneless, of_item, of_text, without_year};
    use crate::{Degradation, Hints, SourceSettings};

    fn check(text: &str, expect: &str, assumed: Option<Degradation>) {
        let time = expect.parse().unwrap();
        let found = of_text(text, Zoneless::Local, &Hints::default());
        assert_eq!(found, Some(When { time, assumed }), "{text}");
    }

    #[test]
    fn times_are_understood_as_logs_write_them() {
        let plain = "2021-05-20T15:53:47Z";
        check("2021-05-20T15:53:47Z", plain, None);
        check("2021-05-20 15:53:47Z", plain, None);
        check("2021-05-20 15:53:47 UTC", plain, None);
        check("2021-05-20T17:53:47+02:00", plain, None);
        check("2021-05-20T17:53:47+0200", plain, None);
        check("1621526027", plain, None);
        check("1621526027000", plain, None);
        check("1621526027000000000", plain, None);
        check("1621526027.25", "2021-05-20T15:53:47.25Z", None);
        let zone = Some(Degradation::ZoneAssumed);
        check("2021-05-20 15:53:47", plain, zone);
        check("2021/05/20 15:53:47", plain, zone);
    }

    #[test]
    fn the_short_way_to_a_time_agrees_with_the_long_one() {
        let days = (0..2_900_000_i64).step_by(41).map(|day| day * 86_399 + 7);
        for seconds in days {
            for nanos in [0, 1, 120_000_000, 123_456_700, 999_999_999] {
                let Ok(time) = cordon_model::Timestamp::new(seconds, nanos) else {
                    continue;
                };
                let text = time.to_string();
                let found = super::in_utc(&text);
                assert!(found.is_none_or(|found| found == time), "{text}");
                let is_leap_day = text.get(5..10) == Some("02-29");
                assert_eq!(found.is_none(), is_leap_day, "{text}");
            }
        }
        for text in [
            "2021-02-28T24:00:00Z",
            "2021-13-01T00:00:00Z",
            "2021-04-31T00:00:00Z",
            "2021-05-20T15:53:60Z",
        ] {
            assert_eq!(super::in_utc(text), None, "{text}");
        }
        for text in [
            "2021-05-20T15:53:47.Z",
            "2021-05-20T15:53:47.1234567890Z",
            "1969-12-31T23:59:59Z",
            "2021-05-20t15:53:47z",
        ] {
            assert_eq!(super::in_utc(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_count_from_1970_and_other_texts_are_no_times() {
        let hints = Hints::default();
        let record = Record::from(serde_json::json!({"t": 1_621_526_027.5}));
        let time = of_item(record.get("t").unwrap(), Zoneless::Utc, &hints);
        assert_eq!(time.unwrap().time.to_string(), "2021-05-20T15:53:47.5Z");
        for text in ["", "never", "05/06/2025 10:00", "99:99", "1.2.3.4"] {
            assert_eq!(of_text(text, Zoneless::Local, &hints), None, "{text}");
        }
    }

    #[test]
    fn a_configured_zone_is_no_assumption() {
        let hints = Hints {
            settings: SourceSettings {
                zone: Some(tz::TimeZone::get("Europe/London").unwrap()),
                ..SourceSettings::default()
            },
            ..Hints::default()
        };
        let found = of_text("2025-05-01 10:00:00", Zoneless::Local, &hints).unwrap();
        assert_eq!(found.time.to_string(), "2025-05-01T09:00:00Z");
        assert_eq!(found.assumed, None);
    }

    #[test]
    fn a_configured_form_is_read_in_the_configured_zone_and_no_other_time_is_lost() {
        let hints = Hints::default().of(SourceSettings {
            zone: Some(tz::TimeZone::get("Europe/London").unwrap()),
            time_format: Some("dd/MM/yyyy HH:mm:ss".parse().unwrap()),
            ..SourceSettings::default()
        });
        let read = |text| of_text(text, Zoneless::Local, &hints).map(|w| w.time.to_string());
        let expect = Some("2025-06-05T09:00:00Z".to_owned());
        assert_eq!(read("05/06/2025 10:00:00"), expect);
        assert_eq!(read("2025-06-05T09:00:00Z"), expect);
        assert_eq!(read("2025-06-05 10:00:00"), expect);
    }

    #[test]
    fn a_time_without_a_year_lands_nearest_before_the_reference() {
        let hints = Hints::at("2025-01-02T00:00:00Z".parse().unwrap());
        let noon = civil::time(12, 0, 0, 0);
        let year = |month, day| {
            let found = without_year(month, day, noon, &hints).unwrap();
            assert_eq!(found.assumed, Some(Degradation::YearAssumed));
            found.time.to_string()
        };
        assert_eq!(year(1, 1), "2025-01-01T12:00:00Z");
        assert_eq!(year(1, 2), "2025-01-02T12:00:00Z");
        assert_eq!(year(12, 31), "2024-12-31T12:00:00Z");
        assert_eq!(year(2, 29), "2024-02-29T12:00:00Z");
        assert_eq!(without_year(1, 1, noon, &Hints::default()), None);
    }
}
