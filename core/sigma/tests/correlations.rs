//! What correlations may say, what is wrong with those that may not be used, and where.

use cordon_sigma::{CorrelationKind, Decimal, Measure, Parsed, parse};
use cordon_text::{Severity, Source};

fn read(keys: &str) -> Parsed {
    let text = format!("title: t\ncorrelation: {{ {keys} }}\n");
    parse(&Source::new("r.yml", text))
}

/// Checks the problems of a correlation with these keys, which begin at column 16 of line 2.
fn check(keys: &str, problems: &[&str], refused: usize) {
    let parsed = read(keys);
    // Lists of one are written shortly here; that this is told has a test of its own.
    let told = parsed.report.diagnostics.iter();
    let told: Vec<_> = told
        .filter(|d| d.code != "not-a-list")
        .map(|d| format!("{} {}", d.span.column, d.code))
        .collect();
    assert_eq!(told, problems, "{keys}\n{:#?}", parsed.report);
    assert_eq!(parsed.refused, refused, "{keys}");
    assert_eq!(parsed.correlations.len() + refused, 1, "{keys}");
    let helpless = parsed
        .report
        .diagnostics
        .iter()
        .filter(|d| d.help.is_none());
    let plain = ["wrong-type", "empty-condition", "empty-correlation"];
    assert!(helpless.into_iter().all(|d| plain.contains(&d.code)));
}

#[test]
fn all_eight_types_are_read() {
    for keys in [
        "type: event_count, rules: [a], timespan: 5m, condition: { gte: 2 }",
        "type: event_count, rules: a, timespan: 1M, condition: { gte: 2, lt: 9 }, generate: true",
        "type: value_count, rules: a, timespan: 1w, condition: { gte: 2, field: [f, g] }",
        "type: value_sum, rules: a, timespan: 1y, condition: { gt: 1.5e6, field: f }",
        "type: value_avg, rules: a, timespan: 1d, condition: { lt: -0.25, field: f }",
        "type: value_percentile, rules: a, timespan: 1h, condition: { gte: 1, field: f, percentile: 99.9 }",
        "type: value_median, rules: a, timespan: 1s, condition: { neq: 0, field: [f] }",
        "type: temporal, rules: [a, b], timespan: 5m",
        "type: temporal, rules: [a, b, c], timespan: 5m, condition: { gte: 2 }",
        "type: temporal, rules: [a, b, c], timespan: 5m, condition: 1 of a* and not b and c",
        "type: temporal_ordered, rules: [a, b], timespan: 5m",
        "type: temporal_ordered, rules: [a, b, c], timespan: 5m, condition: { gte: 2 }",
        "type: temporal_ordered, rules: [a, b, c], timespan: 5m, condition: b and a or c",
        "type: temporal, rules: a, timespan: 5m, group-by: u, aliases: { u: { a: f } }",
    ] {
        check(keys, &[], 0);
    }
}

#[test]
fn a_text_where_a_list_belongs_is_told_and_used() {
    let parsed = read(
        "type: value_count, rules: b, group-by: q, timespan: 1m, condition: { gte: 2, field: f }",
    );
    let told = parsed.report.diagnostics.iter();
    let told: Vec<_> = told.map(|d| (d.span.column, d.code, d.severity)).collect();
    let expect = [42, 55].map(|column| (column, "not-a-list", Severity::Warning));
    assert_eq!(told, expect);
    assert_eq!(parsed.correlations.len(), 1);
}

#[test]
fn under_a_misspelled_type_all_else_is_checked_as_under_the_one_that_was_meant() {
    check(
        "type: event_cont, rules: [a], timespan: 1x, condition: { gte: many, fild: f }, grop-by: [u]",
        &[
            "22 unknown-correlation-type",
            "56 bad-timespan",
            "78 wrong-type",
            "90 unknown-key",
            "95 unknown-key",
        ],
        1,
    );
    let parsed = read("type: zzz, rules: [a, b]");
    let lost: Vec<_> = parsed.lost[0].rules.iter().map(|r| &*r.to).collect();
    assert_eq!(lost, ["a", "b"]);
}

#[test]
fn rules_may_be_named_by_the_condition_alone() {
    let keys = "type: temporal_ordered, timespan: 5m, condition: b and (a or b) and not c-1";
    check(keys, &[], 0);
    let rules: Vec<_> = read(keys).correlations[0]
        .rules
        .iter()
        .map(|r| r.to.clone())
        .collect();
    assert_eq!(rules, ["b", "a", "c-1"].map(std::sync::Arc::from));
}

