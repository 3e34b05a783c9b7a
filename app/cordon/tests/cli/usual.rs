//! What was learned from history raises what rules say, and stands in the time line.

use std::{fmt::Write as _, fs};

use serde_json::Value;

use crate::running::{cordon, folder};

const ESTATE: &str = "cordon: estate/v1\nname: Northgate\ncurrency: GBP\nnodes:\n  - { id: user:ann, kind: user, aliases: [ann@x.example] }\n";

const RULE: &str = "title: Factor enrolled\nname: enrolled\nlevel: high\nlogsource: { product: okta }\n\
                    detection: { s: { eventType: user.mfa.factor.activate }, condition: s }\n";

/// One record of the identity provider.
fn record(day: u32, event: &str, address: &str) -> String {
    format!(
        "{{\"uuid\":\"{day}-{event}\",\"published\":\"2025-04-{day:02}T08:00:00.000Z\",\"eventType\":\"{event}\",\
         \"actor\":{{\"id\":\"00u1\",\"type\":\"User\",\"alternateId\":\"ann@x.example\"}},\
         \"client\":{{\"ipAddress\":\"{address}\"}},\"outcome\":{{\"result\":\"SUCCESS\"}}}}\n"
    )
}

fn confidence_and_line(extra: &[&str]) -> (f64, String) {
    let history = (1..=12).fold(String::new(), |mut all, day| {
        let _ = write!(all, "{}", record(day, "user.session.start", "192.0.2.7"));
        all
    });
    let dir = folder(&[
        ("estate.yaml", ESTATE),
        ("rule.yml", RULE),
        ("history/okta.ndjson", &history),
        (
            "logs/okta.ndjson",
            &record(22, "user.mfa.factor.activate", "203.0.113.9"),
        ),
    ]);
    let base = [
        "respond",
        "--estate",
        "estate.yaml",
        "--logs",
        "logs",
        "--rules",
        "rule.yml",
        "--out",
        "out",
    ];
    for run in extra.chunk_by(|_, next| *next != ";") {
        let own: Vec<&str> = run.iter().copied().filter(|word| *word != ";").collect();
        let ran = cordon(dir.path(), &[&base[..], &own].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap_or_default();
    let incidents: Value = serde_json::from_str(&read("out/incidents.json")).unwrap_or_default();
    let held = incidents.pointer("/incidents/0/held/0/confidence");
    (
        held.and_then(Value::as_f64).unwrap_or(0.0),
        read("out/timeline.csv"),
    )
}

#[test]
fn what_is_new_of_somebody_known_raises_the_belief_and_is_told() {
    let (usual, line) = confidence_and_line(&["--hold", "24h"]);
    assert!(
        (usual - 0.6).abs() < 1e-9 && !line.contains("first time"),
        "{usual} {line}"
    );
    let (raised, line) = confidence_and_line(&["--history", "history"]);
    assert!((raised - 0.75).abs() < 1e-9, "{raised}");
    let told = "first time that ann@x.example, seen on 12 earlier days, is seen with network 203.0.113.0/24";
    assert!(line.contains(told), "{line}");
}

#[test]
fn what_was_learned_is_saved_and_serves_without_the_history() {
    let (raised, line) = confidence_and_line(&[
        "--history",
        "history",
        "--save-baseline",
        "usual.txt",
        ";",
        "--baseline",
        "usual.txt",
    ]);
    assert!(
        (raised - 0.75).abs() < 1e-9 && line.contains("first time"),
        "{raised}"
    );
    let dir = folder(&[
        ("estate.yaml", ESTATE),
        ("rule.yml", RULE),
        ("bad.txt", "no\n"),
        ("logs/a.ndjson", "{}"),
    ]);
    let ran = cordon(
        dir.path(),
        &[
            "respond",
            "--estate",
            "estate.yaml",
            "--logs",
            "logs",
            "--rules",
            "rule.yml",
            "--out",
            "o",
            "--baseline",
            "bad.txt",
        ],
    );
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("bad.txt") && ran.stderr.contains("--history"),
        "{}",
        ran.stderr
    );
}
