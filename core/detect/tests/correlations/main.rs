//! What correlations mean: windows, groups, references, and when they are reported again.
//!
//! Each case is a set of rules and a sketch of records, `seconds kind field=value …`; the verdict
//! is the list of detections: the second, the title, the group, the records.
#![expect(clippy::expect_used, reason = "sketches of records are written here")]

mod absence;

use std::{fmt::Write as _, sync::Arc};

use cordon_detect::{Correlator, Hit, Match, RuleSet, Screener};
use cordon_event::{Event, LogKind, OwnId};
use cordon_model::{Detection, Timestamp};
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::{Map, Value};

/// Rules `a`, `b` and `c`, each matching records of its kind.
const BASE: &str = "\
title: A
name: a
logsource: { product: p }
tags: [attack.t1110]
detection: { sel: { kind: a }, condition: sel }
---
title: B
name: b
logsource: { product: p }
tags: [attack.t1078, attack.t1110]
detection: { sel: { kind: [b, ab] }, condition: sel }
---
title: C
id: 00000000-0000-4000-8000-00000000000c
logsource: { product: p }
detection: { sel: { kind: [c] }, condition: sel }
---
title: A too
name: a2
logsource: { product: p }
detection: { sel: { kind: ab }, condition: sel }
";

fn rule_set(correlations: &str) -> (Arc<RuleSet>, Vec<&'static str>) {
    let parsed = parse(&Source::new("r.yml", format!("{BASE}---\n{correlations}")));
    assert_eq!(parsed.refused, 0, "{:?}", parsed.report);
    let (set, report) = RuleSet::compile(parsed.rules, parsed.correlations);
    let codes = report.diagnostics.iter().map(|d| d.code).collect();
    (Arc::new(set), codes)
}

/// `120 a user=x,y ip=z` is a record of kind `a` at second 120; a comma makes an array. `-` for
/// the second leaves the time unknown.
fn event((number, line): (usize, &str)) -> Event {
    let mut words = line.split_whitespace();
    let second = words.next().expect("a second").parse().ok();
    let mut fields = Map::new();
    fields.insert(
        "kind".to_owned(),
        Value::from(words.next().expect("a kind")),
    );
    for word in words {
        let (name, value) = word.split_once('=').expect("name=value");
        let value_of = |text: &str| match text.strip_prefix('#') {
            Some(number) => number.parse().map(Value::Number).expect("a number"),
            None => Value::from(text),
        };
        let values: Vec<_> = value.split(',').map(value_of).collect();
        let value = match values.as_slice() {
            [one] => Clone::clone(one),
            _ => Value::from(values),
        };
        fields.insert(name.to_owned(), value);
    }
    let kind = LogKind {
        product: Some(Arc::from("p")),
        ..LogKind::default()
    };
    Event {
        time: second.map(|s: i64| Timestamp::from_second(s).expect("a second in range")),
        own: OwnId::of_vendor(format!("e{number:05}")),
        ..Event::of_fields(kind, Value::Object(fields))
    }
}

fn hits(set: &RuleSet, lines: &[&str]) -> Vec<Hit> {
    let mut screener = Screener::new(set);
    let events = lines.iter().copied().enumerate().map(event);
    let found = events.filter_map(|event| screener.screen(&event, &|_| Vec::new()));
    found.flat_map(Match::into_hits).collect()
}

/// Names are one if they differ only behind `@`, as an estate's aliases may say.
fn correlator(set: &Arc<RuleSet>) -> Correlator {
    let canonical = |name: &str| Arc::from(name.split('@').next().unwrap_or(name));
    Correlator::new(Arc::clone(set), Arc::new(canonical))
}

fn sketch(detection: &Detection) -> String {
    let second = detection.time.map_or(-1, Timestamp::as_second);
    let mut text = format!("{second} {}", detection.rule.title);
    for value in &detection.group {
        let _ = write!(text, " {value}");
    }
    let records: Vec<_> = detection
        .records
        .iter()
        .map(|r| r.id.as_str().replace("e0000", ""))
        .collect();
    let _ = write!(text, ": {}", records.join(" "));
    text
}

/// Checks what correlations make of records.
fn check(correlations: &str, lines: &[&str], expect: &[&str]) {
    let (set, codes) = rule_set(correlations);
    assert_eq!(codes, Vec::<&str>::new());
    let mut correlator = correlator(&set);
    let told: Vec<_> = hits(&set, lines)
        .iter()
        .flat_map(|hit| correlator.observe(hit))
        .map(|detection| sketch(&detection))
        .collect();
    assert_eq!(told, expect, "{correlations}");
}

