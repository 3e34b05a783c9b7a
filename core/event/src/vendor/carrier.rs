//! What carries a record inside it: an event bus, a search hit, a collector's batch, a row of an export.
//!
//! What carries a record as a whole is taken off. What says something of its own beside it (the columns
//! around `AuditData`, the names of a schema around `event.original`) stays, and the record's own
//! names come beside.

use std::mem;

use cordon_model::{Item, Layouts, Record};

use super::{field, gain, has};
use crate::json;

/// Fields that hold the vendor's own record as a text, and whose names count where both have one.
const TEXTS: [(&str, Names); 6] = [
    ("AuditData", Names::Inner),
    ("RawEventData", Names::Inner),
    ("auditData", Names::Inner),
    ("event.original", Names::Outer),
    ("raw_data", Names::Outer),
    ("_raw", Names::Outer),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Inner,
    Outer,
}

/// What was found inside a record that says it carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A record, or nothing.
    Sound,
    /// What begins as one and cannot be read.
    Broken,
}

/// Takes off what carried the record.
pub(super) fn take_off(record: &mut Record) -> Inside {
    let told = ["CloudTrailEvent", "eventJson"]
        .iter()
        .find_map(|name| record.get(name).and_then(Item::as_str));
    if let Some(told) = told {
        if let Some(inner) = parsed(told) {
            *record = inner;
            return Inside::Sound;
        }
        return Inside::Broken;
    }
    if let Some(inner) = whole(record) {
        let mut only = Record::new();
        for child in inner.children() {
            only.copy(child.key(), child);
        }
        mem::swap(record, &mut only);
    }
    for (name, names) in TEXTS {
        let told = field(record, name).and_then(Item::as_str);
        let Some(told) = told.filter(|told| told.starts_with('{')) else {
            continue;
        };
        let Some(inner) = parsed(told) else {
            return Inside::Broken;
        };
        join(record, inner, names);
        return Inside::Sound;
    }
    // A collector that parses nothing ships the vendor's record as its message.
    let told = record.get("message").and_then(Item::as_str);
    let shipped = told.filter(|told| told.starts_with("{\"") && told.ends_with('}'));
    if let Some(inner) = shipped.and_then(parsed) {
        join(record, inner, Names::Outer);
    }
    Inside::Sound
}

/// The record that a text holds.
fn parsed(told: &str) -> Option<Record> {
    let mut inner = Record::new();
    if json::scan(told.as_bytes(), &mut inner, &mut Layouts::default()).is_some() {
        return Some(inner);
    }
    let parsed = json::parse(told.as_bytes()).ok()?;
    parsed.value.is_object().then(|| Record::from(parsed.value))
}

fn join(record: &mut Record, mut inner: Record, names: Names) {
    if names == Names::Inner {
        mem::swap(record, &mut inner);
    }
    gain::lift(record, &inner.to_value());
}

/// The record inside what carried it, if something did.
fn whole(record: &Record) -> Option<Item<'_>> {
    let inner = if has(record, "_index") {
        record.get("_source")
    } else if has(record, "detail-type") {
        record.get("detail")
    } else if record.get("type").and_then(Item::as_str) == Some("log") {
        // A log of Datadog's: what it read is among what it says of it.
        field(record, "attributes.attributes")
    } else if only(record, &COLLECTOR) {
        record.get("event")
    } else if only(record, &["result", "preview", "offset", "lastrow"]) {
        record.get("result")
    } else {
        None
    };
    inner.filter(|inner| inner.is_map())
}

/// What Splunk's collector takes beside an event.
const COLLECTOR: [&str; 7] = [
    "event",
    "sourcetype",
    "source",
    "host",
    "index",
    "time",
    "fields",
];

/// Whether a record has no names but these.
fn only(record: &Record, names: &[&str]) -> bool {
    let mut all = record.root().children();
    all.all(|child| names.contains(&child.key()))
}
