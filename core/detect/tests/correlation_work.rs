//! What a record costs does not grow with the window it joins: counted in steps, not in time.

use std::{fmt::Write as _, sync::Arc};

use cordon_detect::{Correlator, Hit, Match, RuleSet, Screener};
use cordon_event::{Event, LogKind, OwnId};
use cordon_model::Timestamp;
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::json;

/// Types and conditions; the first of each pair never holds, the second does again and again.
const ASKED: [(&str, &str); 17] = [
    ("event_count", "{ gt: 9998 }"),
    ("event_count", "{ gte: 3 }"),
    ("value_count", "{ field: n, gt: 9998 }"),
    ("value_count", "{ field: n, gte: 3 }"),
    ("value_sum", "{ field: n, gt: 1e20 }"),
    ("value_sum", "{ field: n, gt: -100 }"),
    ("value_avg", "{ field: n, gt: 1e20 }"),
    ("value_avg", "{ field: n, gt: 1 }"),
    ("value_percentile", "{ field: n, percentile: 95, gt: 1e20 }"),
    ("value_percentile", "{ field: n, percentile: 5, gt: 1 }"),
    ("value_median", "{ field: n, gt: 1e20 }"),
    ("value_median", "{ field: n, gt: 1 }"),
    ("temporal", "a and b and c"),
    ("temporal", "a and b"),
    ("temporal_ordered", "a and b and c and a"),
    ("temporal_ordered", "(a or b) and b and a"),
    ("temporal", "{ gte: 3 }"),
];

const RECORDS: i64 = 2_000;

fn rule_set(seconds: u32) -> Arc<RuleSet> {
    let mut text = String::new();
    for rule in ["a", "b", "c"] {
        let _ = write!(
            text,
            "title: {rule}\nname: {rule}\nlogsource: {{ product: p }}\n\
             detection: {{ sel: {{ kind: {rule} }}, condition: sel }}\n---\n"
        );
    }
    let correlations = ASKED.map(|(kind, condition)| {
        format!(
            "title: t\ncorrelation:\n  type: {kind}\n  rules: [a, b, c]\n  timespan: {seconds}s\n  \
             condition: {condition}\n"
        )
    });
    text += &correlations.join("---\n");
    let parsed = parse(&Source::new("r.yml", text));
    assert_eq!(parsed.refused, 0, "{:?}", parsed.report);
    let (set, report) = RuleSet::compile(parsed.rules, parsed.correlations);
    assert_eq!(report.diagnostics, []);
    Arc::new(set)
}

/// One record a second, of rules `a` and `b`, with numbers that rise and fall.
fn hits(rules: &RuleSet) -> Vec<Hit> {
    let mut screener = Screener::new(rules);
    let mut hits = Vec::new();
    for second in 0..RECORDS {
        let kind = if second % 3 == 0 { "b" } else { "a" };
        let fields = json!({ "kind": kind, "n": second * 7919 % 1009 });
        let log = LogKind {
            product: Some(Arc::from("p")),
            ..LogKind::default()
        };
        let event = Event {
            own: OwnId::of_vendor(format!("e{second:05}")),
            time: Timestamp::from_second(second).ok(),
            ..Event::of_fields(log, fields)
        };
        let found = screener.screen(&event, &|_| Vec::new());
        hits.extend(found.into_iter().flat_map(Match::into_hits));
    }
    hits
}

/// The steps for all records, with windows of so many of them.
fn steps(width: u32) -> u64 {
    let rules = rule_set(width);
    let mut correlator = Correlator::new(Arc::clone(&rules), Arc::new(|name| Arc::from(name)));
    for hit in hits(&rules) {
        correlator.observe(&hit);
    }
    correlator.steps()
}

#[test]
fn a_window_of_a_hundred_times_as_many_records_costs_no_more_steps_a_record() {
    let (narrow, wide) = (steps(10), steps(1_000));
    let every = u64::try_from(RECORDS).expect("a count") * u64::try_from(ASKED.len()).expect("few");
    assert!(
        wide <= 6 * every,
        "{wide} steps for {every} records and types"
    );
    assert!(
        wide <= narrow + narrow / 10,
        "{wide} steps, {narrow} with narrow windows"
    );
}
