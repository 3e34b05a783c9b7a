//! Times with the month as a word: `Apr 17 2026 10:00:00 UTC`, `17/Apr/2026:10:00:00 +0100`,
//! `Fri, 17 Apr 2026 10:00:00 GMT`, `Apr 17, 2026, 10:00:00 AM`, `Fri Apr 17 10:00:00 2026`.
//!
//! With the month as a word the day cannot be mistaken for it, so that the order of the rest does not
//! matter. Absent on purpose: abbreviations of zones other than UTC, most of which mean several zones; such a
//! time is one without a zone.

use jiff::{SignedDuration, civil, tz::Offset};

use super::{When, Zoneless, at_zone, moment, time_of_day, without_year};
use crate::Hints;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Longest text that is looked at, in bytes: beyond it stands a sentence.
const TEXT_BYTES_MAX: usize = 48;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a zone's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    None,
    Ahead(i32),
}

/// The month that a word names, in full or by its first letters.
pub(crate) fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let head = word.get(..3)?;
    let begins = |name: &&str| {
        name.get(..3)
            .is_some_and(|own| own.eq_ignore_ascii_case(head))
    };
    let at = MONTHS.iter().position(begins)?;
    let named = word.len() == 3 || MONTHS.get(at)?.eq_ignore_ascii_case(word);
    named.then(|| i8::try_from(at + 1).ok())?
}

/// The time that a text with such a month says.
pub(super) fn read(text: &str, zoneless: Zoneless, hints: &Hints) -> Option<When> {
    if text.len() > TEXT_BYTES_MAX || !text.contains(':') {
        return None;
    }
    let mut parts = Parts::default();
    let blank = |c: char| c.is_whitespace() || matches!(c, ',' | '/' | '\u{202f}');
    for word in text.split(blank).filter(|word| !word.is_empty()) {
        parts.take(word)?;
    }
    parts.finish(zoneless, hints)
}

#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    clock: Option<civil::Time>,
    afternoon: Option<bool>,
    zone: Option<Zone>,
}

impl Parts {
    /// Takes one word; none if it can be no part of a time.
    fn take(&mut self, word: &str) -> Option<()> {
        // `GMT+01:00` is a zone too.
        let zone = word.strip_prefix("GMT").or(word.strip_prefix("UTC"));
        let zone = zone.filter(|zone| !zone.is_empty()).unwrap_or(word);
        if self.clock.is_some() && zone.starts_with(['+', '-']) {
            self.zone = Some(Zone::Ahead(ahead(zone)?));
        } else if word.contains(':') {
            self.take_clock(word)?;
        } else if word.contains('-') {
            word.split('-').try_for_each(|part| self.take(part))?;
        } else if let Some(found) = month(word) {
            self.month = Some(found);
        } else if let Ok(number) = word.parse::<i16>() {
            match (word.len(), self.day) {
                (1 | 2, None) => self.day = Some(i8::try_from(number).ok()?),
                (4, _) => self.year = Some(number),
                (_, _) => return None,
            }
        } else {
            self.take_word(word)?;
        }
        Some(())
    }

    /// `10:00:00.25`, perhaps with the year before it or a zone glued to its end.
    fn take_clock(&mut self, word: &str) -> Option<()> {
        let mut clock = word;
        if let Some((year, rest)) = word.split_once(':')
            && year.len() == 4
        {
            self.year = Some(year.parse().ok()?);
            clock = rest;
        }
        if let Some(at) = clock.rfind(['+', '-']) {
            let (head, zone) = clock.split_at_checked(at)?;
            self.zone = Some(Zone::Ahead(ahead(zone)?));
            clock = head;
        } else if let Some(head) = clock.strip_suffix('Z') {
            self.zone = Some(Zone::Ahead(0));
            clock = head;
        }
        self.clock = Some(if clock.find(':') == Some(1) {
            time_of_day(&format!("0{clock}"))?
        } else {
            time_of_day(clock)?
        });
        Some(())
    }

