//! JSON records: whose they are, when they happened and what their vendor calls them.
//!
//! Products are known by keys that only they have together, never by a file's name. Records keep
//! their vendor's nesting and names. What carries a record unchanged inside it (an event bus, a
//! search hit, a collector's batch) is taken off. A record that nobody here knows stays an event
//! without a product.

mod microsoft;
mod servicenow;
mod signs;

#[cfg(test)]
mod tests;

use cordon_model::Value;

use crate::{
    Degradation, Hints,
    intake::{Kind, Understood},
    json,
    time::{self, When, Zoneless},
    windows::{self, Fields},
};

/// What recognising a record says of it.
pub(crate) struct Recognised {
    kind: Kind,
    id: Option<String>,
    /// Where it says its time, best first.
    times: &'static [&'static str],
    zoneless: Zoneless,
}

/// Makes an event's parts of a JSON record of any vendor.
pub(crate) fn understand(record: Fields, hints: &Hints) -> Understood {
    let record = match of_windows(unwrapped(record)) {
        Ok(fields) => return windows::understand(fields, hints),
        Err(record) => record,
    };
    if servicenow::is_one(&record) {
        return servicenow::understand(record, hints);
    }
    let known = signs::recognise(&record).or_else(|| microsoft::recognise(&record));
    let recognised = known.unwrap_or(Recognised {
        kind: Kind::default(),
        id: None,
        times: &[],
        zoneless: Zoneless::Local,
    });
    let times = recognised.times.iter().chain(&USUAL_TIMES);
    let when = when(&record, times, recognised.zoneless, hints);
    Understood {
        kind: recognised.kind,
        id: recognised.id,
        when,
        fields: Value::Object(record),
        degraded: Vec::new(),
    }
}

/// Usual names of a record's time, best first.
const USUAL_TIMES: [&str; 17] = [
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
    "p_event_time",
];

/// The first of some fields that says a time.
fn when<'n>(
    record: &Fields,
    names: impl Iterator<Item = &'n &'n str>,
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

/// A field by its name, dots reaching into objects unless the name itself has them.
fn field<'r>(record: &'r Fields, name: &str) -> Option<&'r Value> {
    if let Some(value) = record.get(name) {
        return Some(value);
    }
    let mut parts = name.split('.');
    let first = record.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

fn text<'r>(record: &'r Fields, name: &str) -> Option<&'r str> {
    field(record, name)?.as_str()
}

/// The record inside what carried it.
fn unwrapped(mut record: Fields) -> Fields {
    let inner = if record.contains_key("_index") {
        record.remove("_source")
    } else if record.contains_key("detail-type") {
        record.remove("detail")
    } else if record.contains_key("sourcetype") && record.get("event").is_some_and(Value::is_object)
    {
        record.remove("event")
    } else if record.len() == 1 && record.get("result").is_some_and(Value::is_object) {
        record.remove("result")
    } else {
        let told = record.get("CloudTrailEvent").and_then(Value::as_str);
        told.and_then(|told| json::parse(told.as_bytes()).ok())
            .map(|parsed| parsed.value)
    };
    match inner {
        Some(Value::Object(inner)) => inner,
        Some(_) | None => record,
    }
}

/// The fields of a Windows record in any of its shapes; gives any other record back.
fn of_windows(record: Fields) -> Result<Fields, Fields> {
    let is_xml = record
        .get("Event")
        .is_some_and(|event| event.get("System").is_some_and(Value::is_object));
    if is_xml {
        return windows::of_xml(Value::Object(record)).ok_or_else(Fields::new);
    }
    windows::of_winlogbeat(record).or_else(windows::of_flat)
}