fn correlation(keys: &str) -> String {
    format!("title: X\ncorrelation: {{ {keys} }}\n")
}

#[test]
fn a_count_is_reported_once_and_again_only_after_its_records_left() {
    let three = correlation(
        "type: event_count, rules: a, group-by: user, timespan: 1m, condition: { gte: 3 }",
    );
    let lines = [
        "0 a user=x",
        "10 a user=x",
        "20 a user=y",
        "60 a user=x",
        "61 a user=x",
        "121 a user=x",
        "121 a user=x",
    ];
    check(&three, &lines, &["60 X x: 0 1 3", "121 X x: 4 5 6"]);
    check(
        &three,
        &["0 a user=x", "30 a user=x", "61 a user=x", "91 a user=x"],
        &[],
    );
}

#[test]
fn counts_compare_by_every_word_and_by_ranges() {
    let lines = ["0 a", "1 a", "2 a", "3 a"];
    for (condition, expect) in [
        ("gt: 2", &["2 X: 0 1 2"][..]),
        ("gte: 2", &["1 X: 0 1"]),
        ("eq: 3", &["2 X: 0 1 2"]),
        ("lt: 2", &["0 X: 0"]),
        ("lte: 1", &["0 X: 0"]),
        ("gte: 2, lte: 3", &["1 X: 0 1"]),
        ("gt: 4", &[]),
    ] {
        let keys =
            format!("type: event_count, rules: a, timespan: 1h, condition: {{ {condition} }}");
        check(&correlation(&keys), &lines, expect);
    }
}

#[test]
fn different_values_are_counted_after_names_are_resolved() {
    let spray = correlation(
        "type: value_count, rules: a, group-by: ip, timespan: 5m, condition: { field: user, gte: 3 }",
    );
    check(
        &spray,
        &[
            "0 a ip=1 user=x",
            "1 a ip=1 user=X@corp",
            "2 a ip=1 user=y,z",
            "3 a ip=1",
        ],
        &["2 X 1: 0 1 2"],
    );
    let pairs = correlation(
        "type: value_count, rules: a, timespan: 5m, condition: { field: [user, ip], gte: 2 }",
    );
    check(
        &pairs,
        &["0 a user=x ip=1", "1 a user=x", "2 a user=x ip=2"],
        &["2 X: 0 2"],
    );
}

#[test]
fn numbers_are_measured_exactly_and_records_without_one_take_no_part() {
    let lines = ["0 a n=0.1", "1 a", "2 a n=-0.3", "3 a n=0.2,x", "4 a n=4"];
    for (kind, condition, expect) in [
        ("sum", "eq: 0", &["3 X: 0 2 3"][..]),
        ("sum", "gt: 3.999999999999999999", &["4 X: 0 2 3 4"]),
        ("sum", "lt: 0, gte: -0.2", &["2 X: 0 2"]),
        ("avg", "eq: 1", &["4 X: 0 2 3 4"]),
        ("avg", "eq: -0.1", &["2 X: 0 2"]),
        ("median", "eq: 0.15", &["4 X: 0 2 3 4"]),
        ("median", "eq: -0.10", &["2 X: 0 2"]),
        ("percentile", "percentile: 75, gt: 0.1", &["3 X: 0 2 3"]),
        ("percentile", "percentile: 0, lt: 0", &["2 X: 0 2"]),
        ("sum", "gt: 4", &[]),
    ] {
        let keys = format!(
            "type: value_{kind}, rules: a, timespan: 1h, condition: {{ field: n, {condition} }}"
        );
        check(&correlation(&keys), &lines, expect);
    }
}

#[test]
fn the_field_of_a_condition_may_be_an_alias_and_counts_once_for_each_field() {
    let sum = correlation(
        "type: value_sum, rules: [a2, b, a], timespan: 1h, aliases: { n: { b: out, a2: out } }, \
         condition: { field: n, gte: 6 }",
    );
    check(
        &sum,
        &["0 ab out=3 n=9", "1 b out=2", "2 a n=1"],
        &["2 X: 0 1 2"],
    );
}

#[test]
fn temporal_wants_all_rules_in_any_order() {
    let both = correlation("type: temporal, rules: [a, b], group-by: user, timespan: 10s");
    check(
        &both,
        &["0 b user=x", "3 a user=y", "10 a user=x"],
        &["10 X x: 0 2"],
    );
    check(&both, &["0 b user=x", "11 a user=x"], &[]);
    let some =
        correlation("type: temporal, rules: [a, b, a2], timespan: 10s, condition: { gte: 2 }");
    check(&some, &["0 a", "1 b"], &["1 X: 0 1"]);
}

