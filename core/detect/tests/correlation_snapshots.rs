//! What a snapshot of correlations looks like, and what becomes of it under other rules.
#![expect(clippy::expect_used, reason = "rules and records are written here")]

use std::sync::Arc;

use cordon_detect::{
    Canonical, Correlator, Match, Reorder, Repeats, RuleSet, Screener,
    snapshot::v1::{self, Document, Dropped, RestoreError, Restored},
};
use cordon_event::{Event, LogKind, OwnId};
use cordon_model::{LogRef, Timestamp};
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::{Value, json};

const RULES: &str = "\
title: A
name: a
logsource: { product: p }
detection: { sel: { kind: a }, condition: sel }
---
title: B
name: b
logsource: { product: p }
detection: { sel: { kind: b }, condition: sel }
---
title: Sum
correlation: { type: value_sum, rules: a, group-by: u, timespan: 1h, condition: { field: n, gt: 5 } }
---
title: Both
correlation: { type: temporal_ordered, rules: [a, b], timespan: 1h }
";

fn rule_set(text: &str) -> Arc<RuleSet> {
    let parsed = parse(&Source::new("r.yml", text));
    Arc::new(RuleSet::compile(parsed.rules, parsed.correlations).0)
}

fn canonical() -> Canonical {
    Arc::new(|name| Arc::from(name))
}

fn event(second: i64, kind: &str) -> Event {
    let kind_of_log = LogKind {
        product: Some(Arc::from("p")),
        ..LogKind::default()
    };
    Event {
        own: OwnId::of_vendor(format!("e{second}")),
        log: LogRef {
            path: Arc::from("log"),
            record: 7,
        },
        time: Timestamp::from_second(second).ok(),
        ..Event::of_fields(kind_of_log, json!({ "kind": kind, "u": "X", "n": -2.5 }))
    }
}

/// Lets records arrive, of which those up to second 3 leave; what is told of them.
fn arrive(rules: &RuleSet, restored: &mut Restored, events: &[Event]) -> Vec<String> {
    let mut screener = Screener::new(rules);
    let found = events
        .iter()
        .filter_map(|event| screener.screen(event, &|_| Vec::new()));
    for hit in found.flat_map(Match::into_hits) {
        assert_eq!(restored.reorder.take(hit), None);
    }
    let horizon = Timestamp::from_second(3).expect("a second in range");
    restored.reorder.move_horizon(horizon);
    let mut told = Vec::new();
    while let Some(hits) = restored.reorder.next_record() {
        told.extend(restored.correlator.observe_record(&hits));
    }
    told.iter().map(|d| d.rule.title.clone()).collect()
}

/// A record of each kind, of which the second waits.
fn saved() -> Value {
    let rules = rule_set(RULES);
    let mut state = Restored {
        reorder: Reorder::new(Repeats::Once),
        correlator: Correlator::new(Arc::clone(&rules), canonical()),
        dropped: Dropped::default(),
    };
    let told = arrive(&rules, &mut state, &[event(1, "a"), event(4, "b")]);
    assert_eq!(told, [""; 0]);
    let document = v1::snapshot(&state.reorder, &state.correlator);
    serde_json::to_value(document).expect("a document can be written")
}

fn restored(document: &Value, rules: &str) -> Result<Restored, RestoreError> {
    let document: Document =
        serde_json::from_value(document.clone()).expect("the shape of a document is kept");
    v1::restore(document, rule_set(rules), canonical())
}

