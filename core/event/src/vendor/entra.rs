//! Entra's logs in one shape.
//!
//! Diagnostic settings nest what happened under `properties`; Microsoft Graph has the same fields at the
//! top, and tables of Log Analytics too, their names with capitals. Rules ask for the first shape. So
//! the others are given it beside their own: `properties.result` for `result` and `Result`, and
//! `operationName`, which Graph calls `activityDisplayName`.

use cordon_model::{Item, Key, Record, Shape};

use super::{Names, further::Further, gain, has, recipe::Recipe, text};
use crate::inner::Inner;

/// The services whose records are nested by diagnostic settings.
const NESTED: [&str; 3] = ["auditlogs", "signinlogs", "riskdetection"];

/// Names of Log Analytics that are more than the usual name with a capital.
const OTHER_NAMES: [(&str, &str); 3] = [
    ("IPAddress", "ipAddress"),
    ("RiskEventTypes_V2", "riskEventTypes_v2"),
    ("AutonomousSystemNumber", "autonomousSystemNumber"),
];

/// What the activity log says at the top where diagnostic settings write it, and where its table and the
/// interfaces have it.
const ACTIVITY: &[(&str, &str)] = &[
    ("operationName", "OperationNameValue"),
    ("operationName", "OperationName"),
    ("category", "CategoryValue"),
    ("category", "Category"),
    ("resultType", "ActivityStatusValue"),
    ("resultType", "ActivityStatus"),
    ("resultType", "status.value"),
    ("resultSignature", "ActivitySubstatusValue"),
    ("resultSignature", "subStatus.value"),
    ("callerIpAddress", "CallerIpAddress"),
    ("callerIpAddress", "httpRequest.clientIpAddress"),
    ("caller", "Caller"),
    ("resourceId", "_ResourceId"),
    ("resourceId", "ResourceId"),
    ("time", "eventTimestamp"),
];

/// What the table of the activity log holds as JSON in a text.
const ACTIVITY_TEXTS: [(&str, &str); 4] = [
    ("properties", "Properties"),
    ("authorization", "Authorization"),
    ("claims", "Claims"),
    ("httpRequest", "HTTPRequest"),
];

/// Gives a record of the activity log the names of diagnostic settings.
fn give_activity(record: &mut Record, names: &mut Names, inner: &mut Inner) {
    for (name, native) in ACTIVITY_TEXTS {
        inner.put(record, name, native);
    }
    names.give(record, Further::Named(ACTIVITY));
}

/// Gives a record of one of Entra's or Azure's services the shape of diagnostic settings.
pub(super) fn nest(record: &mut Record, service: &str, (names, inner): (&mut Names, &mut Inner)) {
    if service == "activitylogs" {
        return give_activity(record, names, inner);
    }
    if !NESTED.contains(&service) || has(record, "properties") {
        return;
    }
    let mut read = |record: &mut Record, key, place| put(record, (key, place), inner);
    names.give_reading(record, Further::Nested, &mut read);
    if has(record, "operationName") {
        return;
    }
    let names = [
        "OperationName",
        "activityDisplayName",
        "ActivityDisplayName",
    ];
    let operation = names.iter().find(|name| text(record, name).is_some());
    if let Some(operation) = operation {
        record.put_again("operationName", operation);
    } else if service == "signinlogs" {
        // Sign-ins of Graph name no operation; all have the same one.
        gain::put_text(record, "operationName", "Sign-in activity");
    }
}

