//! The built-in pipelines: rules that miss a record as it is written, and see it through a pipeline.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a pipeline that cannot be read fails the test"
)]

use std::sync::Arc;

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink, read};
use cordon_sigma::{Pipeline, parse, parse_pipeline, transform};
use cordon_text::Source;
use serde_json::{Value, json};

const SYSMON: &str = include_str!("../../../content/pipelines/sysmon.yml");
const AUDIT: &str = include_str!("../../../content/pipelines/windows-audit.yml");
const ECS: &str = include_str!("../../../content/pipelines/ecs-windows.yml");

#[derive(Default)]
struct Collected(Vec<Event>);

impl Sink for Collected {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, refusal: Refusal) {
        panic!("refused: {refusal:?}");
    }
}

fn event(record: &Value) -> Event {
    let text = format!("{record}\n");
    let mut collected = Collected::default();
    let name = Arc::from("log.ndjson");
    read(
        &name,
        &mut text.as_bytes(),
        &Hints::default(),
        &mut collected,
    )
    .unwrap();
    assert_eq!(collected.0.len(), 1, "{record}");
    collected.0.remove(0)
}

fn pipeline(text: &str) -> Pipeline {
    let (pipeline, report) = parse_pipeline(&Source::new("pipeline.yml", text));
    assert_eq!(report.diagnostics, []);
    pipeline.unwrap()
}

/// Checks whether a rule sees a record without the pipeline and through it. A rule is a category
/// and what it asks for.
fn check(text: &str, category: &str, asks: &str, record: &Value, expect: [bool; 2]) {
    let rule = format!(
        "title: t\nlogsource: {{ product: windows, category: {category} }}\n\
         detection:\n  sel: {asks}\n  condition: sel\n"
    );
    let parsed = parse(&Source::new("rule.yml", rule.as_str()));
    assert_eq!(parsed.refused, 0, "{rule}\n{:?}", parsed.report);
    let event = event(record);
    let sees = |rules: Vec<cordon_sigma::Rule>| {
        let (set, report) = RuleSet::compile(rules, []);
        assert_eq!(report.diagnostics, []);
        let fast = Screener::new(&set).screen(&event, &|_| Vec::new());
        let full = set.screen_in_full(&event, &|_| Vec::new());
        assert_eq!(fast, full, "{rule}");
        fast.is_some()
    };
    let before = sees(parsed.rules.clone());
    let done = transform(&[pipeline(text)], parsed.rules, Vec::new());
    assert_eq!(done.report.diagnostics, [], "{rule}");
    assert_eq!([before, sees(done.rules)], expect, "{rule}{record}");
}

