//! Each product is known by its content, with its own id and time.

use serde_json::json;

use super::Names;

use crate::{
    Degradation, Hints,
    intake::{Draft, Understood},
};

fn understand(record: &serde_json::Value) -> (Understood, Draft) {
    let mut draft = Draft::default();
    draft.fields.fill(record);
    let found = super::understand(&mut draft, &mut Names::default(), &Hints::default());
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
    check(linux, "ecs", None, TIME);
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

fn gained(record: &serde_json::Value) -> (String, serde_json::Value) {
    let (found, draft) = understand(record);
    let source = found.kind.log_kind().source().to_string();
    (source, draft.fields.to_value())
}

#[test]
fn an_audit_record_inside_its_export_counts_with_its_own_names() {
    let inner = r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m-1","Operation":"New-InboxRule","RecordType":1,"UserId":"a@b","Workload":"Exchange"}"#;
    for record in [
        json!({"RecordId": "x", "CreationDate": "2026-04-17", "RecordType": "ExchangeAdmin",
            "Operation": "Other", "AuditData": inner}),
        json!({"CreationDate": "/Date(1776413584000)/", "UserIds": "a@b", "Operations": "New-InboxRule",
            "AuditData": inner, "RecordType": 1}),
    ] {
        check(record.clone(), "m365/audit", Some("m-1"), TIME);
        let (_, fields) = gained(&record);
        assert_eq!(fields["Operation"], "New-InboxRule");
        assert_eq!(fields["RecordType"], 1);
        assert_eq!(fields["AuditData"], inner);
    }
    let (source, _) =
        gained(&json!({"AuditData": "{broken", "Operation": "x", "UserId": "y", "RecordType": 1}));
    assert_eq!(source, "m365/audit");
}

#[test]
fn exports_of_consoles_gain_the_names_of_their_logs() {
    let (source, fields) = gained(
        &json!({"Date (UTC)": "2026-04-17T08:13:04Z", "Request ID": "r",
        "Username": "bob@shop.example", "IP address": "203.0.113.4", "Sign-in error code": "500121"}),
    );
    assert_eq!(source, "azure/signinlogs");
    assert_eq!(fields["userPrincipalName"], "bob@shop.example");
    assert_eq!(fields["ResultType"], "500121");
    let (source, fields) = gained(
        &json!({"Date (UTC)": "2026-04-17T08:13:04Z", "Activity": "Add member to role",
        "ActorUserPrincipalName": "eve@shop.example", "Target1UserPrincipalName": "bob@shop.example"}),
    );
    assert_eq!(source, "azure/auditlogs");
    assert_eq!(fields["operationName"], "Add member to role");
    let (source, fields) = gained(
        &json!({"timestamp": "2026-04-17T08:13:04Z", "event_type": "user.mfa.factor.deactivate",
        "actor.alternate_id": "desk@x.example", "actor.type": "User", "outcome.result": "SUCCESS",
        "target0.type": "User", "target0.alternate_id": "bob@shop.example", "target1.type": "", "uuid": "u"}),
    );
    assert_eq!(source, "okta");
    assert_eq!(fields["eventType"], "user.mfa.factor.deactivate");
    assert_eq!(
        fields["actor"],
        json!({"alternateId": "desk@x.example", "type": "User"})
    );
    assert_eq!(
        fields["target"],
        json!([{"type": "User", "alternateId": "bob@shop.example"}])
    );
    check(
        json!({"Number": "INC0042", "Opened": "2026-04-17 08:13:04", "Short description": "reset",
            "Caller": "Bob Hart"}),
        "servicenow/incident",
        None,
        TIME,
    );
    check(
        json!({"number": "INC0042", "opened_at": "2026-04-17 08:13:04", "short_description": "reset"}),
        "servicenow/incident",
        None,
        TIME,
    );
    check(
        json!({"Ticket ID": "9", "Requester": "Bob", "Created at": "2026-04-17 08:13:04"}),
        "zendesk/tickets",
        Some("9"),
        TIME,
    );
}

#[test]
fn google_names_its_events_in_a_list() {
    let (source, fields) = gained(&json!({"kind": "admin#reports#activity",
        "id": {"time": "2026-04-17T08:13:04Z", "uniqueQualifier": "1", "applicationName": "admin"},
        "actor": {"email": "eve@shop.example"}, "ipAddress": "203.0.113.4",
        "events": [{"type": "DELEGATED_ADMIN_SETTINGS", "name": "ASSIGN_ROLE",
            "parameters": [{"name": "ROLE_NAME", "value": "_SEED_ADMIN_ROLE"}, {"name": "USER_EMAIL", "value": "bob@shop.example"}]}]}));
    assert_eq!(source, "gcp/google_workspace.admin");
    assert_eq!(fields["eventName"], "ASSIGN_ROLE");
    assert_eq!(fields["eventService"], "admin.googleapis.com");
    assert_eq!(fields["user_email"], "bob@shop.example");
}

#[test]
fn schemas_keep_their_names_and_gain_their_vendors() {
    let (source, fields) = gained(
        &json!({"@timestamp": "2026-04-17T08:13:04Z", "ecs": {"version": "8.0"},
        "event": {"dataset": "okta.system", "id": "u"}, "okta": {"event_type": "user.session.start",
            "actor": {"alternate_id": "a@b"}}}),
    );
    assert_eq!(source, "okta");
    assert_eq!(fields["eventType"], "user.session.start");
    assert_eq!(fields["okta"]["event_type"], "user.session.start");
    let original = r#"{"eventType":"user.session.end","actor":{},"uuid":"u","published":"2026-04-17T08:13:04Z"}"#;
    let (source, fields) = gained(
        &json!({"@timestamp": "2026-04-17T08:13:05Z", "ecs": {"version": "8.0"},
        "event": {"module": "okta", "original": original}}),
    );
    assert_eq!(source, "okta");
    assert_eq!(fields["eventType"], "user.session.end");
    let (found, draft) = understand(
        &json!({"class_uid": 1007, "activity_id": 1, "time": 1_776_413_584_000_u64,
        "metadata": {"version": "1.3.0", "product": {"name": "Agent"}},
        "device": {"hostname": "pc1", "os": {"type": "Windows"}},
        "process": {"file": {"path": "C:\\x.exe"}, "cmd_line": "x -a"}}),
    );
    assert_eq!(found.kind.categories, ["process_creation"]);
    assert_eq!(found.kind.product, Some("windows"));
    let fields = draft.fields.to_value();
    assert_eq!(
        (&fields["Image"], &fields["Computer"]),
        (&json!("C:\\x.exe"), &json!("pc1"))
    );
    let (source, fields) = gained(&json!({"class_uid": 6003, "time": 1_776_413_584_000_u64,
        "metadata": {"version": "1.1.0", "product": {"name": "CloudTrail", "vendor_name": "AWS"}, "uid": "e"},
        "api": {"operation": "StopLogging", "service": {"name": "cloudtrail.amazonaws.com"}},
        "unmapped": {"eventType": "AwsApiCall"}}));
    assert_eq!(source, "aws/cloudtrail");
    assert_eq!(fields["eventName"], "StopLogging");
    assert_eq!(fields["eventType"], "AwsApiCall");
}

#[test]
fn a_line_that_a_collector_shipped_is_read_as_that_line() {
    let (source, fields) = gained(
        &json!({"@timestamp": "2026-04-17T08:13:05Z", "agent": {"type": "filebeat"},
        "message": "Apr 17 2026 08:13:04 web1 sshd[99]: Failed password for bob from 203.0.113.4 port 4 ssh2"}),
    );
    assert_eq!(source, "linux/sshd");
    assert_eq!(fields["src_ip"], "203.0.113.4");
    assert_eq!(fields["agent"]["type"], "filebeat");
    let (source, _) = gained(&json!({"message": "words", "time": "2026-04-17T08:13:05Z"}));
    assert_eq!(source, "unknown");
}

#[test]
fn a_further_state_of_a_thing_is_no_copy_of_the_one_before() {
    for (first, further) in [
        (
            json!({"schemaVersion": "2.0", "id": "f", "service": {"detectorId": "d", "count": 1}, "updatedAt": "2026-04-17T08:13:04Z"}),
            json!({"schemaVersion": "2.0", "id": "f", "service": {"detectorId": "d", "count": 7}, "updatedAt": "2026-04-17T09:13:04Z"}),
        ),
        (
            json!({"id": "u", "riskState": "atRisk", "riskLastUpdatedDateTime": "2026-04-17T08:13:04Z"}),
            json!({"id": "u", "riskState": "confirmedCompromised", "riskLastUpdatedDateTime": "2026-04-17T09:13:04Z"}),
        ),
    ] {
        let id = |record| understand(record).1.id;
        assert_ne!(id(&first), id(&further));
        assert_eq!(id(&first), id(&first.clone()));
    }
}

#[test]
fn tables_of_log_analytics_are_known_by_their_type() {
    for (record, service) in [
        (
            json!({"TenantId": "x", "TimeGenerated": "2026-04-17T08:13:04Z", "Type": "AADRiskyUsers",
                "OperationName": "Risky user", "Category": "RiskyUsers", "RiskState": "atRisk"}),
            "azure/riskdetection",
        ),
        (
            json!({"TenantId": "x", "TimeGenerated": "2026-04-17T08:13:04Z", "Type": "AADServicePrincipalRiskEvents"}),
            "azure/riskdetection",
        ),
        (
            json!({"TenantId": "x", "TimeGenerated": "2026-04-17T08:13:04Z", "Type": "X", "OperationName": "y",
                "Category": "RiskyUsers"}),
            "azure/riskdetection",
        ),
        (
            json!({"TenantId": "x", "TimeGenerated": "2026-04-17T08:13:04Z", "Type": "AADManagedIdentitySignInLogs",
                "OperationName": "Sign-in activity", "ResultType": "0"}),
            "azure/signinlogs",
        ),
        (
            json!({"TenantId": "x", "TimeGenerated": "2026-04-17T08:13:04Z", "Type": "AzureActivity",
                "OperationNameValue": "A", "CategoryValue": "Administrative"}),
            "azure/activitylogs",
        ),
        (
            json!({"operationName": {"value": "A"}, "category": {"value": "Administrative"}, "resourceId": "/r",
                "eventTimestamp": "2026-04-17T08:13:04Z"}),
            "azure/activitylogs",
        ),
        (
            json!({"EventName": "AttachUserPolicy", "EventSource": "iam.amazonaws.com", "EventVersion": "1.09",
                "TimeGenerated": "2026-04-17T08:13:04Z", "RequestParameters": "{\"userName\":\"erin\"}"}),
            "aws/cloudtrail",
        ),
    ] {
        check(record, service, None, TIME);
    }
}

#[test]
fn what_forwarders_carry_is_taken_off() {
    let okta = json!({"eventType": "user.session.start", "actor": {"type": "User"}, "uuid": "u-1",
        "published": "2026-04-17T08:13:04.000Z"});
    for carried in [
        json!({"preview": false, "offset": 0, "result": {"_raw": okta.to_string()}}),
        json!({"time": 1, "host": "h", "event": okta}),
        json!({"id": "AY", "type": "log", "attributes": {"service": "okta", "attributes": okta}}),
    ] {
        check(carried, "okta", Some("u-1"), TIME);
    }
    let trail = json!({"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com", "eventVersion": "1.09",
        "eventTime": "2026-04-17T08:13:04Z", "eventID": "e"});
    check(
        json!({"eventJson": trail.to_string()}),
        "aws/cloudtrail",
        Some("e"),
        TIME,
    );
    let unified = json!({"CreationTime": "2026-04-17T08:13:04", "Id": "i", "Operation": "Add user.",
        "Workload": "AzureActiveDirectory", "RecordType": 8, "UserId": "a", "OrganizationId": "o"});
    check(
        json!({"Timestamp": "x", "ActionType": "Add user.", "RawEventData": unified.to_string()}),
        "m365/audit",
        Some("i"),
        TIME,
    );
}

#[test]
fn the_elastic_schema_is_known_by_its_data_set_where_nobody_says_its_version() {
    let (found, draft) = understand(&json!({"@timestamp": "2026-04-17T08:13:04Z",
        "event": {"module": "aws", "dataset": "aws.cloudtrail", "provider": "iam.amazonaws.com", "action": "AttachUserPolicy"},
        "aws": {"cloudtrail": {"request_parameters": "{userName=erin, policyArn=arn:aws:iam::aws:policy/AdministratorAccess}"}}}));
    assert_eq!(&*found.kind.log_kind().source(), "aws/cloudtrail");
    assert_eq!(
        super::text(&draft.fields, "requestParameters.policyArn"),
        Some("arn:aws:iam::aws:policy/AdministratorAccess")
    );
    let (found, draft) = understand(
        &json!({"@timestamp": "2026-04-17T08:13:04Z", "ecs": {"version": "8.11"},
        "event": {"dataset": "cisco_duo.auth"}, "user": {"name": "erin"},
        "cisco_duo": {"auth": {"result": "fraud", "factor": "duo_push"}}}),
    );
    assert_eq!(&*found.kind.log_kind().source(), "cisco/duo");
    assert_eq!(super::text(&draft.fields, "result"), Some("fraud"));
    let (_, draft) = understand(&json!({"class_uid": 6003, "time": 1_748_945_102_000_i64,
        "metadata": {"version": "1.1.0", "product": {"name": "CloudTrail"}},
        "api": {"operation": "AttachUserPolicy", "request": {"data": {"userName": "bob"}}}}));
    assert_eq!(
        super::text(&draft.fields, "requestParameters.userName"),
        Some("bob")
    );
    let plain = json!({"@timestamp": "2026-04-17T08:13:04Z", "event": {"dataset": "nginx.access"}});
    check(plain, "unknown", None, TIME);
}
