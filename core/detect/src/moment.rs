//! Parts of a point in time, taken as a log writes it: no time zone is ever applied.

use cordon_sigma::TimePart;
use jiff::civil::Date;

/// A part of the time that a text begins with: `2025-04-19`, then perhaps `T` or a space and
/// `08:30…`.
pub(crate) fn part(text: &str, part: TimePart) -> Option<i128> {
    let date: Date = text.get(..10)?.parse().ok()?;
    let clock = || {
        let clock = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
        let (hour, minute) = (
            clock.get(..2)?,
            clock.get(2..)?.strip_prefix(':')?.get(..2)?,
        );
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return None;
        }
        Some((hour.parse::<i128>().ok()?, minute.parse::<i128>().ok()?))
    };
    match part {
        TimePart::Minute => clock().map(|(_, minute)| minute),
        TimePart::Hour => clock().map(|(hour, _)| hour),
        TimePart::Day => Some(i128::from(date.day())),
        TimePart::Week => Some(i128::from(date.iso_week_date().week())),
        TimePart::Month => Some(i128::from(date.month())),
        TimePart::Year => Some(i128::from(date.year())),
    }
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
        ] {
            assert_eq!(super::part(text, part), expect, "{text}");
        }
    }
}
