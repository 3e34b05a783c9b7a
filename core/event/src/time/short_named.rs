//! Times as syslog and C write them, `Apr 17 10:00:00`, `Apr 17 2026 10:00:00` and `Fri Apr 17 10:00:00 2026`: the short
//! way, which may give up.
//!
//! Invariant: what is read here is what the ways for months in words and for years that are missing read; tests
//! compare them. Leap days, and moments near 1970, are left to those.

use cordon_model::Timestamp;

use super::plain::{Local, clock_of, days_since_1970, is_day, number};

/// A month and a day that every year has, and the second of the day.
struct Named {
    month: i64,
    day: i64,
    second: i64,
}

/// The time that a text of exactly the form with a year says.
pub(super) fn with_year(text: &str) -> Option<Local> {
    let text: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let [
        m1,
        m2,
        m3,
        b' ',
        d1,
        d0,
        b' ',
        y3,
        y2,
        y1,
        y0,
        b' ',
        clock @ ..,
    ] = text
    else {
        return None;
    };
    let named = Named::of([*m1, *m2, *m3], [*d1, *d0], *clock)?;
    let year = number(&[*y3, *y2, *y1, *y0]).filter(|year| *year >= 1970)?;
    Timestamp::from_second(named.in_year(year)).ok().map(Local)
}

/// The time that a text of exactly the form of C says, whatever the day of the week.
pub(super) fn of_c(text: &str) -> Option<Local> {
    let text: &[u8; 24] = text.as_bytes().try_into().ok()?;
    let (day, rest) = text.split_first_chunk::<4>()?;
    let days = [
        b"Mon ", b"Tue ", b"Wed ", b"Thu ", b"Fri ", b"Sat ", b"Sun ",
    ];
    let (rest, year) = rest.split_last_chunk::<5>()?;
    let ([m1, m2, m3, b' ', d1, d0, b' ', clock @ ..], [b' ', year @ ..]) = (rest, year) else {
        return None;
    };
    let named = Named::of([*m1, *m2, *m3], [*d1, *d0], clock.try_into().ok()?)?;
    let year = number(year).filter(|year| *year >= 1970 && days.contains(&day))?;
    Timestamp::from_second(named.in_year(year)).ok().map(Local)
}

/// The latest moment up to another that a text of exactly the form without a year may mean, in UTC.
pub(super) fn without_year(text: &str, latest: Timestamp) -> Option<Timestamp> {
    /// What years have on average.
    const SECONDS_OF_YEAR: i64 = 31_556_952;
    let text: &[u8; 15] = text.as_bytes().try_into().ok()?;
    let [m1, m2, m3, b' ', d1, d0, b' ', clock @ ..] = text else {
        return None;
    };
    let named = Named::of([*m1, *m2, *m3], [*d1, *d0], *clock)?;
    let latest = latest.as_second();
    if latest < 3 * SECONDS_OF_YEAR {
        return None;
    }
    // The year after that of the moment, or the one after that: never too early.
    let year = 1971 + latest / SECONDS_OF_YEAR;
    let mut seconds = (0..4).map(|back| named.in_year(year - back));
    let second = seconds.find(|second| *second <= latest)?;
    Timestamp::from_second(second).ok()
}

impl Named {
    fn of(month: [u8; 3], day: [u8; 2], clock: [u8; 8]) -> Option<Self> {
        let month = match &month {
            b"Jan" => 1,
            b"Feb" => 2,
            b"Mar" => 3,
            b"Apr" => 4,
            b"May" => 5,
            b"Jun" => 6,
            b"Jul" => 7,
            b"Aug" => 8,
            b"Sep" => 9,
            b"Oct" => 10,
            b"Nov" => 11,
            b"Dec" => 12,
            _ => return None,
        };
        let day = match day {
            [b' ', day] => number(&[day])?,
            day => number(&day)?,
        };
        let [hour, minute, second] = clock_of(clock)?;
        is_day(month, day).then_some(Self {
            month,
            day,
            second: hour * 3600 + minute * 60 + second,
        })
    }

    /// The moment in a year, in seconds since 1970.
    fn in_year(&self, year: i64) -> i64 {
        days_since_1970(year, self.month, self.day) * 86_400 + self.second
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Timestamp;
    use proptest::prelude::*;

    use crate::{
        Hints,
        time::{self, Zoneless, named_month},
    };

    proptest! {
        #[test]
        fn the_short_way_to_a_named_day_agrees_with_the_long_one(
            month in "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Jux|feb",
            week in "Mon|Tue|Wed|Thu|Fri|Sat|Sun|Sut|fri", day in 0..33_u8, year in prop::option::of(1960..2100_i32),
            clock in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            reference in 0..4_102_444_800_i64, nanos in 0..1_000_000_000_i32,
            damage in prop::option::of((0..20_usize, "[-0-9TZ:. +/]")),
        ) {
            let hints = Hints::at(Timestamp::new(reference, nanos).unwrap());
            let year = year.map_or_else(String::new, |year| format!("{year} "));
            let mut text = format!("{month} {day:2} {year}{clock}");
            if let Some((at, sign)) = &damage && *at < text.len() {
                text.replace_range(*at..=*at, sign);
            }
            let careful = named_month::read(&text, Zoneless::Local, &hints);
            let mut of_c = format!("{week} {month} {day:2} {clock} {year}").trim_end().to_owned();
            if let Some((at, sign)) = &damage && *at < of_c.len() {
                of_c.replace_range(*at..=*at, sign);
            }
            let careful_of_c = named_month::read(&of_c, Zoneless::Local, &hints);
            let short = super::of_c(&of_c).map(|local| local.at_zone(Zoneless::Local, &hints));
            prop_assert!(short.is_none() || short == Some(careful_of_c), "{of_c}");
            for short in [
                time::of_named_day(&text, Zoneless::Local, &hints),
                time::of_named_day_without_year(&text, &hints),
            ] {
                prop_assert!(short.is_none() || short == careful, "{text} {short:?} {careful:?}");
            }
        }
    }

    #[test]
    fn usual_days_are_read_the_short_way() {
        let hints = Hints::at("2026-04-16T10:00:00Z".parse().unwrap());
        let with_year = |text| time::of_named_day(text, Zoneless::Utc, &hints);
        let of_c = |text| super::of_c(text)?.at_zone(Zoneless::Utc, &hints);
        let without = |text| time::of_named_day_without_year(text, &hints);
        for (found, expect) in [
            (with_year("Apr  7 2026 22:14:15"), "2026-04-07T22:14:15Z"),
            (of_c("Fri Apr  7 22:14:15 2026"), "2026-04-07T22:14:15Z"),
            (without("Apr 17 10:00:00"), "2026-04-17T10:00:00Z"),
            (without("Apr 17 10:00:01"), "2025-04-17T10:00:01Z"),
            (without("Dec 31 23:59:59"), "2025-12-31T23:59:59Z"),
        ] {
            assert_eq!(
                found.map(|when| when.time.to_string()).as_deref(),
                Some(expect)
            );
        }
    }
}
