//! Records told as sentences.

use std::sync::Arc;

use cordon_model::{
    Deed, Entity, EntityKind, EventId, Evidence, LogRef, Outcome, RawPlace, Record, Role, Timestamp,
};
use serde_json::{Value, json};

use super::sentence;

/// What a field map found: the vendor's word for what was done, and how it ended.
fn deed(action: &str, outcome: Outcome) -> Deed {
    Deed {
        action: Some(action.into()),
        outcome,
    }
}

/// The same of a log whose field map says nothing of that.
fn check((source, entities): (&str, &str), fields: &Value, expect: &str) {
    check_deed((source, entities), (Deed::default(), fields), expect);
}

/// Entities are `role kind name`, separated by commas.
fn check_deed((source, entities): (&str, &str), (deed, fields): (Deed, &Value), expect: &str) {
    let entity = |text: &str| {
        let mut words = text.trim().splitn(3, ' ');
        let mut next = || words.next().unwrap();
        Entity {
            role: Role::from_word(next()).unwrap(),
            kind: EntityKind::from_word(next()).unwrap(),
            id: next().into(),
        }
    };
    let mut record = Record::new();
    record.fill(fields);
    let named = entities.split(',').filter(|e| !e.trim().is_empty());
    let evidence = Evidence {
        id: EventId::new("e"),
        log: LogRef {
            path: "a".into(),
            record: 1,
        },
        raw: RawPlace::default(),
        time: Timestamp::from_second(0).ok(),
        clock: Arc::default(),
        source: source.into(),
        deed,
        entities: named.map(entity).collect(),
        fields: Arc::new(record),
    };
    assert_eq!(sentence(&evidence), expect);
}

#[test]
fn clouds_say_who_did_what_to_whom_from_where_and_how_it_ended() {
    check_deed(
        (
            "okta",
            "actor account olga, target account emma, origin address 10.1.2.3",
        ),
        (
            deed("user.account.reset_password", Outcome::Success),
            &json!({"outcome": {"result": "SUCCESS"}}),
        ),
        "olga reset the password of emma, from 10.1.2.3",
    );
    check_deed(
        ("okta", "actor account olga, target account olga"),
        (
            deed("user.mfa.factor.activate", Outcome::Failure),
            &json!({"outcome": {"result": "FAILURE", "reason": "EXPIRED"}}),
        ),
        "olga enrolled a second factor for themselves; it failed: “EXPIRED”",
    );
    check_deed(
        (
            "azure/signinlogs",
            "actor account tom, means application Portal",
        ),
        (
            deed("sign-in", Outcome::Failure),
            &json!({"resultType": "50126"}),
        ),
        "tom signed in, with Portal; it failed: “50126”",
    );
    check(
        (
            "servicenow/incident",
            "actor account Dafydd, target account Karen, means ticket INC1",
        ),
        &json!({"number": {"display_value": "INC1"},
                "short_description": {"display_value": "Reset, please"}}),
        "Dafydd worked on the ticket INC1 (“Reset, please”) for Karen",
    );
    check(
        (
            "zendesk/audit",
            "actor account Dafydd, target resource Bob Cat",
        ),
        &json!({"id": 7, "change_description": "role changed from End user to Admin"}),
        "Dafydd is named in a record of zendesk/audit: “role changed from End user to Admin”, on Bob Cat",
    );
}

#[test]
fn windows_says_it_by_numbers() {
    check(
        (
            "windows/security",
            r"actor account NG\tom, target account NG\emma, host host dc1",
        ),
        &json!({"EventID": 4724}),
        r"NG\tom reset the password of NG\emma, at dc1",
    );
    check(
        ("windows/sysmon", r"actor account NG\tom, host host ws1"),
        &json!({"EventID": 1, "CommandLine": "whoami /all", "ParentImage": r"C:\Windows\cmd.exe"}),
        r"NG\tom ran “whoami /all” out of cmd.exe, at ws1",
    );
    check(
        ("windows/sysmon", "host host ws1"),
        &json!({"EventID": 10, "SourceImage": r"C:\a\m.exe", "TargetImage": r"C:\b\lsass.exe",
                "GrantedAccess": "0x1010"}),
        "m.exe opened the memory of lsass.exe with the rights 0x1010, at ws1",
    );
    check(
        (
            "windows/security",
            "actor account tom, origin address 10.0.0.9",
        ),
        &json!({"EventID": "4625", "LogonType": 3, "SubStatus": "0xC000006A"}),
        "tom failed to log on over the network, from 10.0.0.9; the password was wrong",
    );
}

#[test]
fn what_no_table_knows_is_told_in_the_words_of_the_log() {
    check(
        ("vmware/esxi", "host host esx-1"),
        &json!({"message": "Something new", "event_type": "esx.audit.new.thing"}),
        "somebody is named in a record of vmware/esxi: “Something new”, at esx-1",
    );
    check_deed(
        ("aws/cloudtrail", "actor account tom"),
        (deed("BrandNewCall", Outcome::Unknown), &json!({})),
        "tom did what aws/cloudtrail calls “BrandNewCall”",
    );
    check(
        ("odd", ""),
        &json!({"x": 1}),
        "somebody is named in a record of odd",
    );
}

#[test]
fn what_a_log_says_neither_hides_nor_breaks_the_line() {
    check(
        ("windows/sysmon", "actor account tom\u{202e}x"),
        &json!({"EventID": 1, "CommandLine": "a\r\n\tb\u{200b}c"}),
        "tom⟨U+202E⟩x ran “a b⟨U+200B⟩c”",
    );
}
