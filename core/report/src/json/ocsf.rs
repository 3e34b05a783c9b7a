//! Detections as findings of the Open Cybersecurity Schema Framework: class Detection Finding, 2004.
//!
//! The schema is OCSF's. `time` is when the finding was made, as the class defines it; when things happened
//! stands in `start_time` and `end_time`, and in neither where no record says.

use cordon_model::{Detection, Entity, EntityKind, Evidence, Outcome, Role, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    others::{ATTACK, Writer, finding_id, ip, original, raw, severity, tactics, techniques},
    v1::line,
};

/// The version of the schema.
const OCSF: &str = "1.5.0";

const CATEGORY_FINDINGS: u32 = 2;
const CLASS_DETECTION_FINDING: u32 = 2004;
const ACTIVITY_CREATE: u32 = 1;

/// Most observables of one finding: those of the newest records come first.
const OBSERVABLES_MAX: usize = 200;

/// A detection as a finding, on one line with its end.
pub fn ocsf_line(detection: &Detection, writer: &Writer<'_>) -> String {
    let (severity_id, severity, _) = severity(detection.rule.level);
    let mut finding = json!({
        "activity_id": ACTIVITY_CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY_FINDINGS,
        "category_name": "Findings",
        "class_uid": CLASS_DETECTION_FINDING,
        "class_name": "Detection Finding",
        "type_uid": CLASS_DETECTION_FINDING * 100 + ACTIVITY_CREATE,
        "type_name": "Detection Finding: Create",
        "time": writer.written.as_millisecond(),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "is_alert": true,
        "message": detection.rule.title,
        "count": detection.records.len(),
        "finding_info": finding_info(detection, writer),
        "metadata": metadata(detection, writer),
        "evidences": detection.records.iter().map(evidence).collect::<Vec<_>>(),
        "observables": observables(detection),
    });
    if let Value::Object(fields) = &mut finding {
        for (name, time) in ["start_time", "end_time"].into_iter().zip(span(detection)) {
            put(fields, name, time.map(Timestamp::as_millisecond));
        }
        put(
            fields,
            "timezone_offset",
            detection.last().and_then(minutes_ahead),
        );
        put(fields, "raw_data", detection.last().map(original));
        fields.insert("unmapped".to_owned(), unmapped(detection));
    }
    line(&finding)
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}

/// When the first and the last of the records happened, as far as they say.
fn span(detection: &Detection) -> [Option<Timestamp>; 2] {
    let times = detection.records.iter().filter_map(|record| record.time);
    [times.clone().min(), times.max()]
}

fn finding_info(detection: &Detection, writer: &Writer<'_>) -> Value {
    let rule = &detection.rule;
    let mut info = Map::new();
    info.insert("uid".to_owned(), finding_id(detection).into());
    info.insert("title".to_owned(), rule.title.clone().into());
    let analytic =
        json!({ "type_id": 1, "type": "Rule", "uid": rule.id.as_str(), "name": rule.title });
    info.insert("analytic".to_owned(), analytic);
    let created = writer.written.as_millisecond();
    info.insert("created_time".to_owned(), created.into());
    let [first, last] = span(detection);
    put(
        &mut info,
        "first_seen_time",
        first.map(Timestamp::as_millisecond),
    );
    put(
        &mut info,
        "last_seen_time",
        last.map(Timestamp::as_millisecond),
    );
    info.insert("data_sources".to_owned(), data_sources(detection).into());
    let attacks = attacks(&rule.tags);
    if !attacks.is_empty() {
        info.insert("attacks".to_owned(), attacks.into());
    }
    let related = detection.records.iter();
    let related =
        related.map(|record| json!({ "uid": record.id.as_str(), "type": &*record.source }));
    info.insert("related_events".to_owned(), related.collect());
    Value::Object(info)
}

fn data_sources(detection: &Detection) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for record in &detection.records {
        if !sources.iter().any(|source| **source == *record.source) {
            sources.push(record.source.to_string());
        }
    }
    sources
}