#[test]
fn temporal_may_say_which_rules_must_meet_and_which_must_not() {
    let expr = correlation(
        "type: temporal, rules: [a, b, a2], timespan: 10s, condition: a and b and not a2",
    );
    check(&expr, &["0 a", "1 b"], &["1 X: 0 1"]);
    check(&expr, &["0 a", "1 ab"], &[]);
    let unlisted = correlation("type: temporal, timespan: 10s, condition: b and not (a or a2)");
    check(&unlisted, &["0 a", "1 b", "11 b"], &["11 X: 1 2"]);
}

#[test]
fn an_expression_in_order_is_read_from_left_to_right() {
    let third = "00000000-0000-4000-8000-00000000000c";
    let expr = correlation(&format!(
        "type: temporal_ordered, timespan: 10s, condition: a and (b or {third}) and not a2"
    ));
    check(&expr, &["0 a", "1 b"], &["1 X: 0 1"]);
    check(&expr, &["0 b", "1 a", "2 c"], &["2 X: 0 1 2"]);
    check(&expr, &["0 b", "1 a"], &[]);
    check(&expr, &["0 a", "1 ab", "2 c"], &[]);
    let two = correlation(&format!(
        "type: temporal_ordered, rules: [a, b, {third}], timespan: 10s, condition: {{ gte: 2 }}"
    ));
    check(&two, &["0 b", "1 a", "2 c"], &["2 X: 0 1 2"]);
    check(&two, &["0 c", "1 b", "2 a"], &[]);
}

#[test]
fn what_an_occurrence_told_is_spent_and_another_one_is_told_apart() {
    let steps = correlation("type: temporal_ordered, rules: [a, b], timespan: 10s");
    let lines = ["0 a", "1 b", "2 b", "3 a", "4 b", "5 b"];
    check(&steps, &lines, &["1 X: 0 1", "4 X: 2 3 4"]);
    let both = correlation("type: temporal, rules: [a, b], timespan: 10s");
    check(&both, &lines, &["1 X: 0 1", "3 X: 2 3"]);
    let few = correlation("type: temporal, rules: [a, b], timespan: 10s, condition: { lte: 1 }");
    check(&few, &lines, &["0 X: 0"]);
}

#[test]
fn temporal_ordered_wants_them_in_order() {
    let steps = correlation("type: temporal_ordered, rules: [a, b], timespan: 10s");
    check(&steps, &["0 a", "3 b"], &["3 X: 0 1"]);
    check(&steps, &["0 b", "3 a"], &[]);
    check(&steps, &["0 b", "3 a", "5 b"], &["5 X: 0 1 2"]);
    let third = "00000000-0000-4000-8000-00000000000c";
    let three = correlation(&format!(
        "type: temporal_ordered, rules: [a, b, {third}], timespan: 10s"
    ));
    check(&three, &["0 a", "1 c", "2 b"], &[]);
    check(&three, &["0 a", "1 b", "2 c"], &["2 X: 0 1 2"]);
}

#[test]
fn records_of_one_instant_serve_either_order_but_one_record_is_one_step() {
    let steps = correlation("type: temporal_ordered, rules: [a2, b], timespan: 10s");
    check(&steps, &["0 ab"], &[]);
    check(&steps, &["0 ab", "0 b"], &["0 X: 0 1"]);
    check(&steps, &["0 b", "0 ab"], &["0 X: 0 1"]);
    let twice = correlation("type: temporal_ordered, rules: [a, a], timespan: 10s");
    check(&twice, &["0 a"], &[]);
    check(&twice, &["0 a", "4 a"], &["4 X: 0 1"]);
}

#[test]
fn one_record_counts_once_however_many_rules_it_matches() {
    let two =
        correlation("type: event_count, rules: [a2, b], timespan: 10s, condition: { gte: 2 }");
    check(&two, &["0 ab"], &[]);
    check(&two, &["0 ab", "1 b"], &["1 X: 0 1"]);
}

#[test]
fn groups_join_case_aliases_arrays_and_leave_out_what_has_no_value() {
    let by_user = correlation(
        "type: temporal, rules: [a, b], timespan: 10s, group-by: [who], \
         aliases: { who: { a: user, b: actor } }",
    );
    check(
        &by_user,
        &["0 a user=X@corp", "1 b actor=x"],
        &["1 X X: 0 1"],
    );
    check(&by_user, &["0 a user=x,y", "1 b actor=y"], &["1 X y: 0 1"]);
    check(&by_user, &["0 a", "1 b"], &[]);
}

#[test]
fn records_without_a_time_never_correlate() {
    let two = correlation("type: event_count, rules: a, timespan: 10s, condition: { gte: 2 }");
    check(&two, &["- a", "- a", "0 a"], &[]);
}

