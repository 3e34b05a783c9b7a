//! What names allow against what recognisers say, and what is remembered against what is not.

use cordon_model::{Record, Value};
use proptest::prelude::*;
use serde_json::{Map, json};

use super::{Asked, Looks, Names};
use crate::{
    Hints, envelope,
    inner::Inner,
    intake::{Draft, Understood},
    vendor::{self, carrier, ecs, google, microsoft, ocsf, servicenow, signs},
    windows,
};

/// Names that make a record somebody's together, dots for objects within.
const TOGETHER: [&[&str]; 30] = [
    &["records"],
    &["tables"],
    &["message", "@timestamp"],
    &["hits.hits", "logGroup", "logEvents"],
    &["CloudTrailEvent"],
    &["AuditData", "RecordType", "Operation", "UserId"],
    &["_index", "_source.eventType", "_source.actor"],
    &["event", "sourcetype", "time"],
    &["type", "attributes.attributes.a"],
    &["Event.System.EventID"],
    &["winlog.event_id", "winlog.channel"],
    &["EventCode", "LogName"],
    &["EventID", "SourceName", "Event Type"],
    &["Number", "Short description", "Opened"],
    &["Date (UTC)", "Request ID", "Username"],
    &["EventName", "EventSource", "EventVersion", "TimeGenerated"],
    &["sys_id", "number", "sys_updated_on"],
    &["number", "short_description", "caller_id", "opened_at"],
    &[
        "class_uid",
        "metadata.version",
        "metadata.product.name",
        "unmapped.a",
    ],
    &["category", "operationname", "resourceid"],
    &[
        "properties.activityDisplayName",
        "properties.initiatedBy",
        "category",
    ],
    &["eventSource", "eventName", "eventTime", "id"],
    &["riskEventType", "id", "activityDateTime"],
    &["serviceSource", "vendorInformation"],
    &["TenantId", "TimeGenerated", "Type"],
    &["id.applicationName", "kind", "events"],
    &["record_type", "event_name", "time_usec"],
    &["ecs.version", "event.dataset", "okta.event_type"],
    &["outcome", "debugcontext", "eventtype", "published"],
    &["uid", "id.orig_h", "_path", "ts"],
];

fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            fields.insert(name.to_owned(), value);
        }
        Some((first, behind)) => {
            let inside = fields.entry(first).or_insert_with(|| json!({}));
            if let Value::Object(inside) = inside {
                put(inside, behind, value);
            }
        }
    }
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => prop::sample::select(&["x", "", "log", "INC0042", "okta.system", "CloudTrail", "AzureActivity",
            "SecurityComplianceCenter", "2026-04-17T08:13:04Z", "{\"Operation\":\"x\"}", "admin"][..])
            .prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!(1_776_413_584)),
        1 => Just(json!({"a": "x"})),
        1 => Just(json!([{"name": "x", "message": "y", "timestamp": 1}])),
    ]
}

/// Records that have the names of one or two products, and some further ones.
fn records() -> impl Strategy<Value = Value> {
    let signs: Vec<Vec<&str>> = signs::tests::keys();
    let groups = TOGETHER.iter().map(|names| names.to_vec()).chain(signs);
    let groups: Vec<_> = groups.collect();
    let all: Vec<_> = groups.concat();
    let names = (
        prop::sample::select(groups),
        prop::sample::subsequence(all, 0..4),
    );
    let names = names.prop_map(|(group, further)| [group, further].concat());
    names.prop_flat_map(|names| {
        let values = prop::collection::vec(values(), names.len());
        values.prop_map(move |values| {
            let mut fields = Map::new();
            for (name, value) in names.iter().zip(values) {
                put(&mut fields, name, value);
            }
            Value::Object(fields)
        })
    })
}

fn understood(record: &Value, names: &mut Names) -> (Understood, Value, String) {
    let mut draft = Draft::default();
    draft.fields.fill(record);
    let found = vendor::understand(&mut draft, names, &Hints::default());
    (found, draft.fields.to_value(), draft.id)
}

/// Whether a recogniser that looks at everything takes a record, or changes it.
fn takes(asked: Asked, record: &Value) -> bool {
    let mut draft = Draft::default();
    draft.fields.fill(record);
    let Draft { fields, .. } = &mut draft;
    let inner = &mut Inner::default();
    match asked {
        Asked::Envelope => envelope::may_be_one(fields),
        Asked::Carrier => {
            let sound = carrier::take_off(&mut draft) == carrier::Inside::Sound;
            !sound || draft.fields.to_value() != *record
        }
        Asked::Windows => windows::normalise(fields, &mut inner.record),
        Asked::Export => {
            let memory = (inner, &mut vendor::Table::default());
            vendor::exports::recognise(fields, &mut Names::default(), memory).is_some()
        }
        Asked::ServiceNow => servicenow::may_be_one(fields) && servicenow::is_one(fields),
        Asked::Ocsf => {
            let known = ["metadata.version", "metadata.product"];
            let known = known
                .iter()
                .any(|name| vendor::field(fields, name).is_some());
            known && ocsf::recognise(fields, &mut Names::default(), inner).is_some()
        }
        Asked::Microsoft => microsoft::recognise(fields).is_some(),
        Asked::Google => google::recognise(fields).is_some(),
        Asked::Ecs => ecs::recognise(fields, &mut Names::default(), inner).is_some(),
        Asked::Shipped => crate::syslog::shipped(&mut draft, &Hints::default()).is_some(),
    }
}

proptest! {
    #[test]
    fn whoever_takes_a_record_was_allowed_by_its_names(record in records()) {
        let looks = Looks::of(&Record::from(&record));
        for (asked, _) in super::ASKED {
            prop_assert!(looks.allow(asked) || !takes(asked, &record), "{asked:?} {record}");
        }
        let fields = Record::from(&record);
        let found = |signs| signs::recognise(&fields, signs).map(|found| (found.kind, found.times));
        prop_assert_eq!(found(looks.signs), found(looks.signs.all_rows()), "{}", record);
    }

    #[test]
    fn what_is_remembered_of_names_shows_in_no_record(
        records in prop::collection::vec((records(), prop::collection::vec(values(), 3)), 1..8),
    ) {
        let mut names = Names::default();
        for (record, others) in records {
            // The same names with other values.
            let mut again = record.clone();
            for (own, other) in again.as_object_mut().into_iter().flatten().zip(others) {
                if !own.1.is_object() && !own.1.is_array() && !other.is_object() && !other.is_array() {
                    *own.1 = other;
                }
            }
            for record in [&record, &again, &record] {
                let fresh = understood(record, &mut Names::default());
                prop_assert_eq!(understood(record, &mut names), fresh, "{}", record);
            }
        }
    }
}
