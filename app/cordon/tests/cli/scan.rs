//! `cordon scan`: what it reads, when, in which clock, and the forms in which it tells.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read what its subject said has failed"
)]

use serde_json::Value;
use tempfile::TempDir;

use crate::running::{Ran, cordon, cordon_reading, folder};

const RULE: &str = "title: Reset\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a01\nlevel: high\n\
                    tags: [attack.t1098.003, attack.persistence]\n\
                    logsource: { product: okta }\n\
                    detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n";

/// A reset at an hour of the day.
fn reset(id: &str, hour: u8) -> String {
    format!(
        "{{\"uuid\":\"{id}\",\"published\":\"2025-04-22T{hour:02}:00:00.000Z\",\
         \"eventType\":\"user.account.reset_password\",\
         \"actor\":{{\"id\":\"a\",\"type\":\"User\",\"alternateId\":\"agent@x.example\"}},\
         \"client\":{{\"ipAddress\":\"198.51.100.7\"}},\"outcome\":{{\"result\":\"SUCCESS\"}}}}\n"
    )
}

fn three() -> String {
    [reset("1", 8), reset("2", 12), reset("3", 16)].concat()
}

fn scan(dir: &TempDir, more: &[&str]) -> Ran {
    cordon(
        dir.path(),
        &[&["scan"], more, &["--rules", "rule.yml"]].concat(),
    )
}

