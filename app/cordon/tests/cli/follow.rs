//! `cordon scan --follow`: what is added is told while it runs, and Ctrl-C ends it with a summary.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot run its subject has failed"
)]

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::running::{folder, started};

const RULES: &str = "title: Reset\nname: reset\nlevel: high\nlogsource: { product: okta }\n\
                     detection:\n  s: { eventType: user.account.reset_password }\n  condition: s\n\
                     ---\ntitle: Two resets\nlevel: critical\n\
                     correlation: { type: event_count, rules: [reset], group-by: [actor.id], \
                     timespan: 1h, condition: { gte: 2 }, generate: true }\n";

/// Long enough for a machine on which much else runs.
const PATIENCE: Duration = Duration::from_mins(1);

fn reset(minute: u32) -> String {
    format!(
        "{{\"uuid\":\"{minute}\",\"published\":\"2025-04-22T08:{minute:02}:00.000Z\",\
         \"eventType\":\"user.account.reset_password\",\"actor\":{{\"id\":\"a\"}}}}\n"
    )
}

fn add(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Lines as they come.
fn heard(child: &mut Child) -> Receiver<Value> {
    let out = child.stdout.take().unwrap();
    let (send, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if send.send(value).is_err() {
                return;
            }
        }
    });
    lines
}

fn next(lines: &Receiver<Value>) -> String {
    let line = lines.recv_timeout(PATIENCE).unwrap();
    let record = &line["log"];
    format!(
        "{} {}:{}",
        line["rule"]["title"].as_str().unwrap(),
        record["path"].as_str().unwrap(),
        record["record"]
    )
}

fn interrupted(mut child: Child) -> (i32, String) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (child.wait().unwrap().code().unwrap(), said)
}

#[test]
fn what_is_added_is_told_and_correlated_and_an_interrupt_concludes() {
    let dir = folder(&[("rules.yml", RULES), ("logs/a.ndjson", &reset(0))]);
    let arguments = [
        "scan",
        "logs",
        "--follow",
        "--format",
        "jsonl",
        "--rules",
        "rules.yml",
    ];
    let mut child = started(dir.path(), &arguments);
    let lines = heard(&mut child);
    assert_eq!(next(&lines), "Reset logs/a.ndjson:1");
    add(&dir.path().join("logs/a.ndjson"), &reset(5));
    assert_eq!(next(&lines), "Reset logs/a.ndjson:2");
    // The log is turned over, and a file that comes moves time on: the correlation has waited long enough.
    std::fs::rename(
        dir.path().join("logs/a.ndjson"),
        dir.path().join("logs/a.ndjson.1"),
    )
    .unwrap();
    add(&dir.path().join("logs/a.ndjson"), &reset(40));
    let both = [next(&lines), next(&lines)];
    assert!(
        both.contains(&"Reset logs/a.ndjson:1".to_owned()),
        "{both:?}"
    );
    assert!(
        both.contains(&"Two resets logs/a.ndjson:2".to_owned()),
        "{both:?}"
    );
    let (code, said) = interrupted(child);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("read 3 records from 2 logs"), "{said}");
}

#[test]
fn following_ends_when_nothing_of_the_period_can_still_come() {
    let dir = folder(&[("rules.yml", RULES), ("a.ndjson", &reset(0))]);
    let arguments = [
        "scan",
        "a.ndjson",
        "--follow",
        "--until",
        "2026-01-01",
        "--format",
        "jsonl",
        "--rules",
        "rules.yml",
    ];
    let ended = started(dir.path(), &arguments).wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stdout).lines().count(), 1);
}

#[test]
fn standard_input_is_followed_to_its_end() {
    let dir = folder(&[("rules.yml", RULES)]);
    let arguments = [
        "scan",
        "-",
        "--follow",
        "--format",
        "jsonl",
        "--rules",
        "rules.yml",
    ];
    let mut child = started(dir.path(), &arguments);
    let lines = heard(&mut child);
    let mut input = child.stdin.take().unwrap();
    input.write_all(reset(0).as_bytes()).unwrap();
    assert_eq!(next(&lines), "Reset -:1");
    input.write_all(reset(5).trim_end().as_bytes()).unwrap();
    drop(input);
    assert_eq!(next(&lines), "Reset -:2");
    assert_eq!(next(&lines), "Two resets -:2");
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
}
