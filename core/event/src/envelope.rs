//! Envelopes among records: one JSON object that holds several, as interfaces and collectors hand them on.
//!
//! What a file begins with is taken apart as it is read ([`crate::values`]). Here are those that stand among
//! lines, in lists, in texts and inside each other. Each record stands where it does in the file; one that
//! was written as a text inside another stands where that does. What an envelope says beside its records is
//! passed over, as it is there. An envelope of no records stays an event.
//!
//! To add one, add a row: the way to its list, and what tells it from a record that has such a list too.

pub(crate) mod tables;

use std::collections::BTreeMap;

use cordon_model::{Item, Record, Shape, Value};
use serde_json::{Map, value::RawValue};

use crate::intake::Raw;

/// How many envelopes within each other are opened: a search's answer in a collector's event, in a list.
pub(crate) const DEPTH_MAX: u8 = 4;

/// Most names of an object that are looked at for its list.
const NAMES_MAX: usize = 24;

/// An envelope's list, and how it is known.
struct Envelope {
    path: &'static [&'static str],
    beside: Beside,
    /// What the list's first member has.
    has: &'static [&'static str],
}

/// What may stand beside the list.
#[derive(Debug, Clone, Copy)]
enum Beside {
    Anything,
    /// Nothing that holds anything itself, but what says how the list goes on.
    Companions,
    /// This.
    Named(&'static str),
}

const fn row(
    path: &'static [&'static str],
    beside: Beside,
    has: &'static [&'static str],
) -> Envelope {
    Envelope { path, beside, has }
}

const ENVELOPES: [Envelope; 15] = [
    row(&["records"], Beside::Companions, &[]),
    row(&["Records"], Beside::Companions, &[]),
    row(&["value"], Beside::Companions, &[]),
    row(&["result"], Beside::Companions, &[]),
    row(&["Events"], Beside::Companions, &["CloudTrailEvent"]),
    row(&["hits", "hits"], Beside::Anything, &["_source"]),
    row(&["data", "events"], Beside::Named("eventTypeVersion"), &[]),
    row(&["logEvents"], Beside::Named("logGroup"), &["message"]),
    row(&["events"], Beside::Companions, &["message", "timestamp"]),
    row(&["response", "items"], Beside::Companions, &[]),
    row(&["response", "authlogs"], Beside::Companions, &[]),
    row(&["items"], Beside::Companions, &[]),
    row(&["authlogs"], Beside::Companions, &[]),
    row(&["data"], Beside::Named("pagination"), &[]),
    row(&["data"], Beside::Anything, &["type", "attributes"]),
];

/// What may hold something and still says nothing of its own.
const COMPANIONS: [&str; 4] = ["metadata", "status", "pagination", "searchedLogStreams"];

/// Names under which an envelope stands as a whole, as an object or a text.
const CARRIERS: [&str; 3] = ["event", "message", "records"];

/// Where Log Analytics answers with its columns and rows.
const TABLES: &str = "tables";

/// What an envelope holds.
pub(crate) enum Held<'t> {
    /// Records, as they stand in the text.
    Records(Vec<&'t str>),
    /// Rows of a table: where each stands, and its values under their names.
    Rows(Vec<(&'t str, Map<String, Value>)>),
    /// Another envelope, which was written as a text.
    Text(String),
}

/// Whether a record is one for all that its fields say, so that it is worth to look at its text.
pub(crate) fn may_be_one(record: &Record) -> bool {
    holds(record.root())
}

/// Whether its names alone allow that it is one.
pub(crate) fn may_be_named_so(record: &Record) -> bool {
    let whole = record.root();
    let looks = |item: Item<'_>| {
        let fits = |row: &Envelope| row.path.first() == Some(&item.key()) && row.fits(whole);
        let is_list = || item.key() == TABLES || ENVELOPES.iter().any(fits);
        CARRIERS.contains(&item.key()) || (item.shape().is_some() && is_list())
    };
    whole.children().take(NAMES_MAX).any(looks)
}

fn holds(whole: Item<'_>) -> bool {
    let looks = |item: Item<'_>| {
        let name = item.key();
        let carries = || CARRIERS.contains(&name);
        match (item.as_str(), item.shape()) {
            (Some(text), _) => opens(text) && carries(),
            (None, None) => false,
            (None, Some(_)) => {
                let fits = |row: &Envelope| row.path.first() == Some(&name) && row.fits(whole);
                let is_carrier = item.is_map() && carries() && holds(item);
                name == TABLES || ENVELOPES.iter().any(fits) || is_carrier
            }
        }
    };
    whole.children().take(NAMES_MAX).any(looks)
}