    fn take_word(&mut self, word: &str) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "am" => self.afternoon = Some(false),
            "pm" => self.afternoon = Some(true),
            "utc" | "gmt" | "z" => self.zone = Some(Zone::Ahead(0)),
            "at" => {}
            _ if lower.get(..3).is_some_and(|start| DAYS.contains(&start)) => {}
            _ if word.len() <= 5 && word.bytes().all(|b| b.is_ascii_uppercase()) => {
                self.zone = Some(Zone::None);
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(self, zoneless: Zoneless, hints: &Hints) -> Option<When> {
        let (month, day, mut clock) = (self.month?, self.day?, self.clock?);
        if let Some(afternoon) = self.afternoon {
            let hour = clock.hour();
            let hour = match (hour, afternoon) {
                (12, false) => 0,
                (1..=11, true) => hour + 12,
                (_, _) => hour,
            };
            clock = clock.with().hour(hour).build().ok()?;
        }
        let Some(year) = self.year else {
            return without_year(month, day, clock, hints);
        };
        let local = civil::Date::new(year, month, day).ok()?.to_datetime(clock);
        match self.zone {
            Some(Zone::Ahead(seconds)) => {
                let utc = Offset::UTC.to_timestamp(local).ok()?;
                let ahead = SignedDuration::from_secs(i64::from(seconds));
                let written = Offset::from_seconds(seconds).ok();
                let time = utc.checked_sub(ahead).ok()?;
                Some(moment(time, written))
            }
            Some(Zone::None) => at_zone(local, Zoneless::Local, hints),
            None => at_zone(local, zoneless, hints),
        }
    }
}

/// Seconds that `+0100`, `-05:30` or `+01` are ahead of UTC.
fn ahead(word: &str) -> Option<i32> {
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at_checked(2)?;
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = minutes.parse().unwrap_or(0);
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::{Zoneless, read};
    use crate::{Degradation, Hints};

    #[test]
    fn months_in_words_are_understood_in_any_order() {
        let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
        let check = |text: &str, expect: &str, assumed| {
            let found = read(text, Zoneless::Local, &hints).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.time.to_string(), expect, "{text}");
            assert_eq!(found.assumed, assumed, "{text}");
        };
        let at = "2026-04-17T10:00:00Z";
        check("Apr 17 2026 10:00:00 UTC", at, None);
        check("17/Apr/2026:11:00:00 +0100", at, None);
        check("Fri, 17 Apr 2026 10:00:00 GMT", at, None);
        check("Fri, 17 Apr 2026 05:00:00 -0500", at, None);
        check("17-Apr-2026 10:00:00Z", at, None);
        let zone = Some(Degradation::ZoneAssumed);
        check("Apr 17, 2026, 10:00:00 AM", at, zone);
        check("April 17, 2026 at 10:00:00\u{202f}AM", at, zone);
        check("Fri Apr 17 10:00:00 2026", at, zone);
        check("Fri Apr 17 10:00:00 BST 2026", at, zone);
        check("Apr 17 2026 1:30:00 PM", "2026-04-17T13:30:00Z", zone);
        check("Apr 17 2026 12:30:00 AM", "2026-04-17T00:30:00Z", zone);
        check("Apr 17 10:00:00", at, Some(Degradation::YearAssumed));
        check(
            "Apr 17 10:00:00.250",
            "2026-04-17T10:00:00.25Z",
            Some(Degradation::YearAssumed),
        );
    }

    #[test]
    fn other_words_are_no_times() {
        for text in [
            "Mayor: 17",
            "May 17",
            "17 17 Apr 2026 10:00",
            "Apr 31 2026 10:00:00",
            "Apr 1 2026 25:00",
            "a:b",
            "Apr 17 2026 10:00:00 +99",
            "Apr 17 2026 10:00:00 +002147483647",
            "Apr 17 2026 10:00:00 +00-9",
        ] {
            assert_eq!(
                read(text, Zoneless::Local, &Hints::default()),
                None,
                "{text}"
            );
        }
    }
}