#[test]
fn the_first_version_of_the_format_stays_as_it_is() {
    let mut document = saved();
    for correlation in document["correlations"].as_array_mut().expect("a list") {
        let meaning = correlation["meaning"].take();
        assert_eq!(meaning.as_str().map(str::len), Some(32));
    }
    let a = json!({ "id": "e1", "log": ["log", 7], "time": "1970-01-01T00:00:01Z", "source": "p",
        "fields": { "kind": "a", "u": "X", "n": ["number", "-2.5"] } });
    let b = json!({ "id": "e4", "log": ["log", 7], "time": "1970-01-01T00:00:04Z", "source": "p",
        "fields": { "kind": "b", "u": "X", "n": ["number", "-2.5"] } });
    let expect = json!({
        "format": "cordon/correlations/v1",
        "records": [b, a],
        "rules": [["b", "B", 0], ["a", "A", 0]],
        "waiting_room": {
            "each_place": false,
            "horizon": "1970-01-01T00:00:03Z",
            "told": "1970-01-01T00:00:03Z",
            "used": 1, "duplicates": 0, "late": 0, "hastened": 0,
            "hits": [{ "rule": 0, "record": 0, "matched": [["kind", "b"]], "beside": [0] }],
            "remembered": [{ "time": "1970-01-01T00:00:01Z", "id": "e1", "rule": 1 }],
        },
        "newest": ["1970-01-01T00:00:01Z", "e1"],
        "losses": { "window_full": 0, "memory_full": 0, "crowded": 0, "without_number": 0,
            "out_of_order": 0 },
        "correlations": [
            { "meaning": null, "windows": [{ "group": ["X"], "told": 0, "entries": [{
                "time": "1970-01-01T00:00:01Z", "positions": [0], "numbers": [["n", ["-2.5"]]],
                "records": [1], "matched": [["kind", "a"]] }] }] },
            { "meaning": null, "windows": [{ "group": [], "told": 0, "entries": [{
                "time": "1970-01-01T00:00:01Z", "positions": [0],
                "records": [1], "matched": [["kind", "a"]] }] }] },
        ],
    });
    assert_eq!(document, expect);
}

#[test]
fn windows_of_what_changed_are_dropped_and_counted_and_the_others_go_on() {
    let document = saved();
    for (from, to, windows, hits) in [
        ("title: Both", "title: Two", 0, 0),
        ("gt: 5", "gt: 6", 1, 0),
        ("kind: a", "kind: [a]", 0, 0),
        ("kind: a", "kind: [a, c]", 2, 0),
        ("kind: b", "kind: [b, c]", 1, 0),
        ("name: b", "name: c", 1, 1),
        ("product: p", "product: q", 2, 0),
    ] {
        let dropped = restored(&document, &RULES.replacen(from, to, 1))
            .expect("whole")
            .dropped;
        let expect = Dropped {
            windows,
            records: windows,
            hits,
        };
        assert_eq!(dropped, expect, "{to}");
    }
    let reordered: Vec<_> = RULES.split("---\n").collect();
    let reordered = [reordered[3], reordered[1], reordered[2], reordered[0]].join("---\n");
    let mut state = restored(&document, &reordered).expect("whole");
    assert_eq!(state.dropped, Dropped::default());
    state.reorder.move_horizon(Timestamp::MAX);
    let hits = state.reorder.next_record().expect("the waiting hit");
    let told = state.correlator.observe_record(&hits);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].rule.title, "Both");
}

#[test]
fn a_document_that_is_damaged_or_of_another_format_is_refused() {
    let damage = |pointer: &str, to: Value| {
        let mut document = saved();
        *document.pointer_mut(pointer).expect(pointer) = to;
        let refused = restored(&document, RULES).expect_err(pointer);
        refused.to_string()
    };
    for (pointer, to, expect) in [
        (
            "/format",
            json!("cordon/correlations/v9"),
            "found `cordon/correlations/v9`",
        ),
        (
            "/waiting_room/horizon",
            json!("noon"),
            "a point in time, found `noon`",
        ),
        ("/waiting_room/hits/0/record", json!(9), "its record 9"),
        ("/waiting_room/hits/0/beside", json!([9]), "its rule 9"),
        (
            "/correlations/0/windows/0/entries/0/numbers/0/1/0",
            json!("x"),
            "found `x`",
        ),
        (
            "/correlations/0/windows/0/entries/0/records",
            json!([9]),
            "its record 9",
        ),
    ] {
        let told = damage(pointer, to);
        assert!(told.contains(expect), "{told}");
    }
}
