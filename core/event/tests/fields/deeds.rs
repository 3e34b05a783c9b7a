//! What was done, and how it ended, as the field maps under `content/fields/` say.

use std::fs;

use cordon_event::FieldMap;
use cordon_recordings::recording;
use serde_json::Value;

use crate::{event, map};

/// What a record says was done, and how it ended.
fn told(map: &FieldMap, record: &str) -> (Option<String>, &'static str) {
    let deed = map.deed(&event(record));
    (
        deed.action.map(|action| action.to_string()),
        deed.outcome.word(),
    )
}

#[test]
fn what_was_done_and_how_it_ended_is_told_and_what_is_not_said_is_unknown() {
    const SSHD: &str = "<38>Apr 17 10:00:00 web1 sshd[7]:";
    const ASA: &str = "<166>Apr 17 2026 11:00:01 asa1 : %ASA-6-";
    let map = map();
    for (record, action, outcome) in [
        (r#"{"eventType":"user.session.start","uuid":"u","published":"2026-04-17T08:13:04Z","actor":{"id":"1"},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}}"#.to_owned(), "user.session.start", "failure"),
        (r#"{"eventType":"policy.evaluate_sign_on","uuid":"u","published":"2026-04-17T08:13:04Z","actor":{"id":"1"},"outcome":{"result":"CHALLENGE"}}"#.to_owned(), "policy.evaluate_sign_on", "unknown"),
        (r#"{"eventVersion":"1.08","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn","awsRegion":"x","userIdentity":{"type":"IAMUser"},"errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}}"#.to_owned(), "ConsoleLogin", "failure"),
        (r#"{"eventVersion":"1.08","eventSource":"iam.amazonaws.com","eventName":"CreateUser","eventType":"AwsApiCall","awsRegion":"x","userIdentity":{"type":"IAMUser"},"errorCode":"AccessDenied"}"#.to_owned(), "CreateUser", "failure"),
        (r#"{"eventVersion":"1.08","eventSource":"iam.amazonaws.com","eventName":"CreateUser","eventType":"AwsApiCall","awsRegion":"x","userIdentity":{"type":"IAMUser"},"errorCode":null}"#.to_owned(), "CreateUser", "success"),
        (r#"{"eventVersion":"1.08","eventSource":"organizations.amazonaws.com","eventName":"CreateAccountResult","eventType":"AwsServiceEvent","awsRegion":"x","userIdentity":{"type":"x"}}"#.to_owned(), "CreateAccountResult", "unknown"),
        (r#"{"time":"2026-04-17T08:13:04Z","category":"AuditLogs","operationName":"Add member to role","properties":{"activityDisplayName":"Add member to role","result":"failure","targetResources":[]}}"#.to_owned(), "Add member to role", "failure"),
        (r#"{"time":"2026-04-17T08:13:04Z","category":"SignInLogs","operationName":"Sign-in activity","resultType":"50126","properties":{"userPrincipalName":"a@b.example","status":{"errorCode":50126}}}"#.to_owned(), "Sign-in activity", "failure"),
        (r#"{"time":"2026-04-17T08:13:04Z","category":"SignInLogs","operationName":"Sign-in activity","resultType":"50074","properties":{"userPrincipalName":"a@b.example","status":{"errorCode":50074}}}"#.to_owned(), "Sign-in activity", "unknown"),
        (r#"{"time":"2026-04-17T08:13:04Z","category":"SignInLogs","operationName":"Sign-in activity","resultType":"0","properties":{"userPrincipalName":"a@b.example","status":{"errorCode":0}}}"#.to_owned(), "Sign-in activity", "success"),
        ("<166>2026-04-17T08:13:04Z esx7 Hostd: warning hostd[2099] [Originator@6876 sub=Default opID=x] Rejected password for user root from 203.0.113.7".to_owned(), "password-rejected", "failure"),
        // Noted successfully, and refused all the same.
        (r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"UserLoginFailed","RecordType":15,"Workload":"AzureActiveDirectory","UserId":"a@b.example","ResultStatus":"Success"}"#.to_owned(), "UserLoginFailed", "failure"),
        (r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"a@b.example","ResultStatus":"True"}"#.to_owned(), "New-InboxRule", "success"),
        (r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"a@b.example","ResultStatus":"PartiallySucceeded"}"#.to_owned(), "New-InboxRule", "unknown"),
        (r#"{"Channel":"Security","EventID":4724,"Computer":"DC1","Keywords":"0x8010000000000000","TargetUserName":"bob","SubjectUserName":"eve"}"#.to_owned(), "reset-password", "failure"),
        (r#"{"Channel":"Security","EventID":4724,"Computer":"DC1","TargetUserName":"bob","SubjectUserName":"eve"}"#.to_owned(), "reset-password", "unknown"),
        (r#"{"Channel":"Security","EventID":4625,"Computer":"DC1","TargetUserName":"bob"}"#.to_owned(), "logon-failed", "failure"),
        (r#"{"Channel":"Security","EventID":4769,"Computer":"DC1","Status":"0x12","TargetUserName":"bob"}"#.to_owned(), "kerberos-service-ticket-requested", "failure"),
        (r#"{"event_type_id":6,"user_name":"bob","ipaddr":"203.0.113.4","created_at":"2026-04-17T08:13:04Z"}"#.to_owned(), "user-sign-in-failed", "failure"),
        (r#"{"event_type_id":24,"user_name":"bob","ipaddr":"203.0.113.4","created_at":"2026-04-17T08:13:04Z"}"#.to_owned(), "24", "unknown"),
        (r#"{"action":"admin_login_error","isotimestamp":"2026-04-17T08:13:04Z","username":"eve","object":null}"#.to_owned(), "admin_login_error", "failure"),
        (r#"{"factor":"duo_push","access_device":{"ip":"203.0.113.4"},"result":"fraud","event_type":"authentication","txid":"1","isotimestamp":"2026-04-17T08:13:04Z"}"#.to_owned(), "authentication", "failure"),
        (r#"{"id":{"time":"2026-04-17T08:13:04Z","uniqueQualifier":"1","applicationName":"login"},"actor":{"email":"eve@shop.example"},"events":[{"name":"login_failure"}]}"#.to_owned(), "login_failure", "failure"),
        (r#"{"insertId":"1","timestamp":"2026-04-17T08:13:04Z","protoPayload":{"methodName":"SetIamPolicy","serviceName":"x.googleapis.com","status":{"code":7}}}"#.to_owned(), "SetIamPolicy", "failure"),
        (r#"{"id":{"applicationName":"admin"},"name":"ASSIGN_ROLE","parameters":{"ROLE_NAME":"x"}}"#.to_owned(), "ASSIGN_ROLE", "success"),
        (r#"{"id":{"applicationName":"login"},"name":"login_challenge","parameters":{"login_challenge_status":"Challenge Failed"}}"#.to_owned(), "login_challenge", "failure"),
        (r#"{"category":"SignInLogs","operationName":"x","resultType":"Success","properties":{}}"#.to_owned(), "x", "success"),
        (r#"{"eventVersion":"1.05","eventSource":"signin.amazonaws.com","eventName":"PasswordUpdated","eventType":"AwsConsoleSignIn","responseElements":{"PasswordUpdated":"Failure"}}"#.to_owned(), "PasswordUpdated", "failure"),
        (r#"{"insertId":"1","timestamp":"2026-04-17T08:13:04Z","protoPayload":{"methodName":"SetIamPolicy","serviceName":"x.googleapis.com","status":{}},"operation":{"first":true}}"#.to_owned(), "SetIamPolicy", "unknown"),
        (format!("{SSHD} Failed password for root from 198.51.100.7 port 3322 ssh2"), "failed", "failure"),
        (format!("{SSHD} Accepted publickey for deploy from 203.0.113.9 port 51022 ssh2"), "accepted", "success"),
        (format!("{SSHD} Connection closed by 198.51.100.7 port 3322 [preauth]"), "closed", "unknown"),
        (r#"type=ADD_USER msg=audit(1776420000.123:42): pid=1 uid=0 auid=1000 ses=1 msg='op=adding user acct="x" exe="/usr/sbin/useradd" hostname=? addr=? terminal=pts/0 res=failed'"#.to_owned(), "ADD_USER", "failure"),
        (format!("{ASA}113015: AAA user authentication Rejected : reason = Invalid password : local database : user = bob : user IP = 203.0.113.5"), "ASA-6-113015", "failure"),
        (format!("{ASA}302013: Built inbound TCP connection 1 for outside:203.0.113.4/1 to inside:10.0.0.1/2"), "ASA-6-302013", "unknown"),
        (r#"date=2019-05-13 time=11:20:54 logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" user="admin" action="login" status="failed""#.to_owned(), "login", "failure"),
        ("1,2026/04/17 14:30:55,0111,CONFIG,0,2305,2026/04/17 14:30:54,10.0.0.4,,set,admin,Web,Unauthorized,config shared log-settings,,,77,0x0".to_owned(), "set", "failure"),
        (r#"<134> 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default AAA LOGIN_FAILED 24222144 0 :  User admin - Client_ip 203.0.113.4 - Failure_reason "x""#.to_owned(), "AAA LOGIN_FAILED", "failure"),
        (r#"<14>1 2026-04-17T10:00:00.182677+01:00 VBR01 Veeam_MP - - [origin enterpriseId="31023"] [categoryId=0 instanceId=25300 Description="x"]"#.to_owned(), "25300", "unknown"),
        (r#"<5>1 2026-04-17T10:00:00Z VAULT01 %CYBERARK: MessageID="4";Message="Failure: Logon";Issuer="bob";Station="10.0.0.4""#.to_owned(), "Failure: Logon", "failure"),
        ("<13>Apr 17 10:00:00 h CEF:0|Acme|Box|1|7|login|5|suser=bob outcome=Failure".to_owned(), "login", "failure"),
        ("<13>Apr 17 10:00:00 h LEEF:1.0|Acme|Box|1|login-failed|usrName=bob".to_owned(), "login-failed", "unknown"),
        (r#"{"@timestamp":"2026-04-17T08:13:04Z","ecs":{"version":"8.0.0"},"event":{"action":"ran","outcome":"failure","dataset":"x"},"user":{"name":"bob"}}"#.to_owned(), "ran", "failure"),
        (r#"{"class_uid":3002,"category_uid":3,"activity_name":"Logon","status_id":2,"time":1776420000000,"metadata":{"version":"1.1.0","product":{"name":"x"}},"user":{"name":"bob"}}"#.to_owned(), "Logon", "failure"),
        (r#"{"action_label":"Updated","action":"update","actor_id":1,"source_type":"user","created_at":"2026-04-17T08:13:04Z"}"#.to_owned(), "update", "unknown"),
        (r#"{"metadata":{"eventType":"AuthActivityAuditEvent","eventCreationTime":1776420000000},"event":{"UserId":"eve","OperationName":"createUser","Success":false}}"#.to_owned(), "createUser", "failure"),
        (r#"{"id":"1","attributes":{"time":"2026-04-17T08:13:04Z","action":"user_login","actor":{"email":"a@b.example"}}}"#.to_owned(), "user_login", "unknown"),
    ] {
        let expect = (Some(action.to_owned()), outcome);
        assert_eq!(told(&map, &record), expect, "{record}");
    }
}

#[test]
fn a_state_of_things_is_no_deed() {
    let ticket = r#"{"id":9,"requester_id":7,"submitter_id":8,"subject":"reset","created_at":"2026-04-17T08:13:04Z"}"#;
    assert_eq!(told(&map(), ticket), (None, "unknown"));
}

/// What another reading of the vendors' pages says of a record.
fn expected(kind: &str, record: &Value) -> Option<(Value, &'static str)> {
    let text = |place: &str| record.pointer(place).and_then(Value::as_str).unwrap_or("");
    let of = |word: &str| match word {
        "SUCCESS" | "ALLOW" | "Success" | "success" => "success",
        "FAILURE" | "DENY" | "Failure" | "failure" | "fraud" => "failure",
        _ => "unknown",
    };
    match kind {
        "Okta.SystemLog" => Some((record["eventType"].clone(), of(text("/outcome/result")))),
        "AWS.CloudTrail" => {
            let api = text("/eventType") == "AwsApiCall";
            let error = [text("/errorCode"), text("/errorMessage")].concat();
            let outcome = match (text("/responseElements/ConsoleLogin"), error.as_str()) {
                ("", "") if api => "success",
                ("", "") => "unknown",
                ("", _) => "failure",
                (word, _) => of(word),
            };
            Some((record["eventName"].clone(), outcome))
        }
        "Duo.Authentication" => Some((record["event_type"].clone(), of(text("/result")))),
        "Azure.Audit" if text("/category") == "AuditLogs" => Some((
            record["operationName"].clone(),
            of(text("/properties/result")),
        )),
        _ => None,
    }
}

#[test]
fn every_recorded_deed_of_identity_providers_and_clouds_is_told_as_it_ended() {
    let Some(path) = recording("identity/labelled-events.jsonl") else {
        return;
    };
    let (map, mut looked_at) = (map(), 0);
    for line in fs::read_to_string(path).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let record = &case["log"];
        let Some((action, outcome)) = expected(case["log_type"].as_str().unwrap(), record) else {
            continue;
        };
        // Some were cut down until nothing says any more whose they are.
        let event = event(&record.to_string());
        if action.is_null() || event.kind.product.is_none() {
            continue;
        }
        looked_at += 1;
        let found = map.deed(&event);
        assert_eq!(
            (found.action.as_deref(), found.outcome.word()),
            (action.as_str(), outcome),
            "{record}"
        );
    }
    assert!(looked_at > 200, "only {looked_at}");
}
