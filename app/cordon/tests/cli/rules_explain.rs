//! `cordon rules explain` as people and scripts meet it.

use crate::running::{cordon, folder};
use serde_json::Value;

const RULE: &str = "\
title: Shadow Copies Deleted
id: 33333333-3333-4333-8333-333333333333
logsource: { product: windows, category: process_creation }
detection:
  tool:
    Image|endswith: ['\\vssadmin.exe', '\\wmic.exe']
  verb:
    CommandLine|contains|all: [delete, shadows]
  filter:
    - User: SYSTEM
    - ParentImage|endswith: '\\backup.exe'
  condition: tool and verb and not 1 of filter*
";

const SYSMON: &str = r#"{"Channel":"Microsoft-Windows-Sysmon/Operational","Provider_Name":"Microsoft-Windows-Sysmon","EventID":1,"Computer":"h","UtcTime":"2026-01-01 00:00:00.000","Image":"C:\\Windows\\System32\\vssadmin.exe","CommandLine":"vssadmin delete shadows /all","User":"NORTHGATE\\a"}"#;

#[test]
fn a_match_is_explained_and_ends_with_0() {
    let dir = folder(&[("r.yml", RULE)]);
    let ran = cordon(dir.path(), &["rules", "explain", "r.yml", SYSMON]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_miss_names_the_line_the_value_and_what_is_near_and_ends_with_3() {
    let dir = folder(&[
        ("r.yml", RULE),
        (
            "e.json",
            r#"{"image":"C:\\x\\vssadmin.exe","CommandLine":"vssadmin list","OriginalFileName":"\\vssadmin.exe"}"#,
        ),
    ]);
    let ran = cordon(dir.path(), &["rules", "explain", "r.yml", "e.json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (3, "no match\n"));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn the_log_can_be_left_out() {
    let dir = folder(&[("r.yml", RULE)]);
    let event = r#"{"Image":"\\wmic.exe","CommandLine":"shadows delete"}"#;
    let ran = cordon(dir.path(), &["rules", "explain", "r.yml", event]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("--whatever-log"), "{}", ran.stderr);
    let arguments = ["rules", "explain", "r.yml", event, "--whatever-log"];
    assert_eq!(cordon(dir.path(), &arguments).code, 0);
}

#[test]
fn a_record_is_chosen_by_its_number_and_a_rule_by_its_title() {
    let two = format!(
        "{RULE}---\n{}",
        RULE.replace("Shadow Copies", "Other Copies")
            .replace("wmic", "x")
    );
    let log = format!("{{\"a\":1}}\n{SYSMON}\n");
    let dir = folder(&[("r.yml", &two), ("log.json", &log)]);
    let explain = |rule: &str, record: &str| {
        cordon(
            dir.path(),
            &["rules", "explain", rule, "log.json", "--record", record],
        )
    };
    let ran = explain("r.yml#other copies deleted", "2");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("Other Copies Deleted"),
        "{}",
        ran.stdout
    );
    assert_eq!(explain("r.yml#other copies deleted", "1").code, 3);
    for (rule, record, words) in [
        ("r.yml", "2", "expected one rule, found several"),
        ("r.yml#shadow copies deleted", "3", "found 2"),
        (
            "r.yml#Shadow Copies Deletd",
            "1",
            "did you mean `Shadow Copies Deleted`?",
        ),
    ] {
        let ran = explain(rule, record);
        assert_eq!(ran.code, 2, "{rule}: {}", ran.stderr);
        let said = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{rule}: {said}");
    }
}

#[test]
fn as_json_it_is_one_document_that_agrees_with_the_exit_code() {
    let dir = folder(&[("r.yml", RULE)]);
    for (event, matched) in [(SYSMON, true), ("{\"a\": 1}", false)] {
        let ran = cordon(
            dir.path(),
            &["rules", "explain", "r.yml", event, "--format", "json"],
        );
        assert_eq!(ran.code == 0, matched);
        let told: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(told["format"], "cordon/explanation/v1");
        assert_eq!(
            (&told["matched"], &told["rules"][0]["matched"]),
            (&matched.into(), &matched.into())
        );
        assert_eq!(told["rules"][0]["selections"][1]["name"], "verb");
        let line = &told["rules"][0]["selections"][1]["asks"]["of"][0]["line"];
        assert_eq!(
            (&line["field"], &line["line"]),
            (&"CommandLine".into(), &8.into())
        );
    }
}

#[test]
fn a_built_in_correlation_is_explained_rule_by_rule() {
    let dir = folder(&[]);
    let ran = cordon(
        dir.path(),
        &[
            "rules",
            "explain",
            "Account Taken Over After a Reset",
            "{\"a\": 1}",
        ],
    );
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("a correlation, which several records complete"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("all within"), "{}", ran.stdout);
    assert!(ran.stdout.matches("no match").count() > 2, "{}", ran.stdout);
}

#[test]
fn a_selection_that_a_filter_brought_names_its_file() {
    let filter = "title: Backups\nlogsource: { product: windows }\n\
                  filter:\n  rules: any\n  backup: { User: x }\n  condition: not backup\n";
    let dir = folder(&[("p/r.yml", RULE), ("p/quiet.yml", filter)]);
    let rule = "p#Shadow Copies Deleted";
    let ran = cordon(dir.path(), &["rules", "explain", rule, SYSMON]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("backup  (line 5 of p/quiet.yml)"),
        "{}",
        ran.stdout
    );
}
