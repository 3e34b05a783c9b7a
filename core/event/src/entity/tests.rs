//! Field maps applied to records, and what is said of a map that is wrong.

use cordon_model::Entity;
use cordon_text::Source;
use serde_json::json;

use super::FieldMap;
use crate::{Event, LogKind};

const MAP: &str = "
product: [windows]
drop_accounts: [SYSTEM, 'DWM-*']
drop_domains: [NT AUTHORITY]
maps:
  - entities:
      - { role: host, kind: host, field: Computer }
  - service: security
    when: { EventID: [4624, 4625] }
    unless: { LogonType: 5 }
    entities:
      - { role: actor, kind: account, field: TargetUserName, domain: TargetDomainName }
      - { role: origin, kind: address, field: [IpAddress, SourceIp] }
  - service: other
    entities:
      - { role: target, kind: account, field: 'target[].id', where: { type: User } }
      - { role: means, kind: resource, field: 'who.principal', after: ':' }
      - { role: means, kind: session, field: http://a.b/c.d }
      - { role: target, kind: resource, field: 'target[].name', unless: { type: [User, '*_token'] } }
";

fn event(service: &str, fields: serde_json::Value) -> Event {
    let kind = LogKind {
        product: Some("windows".into()),
        service: Some(service.into()),
        categories: Vec::new(),
    };
    Event::of_fields(kind, fields)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that cases read as tables"
)]
fn check(service: &str, fields: serde_json::Value, expect: &[&str]) {
    let (map, report) = FieldMap::parse(&[Source::new("t.yml", MAP)]);
    assert_eq!(report.diagnostics, []);
    let entities = map.entities(&event(service, fields.clone()));
    let found: Vec<String> = entities.iter().map(ToString::to_string).collect();
    assert_eq!(found, expect, "{fields}");
}

#[test]
fn names_are_cleaned_and_placeholders_left_out() {
    let logon = |user: &str, domain: &str, ip: &str| json!({"EventID": 4624, "TargetUserName": user, "TargetDomainName": domain, "IpAddress": ip});
    let account = |name| format!("actor account {name}");
    let expect = [account("SHOP\\bob"), "origin address 10.0.0.1".to_owned()];
    let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
    check("security", logon("bob", "SHOP", "::ffff:10.0.0.1"), &expect);
    check(
        "security",
        logon("SHOP\\bob", "-", "10.0.0.1:55123"),
        &expect,
    );
    check(
        "security",
        logon("bob@shop.example", "SHOP", "-"),
        &["actor account bob@shop.example"],
    );
    check(
        "security",
        logon("bob", "", "127.0.0.1"),
        &["actor account bob"],
    );
    check(
        "security",
        logon("TILL7$", "SHOP", "::1"),
        &["actor host TILL7"],
    );
    check("security", logon("system", "NT AUTHORITY", "LOCAL"), &[]);
    check("security", logon("DWM-2", "Window Manager", ""), &[]);
    check("security", logon("x", "nt authority", ""), &[]);
}

#[test]
fn only_the_maps_that_cover_a_record_apply() {
    let fields = json!({"EventID": "4624", "TargetUserName": "bob", "LogonType": 5});
    check("security", fields, &[]);
    check(
        "security",
        json!({"EventID": 1, "TargetUserName": "bob"}),
        &[],
    );
    check(
        "system",
        json!({"EventID": 4624, "TargetUserName": "bob"}),
        &[],
    );
    check(
        "system",
        json!({"Computer": "\\\\PC1."}),
        &["host host PC1"],
    );
    let fields = json!({"EventID": 4624, "IpAddress": "-", "SourceIp": "10.0.0.2"});
    check("security", fields, &["origin address 10.0.0.2"]);
}

#[test]
fn paths_reach_into_lists_and_names_with_dots() {
    check(
        "other",
        json!({"target": [{"id": "a", "type": "User"}, {"id": "b", "type": "App"},
                {"id": "c", "type": "user"}, {"id": "a", "type": "User"}],
            "who": {"principal": "AROA:bob"}, "http://a.b/c.d": "s-1"}),
        &[
            "target account a",
            "target account c",
            "means resource bob",
            "means session s-1",
        ],
    );
}

