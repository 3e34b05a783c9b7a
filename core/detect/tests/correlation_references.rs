//! What correlations may build on, and where it is told that they may not.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use cordon_detect::RuleSet;
use cordon_sigma::parse;
use cordon_text::Source;

/// Rules `a` and `b`.
const BASE: &str = "\
title: A
name: a
logsource: { product: p }
detection: { sel: { kind: a }, condition: sel }
---
title: B
name: b
logsource: { product: p }
detection: { sel: { kind: b }, condition: sel }
";

/// The rules, and what cannot be tied: `line:column code: message`, lines counted from the first of
/// the correlations.
fn tied(correlations: &str) -> (RuleSet, Vec<String>) {
    let parsed = parse(&Source::new("r.yml", format!("{BASE}---\n{correlations}")));
    let (set, report) = RuleSet::compile_beside(&parsed.lost, parsed.rules, parsed.correlations);
    let before = BASE.lines().count() + 1;
    let told = report.diagnostics.iter().map(|d| {
        let line = usize::try_from(d.span.line).unwrap() - before;
        format!("{line}:{} {}: {}", d.span.column, d.code, d.message)
    });
    let told = told.collect();
    (set, told)
}

fn check(correlations: &str, expect: &[&str]) {
    let (set, told) = tied(correlations);
    assert_eq!(told.len(), expect.len(), "{told:#?}");
    for (told, expect) in told.iter().zip(expect) {
        assert!(told.contains(expect), "{told} is not {expect}");
    }
    assert!(!set.is_empty());
}

fn correlation(keys: &str) -> String {
    format!("title: X\ncorrelation: {{ {keys} }}\n")
}

#[test]
fn what_cannot_be_tied_is_told_at_the_word_that_is_wrong() {
    let rest = "timespan: 1m, condition: { gte: 2 }";
    check(
        "title: x\ncorrelation:\n  type: event_count\n  rules: [a]\n  timespan: 1m\n  condition: { lt: 20000, gte: 10000 }\n",
        &["6:32 correlation-count-too-large: a window keeps"],
    );
    check(
        "title: x\ncorrelation:\n  type: temporal\n  rules: [a]\n  timespan: 1m\n  group-by: [u]\n  aliases: { u: { a: f, stranger: f } }\n",
        &["7:25 unknown-reference: an alias names"],
    );
    check(
        &format!(
            "title: y\nname: y\ncorrelation: {{ type: event_count, rules: [a], group-by: [u], {rest} }}\n---\n\
                  title: x\ncorrelation:\n  type: value_count\n  rules: [y]\n  group-by: [u, v]\n  timespan: 1m\n  condition: {{ field: w, gte: 2 }}\n"
        ),
        &[
            "9:17 group-by-unknown: `v` is not",
            "11:23 group-by-unknown: `w` is not",
        ],
    );
    check(
        "title: x\nname: x\ncorrelation: { type: temporal, rules: [a, x], timespan: 1m }\n",
        &["3:43 correlation-cycle: correlations build"],
    );
    check(
        &format!(
            "title: base\nname: base\nlogsource: {{}}\ndetection: {{ s: {{ f: 1 }}, condition: s }}\n---\n\
                  title: x\ncorrelation: {{ type: event_count, rules: [base, nobody], {rest} }}\n---\n\
                  title: z\ncorrelation: {{ type: event_cont, rules: [a, base, noone], {rest} }}\n"
        ),
        &[
            "7:43 unknown-reference: the rule `base` was refused itself",
            "7:49 unknown-reference: there is no rule with the id or name `nobody`",
            "10:51 unknown-reference: there is no rule with the id or name `noone`",
        ],
    );
}

#[test]
fn references_that_mean_nothing_are_refused() {
    let named = |name: &str, rules: &str| {
        format!(
            "title: {name}\nname: {name}\ncorrelation: {{ type: temporal, rules: [{rules}], timespan: 1m }}\n"
        )
    };
    for (correlations, expect) in [
        (named("x", "a, nobody"), vec!["unknown-reference"]),
        (named("x", "x"), vec!["correlation-cycle"]),
        (
            format!("{}---\n{}", named("x", "y"), named("y", "x")),
            vec!["correlation-cycle"; 2],
        ),
        (
            named("x", "x, nobody"),
            vec!["unknown-reference", "correlation-cycle"],
        ),
        (
            format!("{}---\n{}", named("x", "y"), named("y", "no")),
            vec!["unknown-reference"; 2],
        ),
        (
            format!("{}---\n{}", named("x", "y"), named("y", "a")),
            vec![],
        ),
        (
            correlation("type: event_count, rules: a, timespan: 1m, condition: { gte: 10000 }"),
            vec!["correlation-count-too-large"],
        ),
        (
            correlation("type: temporal, rules: a, timespan: 1m, aliases: { u: { b: f } }"),
            vec!["unknown-reference"],
        ),
        (
            format!(
                "{}---\n{}",
                named("y", "a, b"),
                correlation("type: temporal, rules: y, timespan: 1m, group-by: user")
            ),
            vec!["group-by-unknown"],
        ),
    ] {
        check(&correlations, &expect);
    }
}
