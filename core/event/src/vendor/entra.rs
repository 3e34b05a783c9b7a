//! Entra's logs in one shape.
//!
//! Diagnostic settings nest what happened under `properties`; Microsoft Graph has the same fields at the
//! top, and tables of Log Analytics too, their names with capitals. Rules ask for the first shape. So
//! the others are given it beside their own: `properties.result` for `result` and `Result`, and
//! `operationName`, which Graph calls `activityDisplayName`.

use cordon_model::{Item, Record, Scalar, Shape};

use super::{gain, has, text};
use crate::json;

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
fn give_activity(record: &mut Record) {
    for (name, native) in ACTIVITY_TEXTS {
        let told = record.get(native).and_then(Item::as_str);
        let inner = told.and_then(|told| json::parse(told.as_bytes()).ok());
        if let Some(inner) = inner.filter(|inner| inner.value.is_object()) {
            gain::put(record, name, &inner.value);
        }
    }
    gain::gain(record, ACTIVITY);
}

/// Gives a record of one of Entra's or Azure's services the shape of diagnostic settings.
pub(super) fn nest(record: &mut Record, service: &str) {
    if service == "activitylogs" {
        return give_activity(record);
    }
    if !NESTED.contains(&service) || has(record, "properties") {
        return;
    }
    let flat = record.clone();
    if !has(record, "operationName") {
        let names = [
            "OperationName",
            "activityDisplayName",
            "ActivityDisplayName",
        ];
        let operation = names.iter().find_map(|name| text(&flat, name));
        // Sign-ins of Graph name no operation; all have the same one.
        let operation = operation.or((service == "signinlogs").then_some("Sign-in activity"));
        if let Some(operation) = operation {
            let key = record.name("operationName");
            record.put(key, Scalar::Text(operation));
        }
    }
    let key = record.name("properties");
    let open = record.open(key, Shape::Map);
    for field in flat.root().children() {
        put(record, &nested_name(field.key()), field);
    }
    record.close(open);
}

/// Puts a field; one that holds JSON as text, as tables do, as what it holds.
fn put(record: &mut Record, name: &str, field: Item<'_>) {
    let written = field.as_str().filter(|text| text.starts_with(['{', '[']));
    let inner = written.and_then(|text| json::parse(text.as_bytes()).ok());
    match inner {
        Some(parsed) => {
            let key = record.name(name);
            record.put_value(key, &parsed.value);
        }
        None => record.copy(name, field),
    }
}

fn nested_name(name: &str) -> String {
    let other = OTHER_NAMES.iter().find(|(known, _)| *known == name);
    if let Some((_, nested)) = other {
        return (*nested).to_owned();
    }
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    fn nested(service: &str, record: &Value) -> Value {
        let mut fields = Record::new();
        fields.fill(record);
        super::nest(&mut fields, service);
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
