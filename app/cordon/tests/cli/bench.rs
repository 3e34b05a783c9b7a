//! `cordon bench` measures the work and changes nothing about it.

use serde_json::Value;

use crate::running::{cordon, folder};

const RULE: &str = "title: Reset\nlogsource: { product: okta }\n\
                    detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n";

const RECORD: &str = r#"{"uuid":"1","published":"2025-04-22T09:00:00.000Z","eventType":"user.account.reset_password","actor":{"id":"a","type":"User","alternateId":"agent@x.example"},"outcome":{"result":"SUCCESS"}}"#;

#[test]
fn what_is_measured_is_what_scan_finds_as_often_as_it_was_read() {
    let dir = folder(&[("rule.yml", RULE), ("log.json", RECORD)]);
    let given = ["--rules", "rule.yml", "--logs", "log.json", "--events", "3"];
    let arguments = [&["bench", "detect", "--format", "json"][..], &given].concat();
    let ran = cordon(dir.path(), &arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    for (name, expect) in [("rules", 1), ("events", 3), ("detections", 3)] {
        assert_eq!(told[name], expect, "{name}");
    }
    for stage in ["reading", "matching", "telling"] {
        assert!(told["stages"][stage]["wall_seconds"].is_f64(), "{stage}");
    }
    assert_eq!(told["threads"]["count"], 2);
}
