//! JSON of a product that is not recognised: still an event, with its time where usual names say it.

use cordon_model::Value;

use crate::{
    Degradation, Hints,
    intake::{Kind, Understood},
    time::{self, When, Zoneless},
    windows::Fields,
};

/// Usual names of a record's time, best first.
const TIME_FIELDS: [&str; 16] = [
    "@timestamp",
    "timestamp",
    "time",
    "eventTime",
    "event_time",
    "published",
    "created_at",
    "createdAt",
    "creationTime",
    "dateTime",
    "datetime",
    "_time",
    "ts",
    "date",
    "isotimestamp",
    "TimeGenerated",
];

pub(super) fn understand(record: Fields, hints: &Hints) -> Understood {
    let when = when(&record, &TIME_FIELDS, Zoneless::Local, hints);
    Understood {
        kind: Kind::default(),
        fields: Value::Object(record),
        id: None,
        when,
        degraded: Vec::new(),
    }
}

/// The first of some fields that says a time; dotted names reach into objects.
pub(super) fn when(
    record: &Fields,
    names: &[&str],
    zoneless: Zoneless,
    hints: &Hints,
) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for name in names {
        let Some(value) = field(record, name) else {
            continue;
        };
        if let Some(when) = time::of_value(value, zoneless, hints) {
            return Ok(when);
        }
        if !value.is_null() {
            problem = Degradation::TimeUnreadable;
        }
    }
    Err(problem)
}

/// A field by its dotted name.
pub(super) fn field<'r>(record: &'r Fields, name: &str) -> Option<&'r Value> {
    let mut parts = name.split('.');
    let first = record.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}