/// A technique under every tactic that the rule names: which belongs to which, tags do not say.
fn attacks(tags: &[String]) -> Vec<Value> {
    let tactics: Vec<Value> = tactics(tags)
        .iter()
        .map(|tactic| {
            let mut fields = Map::new();
            fields.insert("name".to_owned(), tactic.name.into());
            put(&mut fields, "uid", tactic.id);
            Value::Object(fields)
        })
        .collect();
    let techniques = techniques(tags);
    if techniques.is_empty() {
        let alone = tactics
            .into_iter()
            .map(|tactic| json!({ "tactic": tactic, "version": ATTACK }));
        return alone.collect();
    }
    let with_tactics = |technique: String| {
        let mut attack = Map::new();
        let whole = technique.split('.').next().unwrap_or(&technique);
        attack.insert("technique".to_owned(), json!({ "uid": whole }));
        if technique.contains('.') {
            attack.insert("sub_technique".to_owned(), json!({ "uid": technique }));
        }
        if !tactics.is_empty() {
            attack.insert("tactics".to_owned(), tactics.clone().into());
        }
        attack.insert("version".to_owned(), ATTACK.into());
        Value::Object(attack)
    };
    techniques.into_iter().map(with_tactics).collect()
}

fn metadata(detection: &Detection, writer: &Writer<'_>) -> Value {
    let mut metadata = Map::new();
    metadata.insert("version".to_owned(), OCSF.into());
    let product = json!({ "name": "Cordon", "vendor_name": "Cordon", "version": writer.version });
    metadata.insert("product".to_owned(), product);
    metadata.insert("uid".to_owned(), finding_id(detection).into());
    if let Some(last) = detection.last() {
        metadata.insert("log_name".to_owned(), (&*last.log.path).into());
        metadata.insert("log_provider".to_owned(), (&*last.source).into());
        put(
            &mut metadata,
            "original_time",
            last.time.map(|time| time.to_string()),
        );
        put(
            &mut metadata,
            "logged_time",
            last.clock.arrival.map(Timestamp::as_millisecond),
        );
    }
    Value::Object(metadata)
}

/// One record: who did it, to whom, where, whence, and all that it says.
fn evidence(record: &Evidence) -> Value {
    let mut evidence = Map::new();
    let first = |role| first(record, role);
    evidence.insert("uid".to_owned(), record.id.as_str().into());
    evidence.insert("name".to_owned(), (&*record.source).into());
    let actor = first(Role::Actor);
    put(
        &mut evidence,
        "actor",
        actor.map(|actor| json!({ "user": { "name": &*actor.id } })),
    );
    let user = first(Role::Target);
    put(
        &mut evidence,
        "user",
        user.map(|user| json!({ "name": &*user.id })),
    );
    let device = first(Role::Host);
    let device =
        device.map(|host| json!({ "type_id": 0, "type": "Unknown", "hostname": &*host.id }));
    put(&mut evidence, "device", device);
    let origin = first(Role::Origin);
    put(&mut evidence, "src_endpoint", origin.map(endpoint));
    let (status_id, status) = status(record.deed.outcome);
    let data = json!({
        "path": &*record.log.path,
        "record": record.log.record,
        "raw": raw(record),
        "time": record.time.map(|time| time.to_string()),
        "activity_name": record.deed.action.as_deref(),
        "status_id": status_id,
        "status": status,
        "event": record.fields.to_value(),
    });
    evidence.insert("data".to_owned(), data);
    Value::Object(evidence)
}

/// How what a record tells ended, in the schema's numbers and words.
const fn status(outcome: Outcome) -> (u8, &'static str) {
    match outcome {
        Outcome::Success => (1, "Success"),
        Outcome::Failure => (2, "Failure"),
        Outcome::Unknown => (0, "Unknown"),
    }
}

