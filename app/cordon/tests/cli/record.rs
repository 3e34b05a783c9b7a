//! From what `scan` tells of a record to its bytes, and what standard input may be.

use std::process::Command;

use serde_json::Value;

use crate::running::{cordon, cordon_reading, folder};

const OKTA: &str = concat!(
    "{\"eventType\":\"user.session.start\",\"uuid\":\"u1\",\"published\":\"2026-04-17T08:13:04Z\",",
    "\"actor\":{\"id\":\"1\"},\"outcome\":{\"result\":\"SUCCESS\"}}\n",
    "  {\"eventType\":\"system.log_stream.lifecycle.delete\",\"uuid\":\"u2\",\"published\":\"2026-04-17T10:13:04+02:00\",",
    "\"actor\":{\"id\":\"1\",\"type\":\"User\",\"alternateId\":\"eve@x.example\"},\"outcome\":{\"result\":\"FAILURE\"}}\n"
);

const RULE: &str = "title: A\nid: a\nlogsource: { product: okta }\n\
                    detection: { s: { eventType|startswith: system }, condition: s }\nlevel: low\n";

#[test]
fn every_form_of_a_detection_leads_to_the_bytes_of_its_record() {
    let dir = folder(&[("okta.json", OKTA), ("a.yml", RULE)]);
    let scan = |format| {
        let asked = ["scan", "okta.json", "--rules", "a.yml", "--format", format];
        cordon(dir.path(), &asked).stdout
    };
    let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let (ours, ecs, ocsf) = (
        read(&scan("jsonl")),
        read(&scan("ecs")),
        read(&scan("ocsf")),
    );
    let raw = &ours["raw"];
    assert_eq!(&ecs["cordon"]["records"][0]["raw"], raw);
    let evidence = &ocsf["evidences"][0]["data"];
    assert_eq!(&evidence["raw"], raw);
    let shown = cordon(
        dir.path(),
        &["record", "okta.json", "--record", "2", "--raw"],
    );
    let number = |name: &str| usize::try_from(raw[name].as_u64().unwrap()).unwrap();
    let (offset, length) = (number("offset"), number("length"));
    assert_eq!(shown.stdout, OKTA[offset..offset + length]);
    let digest = cordon_event::sha256(shown.stdout.as_bytes());
    let digest = digest.map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(raw["sha256"], digest.as_str());
    let csv = scan("csv");
    assert!(
        csv.contains(&format!(",failure,{offset},{length},{digest}")),
        "{csv}"
    );
}

#[test]
fn every_form_says_what_was_done_how_it_ended_and_with_which_offset_it_was_written() {
    let dir = folder(&[("okta.json", OKTA), ("a.yml", RULE)]);
    let scan = |format| -> Value {
        let asked = ["scan", "okta.json", "--rules", "a.yml", "--format", format];
        serde_json::from_str(&cordon(dir.path(), &asked).stdout).unwrap()
    };
    let (ours, ecs, ocsf) = (scan("jsonl"), scan("ecs"), scan("ocsf"));
    let action = "system.log_stream.lifecycle.delete";
    assert_eq!(
        (&ours["action"], &ours["outcome"]),
        (&action.into(), &"failure".into())
    );
    assert_eq!(ours["clock"]["written"], "+02:00");
    assert_eq!(
        (&ecs["event"]["action"], &ecs["event"]["outcome"]),
        (&action.into(), &"failure".into())
    );
    assert_eq!(ecs["event"]["timezone"], "+02:00");
    let evidence = &ocsf["evidences"][0]["data"];
    assert_eq!(
        (&evidence["activity_name"], &evidence["status_id"]),
        (&action.into(), &2.into())
    );
    assert_eq!(ocsf["timezone_offset"], 120);
    let asked = ["record", "okta.json", "--record", "2", "--format", "json"];
    let record: Value = serde_json::from_str(&cordon(dir.path(), &asked).stdout).unwrap();
    assert_eq!(record["format"], "cordon/record/v1");
    for key in ["action", "outcome", "clock", "raw", "entities", "event"] {
        assert_eq!(record[key], ours[key], "{key}");
    }
    let shown = cordon(dir.path(), &["record", "okta.json", "--record", "2"]).stdout;
    for part in [
        "okta.json record 2: okta",
        "2026-04-17T08:13:04Z (written with +02:00)",
        "account eve@x.example",
        "failure",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let none = cordon(dir.path(), &["record", "okta.json", "--record", "3"]);
    assert_eq!(none.code, 2);
    assert!(
        none.stderr.contains("to have a record 3, found 2"),
        "{}",
        none.stderr
    );
}

#[test]
fn standard_input_may_be_an_archive_and_what_else_is_packed_is_told_where_to_go() {
    let dir = folder(&[("okta.json", OKTA), ("b.json", OKTA), ("a.yml", RULE)]);
    let scan = ["scan", "-", "--rules", "a.yml", "--format", "jsonl"];
    for how in ["-c", "-cz"] {
        let tar = Command::new("tar")
            .args([how, "okta.json", "b.json"])
            .current_dir(dir.path())
            .output()
            .unwrap();
        let ran = cordon_reading(dir.path(), &scan, &tar.stdout);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let paths: Vec<Value> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["log"]["path"].clone())
            .collect();
        assert_eq!(paths.len(), 2, "{how}: {}", ran.stderr);
        assert!(paths.contains(&"-!okta.json".into()), "{paths:?}");
    }
    let member = stored(b"okta.json", OKTA.as_bytes());
    let ran = cordon_reading(dir.path(), &scan, &member);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("-!okta.json"), "{}", ran.stdout);
    assert!(
        ran.code == 1 && ran.stderr.contains("cut off before its list"),
        "{}",
        ran.stderr
    );
    let ran = cordon_reading(dir.path(), &scan, b"BZh91AY");
    assert!(
        ran.code == 2 && ran.stderr.contains("unpack it first"),
        "{}",
        ran.stderr
    );
    let ran = cordon_reading(dir.path(), &scan, OKTA);
    let told = (ran.code, ran.stdout.lines().count());
    assert_eq!(told, (0, 1), "{}", ran.stderr);
}

#[test]
fn lateness_without_following_is_refused_with_help() {
    let dir = folder(&[("okta.json", OKTA), ("a.yml", RULE)]);
    let asked = ["scan", "okta.json", "--rules", "a.yml", "--lateness", "5m"];
    let ran = cordon(dir.path(), &asked);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--follow"), "{}", ran.stderr);
}

/// A member of a ZIP archive that is not packed, with the header before it (APPNOTE 4.3.7).
fn stored(name: &[u8], bytes: &[u8]) -> Vec<u8> {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut member = b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0".to_vec();
    member.extend((!crc).to_le_bytes());
    member.extend([size, size].concat());
    member.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    member.extend([0, 0]);
    member.extend(name);
    member.extend(bytes);
    member
}