#[test]
fn a_correlation_builds_on_a_correlation_through_what_that_one_groups_by() {
    let chain = "\
title: Many
name: many
correlation: { type: event_count, rules: a, group-by: [user, ip], timespan: 10s, condition: { gte: 2 } }
---
title: Many then B
correlation:
  type: temporal_ordered
  rules: [many, b]
  group-by: [user]
  timespan: 1m
";
    check(
        chain,
        &[
            "0 a user=x ip=1",
            "1 a user=x ip=2",
            "2 a user=x ip=1",
            "30 b user=x",
        ],
        &["30 Many then B x: 0 2 3"],
    );
}

#[test]
fn a_correlation_carries_its_own_facts_and_the_tags_of_its_rules() {
    let keys = "type: temporal, rules: [a, b], timespan: 10s, group-by: user";
    let (set, _) = rule_set(&correlation(keys));
    let hits = hits(&set, &["0 b user=x", "1 a user=x"]);
    let mut correlator = correlator(&set);
    let told: Vec<_> = hits
        .iter()
        .flat_map(|hit| correlator.observe(hit))
        .collect();
    assert_eq!(told[0].rule.tags, ["attack.t1110", "attack.t1078"]);
    assert_eq!(told[0].rule.holds, []);
    assert_eq!(told[0].matched[0].value, "a");
    assert_eq!(told[0].group, [Arc::from("x")]);
}

#[test]
fn rules_that_feed_are_silent_unless_the_correlation_generates() {
    for (generate, expect) in [("", 1), (", generate: true", 2)] {
        let keys = format!(
            "type: event_count, rules: a, timespan: 10s, condition: {{ gte: 9 }}{generate}"
        );
        let (set, _) = rule_set(&correlation(&keys));
        let told = hits(&set, &["0 a", "1 b"])
            .iter()
            .filter_map(|hit| set.detection(hit))
            .count();
        assert_eq!(told, expect, "{generate}");
    }
}

#[test]
fn a_rule_that_stands_alone_is_told_whatever_counts_it() {
    for (own, expect) in [
        ("holds: [actor]", 0),
        ("alone: false", 0),
        ("alone: true", 1),
    ] {
        let text = format!(
            "title: D\nname: d\nlogsource: {{ product: p }}\n\
             detection: {{ s: {{ kind: d }}, condition: s }}\ncordon: {{ {own} }}\n---\n{}",
            correlation("type: event_count, rules: d, timespan: 10s, condition: { gte: 9 }")
        );
        let (set, _) = rule_set(&text);
        let told = hits(&set, &["0 d"])
            .iter()
            .filter_map(|hit| set.detection(hit))
            .count();
        assert_eq!(told, expect, "{own}");
    }
}

#[test]
fn values_are_one_where_a_rule_could_not_tell_them_apart() {
    let keys = "type: event_count, rules: [a], group-by: [u], timespan: 1h, condition: { gte: 3 }";
    check(
        &correlation(keys),
        &[
            "0 a u=#1",
            "1 a u=#1.0",
            "2 a u=1.0",
            "3 a u=1",
            "4 a u=#-0",
            "5 a u=#0.0",
            "6 a u=0",
        ],
        &["3 X 1: 0 1 3", "6 X 0: 4 5 6"],
    );
    let keys = "type: value_count, rules: [a], timespan: 1h, condition: { field: v, gte: 3 }";
    check(
        &correlation(keys),
        &[
            "0 a v=#5",
            "1 a v=#5.0",
            "2 a v=5",
            "3 a v=#50e-1",
            "4 a v=5.0",
            "5 a v=",
        ],
        &["5 X: 0 1 2 3 4 5"],
    );
}

#[test]
fn an_empty_text_is_a_value_and_what_is_missing_is_none() {
    let keys = "type: event_count, rules: [a], group-by: [u], timespan: 1h, condition: { gte: 2 }";
    check(
        &correlation(keys),
        &["0 a", "1 a u=", "2 a", "3 a u=", "4 a w=x"],
        &["3 X : 1 3"],
    );
}

#[test]
fn a_full_window_forgets_its_oldest_record_and_counts_it() {
    let all = correlation("type: event_count, rules: a, timespan: 1d, condition: { gt: 9999 }");
    let (set, _) = rule_set(&all);
    let lines: Vec<_> = (0..10_010).map(|n| format!("{n} a")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let mut correlator = correlator(&set);
    let told = hits(&set, &lines)
        .iter()
        .flat_map(|hit| correlator.observe(hit))
        .count();
    assert_eq!((told, correlator.losses().window_full), (1, 10));
}
