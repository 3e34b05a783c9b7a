//! Times as logs write them.
//!
//! Understood: RFC 3339 with any offset and its relaxed forms (a space for the `T`, `/` for `-`,
//! ` UTC` at the end, no colon in the offset), the same without a zone, seconds, milli-, micro- and
//! nanoseconds since 1970, and anything with the month as a word, with or without a year. Absent on purpose: forms
//! whose day and month cannot be told apart, such as `05/06/2025`.

mod named_month;
mod plain;
mod short_named;

pub(crate) use named_month::month;

use cordon_model::{Item, Scalar, Timestamp};
use jiff::{
    SignedDuration, civil,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::Offset,
};

use crate::{Degradation, Hints, settings::Told};
use plain::Plain;
pub(crate) use plain::time_of_day;

/// A time, and what was assumed to get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When {
    pub(crate) time: Timestamp,
    /// The offset from UTC that is written beside it.
    pub(crate) written: Option<Offset>,
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
    let settings = &hints.settings;
    match plain::read(text) {
        Some(Plain::Moment(time, written)) => return Some(moment(time, written)),
        Some(Plain::Local(local)) if settings.time_format.is_none() => {
            return local.at_zone(zoneless, hints);
        }
        None if settings.time_format.is_none() => {
            let named = short_named::with_year(text).or_else(|| short_named::of_c(text));
            if let Some(when) = named.and_then(|local| local.at_zone(zoneless, hints)) {
                return Some(when);
            }
        }
        Some(Plain::Local(_)) | None => {}
    }
    if settings.time_format.is_none() && is_undecided(text) {
        return None;
    }
    let text = text.trim();
    if let Some(told) = settings
        .time_format
        .as_ref()
        .and_then(|form| form.read(text))
    {
        return match told {
            Told::Moment(time, written) => Some(moment(time, written)),
            Told::Local(local) => at_zone(local, zoneless, hints),
        };
    }
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return epoch_fraction(text).map(certain);
    }
    // Refusing a text takes a library longer than reading one.
    let is_numeric =
        text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '\u{2212}'));
    if !is_numeric {
        return named_month::read(text, zoneless, hints);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(moment(time, offset_in(text)));
    }
    if let Some(known) = text.strip_suffix(" UTC").or(text.strip_suffix(" GMT")) {
        let when = of_text(known, Zoneless::Utc, hints)?;
        let written = when.written.or(Some(Offset::UTC));
        return Some(When { written, ..when });
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

/// Whether a text begins as `05/06/2025` does, whose day and month cannot be told apart.
fn is_undecided(text: &str) -> bool {
    let digits = |b: &u8| b.is_ascii_digit();
    match text.as_bytes() {
        [d1, d0, b'/', m1, m0, b'/', y3, y2, y1, y0, ..] => {
            [d1, d0, m1, m0, y3, y2, y1, y0].into_iter().all(digits)
        }
        _ => false,
    }
}

/// The time that a text of exactly the form `Apr 17 2026 10:00:00` says; none if it is another form, or to be
/// read with more care.
pub(crate) fn of_named_day(text: &str, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    short_named::with_year(text)?.at_zone(zoneless, hints)
}

/// The same of `Apr 17 10:00:00`.
pub(crate) fn of_named_day_without_year(text: &str, hints: &Hints) -> Option<When> {
    let latest = hints.reference?.checked_add(AHEAD_MAX).ok()?;
    if hints.settings.zone.is_some() {
        return None;
    }
    Some(When {
        time: short_named::without_year(text, latest)?,
        written: None,
        assumed: Some(Degradation::YearAssumed),
    })
}

/// A local date and time as a moment.
pub(crate) fn at_zone(local: civil::DateTime, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    let (time, assumed) = match (zoneless, &hints.settings.zone) {
        (Zoneless::Utc, _) => (Offset::UTC.to_timestamp(local), None),
        (Zoneless::Local, Some(zone)) => {
            let told = zone.to_ambiguous_timestamp(local);
            let doubt = told.is_ambiguous().then_some(Degradation::TimeAmbiguous);
            (told.compatible(), doubt)
        }
        (Zoneless::Local, None) => (
            Offset::UTC.to_timestamp(local),
            Some(Degradation::ZoneAssumed),
        ),
    };
    Some(When {
        time: time.ok()?,
        written: None,
        assumed,
    })
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
            let year = Offset::UTC.to_datetime(latest).year();
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

/// A moment by itself: counted from another one, or known to be in UTC.
pub(crate) fn certain(time: Timestamp) -> When {
    moment(time, None)
}

/// A moment that was written with an offset from UTC.
pub(crate) fn moment(time: Timestamp, written: Option<Offset>) -> When {
    When {
        time,
        written,
        assumed: None,
    }
}

/// The offset written at the end of a time; none if that is `-00:00`, which says that it is not known.
fn offset_in(text: &str) -> Option<Offset> {
    let told = Pieces::parse(text).ok()?.offset()?;
    let is_unknown = matches!(
        told,
        PiecesOffset::Numeric(told) if told.is_negative() && told.offset() == Offset::UTC
    );
    (!is_unknown).then(|| told.to_numeric_offset())
}

#[cfg(test)]
mod tests {
    use jiff::{civil, tz};

    use cordon_model::Record;

    use super::{Zoneless, of_item, of_text, without_year};
    use crate::{Degradation, Hints, SourceSettings};

    fn check(text: &str, expect: &str, assumed: Option<Degradation>) {
        let time: cordon_model::Timestamp = expect.parse().unwrap();
        let found = of_text(text, Zoneless::Local, &Hints::default()).unwrap();
        assert_eq!((found.time, found.assumed), (time, assumed), "{text}");
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
    fn the_offset_that_a_time_is_written_with_is_kept() {
        let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
        let hours = |hours| Some(tz::Offset::constant(hours));
        for (text, written) in [
            ("2021-05-20T15:53:47Z", hours(0)),
            ("2021-05-20T17:53:47+02:00", hours(2)),
            ("2021-05-20T17:53:47.25+0200", hours(2)),
            ("2020-02-29T17:53:47-11:00", hours(-11)),
            ("2020-02-29T17:53:47Z", hours(0)),
            ("2021-05-20 15:53:47 UTC", hours(0)),
            ("2021-05-20 15:53:47 GMT", hours(0)),
            ("17/Apr/2026:10:00:00 +0100", hours(1)),
            ("Apr 17 2026 10:00:00 UTC", hours(0)),
            ("Jun 03 2025 11:09:00 GMT+01:00", hours(1)),
            ("2021-05-20T15:53:47-00:00", None),
            ("2021-05-20 15:53:47", None),
            ("Apr 17 2026 10:00:00", None),
            ("Apr 17 2026 10:00:00 CEST", None),
            ("Apr 17 10:00:00", None),
            ("1621526027", None),
        ] {
            let found = of_text(text, Zoneless::Local, &hints).unwrap();
            assert_eq!(found.written, written, "{text}");
        }
    }

    #[test]
    fn numbers_count_from_1970_and_other_texts_are_no_times() {
        let hints = Hints::default();
        let record = Record::from(serde_json::json!({"t": 1_621_526_027.5}));
        let time = of_item(record.get("t").unwrap(), Zoneless::Utc, &hints);
        assert_eq!(time.unwrap().time.to_string(), "2021-05-20T15:53:47.5Z");
        for text in [
            "",
            "never",
            "05/06/2025 10:00",
            "05/06/2025:10:00:00",
            "05/06/2025:10:00:00 GMT",
            "05/06/2025, 10:00:00 AM UTC",
            "99:99",
            "1.2.3.4",
        ] {
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
    fn a_local_time_that_a_zone_has_twice_or_not_at_all_is_told_as_doubtful() {
        let hints = Hints::default().of(SourceSettings {
            zone: Some(tz::TimeZone::get("Europe/London").unwrap()),
            ..SourceSettings::default()
        });
        let doubt = Some(Degradation::TimeAmbiguous);
        for (text, moment, assumed) in [
            ("2025-03-30 00:59:59", "2025-03-30T00:59:59Z", None),
            ("2025-03-30 01:30:00", "2025-03-30T01:30:00Z", doubt),
            ("2025-03-30 02:00:00", "2025-03-30T01:00:00Z", None),
            ("2025-10-26 01:30:00", "2025-10-26T00:30:00Z", doubt),
            ("26 Oct 2025 01:30:00", "2025-10-26T00:30:00Z", doubt),
            ("2025-10-26 02:00:00", "2025-10-26T02:00:00Z", None),
            ("2025-10-26 01:30:00Z", "2025-10-26T01:30:00Z", None),
        ] {
            let found = of_text(text, Zoneless::Local, &hints).unwrap();
            let time = found.time.to_string();
            assert_eq!((time.as_str(), found.assumed), (moment, assumed), "{text}");
        }
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