#[test]
fn everything_wrong_with_a_map_is_said_at_once() {
    let text = "product: x\nmaps:\n  - entities:\n      - { role: boss, kind: account, field: a }\n      - { role: actor, kind: thing, field: [] }\n  - entitys: []\n---\nmaps: 3\n";
    let (_, report) = FieldMap::parse(&[Source::new("t.yml", text)]);
    let said: Vec<_> = report
        .diagnostics
        .iter()
        .map(|d| (d.span.line, d.code))
        .collect();
    assert_eq!(
        said,
        [
            (4, "unknown-word"),
            (5, "unknown-word"),
            (6, "unknown-key"),
            (6, "missing-key"),
            (8, "missing-key"),
            (8, "wrong-type"),
        ]
    );
}

#[test]
fn other_names_beside_a_name_are_told_unless_they_are_nobodys() {
    const NAMES: &str = "
product: windows
drop_accounts: [S-1-0-0, SYSTEM]
maps:
  - service: security
    entities:
      - { role: actor, kind: account, field: TargetUserName, domain: TargetDomainName, also: [TargetUserSid] }
      - { role: target, kind: account, field: 'target[].mail', also: [id, number], where: { type: User } }
";
    let (map, report) = FieldMap::parse(&[Source::new("t.yml", NAMES)]);
    assert_eq!(report.diagnostics, []);
    let told = |service, fields: serde_json::Value| -> Vec<String> {
        let aliases = map.aliases(&event(service, fields)).into_iter();
        aliases
            .map(|alias| format!("{} {} = {}", alias.kind.word(), alias.name, alias.other))
            .collect()
    };
    let logon = |sid: &str| json!({"TargetUserName": "bob", "TargetDomainName": "SHOP", "TargetUserSid": sid});
    assert_eq!(
        told("security", logon("S-1-5-21-1-2-3-1104")),
        [r"account SHOP\bob = S-1-5-21-1-2-3-1104"]
    );
    for nobodys in ["S-1-0-0", "-", r"SHOP\bob"] {
        assert!(told("security", logon(nobodys)).is_empty(), "{nobodys}");
    }
    assert!(told("other", logon("S-1-5-21-1-2-3-1104")).is_empty());
    let targets = json!({"target": [
        {"type": "User", "mail": "a@x", "id": "00u1", "number": "E1"},
        {"type": "App", "mail": "b@x", "id": "0oa1"},
        {"type": "User", "mail": "c@x", "id": "00u3"},
    ]});
    assert_eq!(
        told("security", targets),
        [
            "account a@x = 00u1",
            "account a@x = E1",
            "account c@x = 00u3"
        ]
    );
}

#[test]
fn the_first_map_that_says_what_was_done_or_how_it_ended_counts() {
    let (map, report) = FieldMap::parse(&[Source::new(
        "t.yml",
        "
product: windows
maps:
  - { when: { a: 1 }, action: first, outcome: unknown }
  - action: { field: [x, y] }
    outcome: { field: [r, s], unknown: 50, success: [0, ok], failure: '*' }
  - { action: last, outcome: failure, when: { r: later } }
",
    )]);
    assert_eq!(report.diagnostics, []);
    for (fields, action, outcome) in [
        (
            json!({"a": 1, "x": "other", "r": 0}),
            Some("first"),
            "success",
        ),
        (
            json!({"x": null, "y": "said", "r": "OK"}),
            Some("said"),
            "success",
        ),
        (json!({"x": "-", "r": 51}), None, "failure"),
        (json!({"r": "50", "s": "ok"}), None, "unknown"),
        (json!({"r": "", "s": "ok"}), None, "success"),
        (json!({"r": "later"}), Some("last"), "failure"),
        (json!({}), None, "unknown"),
    ] {
        let deed = map.deed(&event("security", fields.clone()));
        assert_eq!(deed.action.as_deref(), action, "{fields}");
        assert_eq!(deed.outcome.word(), outcome, "{fields}");
    }
}

