//! `--pipeline` as people and scripts meet it.

use crate::running::{cordon, folder};

const RULE: &str = "title: A\nlogsource: { product: windows, category: registry_set }\n\
                    detection:\n  s: { 'TargetObject|contains': '\\Run\\', Details: '%bad%' }\n  condition: s\n";

const RECORD: &str = r#"{"EventID": 4657, "Channel": "Security", "Computer": "PC1", "TimeCreated": "2026-04-17T08:13:04Z", "ObjectName": "\\REGISTRY\\MACHINE\\SOFTWARE\\Run", "ObjectValueName": "x", "OperationType": "%%1904", "NewValue": "evil.exe", "SubjectUserName": "bob"}"#;

const VALUES: &str =
    "vars: { bad: [evil.exe] }\ntransformations: [ { type: value_placeholders } ]\n";

#[test]
fn a_built_in_pipeline_and_a_file_work_together() {
    let rule = RULE.replace("Details: ", "'Details|expand': ");
    let dir = folder(&[
        ("r.yml", &rule),
        ("log.ndjson", RECORD),
        ("ours.yml", VALUES),
    ]);
    let scan = [
        "scan",
        "log.ndjson",
        "--rules",
        "r.yml",
        "--format",
        "jsonl",
    ];
    let without = cordon(dir.path(), &scan);
    assert_eq!(without.code, 2, "{}", without.stderr);
    let pipelines = ["--pipeline", "windows-audit", "--pipeline", "ours.yml"];
    let ran = cordon(dir.path(), &[&scan[..], &pipelines[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("ObjectValueName"), "{}", ran.stdout);
}

#[test]
fn a_pipeline_is_checked_like_rules_and_told_from_them() {
    let wrong =
        "transformations:\n  - { type: command_placeholders, cmd: id }\n  - { type: cas }\n";
    let dir = folder(&[("good.yml", VALUES), ("wrong.yml", wrong)]);
    let good = cordon(dir.path(), &["rules", "check", "good.yml"]);
    assert_eq!(
        (good.code, good.stdout.as_str()),
        (0, "0 rules, 0 refused\n")
    );
    let ran = cordon(dir.path(), &["rules", "check", "wrong.yml"]);
    assert_eq!(ran.code, 2);
    for words in [
        "wrong.yml:2:5",
        "never carried out",
        "wrong.yml:3:13",
        "did you mean `case`?",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn a_pipeline_that_cannot_be_used_ends_the_work() {
    let dir = folder(&[
        ("r.yml", RULE),
        ("log.ndjson", RECORD),
        ("wrong.yml", "transformations: 5\n"),
    ]);
    for (pipeline, code, words) in [
        (
            "sysmn",
            2,
            "built-in ones: ecs-windows, entra, sysmon, windows-audit",
        ),
        ("wrong.yml", 2, "wrong.yml:1:18"),
        ("nowhere.yml", 1, "nowhere.yml"),
    ] {
        let ran = cordon(
            dir.path(),
            &[
                "scan",
                "log.ndjson",
                "--rules",
                "r.yml",
                "--pipeline",
                pipeline,
            ],
        );
        assert_eq!(ran.code, code, "{pipeline}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{pipeline}: {}", ran.stderr);
    }
}

#[test]
fn rules_that_a_pipeline_refuses_are_counted_and_told() {
    let refusing = "transformations: [ { type: rule_failure, message: not for us } ]\n";
    let dir = folder(&[("r.yml", RULE), ("p.yml", refusing)]);
    let ran = cordon(
        dir.path(),
        &["rules", "check", "r.yml", "--pipeline", "p.yml"],
    );
    assert_eq!(ran.code, 2);
    for words in ["r.yml:1:1", "not for us", "1 rule, 1 refused"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn who_looks_at_rules_sees_them_behind_the_pipeline() {
    let given = format!("match: true\nevent: {RECORD}\n");
    let dir = folder(&[
        ("r.yml", &RULE.replace("%bad%", "evil.exe")),
        ("r_test.yml", &given),
    ]);
    for (command, without, behind) in [
        (vec!["rules", "test", "r.yml"], 3, "1 as expected"),
        (
            vec!["rules", "explain", "r.yml", RECORD, "--whatever-log"],
            3,
            "NewValue",
        ),
        (
            vec!["rules", "list", "r.yml", "--format", "jsonl"],
            0,
            "\"service\":\"security\"",
        ),
        (vec!["rules", "coverage", "r.yml"], 0, ""),
    ] {
        let ran = cordon(dir.path(), &command);
        assert_eq!(ran.code, without, "{command:?}: {}", ran.stdout);
        let ran = cordon(
            dir.path(),
            &[&command[..], &["--pipeline", "windows-audit"]].concat(),
        );
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.stdout);
        assert!(ran.stdout.contains(behind), "{command:?}: {}", ran.stdout);
    }
}
