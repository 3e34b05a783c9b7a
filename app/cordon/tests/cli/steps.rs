//! From a published collection of a directory to a plan that is checked: import, steps, plan.

use std::fs;

use cordon_recordings::recording;
use serde_json::Value;

use crate::running::{cordon, folder};

/// What nobody collects: what is worth how much, and what the business needs.
const OVERLAY: &str = "cordon: estate/v1
name: Phantom
currency: GBP
nodes:
  - { id: PAYMENT01.PHANTOM.CORP, kind: computer, jewel: { loss: 900000, why: every payment } }
  - { id: FILESERVER01.PHANTOM.CORP, kind: computer, jewel: { loss: 50000, why: drawings } }
services:
  - { id: payments, needs: PAYMENT01.PHANTOM.CORP, loss_per_hour: 20000, protected: true }
  - { id: sign-in, needs: DC01.PHANTOM.CORP, loss_per_hour: 9000, protected: true }
";

#[test]
fn a_collection_becomes_an_estate_with_steps_and_a_plan_that_is_checked() {
    let Some(collection) = recording("inventory/ad_sampledata.zip") else {
        return;
    };
    let dir = folder(&[("overlay.yaml", OVERLAY)]);
    let run = |arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let ran = cordon(dir.path(), &arguments);
        assert_eq!(ran.code, 0, "{arguments:?}\n{}\n{}", ran.stdout, ran.stderr);
        ran.stdout
    };
    let collection = collection.display();
    run(&format!(
        "estate import {collection} overlay.yaml --out estate.jsonl"
    ));
    let made = run("estate steps estate.jsonl --out ready.jsonl --format json");
    let made: Value = serde_json::from_str(&made).unwrap();
    assert!(made["made"].as_u64().unwrap() > 100, "{made}");
    assert!(
        made["made_by_kind"]["unpublish-template"].as_u64().unwrap() > 0,
        "{made}"
    );
    run("estate steps estate.jsonl --out again.jsonl");
    let read = |name: &str| fs::read(dir.path().join(name)).unwrap();
    assert_eq!(
        read("ready.jsonl"),
        read("again.jsonl"),
        "same input, same bytes"
    );
    let plan = run(
        "plan --estate ready.jsonl --foothold JONAS-TEST-MS01.PHANTOM.CORP --hold 24h --brief --format json",
    );
    fs::write(dir.path().join("plan.json"), &plan).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert!(!plan["steps"].as_array().unwrap().is_empty(), "{plan}");
    run("plan check plan.json --estate ready.jsonl");
    run("estate steps estate.jsonl --only-made --out made.jsonl");
    run("plan check plan.json --estate estate.jsonl made.jsonl");
}

const ESTATE: &str = "cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: user:a, kind: user }
  - { id: host:till, kind: server, jewel: { loss: 9 } }
edges:
  - { from: user:a, to: host:till, kind: admin-to }
steps:
  - { id: own, kind: isolate-host, removes: { nodes: [host:till] }, cost: 5 }
";

#[test]
fn a_preview_writes_nothing_and_tells_what_would_be_made_and_what_not() {
    let dir = folder(&[("e.yaml", ESTATE)]);
    let ran = cordon(dir.path(), &["estate", "steps", "e.yaml", "--preview"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for told in [
        "3 steps made, beside 1 that are written",
        "disable-account",
        "note [written]: isolate-host: 1 times",
        "reset-password",
    ] {
        assert!(ran.stdout.contains(told), "{told}\n{}", ran.stdout);
    }
    let asked = [
        "estate",
        "steps",
        "e.yaml",
        "--preview",
        "--kinds",
        "isolate-host,disable-account",
        "--format",
        "json",
    ];
    let told: Value = serde_json::from_str(&cordon(dir.path(), &asked).stdout).unwrap();
    assert_eq!(
        told["made_by_kind"],
        serde_json::json!({"disable-account": 1})
    );
}

#[test]
fn without_a_file_the_estate_goes_to_standard_output_and_the_rest_beside_it() {
    let dir = folder(&[("e.yaml", ESTATE)]);
    let ran = cordon(dir.path(), &["estate", "steps", "e.yaml"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stdout.starts_with("{\"cordon\":\"estate/v1\""),
        "{}",
        ran.stdout
    );
    assert_eq!(
        ran.stdout
            .lines()
            .filter(|line| line.starts_with("{\"step\":"))
            .count(),
        4
    );
    assert!(ran.stderr.contains("3 steps made"), "{}", ran.stderr);
}

#[test]
fn wrong_kinds_and_prices_are_refused_with_their_place() {
    let dir = folder(&[
        ("e.yaml", ESTATE),
        (
            "p.yaml",
            "cordon: prices/v1\nprices:\n  - { step: isolate-hosts, cost: 1 }\n",
        ),
    ]);
    for (asked, told) in [
        (
            &["--kinds", "reset-password"][..],
            "no steps of the kind `reset-password`",
        ),
        (&["--prices", "p.yaml"], "p.yaml:3"),
    ] {
        let ran = cordon(
            dir.path(),
            &[&["estate", "steps", "e.yaml", "--preview"], asked].concat(),
        );
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
