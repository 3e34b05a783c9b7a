//! Duo's activity log in the names of its administrator log.
//!
//! The newer log has an object for what was done, by whom and to what, where the older has texts. Rules ask
//! for the texts. Of the newer, `action` becomes its name, and what the object said stays reachable as
//! `action.name` and `action.details`.
//!
//! What the older says of an action it says as JSON in a text; its single values stand under `description.` too.

use cordon_model::{Item, Record, Value};

use super::{field, gain, text};
use crate::json;

/// Names of the older log, and where the newer has the same.
const NAMES: &[(&str, &str)] = &[
    ("username", "actor.name"),
    ("object", "target.name"),
    ("description", "target.details"),
    ("isotimestamp", "ts"),
];

pub(super) fn give(record: &mut Record) {
    shape(record);
    let described = text(record, "description").filter(|text| text.starts_with('{'));
    let Some(Value::Object(parts)) = described
        .and_then(|text| json::parse(text.as_bytes()).ok())
        .map(|parsed| parsed.value)
    else {
        return;
    };
    let single = |value: &Value| !(value.is_object() || value.is_array() || value.is_null());
    for (name, value) in parts.iter().filter(|(_, value)| single(value)) {
        gain::put(record, &format!("description.{name}"), value);
    }
}

/// Gives the newer log the shape of the older.
fn shape(record: &mut Record) {
    let Some(action) = text(record, "action.name").map(Value::from) else {
        return;
    };
    if !record.get("action").is_some_and(Item::is_map) {
        return;
    }
    let details = field(record, "action.details").map(Item::to_value);
    let mut given = Record::new();
    for child in record.root().children() {
        if child.key() != "action" {
            given.copy(child.key(), child);
        }
    }
    *record = given;
    gain::put(record, "action", &action);
    gain::put(record, "action.name", &action);
    if let Some(details) = details {
        gain::put(record, "action.details", &details);
    }
    gain::gain(record, NAMES);
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    #[test]
    fn the_activity_log_answers_to_the_names_of_the_administrator_log() {
        let mut record = Record::from(json!({
            "action": {"name": "user_update", "details": "d"}, "actor": {"name": "Admin"},
            "target": {"name": "erin", "details": "{\"status\": \"Bypass\"}"}, "ts": "t",
        }));
        super::give(&mut record);
        assert_eq!(
            record.to_value(),
            json!({"actor": {"name": "Admin"}, "target": {"name": "erin", "details": "{\"status\": \"Bypass\"}"},
                "ts": "t", "action": "user_update", "action.name": "user_update", "action.details": "d",
                "username": "Admin", "object": "erin", "description": "{\"status\": \"Bypass\"}",
                "isotimestamp": "t", "description.status": "Bypass"})
        );
        let own = json!({"action": "user_update", "username": "Admin"});
        let mut older = Record::from(own.clone());
        super::give(&mut older);
        assert_eq!(older.to_value(), own);
    }
}