#[test]
fn through_sysmon_rules_see_sysmon_only_and_its_data_wherever_they_stand() {
    let sysmon = |event: u64, data: Value| {
        json!({"EventID": event, "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Computer": "PC1", "UtcTime": "2026-04-17 08:13:04.000", "event_data": data})
    };
    let ask = r"{ 'Image|endswith': '\cmd.exe' }";
    let nested = sysmon(1, json!({"Image": "C:\\Windows\\cmd.exe"}));
    check(SYSMON, "process_creation", ask, &nested, [false, true]);
    let flat = json!({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": "PC1", "UtcTime": "2026-04-17 08:13:04.000", "Image": "C:\\Windows\\cmd.exe"});
    check(SYSMON, "process_creation", ask, &flat, [true, true]);
    check(SYSMON, "image_load", ask, &flat, [false, false]);
    let audited = json!({"EventID": 4688, "Channel": "Security", "Computer": "PC1",
        "TimeCreated": "2026-04-17T08:13:04Z", "NewProcessName": "C:\\Windows\\cmd.exe"});
    check(SYSMON, "process_creation", ask, &audited, [true, false]);
    let set = sysmon(13, json!({"TargetObject": "HKLM\\Software\\Run\\x"}));
    let key = r"{ 'TargetObject|contains': '\Run\' }";
    check(SYSMON, "registry_set", key, &set, [false, true]);
    check(SYSMON, "registry_delete", key, &set, [false, false]);
}

/// A record of the Security log.
fn security(event: u64, data: &Value) -> Value {
    let mut record = json!({"EventID": event, "Channel": "Security", "Computer": "PC1",
        "TimeCreated": "2026-04-17T08:13:04Z"});
    for (name, value) in data.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

#[test]
fn through_windows_audit_process_rules_see_4688_under_its_own_names() {
    let record = security(
        4688,
        &json!({"NewProcessName": "C:\\Windows\\System32\\cmd.exe", "SubjectLogonId": "0x3e7",
            "ParentProcessName": "C:\\a\\winword.exe", "CommandLine": "cmd /c whoami",
            "SubjectUserName": "SYSTEM", "SubjectDomainName": "NT AUTHORITY",
            "MandatoryLabel": "S-1-16-16384"}),
    );
    for (asks, expect) in [
        (
            r"{ 'Image|endswith': '\cmd.exe', LogonId: '0x3e7' }",
            [false, true],
        ),
        (r"{ IntegrityLevel: [System, High] }", [false, true]),
        (r"{ IntegrityLevel: Medium }", [false, false]),
        (
            r"{ 'User|contains': AUTHORI, 'CommandLine|contains': whoami }",
            [false, true],
        ),
        (r"{ 'ParentImage|endswith': '\winword.exe' }", [true, true]),
    ] {
        check(AUDIT, "process_creation", asks, &record, expect);
    }
    let sysmon = json!({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": "PC1", "UtcTime": "2026-04-17 08:13:04.000", "Image": "C:\\cmd.exe"});
    let ask = r"{ 'Image|endswith': '\cmd.exe' }";
    check(AUDIT, "process_creation", ask, &sysmon, [true, false]);
}

#[test]
fn through_windows_audit_registry_rules_see_4657_with_key_and_value_apart() {
    let record = security(
        4657,
        &json!({"ObjectName": "\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run",
            "ObjectValueName": "Updater", "OperationType": "%%1905", "NewValue": "1",
            "ProcessName": "C:\\Windows\\regedit.exe"}),
    );
    for (category, asks, expect) in [
        (
            "registry_set",
            r"{ 'TargetObject|contains': '\CurrentVersion\Run\' }",
            true,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|endswith': '\Run\Updater' }",
            true,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|contains': '\CurrentVersion\' }",
            true,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|startswith': 'HKLM\SOFTWARE\', Details: 'DWORD (0x00000001)' }",
            true,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|endswith': '\Run\Other' }",
            false,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|contains': '\RunOnce\' }",
            false,
        ),
        (
            "registry_set",
            r"{ 'TargetObject|startswith': 'HKCU\SOFTWARE\' }",
            false,
        ),
        (
            "registry_event",
            r"{ EventType: SetValue, 'Image|endswith': '\regedit.exe' }",
            true,
        ),
        ("registry_event", r"{ EventType: DeleteValue }", false),
        (
            "registry_delete",
            r"{ 'TargetObject|contains': '\Run\' }",
            false,
        ),
    ] {
        check(AUDIT, category, asks, &record, [false, expect]);
    }
}

#[test]
fn through_windows_audit_network_rules_see_5156() {
    let record = security(
        5156,
        &json!({"Application": "\\device\\harddiskvolume3\\windows\\system32\\rundll32.exe",
            "Direction": "%%14593", "SourceAddress": "10.0.0.5", "DestAddress": "203.0.113.9",
            "DestPort": "4444", "Protocol": "6"}),
    );
    for (asks, expect) in [
        (
            r"{ 'Image|endswith': '\rundll32.exe', Initiated: 'true', DestinationPort: 4444 }",
            true,
        ),
        (r"{ Image: 'C:\Windows\System32\rundll32.exe' }", true),
        (
            r"{ 'DestinationIp|cidr': 203.0.113.0/24, Protocol: tcp }",
            true,
        ),
        (r"{ Initiated: 'false' }", false),
    ] {
        check(AUDIT, "network_connection", asks, &record, [false, expect]);
    }
}

#[test]
fn through_ecs_rules_see_records_under_either_name() {
    let record = |category: &str, kind: &str, data: &Value| {
        let mut record = json!({"@timestamp": "2026-04-17T08:13:04Z", "ecs": {"version": "8.10.0"},
            "host": {"os": {"type": "windows"}, "name": "PC1"},
            "event": {"category": [category], "type": [kind]}});
        for (name, value) in data.as_object().unwrap() {
            record[name] = value.clone();
        }
        record
    };
    let started = record(
        "process",
        "start",
        &json!({"process": {"executable": "C:\\Windows\\cmd.exe", "command_line": "cmd /c x",
            "hash": {"sha256": "ABCD"}, "pe": {"original_file_name": "Cmd.Exe"},
            "parent": {"executable": "C:\\winword.exe"}},
            "user": {"name": "bob", "domain": "CORP"},
            "winlog": {"event_data": {"LogonId": "0x3e7"}}}),
    );
    for (asks, expect) in [
        (
            r"{ 'Image|endswith': '\cmd.exe', 'ParentImage|endswith': '\winword.exe' }",
            true,
        ),
        (r"{ 'Hashes|contains': ['SHA256=ABCD', 'MD5=00'] }", true),
        (r"{ 'Hashes|contains': ['SHA256=FFFF'] }", false),
        (r"{ User: bob, OriginalFileName: Cmd.Exe }", true),
        (r"{ LogonId: '0x3e7' }", true),
        (r"{ CommandLine: null }", false),
    ] {
        let before = asks.contains("null");
        check(ECS, "process_creation", asks, &started, [before, expect]);
    }
    let changed = record(
        "registry",
        "change",
        &json!({"registry": {"path": "HKLM\\Software\\Run\\x", "data": {"strings": ["evil.exe"]}}}),
    );
    let ask = r"{ 'TargetObject|contains': '\Run\', 'Details|endswith': '.exe' }";
    check(ECS, "registry_set", ask, &changed, [false, true]);
    let native = json!({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": "PC1", "UtcTime": "2026-04-17 08:13:04.000", "Image": "C:\\cmd.exe"});
    let ask = r"{ 'Image|endswith': '\cmd.exe' }";
    check(ECS, "process_creation", ask, &native, [true, true]);
}
