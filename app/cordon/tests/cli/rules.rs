//! `cordon rules check` as people and scripts meet it.

use crate::running::{cordon, folder};
use serde_json::Value;

const RULE: &str = "title: A\nlogsource: { product: okta }\n\
                    detection:\n  s: { eventType: x }\n  condition: s\n";

#[test]
fn good_rules_are_counted_and_nothing_else_is_said() {
    let dir = folder(&[
        ("rules/a.yml", RULE),
        ("rules/deep/b.yaml", RULE),
        ("rules/c.txt", "x"),
    ]);
    let ran = cordon(dir.path(), &["rules", "check", "rules"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "2 rules, 0 refused\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn one_rule_is_counted_in_the_singular() {
    let dir = folder(&[("a.yml", RULE)]);
    let ran = cordon(dir.path(), &["rules", "check", "a.yml"]);
    assert_eq!(ran.stdout, "1 rule, 0 refused\n");
}

#[test]
fn what_is_wrong_is_the_result_and_ends_with_2() {
    let dir = folder(&[
        ("a.yml", RULE),
        ("b.yml", &RULE.replace("condition: s", "condition: t")),
        ("c.yml", "title: [\n"),
        ("d.yml", "some: thing\n"),
    ]);
    let ran = cordon(
        dir.path(),
        &["rules", "check", "a.yml", "b.yml", "c.yml", "d.yml"],
    );
    assert_eq!(ran.code, 2);
    for words in [
        "b.yml:5:14",
        "c.yml:1:8",
        "help:",
        "2 errors, 1 note",
        "3 rules, 2 refused",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn a_file_that_is_no_text_is_counted_as_a_refused_rule_and_utf16_is_read() {
    let dir = folder(&[("a.yml", RULE)]);
    let units = format!("\u{feff}{RULE}");
    let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(dir.path().join("b.yml"), bytes).unwrap();
    let latin = RULE.replace("title: A", "title: \u{1}").into_bytes();
    let latin: Vec<u8> = latin
        .iter()
        .map(|b| if *b == 1 { 0xe9 } else { *b })
        .collect();
    std::fs::write(dir.path().join("c.yml"), latin).unwrap();
    let ran = cordon(dir.path(), &["rules", "check", "."]);
    assert_eq!(ran.code, 2);
    for words in ["c.yml:1:8", "3 rules, 1 refused"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn an_anchored_keyword_is_sought_at_its_end_of_a_value_only() {
    let rule = RULE.replace("s: { eventType: x }", "s: { '|startswith': foo }");
    let dir = folder(&[
        ("a.yml", &rule),
        (
            "okta.json",
            "{\"eventType\":\"a\",\"published\":\"2025-01-01T00:00:00Z\",\"uuid\":\"1\",\"actor\":{\"alternateId\":\"z\"},\"x\":\"afoo\"}\n\
                       {\"eventType\":\"a\",\"published\":\"2025-01-01T00:00:00Z\",\"uuid\":\"2\",\"actor\":{\"alternateId\":\"z\"},\"x\":\"food\"}\n",
        ),
    ]);
    for more in [&[][..], &["--pipeline", "sysmon"]] {
        let arguments = [
            &["scan", "okta.json", "--rules", "a.yml", "--format", "jsonl"],
            more,
        ]
        .concat();
        let ran = cordon(dir.path(), &arguments);
        let found: Vec<_> = ran.stdout.lines().collect();
        assert_eq!(found.len(), 1, "{} {}", ran.stdout, ran.stderr);
        assert!(found[0].contains("food"), "{}", found[0]);
    }
}

#[test]
fn as_json_it_is_one_document_of_the_documented_shape() {
    let dir = folder(&[("b.yml", &RULE.replace("condition: s", "condition: t"))]);
    let ran = cordon(dir.path(), &["rules", "check", "b.yml", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&found["rules"], &found["refused"]),
        (&Value::from(1), &Value::from(1))
    );
    let one = &found["diagnostics"][0];
    assert_eq!(
        (&one["file"], &one["line"]),
        (&Value::from("b.yml"), &Value::from(5))
    );
    assert_eq!(one["severity"], "error");
    for key in ["column", "code", "message", "help"] {
        assert!(one.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_folder_without_rules_is_wrong_and_a_path_that_is_not_there_is_the_worlds_fault() {
    let dir = folder(&[("empty/readme.txt", "x")]);
    let ran = cordon(dir.path(), &["rules", "check", "empty"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("expected YAML files in this folder"),
        "{}",
        ran.stdout
    );
    assert_eq!(cordon(dir.path(), &["rules", "check", "nowhere"]).code, 1);
}

#[test]
fn placeholders_have_the_values_of_their_files() {
    let rule = RULE
        .replace("eventType:", "user|expand:")
        .replace(" x ", " '%Admins%' ");
    let dir = folder(&[
        ("a.yml", &rule),
        ("site.yml", "placeholders: { Admins: [root] }\n"),
        ("wrong.yml", "placeholders: { Admins: [] }\n"),
    ]);
    let check = |more: &[&str]| cordon(dir.path(), &[&["rules", "check", "a.yml"], more].concat());
    let without = check(&[]);
    assert_eq!(without.code, 2);
    assert!(
        without.stdout.contains("placeholders: { Admins: [value] }"),
        "{}",
        without.stdout
    );
    let with = check(&["--placeholders", "site.yml"]);
    assert_eq!(
        (with.code, with.stdout.as_str()),
        (0, "1 rule, 0 refused\n"),
        "{}",
        with.stderr
    );
    let wrong = check(&["--placeholders", "wrong.yml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("wrong.yml:1:25"), "{}", wrong.stderr);
}

#[test]
fn a_filter_keeps_scanning_quiet_about_what_it_names() {
    let filter = "title: F\nlogsource: { product: okta }\n\
                  filter: { rules: any, s: { actor.alternateId: good@x.example }, condition: not s }\n";
    let record = |who: &str| {
        format!(
            "{{\"eventType\":\"x\",\"published\":\"2025-04-19T08:00:00.000Z\",\"uuid\":\"{who}\",\
             \"actor\":{{\"alternateId\":\"{who}@x.example\"}}}}\n"
        )
    };
    let logs = record("good") + &record("evil");
    let dir = folder(&[
        ("rules/a.yml", RULE),
        ("filters/f.yml", filter),
        ("okta.ndjson", &logs),
    ]);
    let scan = |rules: &[&str]| {
        let words = [
            &["scan", "okta.ndjson", "--format", "jsonl", "--rules"],
            rules,
        ]
        .concat();
        let ran = cordon(dir.path(), &words);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout.lines().count()
    };
    assert_eq!(scan(&["rules"]), 2);
    assert_eq!(scan(&["rules", "filters"]), 1);
}
