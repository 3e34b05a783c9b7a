//! `cordon rules list` as people and scripts meet it.

use crate::running::{cordon, folder};
use serde_json::{Value, json};

const RULES: &str = "\
title: Logon at Night
id: 11111111-1111-4111-8111-111111111111
name: night_logon
status: test
level: low
tags: [attack.t1078.004, attack.initial-access]
logsource: { product: windows, service: security }
detection:
  a: { EventID: 4624 }
  b: { User: x }
  condition: a and b
---
title: Shell Started
level: high
tags: [attack.t1059]
description: Somebody opened a shell.
logsource: { product: linux, category: process_creation }
detection: { s: { Image: /bin/sh }, condition: s }
---
title: Logons and Shells
id: 22222222-2222-4222-8222-222222222222
level: critical
correlation: { type: temporal, rules: [night_logon], group-by: [User], timespan: 5m }
";

#[expect(
    clippy::expect_used,
    reason = "a catalogue that is no JSON fails the test"
)]
fn titles(arguments: &[&str]) -> Vec<String> {
    let dir = folder(&[("r.yml", RULES)]);
    let all = [&["rules", "list", "r.yml", "--format", "jsonl"], arguments].concat();
    let ran = cordon(dir.path(), &all);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let title = |line: &str| {
        let rule: Value = serde_json::from_str(line).expect("a line is JSON");
        let title = rule.get("title").and_then(Value::as_str);
        title.expect("a rule has a title").to_owned()
    };
    ran.stdout.lines().map(title).collect()
}

#[test]
fn the_catalogue_has_two_lines_for_each_rule_the_most_serious_first() {
    let dir = folder(&[("r.yml", RULES)]);
    let ran = cordon(dir.path(), &["rules", "list", "r.yml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "3 rules\n"));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn filters_narrow_the_catalogue_and_add_up() {
    let (night, shell, both) = ("Logon at Night", "Shell Started", "Logons and Shells");
    for (arguments, expect) in [
        (&[][..], vec![both, shell, night]),
        (&["--level", "high,critical"], vec![both, shell]),
        (&["--tag", "attack.t1078"], vec![night]),
        (&["--tag", "attack.t10"], vec![]),
        (&["--product", "Linux"], vec![shell]),
        (&["--search", "OPENED a"], vec![shell]),
        (&["--search", "logon", "--level", "low"], vec![night]),
    ] {
        assert_eq!(titles(arguments), expect, "{arguments:?}");
    }
    let dir = folder(&[("r.yml", RULES)]);
    let ran = cordon(dir.path(), &["rules", "list", "r.yml", "--level", "bad"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("expected informational"),
        "{}",
        ran.stderr
    );
}

#[test]
fn as_json_each_rule_says_what_it_is_looked_up_by() {
    let dir = folder(&[("r.yml", RULES)]);
    let ran = cordon(dir.path(), &["rules", "list", "r.yml", "--format", "json"]);
    let rules: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(rules[0]["kind"], "correlation");
    assert_eq!(rules[0]["builds_on"], json!(["night_logon"]));
    assert_eq!(rules[1]["id"], "Shell Started");
    let night = &rules[2];
    assert_eq!(night["techniques"], json!(["T1078.004"]));
    assert_eq!(night["selections"], 2);
    assert_eq!(
        (&night["file"], &night["line"]),
        (&json!("r.yml"), &json!(1))
    );
    assert_eq!(
        night["logsource"],
        json!({"product": "windows", "service": "security", "category": null})
    );
}

#[test]
fn the_built_in_rules_are_listed_unless_paths_are_given() {
    let dir = folder(&[]);
    let ran = cordon(dir.path(), &["rules", "list", "--format", "jsonl"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.lines().count() > 30, "{}", ran.stderr);
}
