//! Google Workspace: what the Admin SDK reports, alone and through those who carry it on.
//!
//! The interface tells activities, which hold a list of events with lists of parameters. Collectors
//! write one record for each event (`event`, or the event's own names at the top and its parameters as
//! an object), Cloud Logging puts the events below `protoPayload.metadata`, and `BigQuery` makes columns
//! of them. All gain the interface's `events`; rules know an event by `eventService` and `eventName`, and
//! parameters by their names in small letters.

use cordon_model::{Item, Key, Record, Shape};

use super::{
    Names, Recognised, field,
    further::Further,
    gain::{self, Members},
    gathered::{Gathered, Given},
    has, text,
};
use crate::{inner::Inner, intake::Kind, time::Zoneless};

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

/// Names that rules ask for, and where those who carry activities on have the same.
const NAMES: &[(&str, &str)] = &[
    ("eventService", "protoPayload.serviceName"),
    ("actor.email", "email"),
    ("ipAddress", "ip_address"),
    ("ipAddress", "ipaddress"),
];

/// The same for names that Elastic gives parameters.
const ELASTIC: &[(&str, &str)] = &[
    ("setting_name", "google_workspace.admin.setting.name"),
    ("user_email", "google_workspace.admin.user.email"),
    ("group_email", "google_workspace.admin.group.email"),
    ("role_name", "google_workspace.admin.role.name"),
    ("privilege_name", "google_workspace.admin.privilege.name"),
    (
        "application_name",
        "google_workspace.admin.application.name",
    ),
    ("org_unit_name", "google_workspace.admin.org_unit.name"),
    ("domain_name", "google_workspace.admin.domain.name"),
];

/// Whether its names allow that a record is one of these.
pub(super) fn may_be_one(record: &Record) -> bool {
    let named = [
        "id.applicationName",
        "id.applicationname",
        "id.uniqueQualifier",
    ];
    is_row(record) || named.iter().any(|name| field(record, name).is_some())
}

/// Whether a record is a row of `BigQuery`.
fn is_row(record: &Record) -> bool {
    has(record, "record_type") && has(record, "event_name") && has(record, "time_usec")
}

pub(super) fn recognise(record: &mut Record) -> Option<Recognised> {
    let row = is_row(record);
    let names = ["id.applicationName", "id.applicationname", "record_type"];
    let names = if row { &names[..] } else { &names[..2] };
    let application = names.iter().find_map(|name| text(record, name));
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    let told = application.is_some() && any(&["kind", "events", "event", "name"]);
    if !row && !told && field(record, "id.uniqueQualifier").is_none() {
        return None;
    }
    let application = application.unwrap_or_default();
    let known = APPLICATIONS.iter().find(|(name, ..)| *name == application);
    if let Some((.., service)) = known {
        gain::put_text(record, "eventService", service);
    }
    // All events of an activity have its id, so that it is the id of none where each is a record.
    let whole = record.get("events").and_then(Item::shape) == Some(Shape::List);
    Some(Recognised {
        kind: Kind {
            product: Some("gcp"),
            service: known.map(|(_, service, _)| *service),
            categories: &[],
        },
        ids: if whole { &["id.uniqueQualifier"] } else { &[] },
        times: &["id.time", "time_usec"],
        zoneless: Zoneless::Utc,
    })
}

/// Gives a record of Workspace its events as the interface tells them, and their names and parameters.
pub(super) fn give(record: &mut Record, names: &mut Names, inner: &mut Inner) {
    if !has(record, "events") {
        give_events(record);
    }
    gather(record, &mut inner.gathered);
    inner.gathered.put(record);
    names.give(record, Further::Named(NAMES));
    if has(record, "google_workspace") {
        names.give(record, Further::Named(ELASTIC));
    }
}

/// Gives a record that is not the interface's own its events.
fn give_events(record: &mut Record) {
    let event = record.get("event");
    let own = event.filter(|event| each(*event).any(|event| event.get("name").is_some()));
    if let Some(listed) = field(record, "protoPayload.metadata.event") {
        let part = |event: Item<'_>, name| event.get(name).map(Item::place);
        let parts = |event| ["eventType", "eventName", "parameter"].map(|name| part(event, name));
        let events: Vec<_> = each(listed).map(parts).collect();
        put_events(record, &events);
    } else if let Some(place) = own.map(Item::place) {
        gain::put(record, "events", place);
    } else {
        let row = has(record, "time_usec");
        let [kind, name] = if row {
            ["event_type", "event_name"]
        } else {
            ["type", "name"]
        };
        let parameters = if row {
            text(record, "record_type")
        } else {
            Some("parameters")
        };
        if text(record, name).is_none() {
            return;
        }
        let part = |name| record.get(name).map(Item::place);
        let parts = [part(kind), part(name), parameters.and_then(part)];
        put_events(record, &[parts]);
    }
}

