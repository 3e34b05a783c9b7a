//! Records of `ServiceNow` tables: tickets, requests, users.
//!
//! A field is either plain text or `{display_value, value}`, depending on how the table was asked.
//! Rules say `contact_type.value`; for plain records the fields that rules read are given those
//! names beside their own, so that one rule serves both.
//!
//! A ticket's time is when it was opened: exports are made later, and every edit moves
//! `sys_updated_on`. `value` of a time is UTC by `ServiceNow`'s own documentation; plain text is in
//! the zone of whoever exported it, which the hints may name.

use cordon_model::Record;

use super::{Names, field, further::Further, has};
use crate::{
    Degradation, Hints,
    intake::{Draft, Kind, Understood},
    time::{self, When, Zoneless},
};

/// Tables by their class name, the label people see, and the prefix of their numbers.
const TABLES: [(&str, &str, &str); 12] = [
    ("incident", "Incident", "INC"),
    ("sc_req_item", "Requested Item", "RITM"),
    ("sc_request", "Request", "REQ"),
    ("sc_task", "Catalog Task", "SCTASK"),
    ("change_request", "Change Request", "CHG"),
    ("problem", "Problem", "PRB"),
    ("interaction", "Interaction", "IMS"),
    ("task", "Task", "TASK"),
    ("sys_user", "User", ""),
    ("sys_audit", "Audit", ""),
    ("sysevent", "Event", ""),
    ("sys_user_grmember", "Group Member", ""),
];

/// Fields that rules read under `.value` and `.display_value`.
const ASKED_FOR: &[&str] = &[
    "number",
    "sys_id",
    "caller_id",
    "opened_by",
    "opened_for",
    "requested_for",
    "assigned_to",
    "assignment_group",
    "short_description",
    "description",
    "contact_type",
    "category",
    "subcategory",
    "state",
    "incident_state",
    "work_notes",
    "close_notes",
    "cmdb_ci",
    "priority",
    "sys_class_name",
    "sys_created_by",
    "sys_updated_by",
    "opened_at",
    "user_name",
];

const FORMS: &[&str] = &[".value", ".display_value"];

/// Fields of which a ticket without an id has some.
const TOLD: [&str; 6] = [
    "short_description",
    "caller_id",
    "opened_by",
    "requested_for",
    "assignment_group",
    "opened_at",
];

/// Whether its names allow that a record is one.
pub(super) fn may_be_one(record: &Record) -> bool {
    let has = |name| has(record, name);
    if has("sys_id") {
        return has("number") || has("sys_created_on") || has("sys_updated_on");
    }
    // Exports leave out the id, but a ticket's number says its table.
    TOLD.into_iter().filter(|name| has(name)).count() >= 2 && has("number")
}

/// Whether a record of which its names allow it is one.
pub(super) fn is_one(record: &Record) -> bool {
    has(record, "sys_id") || numbered(record).is_some()
}

/// The table that a ticket's number says it is of.
fn numbered(record: &Record) -> Option<&'static str> {
    let number = either(record, "number")?;
    let prefix = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = |(.., known): &&(&str, &str, &str)| !known.is_empty() && *known == prefix;
    TABLES.iter().find(known).map(|(name, ..)| *name)
}

pub(super) fn understand(draft: &mut Draft, names: &mut Names, hints: &Hints) -> Understood {
    let when = when(&draft.fields, hints);
    let service = service(&draft.fields);
    draft.id = id(&draft.fields).unwrap_or_default();
    let fields = &mut draft.fields;
    names.give(fields, Further::Formed(ASKED_FOR, FORMS));
    Understood {
        kind: Kind {
            product: Some("servicenow"),
            service,
            categories: &[],
        },
        when,
        degraded: Vec::new(),
    }
}

fn service(record: &Record) -> Option<&'static str> {
    let class = either(record, "sys_class_name").unwrap_or_default();
    let table = TABLES
        .iter()
        .find(|(name, label, _)| *name == class || *label == class);
    let user = || has(record, "user_name").then_some("sys_user");
    table
        .map(|(name, _, _)| *name)
        .or_else(|| numbered(record))
        .or_else(user)
}

/// The text of a field in either form, the stored value before the shown one.
fn either<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    let value = record.get(name)?;
    let text = value
        .as_str()
        .or_else(|| value.get("value")?.as_str())
        .filter(|text| !text.is_empty());
    text.or_else(|| value.get("display_value")?.as_str())
}

fn id(record: &Record) -> Option<String> {
    let id = either(record, "sys_id").or_else(|| either(record, "number"))?;
    let updated = either(record, "sys_updated_on").or_else(|| either(record, "sys_created_on"))?;
    Some(format!("{id}@{updated}"))
}

fn when(record: &Record, hints: &Hints) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for (name, stored) in [
        ("opened_at", "opened_at.value"),
        ("sys_updated_on", "sys_updated_on.value"),
        ("sys_created_on", "sys_created_on.value"),
    ] {
        let stored = field(record, stored);
        let (value, zoneless) = match (stored, record.get(name)) {
            (Some(stored), _) => (stored, Zoneless::Utc),
            (None, Some(plain)) => (plain, Zoneless::Local),
            (None, None) => continue,
        };
        if let Some(when) = time::of_item(value, zoneless, hints) {
            return Ok(when);
        }
        problem = Degradation::TimeUnreadable;
    }
    Err(problem)
}