/// Whether a text may be an envelope.
fn opens(text: &str) -> bool {
    text.starts_with("{\"") || text.starts_with("[{\"")
}

type Members<'t> = BTreeMap<String, &'t RawValue>;

/// What an envelope holds; none if it is a record.
pub(crate) fn open(text: &str) -> Option<Held<'_>> {
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    if let Some(rows) = members.get(TABLES).and_then(|tables| rows(tables)) {
        return Some(Held::Rows(rows));
    }
    if let Some(list) = ENVELOPES.iter().find_map(|row| row.list(&members)) {
        return Some(Held::Records(list));
    }
    CARRIERS.iter().find_map(|name| {
        let inner = members.get(*name)?.get();
        if inner.starts_with('{') {
            return open(inner);
        }
        let told: String = serde_json::from_str(inner)
            .ok()
            .filter(|t: &String| opens(t))?;
        let list: Result<Vec<&RawValue>, _> = serde_json::from_str(&told);
        let is_one =
            list.is_ok_and(|list| list.iter().all(|item| is_map(item))) || open(&told).is_some();
        is_one.then_some(Held::Text(told))
    })
}

impl Envelope {
    /// Whether an object has the list, and only what may stand beside it.
    fn fits(&self, whole: Item<'_>) -> bool {
        let mut path = self.path.iter();
        let list = path.try_fold(whole, |at, name| at.get(name));
        let first = list.filter(|list| list.shape() == Some(Shape::List));
        let Some(first) = first.and_then(|list| list.children().next()) else {
            return false;
        };
        let stands_alone = match self.beside {
            Beside::Anything => true,
            Beside::Named(name) => whole.get(name).is_some(),
            Beside::Companions => whole.children().all(|item| {
                item.shape().is_none()
                    || self.path.first() == Some(&item.key())
                    || COMPANIONS.contains(&item.key())
            }),
        };
        stands_alone && first.is_map() && self.has.iter().all(|name| first.get(name).is_some())
    }

    fn list<'t>(&self, members: &Members<'t>) -> Option<Vec<&'t str>> {
        let (first, further) = self.path.split_first()?;
        let mut at = *members.get(*first)?;
        for name in further {
            let inner: Members<'t> = serde_json::from_str(at.get()).ok()?;
            at = *inner.get(*name)?;
        }
        let fits = match self.beside {
            Beside::Anything => true,
            Beside::Named(name) => members.contains_key(name),
            Beside::Companions => members.iter().all(|(name, value)| {
                name == first
                    || !value.get().starts_with(['{', '['])
                    || COMPANIONS.contains(&name.as_str())
            }),
        };
        if !fits || !at.get().starts_with('[') {
            return None;
        }
        let list: Vec<&'t RawValue> = serde_json::from_str(at.get()).ok()?;
        if !is_map(list.first()?) {
            return None;
        }
        if !self.has.is_empty() {
            let member: Members<'_> = serde_json::from_str(list.first()?.get()).ok()?;
            if !self.has.iter().all(|name| member.contains_key(*name)) {
                return None;
            }
        }
        Some(list.into_iter().map(RawValue::get).collect())
    }
}

fn is_map(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// The rows of tables, with the names of their columns.
fn rows<'t>(tables: &'t RawValue) -> Option<Vec<(&'t str, Map<String, Value>)>> {
    let tables: Vec<Members<'t>> = serde_json::from_str(tables.get()).ok()?;
    let mut all = Vec::new();
    for table in tables {
        let columns: Vec<Value> = serde_json::from_str(table.get("columns")?.get()).ok()?;
        let name = |column: &Value| Some(column.get("name")?.as_str()?.to_owned());
        let names: Vec<String> = columns.iter().map(name).collect::<Option<_>>()?;
        let rows: Vec<&'t RawValue> = serde_json::from_str(table.get("rows")?.get()).ok()?;
        for row in rows {
            all.push((row.get(), fields(row.get(), &names)?));
        }
    }
    Some(all).filter(|all| !all.is_empty())
}

/// The values of a row under the names of its columns.
pub(crate) fn fields(row: &str, names: &[String]) -> Option<Map<String, Value>> {
    let values: Vec<Value> = serde_json::from_str(row).ok()?;
    Some(names.iter().cloned().zip(values).collect())
}