/// All fields of a record under their names there, each once; those that hold JSON as text, as tables do, as what they
/// hold.
pub(super) fn nested(record: &Record, recipe: &mut Recipe, holds: impl Fn(Item<'_>) -> bool) {
    recipe.open("properties", Shape::Map);
    let mut name = String::new();
    for field in record.root().children() {
        spell(field.key(), &mut name);
        if recipe.has(&name) {
            continue;
        }
        if holds(field) {
            recipe.read(&name, field.place());
        } else {
            recipe.copy(&name, field.place());
        }
    }
    recipe.close();
}

/// Puts what a field holds as text under a name, or the field itself if that is no JSON.
fn put(record: &mut Record, (key, place): (Key, u32), inner: &mut Inner) {
    let Some(field) = record.at(place) else {
        return;
    };
    let told = field.as_str();
    match told.and_then(|text| inner.read_value((field.key_hash(), text))) {
        Some(told) => {
            let adopted = record.adopt(told.record());
            record.graft(key, told, adopted);
        }
        None => record.put_place(key, place),
    }
}

/// Writes the name that a field has there.
fn spell(own: &str, name: &mut String) {
    name.clear();
    let other = OTHER_NAMES.iter().find(|(known, _)| *known == own);
    if let Some((_, nested)) = other {
        return name.push_str(nested);
    }
    name.push_str(own);
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::{inner::Inner, vendor::Names};

    fn nested(service: &str, record: &Value) -> Value {
        let mut fields = Record::new();
        fields.fill(record);
        super::nest(
            &mut fields,
            service,
            (&mut Names::default(), &mut Inner::default()),
        );
        fields.to_value()
    }

    #[test]
    fn graph_and_tables_get_the_shape_of_diagnostic_settings() {
        let graph = nested(
            "auditlogs",
            &json!({"activityDisplayName": "Add user", "result": "success",
                "initiatedBy": {"user": {"id": "u"}}, "targetResources": [{"id": "t"}]}),
        );
        assert_eq!(graph["operationName"], "Add user");
        assert_eq!(graph["properties"]["result"], "success");
        assert_eq!(graph["properties"]["targetResources"][0]["id"], "t");
        assert_eq!(graph["result"], "success", "its own names stay");
        let table = nested(
            "signinlogs",
            &json!({"OperationName": "Sign-in activity", "IPAddress": "203.0.113.4",
                "UserPrincipalName": "a@b.example", "Status": "{\"errorCode\":50126}"}),
        );
        assert_eq!(table["properties"]["ipAddress"], "203.0.113.4");
        assert_eq!(table["properties"]["userPrincipalName"], "a@b.example");
        assert_eq!(table["properties"]["status"]["errorCode"], 50126);
    }

    proptest! {
        #[test]
        fn a_record_is_nested_after_others_as_it_is_by_itself(
            records in prop::collection::vec(prop::collection::btree_map(
                prop::sample::select(vec!["OperationName", "Status", "status", "IPAddress", "a", "List"]),
                prop::sample::select(vec![json!(1), json!("x"), json!(""), json!("{\"b\":[1]}"), json!("[2]"), json!("{b"), json!({"c": 1})]),
                0..6,
            ), 1..12),
        ) {
            let (mut names, mut inner) = (Names::default(), Inner::default());
            for fields in records {
                let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
                let record = Value::Object(fields.collect());
                let mut remembered = Record::from(&record);
                super::nest(&mut remembered, "signinlogs", (&mut names, &mut inner));
                let mut own = Record::from(&record);
                super::nest(&mut own, "signinlogs", (&mut Names::default(), &mut Inner::default()));
                prop_assert_eq!(&remembered, &own);
                // How far it was followed is where it would be by itself, and each name stands once.
                let mut afresh = Record::from(&remembered.to_value());
                prop_assert_eq!(&afresh, &remembered);
                for record in [&mut remembered, &mut afresh] {
                    names.layouts.find(record);
                    names.layouts.find(record);
                }
                let number = |record: &Record| record.layout().map(|layout| layout.number());
                prop_assert_eq!(number(&remembered), number(&afresh));
            }
        }
    }

    /// A stranger writes some of these names, and may write many: a search through all of them for each takes minutes.
    #[test]
    fn very_many_names_are_each_put_once() {
        let names = 0..100_000;
        let names = names.flat_map(|n| [format!("N{n}"), format!("n{n}")]);
        let fields = names.map(|name| (name.clone(), json!(name)));
        let nested = nested("signinlogs", &Value::Object(fields.collect()));
        let properties = nested["properties"].as_object().unwrap();
        assert_eq!(properties.len(), 100_000);
        assert_eq!(properties["n77"], "N77", "the first of two counts");
    }

    #[test]
    fn what_has_the_shape_or_is_another_log_stays_as_it_is() {
        let own = json!({"operationName": "x", "properties": {"result": "success"}});
        assert_eq!(nested("auditlogs", &own), own);
        let activity = json!({"operationName": "x"});
        assert_eq!(nested("activitylogs", &activity), activity);
    }

    #[test]
    fn the_activity_log_has_one_set_of_names_in_all_its_shapes() {
        let table = nested(
            "activitylogs",
            &json!({"OperationNameValue": "MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE",
                "ActivityStatusValue": "Success", "CallerIpAddress": "203.0.113.4", "Properties": "{\"a\":1}"}),
        );
        assert_eq!(
            table["operationName"],
            "MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE"
        );
        assert_eq!(table["resultType"], "Success");
        assert_eq!(table["callerIpAddress"], "203.0.113.4");
        assert_eq!(table["properties"]["a"], 1);
        let own = json!({"operationName": {"value": "x"}, "status": {"value": "Failed"}});
        let interface = nested("activitylogs", &own);
        assert_eq!(interface["operationName"], json!({"value": "x"}));
        assert_eq!(interface["resultType"], "Failed");
    }
}