/// By how many minutes the offset that a record writes is ahead of UTC.
fn minutes_ahead(record: &Evidence) -> Option<i32> {
    record.clock.written.map(|offset| offset.seconds() / 60)
}

/// The first entity of a role that the schema has a place for.
fn first(record: &Evidence, role: Role) -> Option<&Entity> {
    let kinds: &[EntityKind] = match role {
        Role::Actor | Role::Target => &[EntityKind::Account, EntityKind::Mailbox],
        Role::Host => &[EntityKind::Host],
        Role::Origin => &[EntityKind::Address, EntityKind::Host],
        Role::Means => &[],
    };
    let mut of_role = record.entities.iter().filter(|entity| entity.role == role);
    of_role.find(|entity| kinds.contains(&entity.kind))
}

fn endpoint(origin: &Entity) -> Value {
    match ip(origin) {
        Some(ip) => json!({ "ip": ip }),
        None => json!({ "name": &*origin.id }),
    }
}

/// Whom and what the records name, each once, with the schema's number for what it is.
fn observables(detection: &Detection) -> Vec<Value> {
    let mut seen: Vec<(u8, &str)> = Vec::new();
    let mut observables = Vec::new();
    for (number, record) in detection.records.iter().enumerate().rev() {
        for entity in &record.entities {
            let (type_id, kind) = observable(entity);
            let place = place(record, entity);
            let known = seen.contains(&(type_id, &entity.id));
            if known || observables.len() >= OBSERVABLES_MAX {
                continue;
            }
            seen.push((type_id, &entity.id));
            observables.push(json!({
                "name": format!("evidences[{number}].{place}"),
                "type_id": type_id,
                "type": kind,
                "value": &*entity.id,
            }));
        }
    }
    observables
}

/// The type of an observable.
fn observable(entity: &Entity) -> (u8, &'static str) {
    match entity.kind {
        EntityKind::Account if entity.id.contains('@') => (5, "Email Address"),
        EntityKind::Account => (4, "User Name"),
        EntityKind::Mailbox => (5, "Email Address"),
        EntityKind::Address if ip(entity).is_some() => (2, "IP Address"),
        EntityKind::Host | EntityKind::Address => (1, "Hostname"),
        EntityKind::Resource => (10, "Resource UID"),
        EntityKind::Device
        | EntityKind::Group
        | EntityKind::Application
        | EntityKind::Ticket
        | EntityKind::Session => (99, entity.kind.word()),
    }
}

/// Where in the evidence of its record an entity stands.
fn place(record: &Evidence, entity: &Entity) -> &'static str {
    if first(record, entity.role) != Some(entity) {
        return "data.event";
    }
    match entity.role {
        Role::Actor => "actor.user.name",
        Role::Target => "user.name",
        Role::Host => "device.hostname",
        Role::Origin if ip(entity).is_some() => "src_endpoint.ip",
        Role::Origin => "src_endpoint.name",
        Role::Means => "data.event",
    }
}

/// What the schema has no place for.
fn unmapped(detection: &Detection) -> Value {
    let matched = detection
        .matched
        .iter()
        .map(|matched| json!({ "field": matched.field.as_deref(), "value": matched.value }));
    let clocks = detection.records.iter().map(|record| {
        json!({
            "ahead_seconds": record.clock.ahead.as_secs(),
            "zone": record.clock.zone.as_deref(),
            "written": record.clock.written_text(),
        })
    });
    let mut unmapped = Map::new();
    unmapped.insert("matched".to_owned(), matched.collect());
    unmapped.insert("tags".to_owned(), detection.rule.tags.clone().into());
    let group: Vec<&str> = detection.group.iter().map(|group| &**group).collect();
    unmapped.insert("group".to_owned(), group.into());
    if detection
        .records
        .iter()
        .any(|record| !record.clock.is_plain())
    {
        unmapped.insert("clocks".to_owned(), clocks.collect());
    }
    Value::Object(unmapped)
}
