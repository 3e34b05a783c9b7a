//! Lines of pairs under names that nobody here knows.

use super::{header::Header, pairs, shape::Shape};
use crate::{
    Hints, LogFormat,
    time::{self, Zoneless},
};

/// How many pairs make a line one of pairs, when no hint says so: sentences have one or two by chance.
const PAIRS_MIN: usize = 3;

/// Usual names of a line's time, best first.
const TIMES: [&str; 8] = [
    "timestamp",
    "time",
    "ts",
    "eventtime",
    "event_time",
    "datetime",
    "date_time",
    "rt",
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = header.message;
    let forced = hints.settings.format == Some(LogFormat::KeyValue);
    let (first, _) = pairs::pairs(text).next()?;
    // A line of pairs begins with one.
    let begins = || text.starts_with(first) && pairs::pairs(text).nth(PAIRS_MIN - 1).is_some();
    if !forced && !begins() {
        return None;
    }
    for (name, value) in pairs::pairs(text) {
        shape.put_first(name, &value);
    }
    let value = |name: &str| shape.text(name);
    let parted = || {
        let zone = value("tz").unwrap_or_default();
        let text = format!("{}T{}{zone}", value("date")?, value("time")?);
        time::of_text(&text, Zoneless::Local, hints)
    };
    shape.when = parted().or_else(|| {
        let mut names = TIMES.iter();
        names.find_map(|name| time::of_text(value(name)?, Zoneless::Local, hints))
    });
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn a_line_of_pairs_gives_its_fields() {
        check(
            r#"<14>Apr 17 10:00:00 gw app: time="2026-04-17T08:13:04Z" level=warn user="Bob Hart" src=10.0.0.4"#,
            "linux/syslog",
            Some("2026-04-17T08:13:04Z"),
            json!({"level": "warn", "user": "Bob Hart", "src": "10.0.0.4", "host": "gw"}),
        );
        check(
            "date=2026-04-17 time=08:13:04 action=allow",
            "unknown",
            Some("2026-04-17T08:13:04Z"),
            json!({"action": "allow"}),
        );
    }

    #[test]
    fn a_sentence_with_pairs_in_it_stays_a_sentence() {
        let (_, fields) = understand("the user said a=1 and b=2 and c=3 to d=4");
        assert_eq!(fields.as_object().unwrap().len(), 1);
    }
}
