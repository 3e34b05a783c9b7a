//! Google Workspace: activities of the Admin SDK's reports, which hold a list of events with lists of
//! parameters.
//!
//! Rules know an event by `eventService` and `eventName`, and parameters by their names.

use cordon_model::{Item, Record, Value};

use super::{Recognised, gain, text};
use crate::{intake::Kind, time::Zoneless};

/// Applications with a service of their own.
const APPLICATIONS: [(&str, &str, &str); 9] = [
    ("admin", "google_workspace.admin", "admin.googleapis.com"),
    ("login", "google_workspace.login", "login.googleapis.com"),
    ("token", "google_workspace.token", "oauth2.googleapis.com"),
    ("saml", "google_workspace.saml", "login.googleapis.com"),
    ("drive", "google_workspace.drive", "drive.googleapis.com"),
    (
        "user_accounts",
        "google_workspace.user_accounts",
        "accounts.googleapis.com",
    ),
    (
        "groups_enterprise",
        "google_workspace.groups",
        "cloudidentity.googleapis.com",
    ),
    ("mobile", "google_workspace.mobile", "mobile.googleapis.com"),
    ("rules", "google_workspace.rules", "rules.googleapis.com"),
];

pub(super) fn recognise(record: &mut Record) -> Option<Recognised> {
    super::field(record, "id.uniqueQualifier")?;
    let application = text(record, "id.applicationName").unwrap_or_default();
    let known = APPLICATIONS.iter().find(|(name, ..)| *name == application);
    if let Some((.., service)) = known {
        gain::put(record, "eventService", &Value::from(*service));
    }
    let gained = gained(record);
    for (name, values) in gained {
        let value = match <[Value; 1]>::try_from(values) {
            Ok([one]) => one,
            Err(several) => Value::Array(several),
        };
        gain::put(record, &name, &value);
    }
    Some(Recognised {
        kind: Kind {
            product: Some("gcp"),
            service: known.map(|(_, service, _)| *service),
            categories: &[],
        },
        ids: &["id.uniqueQualifier"],
        times: &["id.time"],
        zoneless: Zoneless::Utc,
    })
}

/// The names and parameters of the record's events; what several of them have, as a list.
fn gained(record: &Record) -> Vec<(String, Vec<Value>)> {
    let mut found: Vec<(String, Vec<Value>)> = Vec::new();
    let mut put = |name: &str, value: Value| match found.iter_mut().find(|(known, _)| known == name)
    {
        Some((_, values)) => values.push(value),
        None => found.push((name.to_owned(), vec![value])),
    };
    let events = record.get("events").into_iter().flat_map(Item::children);
    for event in events {
        if let Some(name) = event.get("name").and_then(Item::as_str) {
            put("eventName", Value::from(name));
            put("protoPayload.metadata.event.eventName", Value::from(name));
        }
        let parameters = event.get("parameters").into_iter().flat_map(Item::children);
        for parameter in parameters {
            let name = parameter.get("name").and_then(Item::as_str);
            let value = ["value", "boolValue", "intValue", "multiValue"];
            let value = value.iter().find_map(|key| parameter.get(key));
            if let (Some(name), Some(value)) = (name, value) {
                put(&name.to_ascii_lowercase(), value.to_value());
            }
        }
    }
    found
}
