//! What carries a record inside it: an event bus, a search hit, a collector's batch, a row of an export.
//!
//! What carries a record as a whole is taken off. What says something of its own beside it (the columns
//! around `AuditData`, the names of a schema around `event.original`) stays, and the record's own
//! names come beside.

use std::mem;

use cordon_model::{Item, Record};

use super::{field, gain, has};
use crate::intake::Draft;

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
pub(super) fn take_off(draft: &mut Draft) -> Inside {
    let Draft { fields, inner, .. } = draft;
    let told = WHOLES
        .iter()
        .find_map(|name| fields.get(name).and_then(Item::as_str));
    if let Some(told) = told {
        if inner.read(told).is_none() {
            return Inside::Broken;
        }
        mem::swap(fields, &mut inner.record);
        return Inside::Sound;
    }
    if let Some(carried) = whole(fields) {
        inner.record.clear();
        let adopted = inner.record.adopt(fields);
        for child in carried.children() {
            inner.record.graft(adopted.name(child), child, adopted);
        }
        mem::swap(fields, &mut inner.record);
    }
    for (name, names) in TEXTS {
        let told = field(fields, name).and_then(Item::as_str);
        let Some(told) = told.filter(|told| told.starts_with('{')) else {
            continue;
        };
        if inner.read(told).is_none() {
            return Inside::Broken;
        }
        if names == Names::Inner {
            mem::swap(fields, &mut inner.record);
        }
        gain::join(fields, &inner.record);
        return Inside::Sound;
    }
    // A collector that parses nothing ships the vendor's record as its message.
    let told = fields.get("message").and_then(Item::as_str);
    let shipped = told.filter(|told| told.starts_with("{\"") && told.ends_with('}'));
    if let Some(record) = shipped.and_then(|told| inner.read(told)) {
        gain::join(fields, record);
    }
    Inside::Sound
}

/// Whether its names allow that a record carries one.
pub(super) fn may_carry(record: &Record) -> bool {
    let texts = TEXTS.iter().map(|(name, _)| *name);
    let mut texts = texts
        .chain(WHOLES)
        .chain(["message", "attributes.attributes"]);
    texts.any(|name| field(record, name).is_some()) || whole(record).is_some()
}

/// Fields that hold a whole record as a text.
const WHOLES: [&str; 2] = ["CloudTrailEvent", "eventJson"];

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use crate::{Event, Hints, kept::Kept, read};

    fn events(lines: &[String]) -> Vec<Event> {
        let mut kept = Kept::default();
        let text = lines.join("\n");
        let mut input = text.as_bytes();
        read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap();
        kept.events
    }

    fn names(event: &Event) -> Vec<String> {
        let all = event.fields.items();
        all.map(|item| item.key().to_owned()).collect()
    }

    #[test]
    fn records_that_were_carried_have_one_layout_only_if_they_have_the_same_names() {
        let record = |name: &str| json!({"eventName": "A", "eventSource": "b", name: 1});
        let cloud = |name| json!({"CloudTrailEvent": record(name).to_string()}).to_string();
        let export = |name| json!({"AuditData": record(name).to_string(), "n": 1}).to_string();
        let line = |name| format!("<14>Apr 17 10:00:00 relay app: @cee: {}", record(name));
        let plain = json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}).to_string();
        let mut lines = vec![plain.clone(), plain];
        for name in ["x", "y", "z"] {
            for _ in 0..3 {
                lines.extend([cloud(name), export(name), line(name)]);
            }
        }
        let events = events(&lines);
        let mut known = 0;
        for one in &events {
            for other in &events {
                let (Some(a), Some(b)) = (one.fields.layout(), other.fields.layout()) else {
                    continue;
                };
                known += 1;
                let same = names(one) == names(other);
                assert_eq!(Arc::ptr_eq(a, b), same, "{} {}", one.fields, other.fields);
            }
        }
        assert!(known > events.len(), "layouts are known");
    }

    #[test]
    fn what_stands_in_a_text_keeps_the_spelling_of_its_numbers() {
        let inner = r#"{"Operation":"x","RecordType":1,"UserId":"u","ratio":1.50}"#;
        let events = events(&[json!({ "AuditData": inner }).to_string()]);
        let found: Vec<Value> = vec![serde_json::from_str(&events[0].fields.to_string()).unwrap()];
        assert_eq!(found[0]["ratio"], json!(1.5));
        assert!(events[0].fields.to_string().contains("1.50"));
    }
}
