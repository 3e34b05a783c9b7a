//! `cordon scan` on logs that are hostile, broken or not there.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::running::{Ran, cordon, folder};

const RULE: &str = "title: Reset\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a01\nlevel: high\n\
                    logsource: { product: okta }\n\
                    detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n";

const RECORD: &str = r#"{"uuid":"1","published":"2025-04-22T09:00:00.000Z","eventType":"user.account.reset_password","actor":{"id":"a","type":"User","alternateId":"agent@x.example"},"outcome":{"result":"SUCCESS"}}"#;

fn scan(dir: &tempfile::TempDir, arguments: &[&str]) -> Ran {
    cordon(
        dir.path(),
        &[&["scan"][..], arguments, &["--rules", "rule.yml"]].concat(),
    )
}

#[test]
fn a_detection_names_its_rule_and_its_record() {
    let records = format!("not json\n{RECORD}\n");
    let dir = folder(&[("rule.yml", RULE), ("logs/okta.ndjson", &records)]);
    let ran = scan(&dir, &["logs", "--format", "jsonl"]);
    assert_eq!(
        (ran.code, ran.stdout.lines().count()),
        (0, 1),
        "{}",
        ran.stderr
    );
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["rule"]["title"], "Reset");
    assert_eq!(found["log"]["path"], "logs/okta.ndjson");
    assert_eq!(found["log"]["record"], 2);
    assert_eq!(found["time"], "2025-04-22T09:00:00Z");
    assert_eq!(found["matched"][0]["field"], "eventType");
    assert_eq!(found["event"]["uuid"], "1");
}

#[test]
fn a_folder_without_logs_is_wrong_input_and_a_path_that_is_not_there_the_worlds_fault() {
    let dir = folder(&[("rule.yml", RULE), ("empty/none", "")]);
    let ran = scan(&dir, &["empty"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("no log found under empty"),
        "{}",
        ran.stderr
    );
    let ran = scan(&dir, &["nowhere"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("nowhere"), "{}", ran.stderr);
}

#[test]
fn rules_that_cannot_be_used_are_left_out_aloud_and_none_at_all_is_wrong_input() {
    let broken = RULE.replace("condition: s", "condition: t");
    let dir = folder(&[
        ("rule.yml", RULE),
        ("broken.yml", &broken),
        ("log.json", RECORD),
    ]);
    let ran = cordon(
        dir.path(),
        &["scan", "log.json", "--rules", "rule.yml", "broken.yml"],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 of 2 rules"), "{}", ran.stderr);
    let ran = cordon(dir.path(), &["scan", "log.json", "--rules", "broken.yml"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("broken.yml:7:14"), "{}", ran.stderr);
}

#[test]
fn a_truncated_evtx_is_read_as_far_as_it_goes() {
    let dir = folder(&[("rule.yml", RULE)]);
    let mut bytes = b"ElfFile\0".to_vec();
    bytes.resize(3000, 0);
    std::fs::write(dir.path().join("cut.evtx"), bytes).unwrap();
    let ran = scan(&dir, &["cut.evtx"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 refused"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("file ends inside the record"),
        "{}",
        ran.stderr
    );
}

/// Larger than any limit on a record, and than what anybody should hold in memory twice.
const LONG_LINE_BYTES: usize = 200 << 20;

#[test]
fn a_line_of_200_megabytes_is_refused_and_the_next_one_read() {
    let dir = folder(&[("rule.yml", RULE)]);
    let mut file = BufWriter::new(File::create(dir.path().join("long.json")).unwrap());
    let part = vec![b'x'; 1 << 20];
    file.write_all(br#"{"a":""#).unwrap();
    for _ in 0..LONG_LINE_BYTES / part.len() {
        file.write_all(&part).unwrap();
    }
    write!(file, "\"}}\n{RECORD}\n").unwrap();
    drop(file);
    let ran = scan(&dir, &["long.json", "--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 refused"), "{}", ran.stderr);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["log"]["record"], 2);
}

#[test]
fn a_log_cannot_drive_the_terminal() {
    let record = RECORD.replace("agent@x.example", "\\u001b]0;boo\\u0007\u{9b}2J");
    let dir = folder(&[("rule.yml", RULE), ("log.json", &record)]);
    for format in ["table", "json", "jsonl"] {
        let ran = scan(&dir, &["log.json", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let harmless = |c: char| c == '\n' || !c.is_control();
        assert!(
            ran.stdout.chars().all(harmless),
            "{format}: {:?}",
            ran.stdout
        );
    }
}

#[test]
fn a_damaged_file_does_not_hold_up_the_others() {
    let dir = folder(&[("rule.yml", RULE), ("logs/okta.ndjson", RECORD)]);
    // A gzip stream that ends in the middle of its first block.
    let torn = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x2a";
    std::fs::write(dir.path().join("logs/torn.json.gz"), torn).unwrap();
    let ran = scan(&dir, &["logs", "--format", "jsonl"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stderr);
    assert_eq!(ran.code, 1, "what could not be read is the world's fault");
    assert!(ran.stderr.contains("not read to its end"), "{}", ran.stderr);
    assert!(ran.stderr.contains("torn.json.gz"), "{}", ran.stderr);
}

#[test]
fn a_source_that_is_silent_is_said() {
    let dir = folder(&[("rule.yml", RULE), ("logs/x.ndjson", "{\"a\": 1}\n")]);
    let ran = scan(&dir, &["logs"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = "nothing came from okta: 1 rule had nothing to look at";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn what_was_read_of_a_file_that_breaks_off_is_told_as_such() {
    let records = (0..20_000).map(|n| RECORD.replace(r#""1""#, &format!("\"{n}\"")) + "\n");
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer
        .write_all(records.collect::<String>().as_bytes())
        .unwrap();
    let whole = packer.finish().unwrap();
    let dir = folder(&[("rule.yml", RULE)]);
    let torn = whole.get(..whole.len() / 2).unwrap();
    std::fs::write(dir.path().join("okta.ndjson.gz"), torn).unwrap();
    let ran = scan(&dir, &["okta.ndjson.gz"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("not read to its end"), "{}", ran.stderr);
    assert!(
        !ran.stderr.contains("nothing came from okta"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("read 0 records"), "{}", ran.stderr);
}

#[test]
fn a_folder_without_logs_beside_a_good_one_is_said_and_ends_with_2() {
    let dir = folder(&[("rule.yml", RULE), ("logs/okta.ndjson", RECORD)]);
    std::fs::create_dir(dir.path().join("empty")).unwrap();
    let ran = scan(&dir, &["logs", "empty", "--format", "jsonl"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stderr);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("no log found under empty"),
        "{}",
        ran.stderr
    );
}
