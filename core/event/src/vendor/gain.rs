//! Second names for what a record says, so that rules written for one shape of a log meet the others.
//!
//! Invariant: a record's own names stay, and what is added never takes their place.

use cordon_model::{Item, Record, Scalar, Value};
use serde_json::Map;

use super::field;

/// Puts values under further names: pairs of the name and where the value stands. What is no single
/// value, or is not there, is passed over.
/// A name with dots becomes an object, as the vendor nests it, unless the record has its first part.
pub(super) fn gain(record: &mut Record, names: &[(&str, &str)]) {
    let mut objects = Map::new();
    for (name, native) in names {
        if field(record, name).is_some() {
            continue;
        }
        let Some(scalar) = field(record, native).and_then(Item::scalar) else {
            continue;
        };
        let owned = match scalar {
            Scalar::Null => continue,
            Scalar::Bool(truth) => Value::Bool(truth),
            Scalar::Number(spelled) => match spelled.parse::<i64>() {
                Ok(whole) => Value::from(whole),
                Err(_) => Value::from(spelled),
            },
            Scalar::Text(text) => Value::from(text),
        };
        match name.split_once('.') {
            Some((head, rest)) if record.get(head).is_none() => {
                nest(&mut objects, (head, Some(rest)), owned);
            }
            Some(_) | None => put(record, name, &owned),
        }
    }
    for (name, object) in objects {
        put(record, &name, &object);
    }
}

/// Puts a value into objects within each other, unless one is there.
fn nest(objects: &mut Map<String, Value>, (head, rest): (&str, Option<&str>), value: Value) {
    let Some(rest) = rest else {
        objects.entry(head).or_insert(value);
        return;
    };
    let inner = objects
        .entry(head)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        let (head, rest) = rest
            .split_once('.')
            .map_or((rest, None), |(head, rest)| (head, Some(rest)));
        nest(inner, (head, rest), value);
    }
}

/// Puts a value under a name that is not taken.
pub(super) fn put(record: &mut Record, name: &str, value: &Value) {
    if record.get(name).is_none() {
        let key = record.name(name);
        record.put_value(key, value);
    }
}

/// Puts the fields of an object beside the record's own, those whose names are not taken.
pub(super) fn lift(record: &mut Record, object: &Value) {
    if let Value::Object(fields) = object {
        for (name, value) in fields {
            put(record, name, value);
        }
    }
}

/// The same object with every name as the vendor itself writes it: `actor_id` is `actorId`.
pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            // Lists are kept as objects, because nobody can search in a list of objects.
            let is_list = !fields.is_empty()
                && (0..fields.len()).all(|at| fields.contains_key(&at.to_string()));
            if is_list {
                let count = fields.len();
                let items = (0..count).filter_map(|at| fields.get(&at.to_string()).cloned());
                return Value::Array(items.map(camel).collect());
            }
            let named = |(name, value): (String, Value)| (camel_name(&name), camel(value));
            Value::Object(fields.into_iter().map(named).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => value,
    }
}

fn camel_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        match c {
            '_' if !out.is_empty() => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    use super::{camel, gain};

    #[test]
    fn what_is_gained_takes_nobodys_place() {
        let mut record = Record::from(json!({"a": {"b": 1, "c": null, "d": [1]}, "x": "own"}));
        gain(
            &mut record,
            &[
                ("x", "a.b"),
                ("y", "a.b"),
                ("z", "a.c"),
                ("w", "a.d"),
                ("v", "none"),
                ("n.m.o", "a.b"),
                ("n.p", "a.b"),
                ("a.b", "x"),
                ("a.q", "x"),
            ],
        );
        assert_eq!(
            record.to_value(),
            json!({"a": {"b": 1, "c": null, "d": [1]}, "x": "own", "y": 1, "a.q": "own",
                "n": {"m": {"o": 1}, "p": 1}})
        );
        let value = camel(json!({"target_resources": {"0": {"a_b": 1}, "1": {}}}));
        assert_eq!(value, json!({"targetResources": [{"aB": 1}, {}]}));
        let value = camel(json!({"event_type": [{"user_id_v2": 1}], "_own": 2}));
        assert_eq!(value, json!({"eventType": [{"userIdV2": 1}], "_own": 2}));
    }
}
