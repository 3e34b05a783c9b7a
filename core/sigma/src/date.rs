//! Days of the calendar, as rules give them.

use std::fmt;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, from 1000 to 9999.
    pub year: u16,
    /// The month, from 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `2025-04-09`, as the specification wants it.
    Specified,
    /// `2025/4/9`, as older rules have it.
    Slashes,
}

impl Date {
    /// Reads a date of either spelling.
    pub(crate) fn parse(text: &str) -> Option<(Self, Spelling)> {
        let (sign, spelling) = if text.contains('/') {
            ('/', Spelling::Slashes)
        } else {
            ('-', Spelling::Specified)
        };
        let parts: Vec<&str> = text.split(sign).collect();
        let &[year, month, day] = parts.as_slice() else {
            return None;
        };
        let short = match spelling {
            Spelling::Specified => 2,
            Spelling::Slashes => 1,
        };
        let date = Self {
            year: digits(year, 4, 4)?,
            month: u8::try_from(digits(month, short, 2)?).ok()?,
            day: u8::try_from(digits(day, short, 2)?).ok()?,
        };
        date.exists().then_some((date, spelling))
    }

    fn exists(self) -> bool {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => 0,
        };
        self.year >= 1_000 && (1..=days).contains(&self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A number of so many digits and nothing else.
fn digits(text: &str, least: usize, most: usize) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let fits = (least..=most).contains(&text.len());
    (plain && fits).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Date, Spelling};

    #[test]
    fn a_date_is_a_day_that_exists_in_one_of_two_spellings() {
        for (text, expect) in [
            ("2025-04-19", Some(("2025-04-19", Spelling::Specified))),
            ("2024-02-29", Some(("2024-02-29", Spelling::Specified))),
            ("2025/4/9", Some(("2025-04-09", Spelling::Slashes))),
            ("2025/04/09", Some(("2025-04-09", Spelling::Slashes))),
            ("2025-02-29", None),
            ("1900-02-29", None),
            ("2025-13-01", None),
            ("2025-4-9", None),
            ("19.04.2025", None),
            ("2025-04-19T00:00:00Z", None),
            ("0999-01-01", None),
            ("", None),
        ] {
            let found = Date::parse(text).map(|(date, spelling)| (date.to_string(), spelling));
            let expect = expect.map(|(date, spelling)| (date.to_owned(), spelling));
            assert_eq!(found, expect, "{text}");
        }
    }
}
