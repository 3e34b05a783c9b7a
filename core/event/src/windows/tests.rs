//! Every shape in which Windows records are shipped ends under the same names.

use cordon_model::Item;
use serde_json::json;

use crate::{Event, Hints, Refusal, Sink, read, sink::Degradation};

#[derive(Default)]
struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, refusal: Refusal) {
        panic!("refused: {refusal:?}");
    }
}

fn one(record: &serde_json::Value) -> Event {
    let text = record.to_string();
    let mut kept = Kept::default();
    read(
        &"t".into(),
        &mut text.as_bytes(),
        &Hints::default(),
        &mut kept,
    )
    .unwrap();
    assert_eq!(kept.0.len(), 1, "{text}");
    kept.0.remove(0)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that cases read as tables"
)]
fn check(record: &serde_json::Value, source: &str, categories: &[&str], expect: serde_json::Value) {
    let event = one(record);
    assert_eq!(&*event.kind.source(), source);
    let found: Vec<&str> = event.kind.categories.iter().map(|c| &**c).collect();
    assert_eq!(found, categories);
    for (name, value) in expect.as_object().unwrap() {
        assert_eq!(
            event.fields.get(name).map(Item::to_value).as_ref(),
            Some(value),
            "{name} of {}",
            event.fields
        );
    }
}

#[test]
fn the_xml_tree_is_flat_under_sigmas_names() {
    let record = json!({"Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Windows Defender", "Guid": "{11}"}},
            "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 1116},
            "Version": 0, "Level": "3", "Correlation": null,
            "TimeCreated": {"#attributes": {"SystemTime": "2019-07-18T20:40:00.7305890Z"}},
            "EventRecordID": 7, "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 8}},
            "Channel": "Microsoft-Windows-Windows Defender/Operational", "Computer": "PC1",
            "Security": {"#attributes": {"UserID": "S-1-5-18"}}},
        "EventData": {"Threat Name": "Trojan", "Path": "file:_C:\\x", "Version": "9",
                      "Data": {"#text": ["a", "b"]}}}});
    let event = one(&record);
    assert_eq!(
        event.id().as_str(),
        "PC1/Microsoft-Windows-Windows Defender/Operational/7@1563482400"
    );
    assert_eq!(
        event.time.unwrap().to_string(),
        "2019-07-18T20:40:00.730589Z"
    );
    check(
        &record,
        "windows/windefend",
        &["antivirus"],
        json!({
            "Provider_Name": "Microsoft-Windows-Windows Defender", "Provider_Guid": "{11}",
            "EventID": 1116, "EventID_Qualifiers": 16384, "Level": 3, "Version": 0,
            "TimeCreated_SystemTime": "2019-07-18T20:40:00.7305890Z", "EventRecordID": 7,
            "Execution_ProcessID": 4, "Execution_ThreadID": 8, "Computer": "PC1",
            "Security_UserID": "S-1-5-18", "ThreatName": "Trojan", "EventData_Version": "9",
            "Data": ["a", "b"], "Signature": "Trojan", "Filename": "file:_C:\\x"
        }),
    );
}

#[test]
fn user_data_gives_its_childrens_names_and_a_cleared_log_its_channel() {
    let system = json!({"Provider": {"#attributes": {"Name": "Microsoft-Windows-Eventlog"}},
        "EventID": 104, "Channel": "System", "Computer": "PC1"});
    check(
        &json!({"Event": {"System": system, "UserData": {"LogFileCleared": {
            "#attributes": {"xmlns": "x"}, "SubjectUserName": "bob", "Channel": "Security",
            "Deep": {"Er": {"#attributes": {"code": 1}}}}}}}),
        "windows/system",
        &[],
        json!({"SubjectUserName": "bob", "Channel": "Security", "Deep_Er_code": 1}),
    );
}

#[test]
fn winlogbeat_is_flat_and_keeps_what_is_outside() {
    check(
        &json!({"@timestamp": "2024-01-02T03:04:05.000Z", "message": "A process",
            "host": {"name": "pc1"},
            "winlog": {"channel": "Security", "provider_name": "Microsoft-Windows-Security-Auditing",
                "event_id": "4688", "computer_name": "PC1", "record_id": 12,
                "process": {"pid": 4, "thread": {"id": 5}},
                "event_data": {"NewProcessName": "C:\\a.exe", "ParentProcessName": "C:\\b.exe"}}}),
        "windows/security",
        &["process_creation"],
        json!({"EventID": 4688, "Channel": "Security", "Computer": "PC1", "EventRecordID": 12,
            "Execution_ProcessID": 4, "NewProcessName": "C:\\a.exe", "Image": "C:\\a.exe",
            "ParentImage": "C:\\b.exe", "Message": "A process", "host": {"name": "pc1"}}),
    );
}

#[test]
fn flat_records_keep_their_keys_and_gain_the_standard_ones() {
    check(
        &json!({"SourceName": "Microsoft-Windows-Sysmon", "Hostname": "DC01", "EventID": 12,
            "Channel": "Microsoft-Windows-Sysmon/Operational", "RecordNumber": 94,
            "EventType": "INFO", "UtcTime": "2019-12-05 01:49:28.817",
            "EventTime": "2019-12-04 20:49:31", "@timestamp": "2019-12-05T01:49:34.041Z",
            "Message": "Registry object added\r\nEventType: CreateKey\r\nUtcTime: x"}),
        "windows/sysmon",
        &["registry_event", "registry_add"],
        json!({"SourceName": "Microsoft-Windows-Sysmon", "Provider_Name": "Microsoft-Windows-Sysmon",
            "Hostname": "DC01", "Computer": "DC01", "EventRecordID": 94, "EventType": "CreateKey"}),
    );
    check(
        &json!({"EventCode": "4624", "LogName": "Security", "ComputerName": "PC1"}),
        "windows/security",
        &[],
        json!({"EventID": 4624, "Channel": "Security", "Computer": "PC1", "EventCode": "4624"}),
    );
}

#[test]
fn a_record_without_a_channel_is_known_by_its_provider() {
    check(
        &json!({"Event": {"System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": "1"}}}),
        "windows/sysmon",
        &["process_creation"],
        json!({"EventID": 1}),
    );
}

#[test]
fn an_id_is_made_of_computer_channel_number_and_second() {
    for (record, time, expect) in [
        (json!(0), "1970-01-01T00:00:00Z", "a/Security/0@0"),
        (
            json!("1234567890"),
            "1969-12-31T23:59:50Z",
            "a/Security/1234567890@-10",
        ),
        (
            json!(u64::MAX),
            "2025-05-01T10:00:00.5Z",
            "a/Security/18446744073709551615@1746093600",
        ),
    ] {
        let event = one(
            &json!({"EventID": 1, "Channel": "Security", "Computer": "a",
            "EventRecordID": record, "@timestamp": time}),
        );
        assert_eq!(event.id().as_str(), expect);
    }
}
