//! What is lost or assumed on the way to an event is counted, with a sample, and handed on with the event.

#![expect(clippy::unwrap_used, reason = "a test that cannot read must fail")]

use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Sink, SourceSettings, read};
use jiff::tz::TimeZone;

/// What was lost of each event.
#[derive(Default)]
struct Lost(Vec<Vec<Degradation>>);

impl Sink for Lost {
    fn event(&mut self, _: &Event, degraded: &[Degradation]) {
        self.0.push(degraded.to_vec());
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn reading(text: &str, settings: SourceSettings) -> (ReadSummary, Lost) {
    let mut lost = Lost::default();
    let hints = Hints::default().of(settings);
    let summary = read(&"t".into(), &mut text.as_bytes(), &hints, &mut lost).unwrap();
    (summary, lost)
}

fn check(text: &str, settings: SourceSettings, of: Degradation, expect: &[bool]) {
    let (summary, lost) = reading(text, settings);
    let found: Vec<bool> = lost.0.iter().map(|lost| lost.contains(&of)).collect();
    assert_eq!(found, expect, "{text}");
    let tally = summary.degraded.get(&of).unwrap();
    assert_eq!(
        tally.count,
        expect.iter().filter(|lost| **lost).count() as u64
    );
    let first = expect.iter().position(|lost| *lost).unwrap() as u64 + 1;
    assert_eq!(tally.example.log.record, first);
    assert!(!tally.example.sample.is_empty());
}

#[test]
fn a_time_that_its_zone_has_twice_or_not_at_all_is_counted() {
    let settings = SourceSettings {
        zone: Some(TimeZone::get("Europe/London").unwrap()),
        ..SourceSettings::default()
    };
    let rows = "number,caller_id,short_description,opened_at\n\
                INC1,bob,x,2025-03-29 01:30:00\n\
                INC2,bob,x,2025-03-30 01:30:00\n\
                INC3,bob,x,2025-10-26 01:30:00\n\
                INC4,bob,x,2025-10-26 03:30:00\n";
    let expect = [false, true, true, false];
    check(rows, settings, Degradation::TimeAmbiguous, &expect);
}

#[test]
fn a_record_inside_a_record_that_is_broken_is_counted_and_stays_as_text() {
    let whole = r#""{""Id"":""m"",""Operation"":""New-InboxRule"",""Workload"":""Exchange"",""UserId"":""a@b.example"",""RecordType"":1,""CreationTime"":""2026-04-17T08:13:04""}""#;
    let cut = r#""{""Id"":""m"",""Operation"":""New-Inbox""#;
    let text = format!(
        "CreationDate,UserIds,Operations,AuditData\n\
         2026-04-17T08:13:04Z,a@b.example,New-InboxRule,{whole}\n\
         2026-04-17T08:13:04Z,a@b.example,New-InboxRule,{cut}\n"
    );
    let settings = SourceSettings::default();
    check(&text, settings, Degradation::BrokenInside, &[false, true]);
}

#[test]
fn a_setting_that_is_cut_off_is_counted() {
    let record = |new: &str| {
        let change = serde_json::json!({"displayName": "ConditionalAccessPolicy",
            "oldValue": "{\"state\":\"enabled\"}", "newValue": new});
        let target = serde_json::json!({"id": "t", "modifiedProperties": [change]});
        serde_json::json!({"id": "Directory_1", "category": "Policy", "result": "success",
            "activityDisplayName": "Update conditional access policy", "loggedByService": "Conditional Access",
            "activityDateTime": "2026-04-17T08:13:04Z", "correlationId": "c",
            "initiatedBy": {"user": {"id": "u"}}, "targetResources": [target]})
    };
    let (whole, cut) = (
        record("{\"state\":\"disabled\"}"),
        record("{\"state\":\"dis"),
    );
    let settings = SourceSettings::default();
    let text = format!("{whole}\n{cut}\n");
    check(&text, settings, Degradation::NotCompared, &[false, true]);
}
