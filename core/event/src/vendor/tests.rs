//! Each product is known by its content, with its own id and time.

use serde_json::json;

use crate::{
    Degradation, Hints,
    intake::{Draft, Understood},
};

fn understand(record: &serde_json::Value) -> (Understood, Draft) {
    let mut draft = Draft::default();
    draft.fields.fill(record);
    let found = super::understand(&mut draft, &Hints::default());
    (found, draft)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that cases read as tables"
)]
fn check(record: serde_json::Value, source: &str, id: Option<&str>, time: Option<&str>) {
    let (found, draft) = understand(&record);
    assert_eq!(&*found.kind.log_kind().source(), source, "{record}");
    assert_eq!(draft.id, id.unwrap_or_default(), "{record}");
    let when = found.when.ok().map(|when| when.time.to_string());
    assert_eq!(when.as_deref(), time, "{record}");
}

#[test]
fn windows_in_the_elastic_common_schema_is_known_with_its_categories() {
    let record = |category: &str, kind: &str| {
        json!({"@timestamp": "2026-04-17T08:13:04Z", "ecs": {"version": "8.10.0"},
            "host": {"os": {"type": "windows"}},
            "event": {"category": [category], "type": [kind], "id": "e-1"}})
    };
    check(record("process", "start"), "windows", Some("e-1"), TIME);
    for (category, kind, expect) in [
        ("process", "start", vec!["process_creation"]),
        ("process", "info", vec![]),
        ("registry", "change", vec!["registry_event", "registry_set"]),
        ("library", "start", vec!["image_load"]),
    ] {
        let (found, _) = understand(&record(category, kind));
        assert_eq!(found.kind.categories, expect, "{category} {kind}");
    }
    let linux = json!({"@timestamp": "2026-04-17T08:13:04Z", "ecs": {"version": "8.10.0"},
        "host": {"os": {"type": "linux"}}});
    check(linux, "unknown", None, TIME);
}

const TIME: Option<&str> = Some("2026-04-17T08:13:04Z");

#[test]
fn identity_providers_are_known() {
    check(
        json!({"eventType": "user.session.start", "actor": {"type": "User"}, "uuid": "u-1",
            "published": "2026-04-17T08:13:04.000Z"}),
        "okta",
        Some("u-1"),
        TIME,
    );
    check(
        json!({"event_type_id": "8", "user_id": 1, "created_at": "2026-04-17T08:13:04Z"}),
        "onelogin/onelogin.events",
        None,
        TIME,
    );
    check(
        json!({"action": "bypass_create", "isotimestamp": "2026-04-17T08:13:04+00:00",
            "username": "a"}),
        "cisco/duo",
        None,
        TIME,
    );
}

#[test]
fn clouds_are_known() {
    check(
        json!({"eventVersion": "1.08", "eventName": "ConsoleLogin", "eventID": "e-1",
            "eventSource": "signin.amazonaws.com", "eventTime": "2026-04-17 08:13:04Z"}),
        "aws/cloudtrail",
        Some("e-1"),
        TIME,
    );
    check(
        json!({"EventId": "x", "CloudTrailEvent": "{\"eventVersion\":\"1\",\"eventName\":\"A\",\"eventSource\":\"b\",\"eventID\":\"e-2\"}"}),
        "aws/cloudtrail",
        Some("e-2"),
        None,
    );
    check(
        json!({"protoPayload": {}, "insertId": "i-1", "timestamp": "2026-04-17T08:13:04Z"}),
        "gcp/gcp.audit",
        Some("i-1"),
        TIME,
    );
}

#[test]
fn microsofts_logs_are_told_apart() {
    let azure = |category: &str| {
        json!({"time": "2026-04-17T08:13:04Z", "category": category, "operationName": "x",
            "resourceId": "/tenants/1", "properties": {"id": "p-1"}})
    };
    check(azure("AuditLogs"), "azure/auditlogs", Some("p-1"), TIME);
    check(azure("SignInLogs"), "azure/signinlogs", Some("p-1"), TIME);
    check(
        azure("Administrative"),
        "azure/activitylogs",
        Some("p-1"),
        TIME,
    );
    check(azure("kube-audit"), "azure", Some("p-1"), TIME);
    check(
        json!({"riskEventType": "anonymizedIPAddress", "id": "r", "detectedDateTime": "2026-04-17T08:13:04Z"}),
        "azure/riskdetection",
        Some("r"),
        TIME,
    );
    check(
        json!({"riskEventType": "staleSignInAlertIncident", "id": "r"}),
        "azure/pim",
        Some("r"),
        None,
    );
    check(
        json!({"activityDisplayName": "Add user", "initiatedBy": {}, "id": "g",
            "activityDateTime": "2026-04-17T08:13:04Z"}),
        "azure/auditlogs",
        Some("g"),
        TIME,
    );
    check(
        json!({"CreationTime": "2026-04-17T08:13:04", "Id": "m-1", "Operation": "New-InboxRule",
            "RecordType": 1, "UserId": "a@b", "Workload": "Exchange"}),
        "m365/audit",
        Some("m-1"),
        TIME,
    );
    check(
        json!({"eventSource": "SecurityComplianceCenter", "eventName": "x", "status": "success"}),
        "m365/threat_management",
        None,
        None,
    );
}

#[test]
fn tickets_are_known_in_both_forms_and_dated_by_their_opening() {
    check(
        json!({"number": {"display_value": "INC1", "value": "INC1"}, "sys_id": {"value": "s1"},
            "opened_at": {"display_value": "17-04-2026 09:13:04", "value": "2026-04-17 08:13:04"},
            "sys_updated_on": {"value": "2026-04-24 01:00:00"}}),
        "servicenow/incident",
        Some("s1@2026-04-24 01:00:00"),
        TIME,
    );
    let plain = json!({"number": "RITM7", "sys_id": "s1", "contact_type": "phone",
        "sys_updated_on": "2026-04-17 08:13:04"});
    check(
        plain.clone(),
        "servicenow/sc_req_item",
        Some("s1@2026-04-17 08:13:04"),
        TIME,
    );
    let (found, draft) = understand(&plain);
    let phone = draft.fields.get("contact_type.value").unwrap();
    assert_eq!(phone.as_str(), Some("phone"));
    assert_eq!(found.when.unwrap().assumed, Some(Degradation::ZoneAssumed));
}

#[test]
fn what_carried_a_record_is_taken_off() {
    let okta =
        json!({"eventType": "a.b", "actor": {}, "uuid": "u", "published": "2026-04-17T08:13:04Z"});
    check(
        json!({"detail-type": "SystemLog", "detail": okta}),
        "okta",
        Some("u"),
        TIME,
    );
    check(
        json!({"_index": "logs", "_source": okta}),
        "okta",
        Some("u"),
        TIME,
    );
    check(
        json!({"sourcetype": "okta", "time": 1, "event": okta}),
        "okta",
        Some("u"),
        TIME,
    );
    check(json!({"result": okta}), "okta", Some("u"), TIME);
}

#[test]
fn a_record_nobody_knows_is_an_event_without_a_product() {
    check(
        json!({"a": 1, "timestamp": 1_776_413_584_000_u64}),
        "unknown",
        None,
        TIME,
    );
    check(json!({"a": 1, "time": "soon"}), "unknown", None, None);
}
