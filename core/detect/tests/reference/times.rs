//! Parts of a point in time, as a field writes it.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// How points in time are written, as far as they are read.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let clock = r"(?:(?<hour>\d\d):?(?<minute>\d\d))?";
    let forms = [
        r"\A(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[Tt ]CLOCK)?",
        r"\A(?<year>\d{4})/(?<month>\d\d)/(?<day>\d\d)(?:[Tt ]CLOCK)?",
        r"\A(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:\z|[Tt ]CLOCK)",
        r"\A(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)\d\d(?:\z|\D)",
        r"(?i)\A(?<day>\d\d)/(?<month>[a-z]{3})/(?<year>\d{4})(?::CLOCK)?",
    ];
    let ascii = |form: &str| form.replace("CLOCK", clock).replace(r"\d", "[0-9]");
    forms
        .iter()
        .map(|form| Regex::new(&ascii(form)).unwrap())
        .collect()
});

/// A part of the time that a text begins with.
pub(crate) fn part(text: &str, name: &str) -> Option<f64> {
    for form in &*FORMS {
        let Some(found) = form.captures(text) else {
            continue;
        };
        let number = |name: &str| -> Option<i16> { found.name(name)?.as_str().parse().ok() };
        let month = match MONTHS
            .iter()
            .position(|m| found["month"].eq_ignore_ascii_case(m))
        {
            Some(place) => i8::try_from(place + 1).ok(),
            None => found["month"].parse().ok(),
        };
        let day = i8::try_from(number("day")?).ok()?;
        let Some(date) = month.and_then(|month| Date::new(number("year")?, month, day).ok()) else {
            continue;
        };
        let clock = number("hour").zip(number("minute"));
        return match name {
            "minute" => clock.map(|(_, minute)| f64::from(minute)),
            "hour" => clock.map(|(hour, _)| f64::from(hour)),
            "day" => Some(f64::from(date.day())),
            "week" => Some(f64::from(date.iso_week_date().week())),
            "month" => Some(f64::from(date.month())),
            _ => Some(f64::from(date.year())),
        };
    }
    None
}
