//! Finding a field in a record.
//!
//! Names are compared in their exact case. `a.b` means the field `b` within `a`; a flat key `a.b`
//! also serves. A field that is an array stands for each of its members, and so does one that is
//! reached through an array.

use std::borrow::Cow;

use cordon_model::Value;

use crate::fold::fold;

/// What a record has under a name.
#[derive(Debug, Default)]
pub(crate) struct Found<'e> {
    /// Whether the field is there at all, be it empty or null.
    pub(crate) present: bool,
    /// Its values; the members where it is an array.
    pub(crate) leaves: Vec<Leaf<'e>>,
}

/// One value of a field.
#[derive(Debug)]
pub(crate) struct Leaf<'e> {
    /// The value; never an array.
    pub(crate) value: &'e Value,
    /// Its text as the log writes it; null and objects have none.
    pub(crate) text: Option<Cow<'e, str>>,
    /// Its text without case.
    pub(crate) folded: Option<Cow<'e, str>>,
}

impl<'e> Leaf<'e> {
    fn new(value: &'e Value) -> Self {
        let text = text(value);
        let folded = match &text {
            Some(Cow::Borrowed(text)) => Some(fold(text)),
            Some(Cow::Owned(text)) => Some(Cow::Owned(fold(text).into_owned())),
            None => None,
        };
        Self {
            value,
            text,
            folded,
        }
    }
}

/// A value as text: numbers and truth values as they are spelled, nothing for null and objects.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a record has under a name.
pub(crate) fn find<'e>(record: &'e Value, name: &str) -> Found<'e> {
    let mut found = Found::default();
    descend(record, name, &mut found);
    found
}

/// Every value of a record.
pub(crate) fn everything(record: &Value) -> Found<'_> {
    let mut found = Found {
        present: true,
        leaves: Vec::new(),
    };
    each_leaf(record, &mut |value| found.leaves.push(Leaf::new(value)));
    found
}

/// Calls `visit` with every value of a record that is no collection.
pub(crate) fn each_leaf<'e>(value: &'e Value, visit: &mut impl FnMut(&'e Value)) {
    match value {
        Value::Object(fields) => fields.values().for_each(|field| each_leaf(field, visit)),
        Value::Array(members) => members.iter().for_each(|member| each_leaf(member, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => visit(value),
    }
}

fn descend<'e>(value: &'e Value, path: &str, found: &mut Found<'e>) {
    match value {
        Value::Object(fields) => {
            if let Some(field) = fields.get(path) {
                found.present = true;
                collect(field, found);
            }
            for (dot, _) in path.match_indices('.') {
                let (head, tail) = (path.get(..dot), path.get(dot + 1..));
                if let (Some(inner), Some(tail)) = (head.and_then(|head| fields.get(head)), tail) {
                    descend(inner, tail, found);
                }
            }
        }
        Value::Array(members) => members
            .iter()
            .for_each(|member| descend(member, path, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Adds a value, or each member of an array.
fn collect<'e>(value: &'e Value, found: &mut Found<'e>) {
    match value {
        Value::Array(members) => members.iter().for_each(|member| collect(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            found.leaves.push(Leaf::new(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{everything, find};

    #[test]
    fn dotted_names_reach_nested_fields_flat_keys_and_members_of_arrays() {
        let record = json!({
            "a": {"b": {"c": 1}, "x.y": 2},
            "a.b": "flat",
            "target": [{"id": "u1"}, {"id": ["u2", "u3"]}, {"other": 1}],
            "deep": [[{"v": true}]],
        });
        for (name, expect) in [
            ("a.b.c", vec!["1"]),
            ("a.x.y", vec!["2"]),
            ("a.b", vec!["flat"]),
            ("target.id", vec!["u1", "u2", "u3"]),
            ("deep.v", vec!["true"]),
            ("Target.id", vec![]),
            ("a.b.c.d", vec![]),
        ] {
            let found = find(&record, name);
            let texts: Vec<_> = found
                .leaves
                .iter()
                .filter_map(|l| l.text.as_deref())
                .collect();
            assert_eq!(texts, expect, "{name}");
            assert_eq!(found.present, !expect.is_empty(), "{name}");
        }
    }

    #[test]
    fn empty_and_null_are_present() {
        let record = json!({"null": null, "none": [], "object": {}});
        for (name, leaves) in [("null", 1), ("none", 0), ("object", 1)] {
            let found = find(&record, name);
            assert!(found.present, "{name}");
            assert_eq!(found.leaves.len(), leaves, "{name}");
        }
        assert_eq!(everything(&record).leaves.len(), 1);
    }
}
