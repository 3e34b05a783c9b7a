//! What people say, from when on words are used, and what an answer is worth beside the truth.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::running::{Ran, cordon, folder};

const ESTATE: &str = r"cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: user:agent-7, kind: user, aliases: [agent.seven@x.example] }
  - { id: host:dc1, kind: domain-controller, jewel: { loss: 3000000 } }
edges:
  - { from: user:agent-7, to: host:dc1, kind: admin-to, minutes: 10 }
steps:
  - { id: disable/agent-7, kind: disable-account, removes: { nodes: [user:agent-7] }, cost: 50 }
";

const RULE: &str = "title: Reset\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a01\nlevel: high\n\
                    logsource: { product: okta }\n\
                    detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n";

const LOG: &str = r#"{"uuid":"2","published":"2025-04-22T09:00:00.000Z","eventType":"user.account.reset_password","actor":{"id":"00u2","type":"User","alternateId":"agent.seven@x.example"},"outcome":{"result":"SUCCESS"}}
"#;

fn case() -> TempDir {
    folder(&[
        ("estate.yaml", ESTATE),
        ("rule.yml", RULE),
        ("logs/okta.ndjson", LOG),
    ])
}

fn respond(dir: &TempDir, more: &[&str]) -> Ran {
    let arguments = ["respond", "--estate", "estate.yaml", "--logs", "logs"];
    let rest = ["--rules", "rule.yml", "--out", "out"];
    let all: Vec<&str> = arguments.iter().chain(&rest).chain(more).copied().collect();
    cordon(dir.path(), &all)
}

#[expect(
    clippy::unwrap_used,
    reason = "a document that is missing should stop the test"
)]
fn json(dir: &TempDir, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.path().join("out").join(name)).unwrap()).unwrap()
}

#[test]
fn from_when_on_something_is_likely_is_the_users_to_say() {
    let dir = case();
    assert_eq!(respond(&dir, &[]).code, 0);
    assert_eq!(
        json(&dir, "plan.json")["footholds"],
        Value::Array(Vec::new())
    );
    assert_eq!(respond(&dir, &["--likely-from", "0.5"]).code, 0);
    assert_eq!(
        json(&dir, "plan.json")["footholds"][0]["id"],
        "user:agent-7"
    );
    let ran = respond(&dir, &["--likely-from", "0.2"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("--suspected-from"), "{}", ran.stderr);
}

#[test]
fn a_persons_word_counts_and_stands_with_its_author_and_reason() {
    let dir = case();
    let say = |says: &str| {
        let words = ["--by", "s.osei", "--why", "called <b>back</b>"];
        let first = [
            "mark",
            "--marks",
            "marks.yml",
            "--entity",
            "agent.seven@x.example",
            "--says",
            says,
        ];
        let all: Vec<&str> = first.iter().chain(&words).copied().collect();
        cordon(dir.path(), &all)
    };
    let first = say("held");
    assert_eq!(first.code, 0);
    assert!(first.stderr.contains("1 mark in "), "{}", first.stderr);
    assert_eq!(respond(&dir, &["--marks", "marks.yml"]).code, 0);
    assert_eq!(json(&dir, "plan.json")["footholds"][0]["confidence"], 1);
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    assert!(
        page.contains("called &lt;b&gt;back&lt;/b&gt;"),
        "the reason is shown, and does nothing"
    );
    assert_eq!(say("cleared").code, 0);
    assert_eq!(respond(&dir, &["--marks", "marks.yml"]).code, 0);
    let incidents = json(&dir, "incidents.json");
    assert_eq!(incidents["incidents"], Value::Array(Vec::new()));
    assert_eq!(
        incidents["marks"].as_array().unwrap().len(),
        1,
        "the last word counts"
    );
    assert_eq!(incidents["marks"][0]["says"], "cleared");
    assert_eq!(incidents["marks"][0]["by"], "s.osei");
    fs::write(
        dir.path().join("marks.yml"),
        "cordon: marks/v1\nmarks: []\nmore: 1\n",
    )
    .unwrap();
    assert_eq!(say("held").code, 2);
    let text = fs::read_to_string(dir.path().join("marks.yml")).unwrap();
    assert!(
        text.ends_with("more: 1\n"),
        "a file that is wrong stays as it was"
    );
}

#[test]
fn where_no_rule_is_for_a_log_that_is_said() {
    let dir = case();
    fs::write(dir.path().join("logs/okta.ndjson"), "").unwrap();
    let line = "{\"EventID\":1,\"Channel\":\"Application\",\"Provider_Name\":\"x\",\"Computer\":\"ws1\",\
                \"@timestamp\":\"2025-04-22T09:00:00Z\"}\n";
    fs::write(dir.path().join("logs/app.ndjson"), line.repeat(3)).unwrap();
    let ran = respond(&dir, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = "Of the 3 events, 0 are of a kind that some rule is for.";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    assert!(page.contains(said));
}

#[test]
fn an_answer_is_scored_against_the_truth() {
    let dir = case();
    let truth = r#"{"format":"cordon/truth/v1","intrusions":["telephone"],"benign_records":0,"intrusion_records":1,
        "held":[{"node":"user:agent-7","since":"2025-04-22T08:30:00Z","intrusion":0}],
        "steps":[{"time":"2025-04-22T08:30:00Z","intrusion":0,"stage":"call","tactic":"initial-access",
                  "log":{"path":"okta.ndjson","record":1}}]}"#;
    fs::write(dir.path().join("truth.json"), truth).unwrap();
    assert_eq!(respond(&dir, &["--likely-from", "0.5"]).code, 0);
    let score = |more: &[&str]| {
        let first = ["drill", "score", "--truth", "truth.json", "--answer", "out"];
        cordon(
            dir.path(),
            &first.iter().chain(more).copied().collect::<Vec<_>>(),
        )
    };
    let ran = score(&["--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let card: Value = serde_json::from_str(&ran.stdout).unwrap();
    let one = &card["intrusions"][0];
    assert_eq!(
        (&one["records_told"], &one["records_foreign"]),
        (&1.into(), &0.into())
    );
    assert_eq!(one["held"][0]["belief"], "likely");
    assert_eq!(one["likely_after_minutes"], 30);
    assert_eq!(card["plan"]["overlooked"], Value::Array(Vec::new()));
    let table = score(&[]);
    assert!(
        table.stdout.contains("1 of 1") && table.stdout.contains("30 min"),
        "{}",
        table.stdout
    );
    fs::write(dir.path().join("truth.json"), "{}").unwrap();
    assert_eq!(score(&[]).code, 2);
}
