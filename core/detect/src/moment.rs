//! Parts of a point in time, taken as a log writes it: no time zone is ever applied.
//!
//! Read are ISO 8601 (`2025-04-19T08:30`, also with slashes or a space), its form without signs
//! (`20250419T0830`, `20250419083000.0Z`), and that of web servers (`19/Apr/2025:08:30:00`). A count of
//! seconds says no hour until a zone is applied to it, and so has no parts.

use cordon_sigma::TimePart;
use jiff::civil::Date;

/// A part of the time that a text begins with.
pub(crate) fn part(text: &str, part: TimePart) -> Option<i128> {
    let (date, clock) = signed(text)
        .or_else(|| unsigned(text))
        .or_else(|| web_server(text))?;
    match part {
        TimePart::Minute => minute(clock),
        TimePart::Hour => hour(clock),
        TimePart::Day => Some(i128::from(date.day())),
        TimePart::Week => Some(i128::from(date.iso_week_date().week())),
        TimePart::Month => Some(i128::from(date.month())),
        TimePart::Year => Some(i128::from(date.year())),
    }
}

/// `2025-04-19` or `2025/04/19`, and what follows it.
fn signed(text: &str) -> Option<(Date, &str)> {
    let sign = text.get(4..5).filter(|sign| matches!(*sign, "-" | "/"))?;
    let rest = text.get(7..)?.strip_prefix(sign)?;
    let date = date(text.get(..4)?, text.get(5..7)?, rest.get(..2)?)?;
    let after = rest.get(2..)?;
    let clock = after.strip_prefix(['T', 't', ' ']).unwrap_or_default();
    Some((date, clock))
}

/// `20250419`, alone or before `T0830`, or within the fourteen digits of a whole point in time.
fn unsigned(text: &str) -> Option<(Date, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let date = date(text.get(..4)?, text.get(4..6)?, text.get(6..8)?)?;
    let after = text.get(8..)?;
    match digits {
        8 if after.is_empty() => Some((date, "")),
        8 => Some((date, after.strip_prefix(['T', 't', ' '])?)),
        14 => Some((date, after)),
        _ => None,
    }
}

/// `19/Apr/2025:08:30:00`.
fn web_server(text: &str) -> Option<(Date, &str)> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let mut parts = text.splitn(3, '/');
    let (day, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let name = month.to_ascii_lowercase();
    let place = MONTHS
        .find(&name)
        .filter(|at| name.len() == 3 && at % 3 == 0)?;
    let date = date(rest.get(..4)?, &format!("{:02}", place / 3 + 1), day)?;
    Some((date, rest.get(4..)?.strip_prefix(':').unwrap_or_default()))
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year = i16::try_from(two_or_four(year)?).ok()?;
    let [month, day] = [two_or_four(month)?, two_or_four(day)?].map(|n| i8::try_from(n).ok());
    Date::new(year, month?, day?).ok()
}

fn hour(clock: &str) -> Option<i128> {
    minute(clock)?;
    two_or_four(clock.get(..2)?)
}

fn minute(clock: &str) -> Option<i128> {
    two_or_four(clock.get(..2)?)?;
    let rest = clock.get(2..)?;
    two_or_four(rest.strip_prefix(':').unwrap_or(rest).get(..2)?)
}

/// A number of two or four digits and nothing else.
fn two_or_four(text: &str) -> Option<i128> {
    let fits = matches!(text.len(), 2 | 4) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use cordon_sigma::TimePart::{Day, Hour, Minute, Month, Week, Year};

    #[test]
    fn parts_are_read_as_written() {
        for (text, part, expect) in [
            ("2025-04-19T23:59:00+09:00", Hour, Some(23)),
            ("2025-04-19 08:05", Minute, Some(5)),
            ("2025-12-29", Week, Some(1)),
            ("2025-12-29T00:00:00Z", Day, Some(29)),
            ("2025-12-29T00:00:00Z", Month, Some(12)),
            ("2025-12-29T00:00:00Z", Year, Some(2025)),
            ("2025-12-29", Hour, None),
            ("yesterday", Day, None),
            ("2025-12-29T1é", Hour, None),
            ("2025/04/19 08:05:01", Minute, Some(5)),
            ("2025/04-19", Day, None),
            ("20250419", Month, Some(4)),
            ("20250419T2305", Hour, Some(23)),
            ("20250419230510.0Z", Minute, Some(5)),
            ("1745100000", Year, None),
            ("1712011200000", Year, None),
            ("19/Apr/2025:23:05:00 +0200", Hour, Some(23)),
            ("19/Apr/2025:23:05:00 +0200", Month, Some(4)),
            ("19/Apx/2025:23:05:00", Year, None),
            ("2025-02-30", Day, None),
        ] {
            assert_eq!(super::part(text, part), expect, "{text}");
        }
    }
}