/// A part of a record's bytes as it stands in the file.
pub(crate) fn place<'b>(part: &'b str, whole: Raw<'_>) -> Raw<'b> {
    let behind = part.as_ptr().addr() - whole.bytes.as_ptr().addr();
    Raw {
        bytes: part.as_bytes(),
        offset: whole.offset + u64::try_from(behind).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Hints, kept::Kept, read};

    /// The values of `n` that a line holds, and whether each event's bytes hold it.
    fn check(line: &Value, expect: &[i64]) {
        let bytes = format!("{{\"n\":0}}\n{line}\n{{\"n\":9}}\n");
        let mut kept = Kept::default();
        let mut input = bytes.as_bytes();
        read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap();
        let number = |event: &crate::Event| {
            let number = event.fields.get("n").and_then(cordon_model::Item::spelled);
            number.and_then(|number| number.parse::<i64>().ok())
        };
        let found: Vec<_> = kept.events.iter().map(number).collect();
        let mut all = vec![Some(0)];
        all.extend(expect.iter().copied().map(Some));
        all.push(Some(9));
        assert_eq!(found, all, "{line}");
        let numbers: Vec<u64> = kept.events.iter().map(|e| e.log.record).collect();
        let counted: Vec<u64> = (1..).take(all.len()).collect();
        assert_eq!(numbers, counted, "each has a number of its own");
        let mut prints: Vec<u64> = kept.events.iter().map(crate::Event::fingerprint).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), all.len(), "and is no copy of another: {line}");
        for event in &kept.events {
            let from = usize::try_from(event.offset).unwrap();
            let to = from + usize::try_from(event.length).unwrap();
            let own = bytes.get(from..to).expect("its bytes are in the file");
            assert!(own.starts_with(['{', '[']), "{own}");
        }
    }

    #[test]
    fn envelopes_among_lines_are_opened() {
        let two = json!([{"n": 1}, {"n": 2}]);
        for line in [
            json!({"records": two}),
            json!({"Records": two}),
            json!({"records": two.to_string()}),
            json!({"@odata.context": "x", "value": two}),
            json!({"time": 1, "event": {"records": two}}),
            json!({"@timestamp": "x", "message": json!({"records": two}).to_string()}),
            json!({"@timestamp": "x", "message": two.to_string()}),
            json!({"took": 1, "hits": {"total": {"value": 2}, "hits": [
                {"_index": "a", "_source": {"n": 1}}, {"_index": "a", "_source": {"n": 2}}]}}),
            json!({"eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "data": {"events": two}}),
            json!({"tables": [{"name": "PrimaryResult", "columns": [{"name": "n", "type": "int"}],
                "rows": [[1], [2]]}]}),
            json!({"response": {"items": two, "metadata": {}}}),
            json!({"items": two}),
            json!({"authlogs": two, "metadata": {"total_objects": 2}}),
            json!({"status": {"code": 200}, "pagination": {}, "data": two}),
            json!({"messageType": "DATA_MESSAGE", "logGroup": "g", "subscriptionFilters": ["a"], "logEvents": [
                {"id": "1", "timestamp": 1, "message": "{\"n\": 1}"},
                {"id": "2", "timestamp": 1, "message": "{\"n\": 2}"}]}),
            json!({"events": [{"timestamp": 1, "message": "{\"n\": 1}"},
                {"timestamp": 1, "message": "{\"n\": 2}"}], "searchedLogStreams": []}),
        ] {
            check(&line, &[1, 2]);
        }
    }

    #[test]
    fn what_only_looks_like_one_is_a_record() {
        for line in [
            json!({"n": 1, "records": [1, 2]}),
            json!({"n": 1, "records": []}),
            json!({"n": 1, "records": [{"a": 1}], "actor": {"id": 1}}),
            json!({"n": 1, "events": [{"name": "x"}]}),
            json!({"n": 1, "data": [{"a": 1}]}),
            json!({"n": 1, "message": "{\"a\": 1}"}),
            json!({"n": 1, "tables": ["a"]}),
        ] {
            check(&line, &[1]);
        }
    }

    #[test]
    fn a_list_of_envelopes_is_opened() {
        let bytes = br#"[{"records":[{"n":1},{"n":2}]},{"Records":[{"n":3}]}]"#;
        let mut kept = Kept::default();
        let mut input = bytes.as_slice();
        read(&"log".into(), &mut input, &Hints::default(), &mut kept).unwrap();
        assert_eq!(kept.events.len(), 3);
        let last = kept.events.last().unwrap();
        let from = usize::try_from(last.offset).unwrap();
        assert_eq!(bytes.get(from..from + 7), Some(&br#"{"n":3}"#[..]));
    }
}
