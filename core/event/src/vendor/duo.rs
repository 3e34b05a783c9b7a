//! Duo's activity log in the names of its administrator log.
//!
//! The newer log has an object for what was done, by whom and to what, where the older has texts. Rules ask
//! for the texts. Of the newer, `action` becomes its name, and what the object said stays reachable as
//! `action.name` and `action.details`.
//!
//! What the older says of an action it says as JSON in a text; its single values stand under `description.` too.

use std::mem;

use cordon_model::{Record, Scalar};

use super::{Names, further::Further, said, text};
use crate::inner::Inner;

/// Names of the older log, and where the newer has the same.
const NAMES: &[(&str, &str)] = &[
    ("username", "actor.name"),
    ("object", "target.name"),
    ("description", "target.details"),
    ("isotimestamp", "ts"),
];

/// Gives a record the names of the older log.
pub(super) fn give(record: &mut Record, names: &mut Names, inner: &mut Inner) {
    shape(record, names, &mut inner.record);
    let described = text(record, "description").filter(|text| text.starts_with('{'));
    let Some(parts) = described.and_then(|text| inner.read(text)) else {
        return;
    };
    let adopted = record.adopt(parts);
    let begin = record.name("description.");
    for part in parts.root().children() {
        let single = part.scalar().is_some_and(|scalar| scalar != Scalar::Null);
        if !single {
            continue;
        }
        let key = record.name_behind(begin, part.key());
        if record.get(record.text_of(key)).is_none() {
            record.graft(key, part, adopted);
        }
    }
}

/// Gives the newer log the shape of the older.
fn shape(record: &mut Record, names: &mut Names, spare: &mut Record) {
    let action = record.get("action").filter(|action| action.is_map());
    if action
        .and_then(|action| said(action.get("name")?))
        .is_none()
    {
        return;
    }
    mem::swap(record, spare);
    record.clear();
    let adopted = record.adopt(spare);
    for child in spare.root().children() {
        if child.key() != "action" {
            record.graft(adopted.name(child), child, adopted);
        }
    }
    let action = spare.get("action");
    let [own, details] = ["name", "details"].map(|part| action.and_then(|action| action.get(part)));
    for (name, item) in [
        ("action", own),
        ("action.name", own),
        ("action.details", details),
    ] {
        if let Some(item) = item.filter(|_| record.get(name).is_none()) {
            let key = record.name(name);
            record.graft(key, item, adopted);
        }
    }
    names.give(record, Further::Named(NAMES));
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    use crate::{inner::Inner, vendor::Names};

    #[test]
    fn the_activity_log_answers_to_the_names_of_the_administrator_log() {
        let mut record = Record::from(json!({
            "action": {"name": "user_update", "details": "d"}, "actor": {"name": "Admin"},
            "target": {"name": "erin", "details": "{\"status\": \"Bypass\"}"}, "ts": "t",
        }));
        super::give(&mut record, &mut Names::default(), &mut Inner::default());
        assert_eq!(
            record.to_value(),
            json!({"actor": {"name": "Admin"}, "target": {"name": "erin", "details": "{\"status\": \"Bypass\"}"},
                "ts": "t", "action": "user_update", "action.name": "user_update", "action.details": "d",
                "username": "Admin", "object": "erin", "description": "{\"status\": \"Bypass\"}",
                "isotimestamp": "t", "description.status": "Bypass"})
        );
        let own = json!({"action": "user_update", "username": "Admin"});
        let mut older = Record::from(own.clone());
        super::give(&mut older, &mut Names::default(), &mut Inner::default());
        assert_eq!(older.to_value(), own);
    }
}
