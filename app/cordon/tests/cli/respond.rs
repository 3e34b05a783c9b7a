//! `cordon respond` from logs to documents, on a case small enough to follow by hand.

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
services:
  - { id: service:desk, needs: user:agent-7, loss_per_hour: 10 }
steps:
  - { id: disable/agent-7, kind: disable-account, removes: { nodes: [user:agent-7] }, takes_down: [user:agent-7], cost: 50 }
";

const RULE: &str = "title: Reset\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a01\nlevel: critical\n\
                    logsource: { product: okta }\n\
                    detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n";

/// Two records, of which the rule matches the second.
const LOG: &str = r#"{"uuid":"1","published":"2025-04-22T08:00:00.000Z","eventType":"user.session.start","actor":{"id":"00u1","type":"User","alternateId":"somebody@x.example"},"outcome":{"result":"SUCCESS"}}
{"uuid":"2","published":"2025-04-22T09:00:00.000Z","eventType":"user.account.reset_password","actor":{"id":"00u2","type":"User","alternateId":"agent.seven@x.example"},"outcome":{"result":"SUCCESS"}}
"#;

fn case(estate: &str, log: &str) -> TempDir {
    folder(&[
        ("estate.yaml", estate),
        ("rule.yml", RULE),
        ("logs/okta.ndjson", log),
    ])
}

fn respond(dir: &TempDir, out: &str) -> Ran {
    let arguments = [
        "respond",
        "--estate",
        "estate.yaml",
        "--logs",
        "logs",
        "--rules",
        "rule.yml",
        "--out",
        out,
    ];
    cordon(dir.path(), &arguments)
}

#[expect(
    clippy::unwrap_used,
    reason = "a document that is missing or broken should stop the test"
)]
fn json(dir: &TempDir, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.path().join(name)).unwrap()).unwrap()
}

#[test]
fn logs_become_a_plan_with_its_evidence() {
    let dir = case(ESTATE, LOG);
    let ran = respond(&dir, "out");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = json(&dir, "out/plan.json");
    assert_eq!(plan["footholds"][0]["id"], "user:agent-7");
    assert_eq!(plan["steps"][0]["id"], "disable/agent-7");
    assert_eq!(plan["price"]["total"], 290);
    assert_eq!(plan["proof"]["proven"], true);
    let incidents = fs::read_to_string(dir.path().join("out/incidents.json")).unwrap();
    assert!(incidents.contains("logs/okta.ndjson") && incidents.contains("user:agent-7"));
    let timeline = fs::read_to_string(dir.path().join("out/timeline.csv")).unwrap();
    assert_eq!(timeline.lines().count(), 2, "{timeline}");
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    assert!(page.contains("disable/agent-7") && !page.contains("<script"));
    assert!(ran.stdout.contains("disable/agent-7"), "{}", ran.stdout);
}

#[test]
fn the_same_records_give_the_same_documents_in_whatever_files_they_come() {
    let one = case(ESTATE, LOG);
    respond(&one, "out");
    respond(&one, "again");
    for name in ["plan.json", "incidents.json", "timeline.csv"] {
        let read = |out: &str| fs::read(one.path().join(out).join(name)).unwrap();
        assert_eq!(read("out"), read("again"), "{name}");
    }
    let lines: Vec<&str> = LOG.lines().collect();
    let two = case(ESTATE, lines[1]);
    fs::write(two.path().join("logs/a.ndjson"), lines[0]).unwrap();
    respond(&two, "out");
    assert_eq!(json(&one, "out/plan.json"), json(&two, "out/plan.json"));
}

#[test]
fn where_nothing_is_held_the_plan_has_no_steps() {
    let dir = case(ESTATE, LOG.lines().next().unwrap());
    let ran = respond(&dir, "out");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = json(&dir, "out/plan.json");
    assert_eq!(plan["steps"], Value::Array(Vec::new()));
    assert_eq!(
        (&plan["price"]["total"], &plan["proof"]["proven"]),
        (&0.into(), &true.into())
    );
    assert_eq!(plan["no_steps"]["reason"], "nothing_held");
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    let said = "1 record from 1 log were compared with 1 rule. That nothing more was found is true of \
                these records only";
    assert!(page.contains(said) && !page.contains("Nothing is held"));
}

#[test]
fn where_no_plan_exists_the_documents_are_written_all_the_same() {
    let dir = case(&ESTATE.replace("loss_per_hour: 10", "protected: true"), LOG);
    let ran = respond(&dir, "out");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let plan = json(&dir, "out/plan.json");
    assert_eq!(plan["price"], Value::Null);
    assert_eq!(
        plan["infeasible"]["reasons"][0]["protected"][0],
        "service:desk"
    );
    for name in ["incidents.json", "timeline.csv", "report.html"] {
        assert!(
            fs::metadata(dir.path().join("out").join(name))
                .unwrap()
                .len()
                > 0,
            "{name}"
        );
    }
}

#[test]
fn whoever_is_held_and_unknown_to_the_estate_is_named() {
    let dir = case(
        &ESTATE.replace("agent.seven@x.example", "other@x.example"),
        LOG,
    );
    let ran = respond(&dir, "out");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = json(&dir, "out/plan.json");
    assert_eq!(plan["outside_estate"][0], "agent.seven@x.example");
    assert_eq!(plan["footholds"], Value::Array(Vec::new()));
    assert_eq!(plan["no_steps"]["reason"], "only_outside_estate");
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    for words in [
        "An intruder likely holds 1 entity outside the estate.",
        "everything that is held lies outside the estate",
        "agent.seven@x.example",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("likely holds 1 entity outside the estate."),
        "{said}"
    );
}

/// Two intrusions that share nothing: each is an incident of its own.
#[test]
fn several_incidents_have_one_list_of_whom_the_intruder_holds() {
    let other = LOG
        .lines()
        .nth(1)
        .unwrap()
        .replace("agent.seven", "somebody.else");
    let log = format!(
        "{LOG}{}\n",
        other.replace(r#""2""#, r#""3""#).replace("00u2", "00u3")
    );
    let dir = case(ESTATE, &log);
    let ran = respond(&dir, "out");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stdout.matches("Whom the intruder holds").count(),
        1,
        "{}",
        ran.stdout
    );
    let incidents = json(&dir, "out/incidents.json");
    let incidents = incidents["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 2);
    for incident in incidents {
        let id = incident["id"].as_str().unwrap();
        assert!(ran.stdout.contains(id), "{id}: {}", ran.stdout);
    }
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    assert!(page.contains("<p>2 incidents</p>"));
}

#[test]
fn a_folder_that_cannot_be_written_is_the_worlds_fault() {
    let dir = case(ESTATE, LOG);
    let ran = respond(&dir, "estate.yaml/out");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("estate.yaml/out"), "{}", ran.stderr);
}