fn lines(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn times(ran: &Ran) -> Vec<String> {
    let lines = lines(ran);
    lines
        .iter()
        .map(|line| line["time"].as_str().unwrap()[11..16].to_owned())
        .collect()
}

#[test]
fn standard_input_is_a_log_like_any_other() {
    let dir = folder(&[("rule.yml", RULE)]);
    let ran = cordon_reading(
        dir.path(),
        &["scan", "-", "--format", "jsonl", "--rules", "rule.yml"],
        three(),
    );
    let found = lines(&ran);
    assert_eq!(found.len(), 3, "{}", ran.stderr);
    assert_eq!(found[2]["log"]["path"], "-");
    assert_eq!(found[2]["log"]["record"], 3);
}

#[test]
fn a_period_leaves_out_what_happened_at_another_time_and_counts_it() {
    let dir = folder(&[("rule.yml", RULE), ("okta.ndjson", &three())]);
    let base = ["okta.ndjson", "--format", "jsonl"];
    for (more, expect) in [
        (
            &["--since", "2025-04-22T12:00Z"][..],
            &["12:00", "16:00"][..],
        ),
        (&["--until", "2025-04-22 12:00"], &["08:00", "12:00"]),
        (
            &["--since", "2025-04-22", "--until", "2025-04-22"],
            &["08:00", "12:00", "16:00"],
        ),
        (&["--since", "1h"], &[]),
    ] {
        let ran = scan(&dir, &[&base, more].concat());
        assert_eq!(times(&ran), expect, "{more:?}");
        let outside = 3 - expect.len();
        let said = ran.stderr.contains(&format!("left out: {outside} event"));
        assert_eq!(said, outside > 0, "{}", ran.stderr);
    }
    let ran = scan(
        &dir,
        &[
            "okta.ndjson",
            "--since",
            "2025-04-23",
            "--until",
            "2025-04-22",
        ],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn a_declared_clock_moves_every_time_and_is_told_with_each() {
    let dir = folder(&[
        ("rule.yml", RULE),
        ("logs/a.ndjson", &reset("1", 8)),
        ("logs/b.ndjson", &reset("2", 8)),
        ("sources.yml", "sources: [{ path: 'a.*', clock: +1h }]\n"),
    ]);
    let ran = scan(
        &dir,
        &[
            "logs",
            "--format",
            "jsonl",
            "--sources",
            "sources.yml",
            "--source",
            "a.*:clock=+3h",
        ],
    );
    assert_eq!(times(&ran), ["05:00", "08:00"]);
    let found = lines(&ran);
    assert_eq!(found[0]["clock"]["ahead_seconds"], 10_800);
    assert_eq!(found[1].get("clock"), None);
    assert!(
        ran.stderr.contains("a.* (1 log): clock 3h ahead"),
        "{}",
        ran.stderr
    );
    let ran = scan(&dir, &["logs", "--source", "c*:zone=Europe/London"]);
    assert!(ran.stderr.contains("c* fits no log"), "{}", ran.stderr);
    let ran = scan(
        &dir,
        &["logs", "--source", "c*:zone=Atlantis", "--source", "x"],
    );
    assert_eq!(ran.code, 2);
    for said in ["expected a time zone", "expected one of zone"] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn detections_leave_in_the_forms_of_others_too() {
    let dir = folder(&[("rule.yml", RULE), ("okta.ndjson", &three())]);
    let ecs = lines(&scan(&dir, &["okta.ndjson", "--format", "ecs"]));
    assert_eq!(ecs[0]["event"]["kind"], "alert");
    assert_eq!(
        ecs[0]["threat"]["technique"]["subtechnique"]["id"][0],
        "T1098.003"
    );
    assert_eq!(ecs[0]["source"]["ip"], "198.51.100.7");
    let ocsf = lines(&scan(&dir, &["okta.ndjson", "--format", "ocsf"]));
    assert_eq!(
        (&ocsf[0]["class_uid"], &ocsf[0]["severity_id"]),
        (&2004.into(), &4.into())
    );
    let ran = scan(&dir, &["okta.ndjson", "--format", "csv"]);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    assert!(ran.stdout.starts_with("time,level,rule,"), "{}", ran.stdout);
    let ran = scan(&dir, &["okta.ndjson", "--format", "json"]);
    let all: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let ran = cordon(dir.path(), &["rules", "list", "--format", "ecs"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("only `cordon scan` prints"),
        "{}",
        ran.stderr
    );
}

#[test]
fn results_and_summary_go_into_files() {
    let twice = three() + &reset("3", 16);
    let dir = folder(&[
        ("rule.yml", RULE),
        ("okta.ndjson", &twice),
        ("broken.ndjson", "{\"a\":\n{\"a\":1}\n"),
    ]);
    let ran = scan(
        &dir,
        &[
            "okta.ndjson",
            "broken.ndjson",
            "-o",
            "out.ndjson",
            "--format",
            "jsonl",
            "--summary",
            "summary.json",
        ],
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let out = std::fs::read_to_string(dir.path().join("out.ndjson")).unwrap();
    assert_eq!(out.lines().count(), 4);
    let summary = std::fs::read_to_string(dir.path().join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["records"], 6);
    assert_eq!(summary["refused"][0]["count"], 1);
    assert_eq!(summary["repeated"], 1);
    assert_eq!(summary["detections"], 4);
    assert_eq!(summary["first"], "2025-04-22T08:00:00Z");
    assert!(
        ran.stderr.contains("repeated: 1 event came before"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_log_that_stops_while_others_go_on_is_told_and_rules_can_see_it() {
    let minute = |product: &str, minute: u32| {
        let time = format!("2025-04-22T{:02}:{:02}:00Z", minute / 60, minute % 60);
        match product {
            "okta" => format!(
                "{{\"uuid\":\"{minute}\",\"eventType\":\"x\",\"actor\":{{}},\"published\":\"{time}\"}}\n"
            ),
            _ => format!(
                "{{\"eventVersion\":\"1\",\"eventName\":\"x\",\"eventSource\":\"y\",\"eventID\":\"{minute}\",\"eventTime\":\"{time}\"}}\n"
            ),
        }
    };
    let okta: String = (0..100).map(|at| minute("okta", at)).collect();
    let aws: String = (0..200).map(|at| minute("aws", at)).collect();
    let rule = "title: Gone dark\nlevel: medium\nlogsource: { product: cordon, service: coverage }\n\
                detection:\n  s: { state: silent, source: okta, host: null }\n  condition: s\n";
    let dir = folder(&[
        ("rule.yml", rule),
        ("okta.ndjson", &okta),
        ("aws.ndjson", &aws),
    ]);
    let ran = scan(&dir, &["okta.ndjson", "aws.ndjson", "--format", "jsonl"]);
    let found = lines(&ran);
    assert_eq!(found.len(), 1, "{}", ran.stderr);
    assert_eq!(found[0]["time"], "2025-04-22T02:10:00Z");
    assert_eq!(found[0]["event"]["silent_from"], "2025-04-22T01:40:00Z");
    assert!(
        ran.stderr
            .contains("silent: okta since 2025-04-22T01:40Z; usually quiet for 1 min"),
        "{}",
        ran.stderr
    );
}

#[test]
fn each_detection_leads_to_the_raw_bytes_of_its_record() {
    let text = three();
    let dir = folder(&[("rule.yml", RULE), ("okta.json", &text)]);
    let found = lines(&scan(&dir, &["okta.json", "--format", "jsonl"]));
    assert_eq!(found.len(), 3);
    for line in found {
        let number = |name: &str| usize::try_from(line["raw"][name].as_u64().unwrap()).unwrap();
        let raw = &text[number("offset")..number("offset") + number("length")];
        let record: Value = serde_json::from_str(raw).unwrap();
        assert_eq!(record, line["event"]);
        let digest = cordon_event::sha256(raw.as_bytes());
        let digits = digest.iter().map(|byte| format!("{byte:02x}"));
        let digest: String = digits.collect();
        assert_eq!(line["raw"]["sha256"], digest);
    }
}

#[test]
fn counts_add_up_where_some_is_left_out_and_a_file_breaks_off() {
    let text = three();
    let dir = folder(&[
        ("rule.yml", RULE),
        ("okta.json", &text),
        ("plain.log", "no time\n"),
    ]);
    let packed = {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    std::fs::write(dir.path().join("cut.json.gz"), &packed[..packed.len() - 8]).unwrap();
    let ran = scan(
        &dir,
        &[
            "okta.json",
            "plain.log",
            "cut.json.gz",
            "--since",
            "2025-04-22T10:00Z",
            "--summary",
            "s.json",
        ],
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let summary = std::fs::read_to_string(dir.path().join("s.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let sum = |list: &str, count: &str| -> u64 {
        let all = summary[list].as_array().unwrap();
        all.iter().map(|one| one[count].as_u64().unwrap()).sum()
    };
    let number = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(number("events"), 7);
    assert_eq!(number("outside"), 2);
    assert_eq!(
        number("records"),
        number("events") + sum("refused", "count")
    );
    assert_eq!(number("events"), number("outside") + sum("logs", "events"));
    assert_eq!(sum("unread", "count"), 1);
    assert!(ran.stderr.contains("okta: 4 events"), "{}", ran.stderr);
}