/// Puts events of which each has its kind, name and parameters at these places.
fn put_events(record: &mut Record, events: &[[Option<u32>; 3]]) {
    let key = record.name("events");
    let list = record.open(key, Shape::List);
    for parts in events {
        let event = record.open(Key::NONE, Shape::Map);
        for (name, place) in ["type", "name", "parameters"].iter().zip(parts) {
            if let Some(place) = place {
                let key = record.name(name);
                record.put_place(key, *place);
            }
        }
        record.close(event);
    }
    record.close(list);
}

/// What a list holds, or what stands alone where a list may be.
fn each(item: Item<'_>) -> impl Iterator<Item = Item<'_>> {
    let listed = item.shape() == Some(Shape::List);
    let alone = (!listed).then_some(item);
    alone
        .into_iter()
        .chain(listed.then(|| item.children()).into_iter().flatten())
}

/// Where a parameter that is one of a list has its value.
const VALUES: [&str; 8] = [
    "value",
    "boolValue",
    "intValue",
    "multiValue",
    "multiStrValue",
    "boolvalue",
    "intvalue",
    "multivalue",
];

/// The value of a parameter that is one of a list: the first of the names that it may have.
fn value_of(parameter: Item<'_>) -> Option<Item<'_>> {
    let own = parameter.children().filter(|_| parameter.is_map());
    let rank = |item: Item<'_>| VALUES.iter().position(|name| *name == item.key());
    let ranked = own.filter_map(|item| Some((rank(item)?, item)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, item)| item)
}

/// The names and parameters of the record's events.
fn gather(record: &mut Record, gathered: &mut Gathered) {
    let events = record.get("events").into_iter().flat_map(each);
    gathered.places.clear();
    gathered.places.extend(events.map(Item::place));
    for at in 0..gathered.places.len() {
        let Some(event) = gathered.places.get(at).copied() else {
            continue;
        };
        let named = record.at(event).and_then(|event| event.get("name"));
        let named = named.filter(|name| name.as_str().is_some());
        if let Some(place) = named.map(Item::place) {
            for name in ["eventName", "protoPayload.metadata.event.eventName"] {
                name.clone_into(&mut gathered.name);
                gathered.add(record, usize::MAX, Given::Place(place));
            }
        }
        gather_parameters(record, event, gathered);
    }
}

/// Those of the event at a place: an object of them, or a list of names and values.
fn gather_parameters(record: &mut Record, event: u32, gathered: &mut Gathered) {
    let parameters = record.at(event).and_then(|event| event.get("parameters"));
    let is_map = parameters.is_some_and(Item::is_map);
    let mut parameters = Members::of(parameters);
    while let Some(place) = parameters.next(record) {
        let Some(parameter) = record.at(place) else {
            continue;
        };
        let (told, value) = if is_map {
            (Some(parameter.key()), Some(parameter))
        } else {
            let name = parameter.get("name").and_then(Item::as_str);
            (name, value_of(parameter))
        };
        if let (Some(told), Some(value)) = (told, value.filter(|value| !value.is_null())) {
            let value = value.place();
            told.clone_into(&mut gathered.name);
            gathered.name.make_ascii_lowercase();
            gathered.add(record, usize::MAX, Given::Place(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    use crate::{inner::Inner, vendor::Names};

    /// The log that a record is one of, and the record with what it gained.
    fn gained(record: &Value) -> (Option<&'static str>, Value) {
        let mut fields = Record::new();
        fields.fill(record);
        let recognised = super::recognise(&mut fields).unwrap();
        super::give(&mut fields, &mut Names::default(), &mut Inner::default());
        (recognised.kind.service, fields.to_value())
    }

    #[test]
    fn an_event_is_the_same_whoever_carries_it_on() {
        let id = json!({"time": "2026-04-17T08:13:04Z", "uniqueQualifier": "1", "applicationName": "admin"});
        let actor = json!({"email": "ada@shop.example"});
        let kind = "APPLICATION_SETTINGS";
        let event = json!({"type": kind, "name": "CHANGE_APPLICATION_SETTING", "parameters": [
            {"name": "SETTING_NAME", "value": "x"}, {"name": "NEW_VALUE", "value": "off"}]});
        let alone = json!({"SETTING_NAME": "x", "NEW_VALUE": "off"});
        for record in [
            json!({"kind": "admin#reports#activity", "id": id, "actor": actor, "ipAddress": "203.0.113.4", "events": [event]}),
            json!({"id": id, "actor": actor, "ipAddress": "203.0.113.4", "events": event}),
            json!({"id": id, "actor": actor, "ipAddress": "203.0.113.4", "event": event}),
            json!({"id": {"applicationName": "admin"}, "actor": actor, "ipAddress": "203.0.113.4", "type": kind,
                "name": "CHANGE_APPLICATION_SETTING", "parameters": alone}),
            json!({"id": {"applicationname": "admin"}, "actor": actor, "ipaddress": "203.0.113.4", "type": kind,
                "name": "CHANGE_APPLICATION_SETTING", "parameters": {"setting_name": "x", "new_value": "off"}}),
            json!({"time_usec": "1776413584000000", "record_type": "admin", "event_type": kind,
                "event_name": "CHANGE_APPLICATION_SETTING", "email": "ada@shop.example", "ip_address": "203.0.113.4",
                "unique_identifier": "1", "admin": {"setting_name": "x", "new_value": "off"}}),
        ] {
            let (service, found) = gained(&record);
            assert_eq!(service, Some("google_workspace.admin"), "{record}");
            for (name, expect) in [
                ("eventName", "CHANGE_APPLICATION_SETTING"),
                ("eventService", "admin.googleapis.com"),
                ("setting_name", "x"),
                ("new_value", "off"),
                ("ipAddress", "203.0.113.4"),
            ] {
                assert_eq!(found[name], expect, "{name} of {record}");
            }
            assert_eq!(found["actor"]["email"], "ada@shop.example", "{record}");
        }
    }

    #[test]
    fn cloud_logging_has_events_below_its_metadata() {
        let mut fields = Record::from(json!({"insertId": "1", "protoPayload": {
            "serviceName": "login.googleapis.com", "methodName": "google.login.LoginService.loginSuccess",
            "metadata": {"event": [{"eventType": "login", "eventName": "login_success", "parameter": [
                {"name": "is_suspicious", "type": "TYPE_BOOL", "boolValue": true, "label": "LABEL_OPTIONAL"},
                {"name": "login_challenge_method", "multiStrValue": ["password"]}]}]}}}));
        super::give(&mut fields, &mut Names::default(), &mut Inner::default());
        let found = fields.to_value();
        assert_eq!(found["eventName"], "login_success");
        assert_eq!(found["eventService"], "login.googleapis.com");
        assert_eq!(found["is_suspicious"], true);
        assert_eq!(found["login_challenge_method"], json!(["password"]));
        assert_eq!(found["events"][0]["name"], "login_success");
    }

    #[test]
    fn events_of_one_activity_that_are_records_each_share_no_id() {
        for (record, ids) in [
            (json!({"id": {"uniqueQualifier": "1"}, "events": []}), 1),
            (
                json!({"id": {"uniqueQualifier": "1"}, "events": {"name": "authorize"}}),
                0,
            ),
            (
                json!({"id": {"uniqueQualifier": "1", "applicationName": "token"}, "name": "authorize"}),
                0,
            ),
        ] {
            let mut fields = Record::from(record.clone());
            let recognised = super::recognise(&mut fields).unwrap();
            assert_eq!(recognised.ids.len(), ids, "{record}");
        }
    }

    #[test]
    fn what_is_not_workspaces_or_broken_is_left() {
        for record in [
            json!({"id": {"applicationName": "admin"}}),
            json!({"id": "admin", "name": "x", "events": []}),
            json!({"record_type": "admin", "event_name": "x"}),
        ] {
            let mut fields = Record::from(record.clone());
            assert!(super::recognise(&mut fields).is_none(), "{record}");
        }
        for events in [
            json!(null),
            json!("text"),
            json!([1, null, {"name": 7, "parameters": "x"}]),
            json!([{"name": "a", "parameters": [null, "x", {"name": "b"}, {"value": "c"}]}]),
        ] {
            let record = json!({"id": {"applicationName": "admin"}, "kind": "admin#reports#activity", "events": events});
            let (_, found) = gained(&record);
            assert_eq!(found["events"], record["events"], "{record}");
            assert_eq!(found.get("b"), None, "{record}");
        }
    }
}
