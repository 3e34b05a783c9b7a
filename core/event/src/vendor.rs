//! JSON records: whose they are, when they happened and what their vendor calls them.
//!
//! Products are known by keys that only they have together, never by a file's name. Records keep
//! their vendor's nesting and names. What carries a record unchanged inside it (an event bus, a
//! search hit, a collector's batch) is taken off. A record that nobody here knows stays an event
//! without a product.

mod ecs;
mod microsoft;
mod servicenow;
mod signs;

#[cfg(test)]
mod tests;

use std::mem;

use cordon_model::{Item, Layouts, Record};

use crate::{
    Degradation, Hints,
    intake::{Draft, Kind, Understood},
    json,
    time::{self, When, Zoneless},
    windows,
};

/// What recognising a record says of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recognised {
    kind: Kind,
    /// Where its vendor's own id may stand, best first.
    ids: &'static [&'static str],
    /// Where it says its time, best first.
    times: &'static [&'static str],
    zoneless: Zoneless,
}

/// Makes an event's parts of a JSON record of any vendor.
pub(crate) fn understand(draft: &mut Draft, hints: &Hints) -> Understood {
    unwrap(&mut draft.fields);
    if windows::normalise(&mut draft.fields) {
        return windows::understand(draft, hints);
    }
    if servicenow::is_one(&draft.fields) {
        return servicenow::understand(draft, hints);
    }
    let Draft { fields, id } = draft;
    let known = signs::recognise(fields)
        .or_else(|| microsoft::recognise(fields))
        .or_else(|| ecs::recognise(fields));
    let recognised = known.unwrap_or(Recognised {
        kind: Kind::default(),
        ids: &[],
        times: &[],
        zoneless: Zoneless::Local,
    });
    id.clear();
    // A resource's path is no id of an event.
    let own = recognised.ids.iter().find_map(|name| text(fields, name));
    id.push_str(own.filter(|own| !own.contains('/')).unwrap_or_default());
    let times = recognised.times.iter().chain(&USUAL_TIMES);
    let when = when(fields, times, recognised.zoneless, hints);
    Understood {
        kind: recognised.kind,
        when,
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
    record: &Record,
    names: impl Iterator<Item = &'n &'n str>,
    zoneless: Zoneless,
    hints: &Hints,
) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for name in names {
        let Some(value) = field(record, name) else {
            continue;
        };
        if let Some(when) = time::of_item(value, zoneless, hints) {
            return Ok(when);
        }
        if !value.is_null() {
            problem = Degradation::TimeUnreadable;
        }
    }
    Err(problem)
}

/// A field by its name, dots reaching into objects unless the name itself has them.
fn field<'r>(record: &'r Record, name: &str) -> Option<Item<'r>> {
    if let Some(value) = record.get(name) {
        return Some(value);
    }
    let mut parts = name.split('.');
    let first = record.get(parts.next()?)?;
    parts.try_fold(first, Item::get)
}

fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    field(record, name)?
        .as_str()
        .filter(|text| !text.is_empty())
}

fn has(record: &Record, name: &str) -> bool {
    record.get(name).is_some()
}

/// Takes off what carried the record.
fn unwrap(record: &mut Record) {
    if let Some(told) = record.get("CloudTrailEvent").and_then(Item::as_str) {
        let mut inner = Record::new();
        if json::scan(told.as_bytes(), &mut inner, &mut Layouts::default()).is_some() {
            *record = inner;
        } else if let Ok(parsed) = json::parse(told.as_bytes())
            && parsed.value.is_object()
        {
            record.fill(&parsed.value);
        }
        return;
    }
    if let Some(inner) = carried(record) {
        let mut only = Record::new();
        for child in inner.children() {
            only.copy(child.key(), child);
        }
        mem::swap(record, &mut only);
    }
}

/// The record inside what carried it, if something did.
fn carried(record: &Record) -> Option<Item<'_>> {
    let inner = if has(record, "_index") {
        record.get("_source")
    } else if has(record, "detail-type") {
        record.get("detail")
    } else if has(record, "sourcetype") {
        record.get("event")
    } else {
        record
            .get("result")
            .filter(|_| record.root().children().count() == 1)
    };
    inner.filter(|inner| inner.is_map())
}