#[test]
fn a_percentile_may_be_a_decimal_and_keeps_its_digits() {
    let keys = "type: value_percentile, rules: a, timespan: 1h, condition: { gte: 1, field: f, percentile: 99.9 }";
    let CorrelationKind::ValueMeasure { measure, .. } = read(keys).correlations[0].kind.clone()
    else {
        panic!("a measure");
    };
    assert_eq!(
        Some(measure),
        Decimal::parse("99.9").map(Measure::Percentile)
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_all_at_once() {
    for (keys, problems) in [
        (
            "type: event_count, rules: [a], timespan: 5m",
            vec!["14 missing-key"],
        ),
        (
            "type: temporal, rules: [], timespan: 5x",
            vec!["39 empty-correlation", "53 bad-timespan"],
        ),
        (
            "type: event_count, rules: a, timespan: 5m, condition: { about: 2 }",
            vec!["70 missing-key", "79 unknown-key"],
        ),
        (
            "type: event_count, rules: a, timespan: 5m, condition: { gte: -1, lt: x, field: f }",
            vec!["77 wrong-type", "85 wrong-type", "95 unknown-key"],
        ),
        (
            "type: event_count, rules: a, timespan: 5m, condition: { gte: 1.5 }",
            vec!["77 wrong-type"],
        ),
        (
            "type: event_count, rules: a, timespan: 5m, condition: { lt: 1 }",
            vec!["70 impossible-condition"],
        ),
        (
            "type: event_count, rules: a, timespan: 5m, condition: a and b",
            vec!["70 wrong-type"],
        ),
        (
            "type: event_count, timespan: 5m, condition: { gte: 1 }",
            vec!["14 missing-key"],
        ),
        (
            "type: temporal, rules: [a], timespan: 5m, groupby: x",
            vec!["58 unknown-key"],
        ),
        (
            "type: temporal, rules: [a], timespan: 5m, generate: perhaps",
            vec!["68 wrong-type"],
        ),
    ] {
        check(keys, &problems, 1);
    }
    let both =
        "title: t\ncorrelation: { type: temporal, rules: [a], timespan: 1s }\ndetection: {}\n";
    let parsed = parse(&Source::new("r.yml", both));
    assert_eq!(parsed.refused, 1);
    assert_eq!(parsed.report.diagnostics[0].code, "ambiguous-document");
}

#[test]
fn measures_and_their_fields_are_checked() {
    for (keys, problems) in [
        (
            "type: value_count, rules: a, timespan: 5m, condition: { gte: 2 }",
            vec!["70 missing-key"],
        ),
        (
            "type: value_avg, rules: a, timespan: 5m, condition: { gt: 1, lt: 1, field: f }",
            vec!["68 impossible-condition"],
        ),
        (
            "type: value_avg, rules: a, timespan: 5m, condition: { gte: 1e30, field: [f, g] }",
            vec!["75 wrong-type", "88 several-fields"],
        ),
        (
            "type: value_percentile, rules: a, timespan: 5m, condition: { lte: 1, field: f }",
            vec!["75 missing-key"],
        ),
        (
            "type: value_percentile, rules: a, timespan: 5m, condition: { lte: 1, field: f, percentile: 101 }",
            vec!["107 wrong-type"],
        ),
        (
            "type: value_median, rules: a, timespan: 5m, condition: { lte: 1, field: f, percentile: 50 }",
            vec!["103 unknown-key"],
        ),
        (
            "type: value_mean, rules: a, timespan: 5m, condition: { gte: 1, field: f }",
            vec!["22 unknown-correlation-type"],
        ),
    ] {
        check(keys, &problems, 1);
    }
}

#[test]
fn conditions_over_rules_are_checked() {
    for (keys, problems) in [
        (
            "type: temporal, timespan: 5m, condition: 1 of a*",
            vec!["57 missing-key"],
        ),
        (
            "type: temporal, rules: [a, b], timespan: 5m, condition: a and c",
            vec!["78 unknown-selection"],
        ),
        (
            "type: temporal, rules: [a, b], timespan: 5m, condition: 1 of c*",
            vec!["72 empty-condition", "72 pattern-without-selection"],
        ),
        (
            "type: temporal, rules: [a, b], timespan: 5m, condition: not a or b",
            vec!["72 condition-without-record"],
        ),
        (
            "type: temporal, rules: [a, b], timespan: 5m, condition: a and b and not a",
            vec!["72 impossible-condition"],
        ),
        (
            "type: temporal, rules: [a, b], timespan: 5m, condition: { gte: 3 }",
            vec!["72 impossible-condition"],
        ),
        (
            "type: temporal_ordered, rules: [a, b], timespan: 5m, condition: { lte: 1 }",
            vec!["80 impossible-condition"],
        ),
        (
            "type: temporal_ordered, rules: [a, b], timespan: 5m, condition: a or not b",
            vec!["80 condition-without-record"],
        ),
    ] {
        check(keys, &problems, 1);
    }
}

#[test]
fn what_stands_for_nothing_is_linted() {
    check(
        "type: temporal_ordered, rules: [a, b], timespan: 5m, condition: a",
        &["51 unused-rule"],
        0,
    );
    check(
        "type: temporal, rules: a, timespan: 5m, aliases: { u: { a: f } }",
        &["67 unused-alias"],
        0,
    );
    check(
        "type: value_sum, rules: a, timespan: 5m, aliases: { u: { a: f } }, condition: { field: u, gt: 1 }",
        &[],
        0,
    );
}
