//! How a source writes its times: as `strptime` says it (`%d/%m/%Y %H:%M`), or as Java and
//! `ServiceNow` do (`dd/MM/yyyy HH:mm`).

use std::str::FromStr;

use cordon_model::Timestamp;
use jiff::{
    civil,
    fmt::strtime,
    tz::{Offset, TimeZone},
};
use thiserror::Error;

/// A form of times that was tried on a time of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFormat {
    pattern: String,
}

/// A text that is no form of times.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "expected the form of a time, such as `%d/%m/%Y %H:%M:%S` or `dd/MM/yyyy HH:mm:ss`, found `{found}`; {why}"
)]
pub struct TimeFormatError {
    /// The text.
    pub found: String,
    /// What is wrong with it.
    pub why: String,
}

/// What a text says in some form: a moment, or a local time whose zone the settings know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// With the offset that it is written with.
    Moment(Timestamp, Option<Offset>),
    Local(civil::DateTime),
}

impl TimeFormat {
    /// The form as `strptime` says it.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The time a text says in this form; none if it has another form.
    pub(crate) fn read(&self, text: &str) -> Option<Told> {
        let parts = strtime::parse(&self.pattern, text).ok()?;
        if parts.offset().is_some() || parts.iana_time_zone().is_some() {
            let moment = parts.to_timestamp().ok()?;
            let zone = || TimeZone::get(parts.iana_time_zone()?).ok();
            let offset = parts.offset();
            let written = offset.or_else(|| Some(zone()?.to_offset(moment)));
            return Some(Told::Moment(moment, written));
        }
        // Seconds since 1970 are a moment by themselves.
        if let Some(moment) = parts.timestamp() {
            return Some(Told::Moment(moment, None));
        }
        let time = parts.to_time().unwrap_or_default();
        Some(Told::Local(parts.to_date().ok()?.to_datetime(time)))
    }
}

/// A time whose parts are all different, to try forms on.
const TRIED: civil::DateTime = civil::datetime(2021, 12, 27, 15, 46, 58, 0);

impl FromStr for TimeFormat {
    type Err = TimeFormatError;

    fn from_str(text: &str) -> Result<Self, TimeFormatError> {
        let wrong = |why: String| TimeFormatError {
            found: text.to_owned(),
            why,
        };
        let pattern = if text.contains('%') {
            text.to_owned()
        } else {
            of_java(text).map_err(&wrong)?
        };
        let format = Self { pattern };
        let tried = TRIED
            .in_tz("UTC")
            .map_err(|error| wrong(error.to_string()))?;
        let written = strtime::format(&format.pattern, &tried);
        let written = written.map_err(|error| wrong(error.to_string()))?;
        match format.read(&written) {
            Some(Told::Local(read)) if read.date() == TRIED.date() => Ok(format),
            Some(Told::Moment(read, _))
                if TimeZone::UTC.to_datetime(read).date() == TRIED.date() =>
            {
                Ok(format)
            }
            Some(_) | None => Err(wrong("it does not say year, month and day".to_owned())),
        }
    }
}

/// Letters of Java's patterns, longest first, and what `strptime` calls them.
const JAVA: [(&str, &str); 20] = [
    ("yyyy", "%Y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("EEEE", "%A"),
    ("EEE", "%a"),
    ("SSSSSSS", "%f"),
    ("SSSSSS", "%f"),
    ("SSS", "%f"),
    ("XXX", "%:z"),
    ("yy", "%y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("Z", "%z"),
    ("a", "%p"),
    ("d", "%d"),
    ("H", "%H"),
];

/// A pattern of Java's as one of `strptime`; the fault if it has letters that mean nothing here.
fn of_java(pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (literal, after) = quoted.split_once('\'').unwrap_or((quoted, ""));
            out.push_str(literal);
            rest = after;
            continue;
        }
        let known = JAVA.iter().find(|(letters, _)| rest.starts_with(letters));
        if let Some((letters, meant)) = known {
            out.push_str(meant);
            rest = rest.get(letters.len()..).unwrap_or_default();
            continue;
        }
        if c.is_ascii_alphabetic() && c != 'T' {
            return Err(format!("`{c}` stands for no part of a time"));
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use jiff::{civil, tz::Offset};

    use super::{TimeFormat, Told};

    #[test]
    fn both_spellings_of_a_form_read_the_same_time() {
        let expect = civil::datetime(2025, 6, 5, 14, 7, 9, 0);
        for (form, text) in [
            ("%d/%m/%Y %H:%M:%S", "05/06/2025 14:07:09"),
            ("dd/MM/yyyy HH:mm:ss", "05/06/2025 14:07:09"),
            ("MM-dd-yyyy hh:mm:ss a", "06-05-2025 02:07:09 PM"),
            ("yyyy-MM-dd'T'HH:mm:ss", "2025-06-05T14:07:09"),
            ("dd.MM.yyyy HH:mm:ss", "05.06.2025 14:07:09"),
            ("d MMM yyyy HH:mm:ss", "5 Jun 2025 14:07:09"),
        ] {
            let form: TimeFormat = form.parse().unwrap();
            assert_eq!(form.read(text), Some(Told::Local(expect)), "{text}");
            assert_eq!(form.read("yesterday"), None);
        }
        let zoned: TimeFormat = "%d/%m/%Y %H:%M %z".parse().unwrap();
        let moment = "2025-06-05T12:07:00Z".parse().unwrap();
        assert_eq!(
            zoned.read("05/06/2025 14:07 +0200"),
            Some(Told::Moment(moment, Some(Offset::constant(2))))
        );
    }

    #[test]
    fn what_is_no_form_of_a_time_says_why() {
        for (text, why) in [
            ("", "does not say year"),
            ("HH:mm", "does not say year"),
            ("%d/%m", "does not say year"),
            ("%Q", ""),
            ("dd/MM/yyyy ww", "`w` stands for no part"),
        ] {
            let error = text.parse::<TimeFormat>().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