#[test]
fn a_map_that_says_nothing_and_an_outcome_that_is_none_are_told() {
    let text = "
product: x
maps:
  - service: y
  - outcome: perhaps
  - outcome: { success: ok }
  - action: { fields: a }
";
    let (_, report) = FieldMap::parse(&[Source::new("t.yml", text)]);
    let told: Vec<&str> = report
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// What the map that ships makes of a Windows record.
fn windows(service: &str, fields: serde_json::Value) -> (Vec<String>, Vec<String>) {
    let text = include_str!("../../../../content/fields/windows.yml");
    let (map, report) = FieldMap::parse(&[Source::new("windows.yml", text)]);
    assert_eq!(report.diagnostics, []);
    let event = event(service, fields);
    let named = |entities: Vec<Entity>| entities.iter().map(ToString::to_string).collect();
    let aliases = map.aliases(&event).into_iter();
    let aliases = aliases.map(|a| format!("{} {} = {}", a.kind.word(), a.name, a.other));
    (named(map.entities(&event)), aliases.collect())
}

#[test]
fn an_account_of_no_domain_is_the_machines_that_it_is_on() {
    for (domain, name) in [
        ("WORKGROUP", "Administrator"),
        (".", "Administrator"),
        ("TILL7", "Administrator"),
        ("-", r".\Administrator"),
    ] {
        let fields = json!({"EventID": 4688, "Computer": "till7.shop.example",
            "SubjectUserName": name, "SubjectDomainName": domain});
        let (named, _) = windows("security", fields);
        let expect = [
            "host host till7.shop.example",
            r"actor account till7.shop.example\Administrator",
        ];
        assert_eq!(named, expect, "{domain}");
    }
    let elsewhere = json!({"EventID": 4688, "Computer": "till7.shop.example",
        "SubjectUserName": "Administrator", "SubjectDomainName": "TILL8"});
    let (named, _) = windows("security", elsewhere);
    assert_eq!(named[1], r"actor account TILL8\Administrator");
}

#[test]
fn what_the_system_does_the_machine_does() {
    let by = |user: &str, domain: &str, sid: &str| {
        let fields = json!({"EventID": 4697, "Computer": "WS-3", "SubjectUserName": user,
            "SubjectDomainName": domain, "SubjectUserSid": sid});
        let (named, _) = windows("security", fields);
        named.get(1).cloned()
    };
    let machine = Some("actor host WS-3".to_owned());
    assert_eq!(by("SYSTEM", "NT AUTHORITY", "S-1-5-18"), machine);
    assert_eq!(by("Syst\u{e8}me", "AUTORITE NT", "S-1-5-18"), machine);
    assert_eq!(by("-", "-", "S-1-5-18"), machine);
    assert_eq!(by("WS-3$", "SHOP", "S-1-5-18"), machine);
    assert_eq!(by("ANONYMOUS LOGON", "NT AUTHORITY", "S-1-5-7"), None);
    let sysmon = json!({"EventID": 1, "Computer": "WS-3", "User": "NT AUTHORITY\\SYSTEM"});
    assert_eq!(windows("sysmon", sysmon).0[1], "actor host WS-3");
}

#[test]
fn an_actor_of_whom_only_the_number_is_known_is_known_by_it() {
    for name in ["-", ""] {
        let fields = json!({"EventID": 4688, "Computer": "WS-3", "SubjectUserName": name,
            "SubjectDomainName": "SHOP", "SubjectUserSid": "S-1-5-21-1-2-3-1500"});
        let (named, aliases) = windows("security", fields);
        assert_eq!(named[1], "actor account S-1-5-21-1-2-3-1500");
        assert!(aliases.is_empty());
    }
}

#[test]
fn a_machines_own_account_is_that_machine_and_shows_its_domains_two_names() {
    let fields = json!({"EventID": 4688, "Computer": "ws-1.shop.example", "SubjectUserName": "WS-1$",
        "SubjectDomainName": "SHOP", "SubjectUserSid": "S-1-5-18"});
    let (named, aliases) = windows("security", fields);
    let expect = [
        "host host ws-1.shop.example",
        "actor host ws-1.shop.example",
    ];
    assert_eq!(named, expect);
    assert_eq!(aliases, [r"host ws-1.shop.example = SHOP\ws-1"]);
}
