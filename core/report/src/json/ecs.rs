//! Detections as alerts in the Elastic Common Schema, one document each.
//!
//! The schema is Elastic's. What it has no place for stands under `cordon`.

use cordon_model::{Detection, EntityKind, Evidence, Role};
use serde_json::{Map, Value, json};

use super::{
    others::{ATTACK, Writer, finding_id, ip, names, original, raw, severity, tactics, techniques},
    v1::line,
};

/// The version of the schema.
const ECS: &str = "8.17.0";

const ACCOUNTS: [EntityKind; 2] = [EntityKind::Account, EntityKind::Mailbox];

/// A detection as an alert, on one line with its end.
///
/// `@timestamp` is when it happened; where no record says, when the document was written, with the tag
/// `time-unknown`.
pub fn ecs_line(detection: &Detection, writer: &Writer<'_>) -> String {
    let rule = &detection.rule;
    let mut document = json!({
        "@timestamp": detection.time.unwrap_or(writer.written).to_string(),
        "ecs": { "version": ECS },
        "message": rule.title,
        "tags": tags(detection),
        "event": event(detection, writer),
        "rule": {
            "id": rule.id.as_str(),
            "name": rule.title,
            "ruleset": "Cordon",
        },
        "observer": { "vendor": "Cordon", "product": "Cordon", "type": "ids", "version": writer.version },
        "related": {
            "user": names(&detection.records, None, &ACCOUNTS),
            "hosts": names(&detection.records, None, &[EntityKind::Host]),
            "ip": ips(&detection.records, None),
        },
    });
    if let Value::Object(fields) = &mut document {
        put(fields, "threat", threat(detection));
        put(fields, "user", user(detection));
        put(fields, "host", host(detection));
        put(fields, "source", source(detection));
        put(fields, "log", log(detection));
        put(fields, "cordon", own(detection));
    }
    line(&document)
}

/// Puts what is there: an empty object says nothing.
fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    if value.as_object().is_none_or(|object| !object.is_empty()) {
        fields.insert(name.to_owned(), value);
    }
}

fn tags(detection: &Detection) -> Vec<&str> {
    let tags = detection.rule.tags.iter().map(String::as_str);
    let unknown = detection.time.is_none().then_some("time-unknown");
    tags.chain(unknown).collect()
}

fn event(detection: &Detection, writer: &Writer<'_>) -> Value {
    let mut event = Map::new();
    let (_, _, number) = severity(detection.rule.level);
    event.insert("kind".to_owned(), "alert".into());
    event.insert("category".to_owned(), json!(["intrusion_detection"]));
    event.insert("type".to_owned(), json!(["info"]));
    event.insert("id".to_owned(), finding_id(detection).into());
    event.insert("severity".to_owned(), number.into());
    event.insert("module".to_owned(), "cordon".into());
    event.insert("dataset".to_owned(), "cordon.detection".into());
    event.insert("created".to_owned(), writer.written.to_string().into());
    let times = detection.records.iter().filter_map(|record| record.time);
    if let (Some(start), Some(end)) = (times.clone().min(), times.max()) {
        event.insert("start".to_owned(), start.to_string().into());
        event.insert("end".to_owned(), end.to_string().into());
    }
    if let Some(last) = detection.last() {
        event.insert("provider".to_owned(), (&*last.source).into());
        event.insert("original".to_owned(), original(last).into());
        if let Some(zone) = &last.clock.zone {
            event.insert("timezone".to_owned(), (&**zone).into());
        } else if let Some(offset) = last.clock.written_text() {
            event.insert("timezone".to_owned(), offset.into());
        }
        if let Some(action) = &last.deed.action {
            event.insert("action".to_owned(), (&**action).into());
        }
        event.insert("outcome".to_owned(), last.deed.outcome.word().into());
        if let Some(arrival) = last.clock.arrival {
            event.insert("ingested".to_owned(), arrival.to_string().into());
        }
    }
    Value::Object(event)
}

fn threat(detection: &Detection) -> Value {
    let tags = &detection.rule.tags;
    let (tactics, techniques) = (tactics(tags), techniques(tags));
    if tactics.is_empty() && techniques.is_empty() {
        return json!({});
    }
    let mut whole: Vec<&str> = Vec::new();
    for technique in &techniques {
        let parent = technique.split('.').next().unwrap_or(technique);
        if !whole.contains(&parent) {
            whole.push(parent);
        }
    }
    let parts: Vec<&String> = techniques.iter().filter(|id| id.contains('.')).collect();
    let mut technique = json!({ "id": whole });
    if !parts.is_empty()
        && let Value::Object(fields) = &mut technique
    {
        fields.insert("subtechnique".to_owned(), json!({ "id": parts }));
    }
    json!({
        "framework": "MITRE ATT&CK",
        "tactic": {
            "id": tactics.iter().filter_map(|tactic| tactic.id).collect::<Vec<_>>(),
            "name": tactics.iter().map(|tactic| tactic.name).collect::<Vec<_>>(),
        },
        "technique": technique,
    })
}

fn user(detection: &Detection) -> Value {
    let named = |role| names(&detection.records, Some(role), &ACCOUNTS);
    let (actors, targets) = (named(Role::Actor), named(Role::Target));
    let mut user = Map::new();
    // The schema has one value here; all stand under `related.user`.
    if let Some(actor) = actors.into_iter().next() {
        user.insert("name".to_owned(), actor.into());
    }
    if let Some(target) = targets.into_iter().next() {
        user.insert("target".to_owned(), json!({ "name": target }));
    }
    Value::Object(user)
}

fn host(detection: &Detection) -> Value {
    let hosts = names(&detection.records, Some(Role::Host), &[EntityKind::Host]);
    match hosts.into_iter().next() {
        Some(host) => json!({ "name": host }),
        None => json!({}),
    }
}

fn source(detection: &Detection) -> Value {
    let addresses = names(
        &detection.records,
        Some(Role::Origin),
        &[EntityKind::Address],
    );
    let ips = ips(&detection.records, Some(Role::Origin));
    let mut source = Map::new();
    if let Some(address) = addresses.into_iter().next() {
        source.insert("address".to_owned(), address.into());
    }
    if let Some(ip) = ips.into_iter().next() {
        source.insert("ip".to_owned(), ip.into());
    }
    Value::Object(source)
}

fn ips(records: &[Evidence], role: Option<Role>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for entity in records.iter().flat_map(|record| &record.entities) {
        if let Some(ip) = ip(entity).filter(|ip| !found.contains(ip))
            && role.is_none_or(|role| role == entity.role)
        {
            found.push(ip);
        }
    }
    found
}

fn log(detection: &Detection) -> Value {
    let Some(last) = detection.last() else {
        return json!({});
    };
    json!({ "file": { "path": &*last.log.path } })
}

/// What the schema has no place for.
fn own(detection: &Detection) -> Value {
    let record = |evidence: &Evidence| {
        json!({
            "id": evidence.id.as_str(),
            "path": &*evidence.log.path,
            "record": evidence.log.record,
            "raw": raw(evidence),
            "time": evidence.time.map(|time| time.to_string()),
            "clock_ahead_seconds": evidence.clock.ahead.as_secs(),
            "written": evidence.clock.written_text(),
            "action": evidence.deed.action.as_deref(),
            "outcome": evidence.deed.outcome.word(),
        })
    };
    let matched = detection
        .matched
        .iter()
        .map(|matched| json!({ "field": matched.field.as_deref(), "value": matched.value }));
    let actors = detection.records.iter().flat_map(|record| &record.entities);
    let actors = actors.filter(|entity| entity.role == Role::Actor);
    let mut told: Vec<Value> = Vec::new();
    for actor in actors {
        let actor = json!({ "kind": actor.kind.word(), "name": &*actor.id });
        if !told.contains(&actor) {
            told.push(actor);
        }
    }
    json!({
        "level": detection.rule.level.word(),
        "attack_version": ATTACK,
        "actors": told,
        "records": detection.records.iter().map(record).collect::<Vec<_>>(),
        "matched": matched.collect::<Vec<_>>(),
        "group": detection.group.iter().map(|group| &**group).collect::<Vec<_>>(),
    })
}
