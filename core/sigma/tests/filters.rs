//! Filters as texts: what is read, what is wrong, and which rules they are joined to.

mod said;

use cordon_sigma::{Expr, Filtered, Parsed, apply_filters, parse};
use cordon_text::Source;
use said::said;

const RULES: &str = "\
title: One
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
logsource: { product: windows, category: process_creation }
detection: { sel_a: { f: 1 }, sel_b: { f: 2 }, condition: 1 of sel_* }
---
title: Two
name: two
logsource: { product: windows, service: security }
detection: { sel: { f: 1 }, condition: [sel, not sel] }
---
title: Both
name: both
correlation: { type: event_count, rules: [two], timespan: 1m, condition: { gte: 2 } }
---
";

/// A filter with these parts, on its lines 2 (`logsource`) and 3 (`filter`).
fn filter(source: &str, parts: &str) -> String {
    format!("title: F\nlogsource: {{ {source} }}\nfilter: {{ {parts} }}\n")
}

fn read(text: &str) -> Parsed {
    parse(&Source::new("r.yml", text))
}

fn applied(filter: &str) -> Filtered {
    let parsed = read(&format!("{RULES}{filter}"));
    assert_eq!(parsed.refused, 0, "{:?}", parsed.report);
    assert_eq!(parsed.filters.len(), 1);
    apply_filters(parsed.rules, &parsed.filters, &parsed.correlations)
}

/// Checks which rules a filter is joined to, and what is said of it: its first line is 15.
fn check(source: &str, parts: &str, joined: &[&str], expect: &[&str], refused: usize) {
    let filtered = applied(&filter(source, parts));
    let titles = filtered
        .rules
        .iter()
        .filter(|rule| !rule.filters.is_empty());
    let titles: Vec<_> = titles.map(|rule| rule.header.title.as_str()).collect();
    assert_eq!(titles, joined, "{source} {parts}");
    assert_eq!(said(&filtered.report), expect, "{source} {parts}");
    assert_eq!(filtered.refused, refused);
}

const EXCEPT: &str = "s: { u: x }, condition: not s";

#[test]
fn a_filter_is_joined_to_the_rules_it_names_within_its_log_source() {
    let windows = "product: windows";
    for any in ["any", "Any", "[]"] {
        check(
            windows,
            &format!("rules: {any}, {EXCEPT}"),
            &["One", "Two"],
            &[],
            0,
        );
    }
    let security = "service: security";
    check(security, &format!("rules: any, {EXCEPT}"), &["Two"], &[], 0);
    for (rules, joined) in [
        ("[929a690e-bef0-4204-a928-ef5e620d6fcc]", vec!["One"]),
        ("929A690E-BEF0-4204-A928-EF5E620D6FCC", vec!["One"]),
        (
            "[two, 929a690e-bef0-4204-a928-ef5e620d6fcc, two]",
            vec!["One", "Two"],
        ),
    ] {
        check(
            windows,
            &format!("rules: {rules}, {EXCEPT}"),
            &joined,
            &[],
            0,
        );
    }
}

#[test]
fn a_reference_without_effect_is_said() {
    let windows = "product: windows";
    let nobody = format!("rules: [two, three, Two], {EXCEPT}");
    check(
        windows,
        &nobody,
        &["Two"],
        &["17:24 filter-without-rule", "17:31 filter-without-rule"],
        0,
    );
    check(
        "product: linux",
        &format!("rules: [two], {EXCEPT}"),
        &[],
        &["17:19 filter-log-source"],
        0,
    );
    check(
        "product: linux",
        &format!("rules: any, {EXCEPT}"),
        &[],
        &["15:1 filter-without-rule"],
        0,
    );
}

#[test]
fn a_filter_on_a_correlation_is_refused() {
    check(
        "product: windows",
        &format!("rules: [two, both], {EXCEPT}"),
        &[],
        &["17:24 filter-on-correlation"],
        1,
    );
}

#[test]
fn every_condition_of_a_rule_is_kept_and_the_filter_comes_on_top() {
    let parts = "rules: any, sel_x: { g: 1 }, sel_y: { g: 2 }, condition: not 1 of sel_*";
    let filtered = applied(&filter("product: windows", parts));
    let place = Expr::Selection;
    let kept = |a, b| {
        let one = Expr::Or(vec![place(a), place(b)]);
        Expr::Or(vec![Expr::Not(Box::new(one))])
    };
    let one = &filtered.rules[0];
    let own = Expr::Or(vec![place(0), place(1)]);
    assert_eq!(one.conditions, [Expr::And(vec![own, kept(2, 3)])]);
    let names: Vec<&str> = one.selections.iter().map(|s| s.name.as_ref()).collect();
    assert_eq!(names, ["sel_a", "sel_b", "F/sel_x", "F/sel_y"]);
    assert_eq!(one.filters[0].selections, 2..4);
    let two = &filtered.rules[1];
    let either = [place(0), Expr::Not(Box::new(place(0)))];
    let both = either.map(|own| Expr::And(vec![own, kept(1, 2)]));
    assert_eq!(two.conditions, both);
}

#[test]
fn a_filter_that_keeps_only_what_it_names_is_linted() {
    for (selection, condition, linted) in [
        ("u: x", "s", true),
        ("u: x", "not s", false),
        ("u: x", "not not s", true),
        ("u|neq: x", "s", false),
        ("u|neq: x", "not s", true),
        ("u: null", "s", false),
        ("u|exists: false", "s", false),
        ("u|exists: true", "s", true),
        ("u|contains|all|neq: [x, y]", "s", false),
        ("u: x", "[s, not s]", false),
    ] {
        let parts = format!("rules: any, s: {{ {selection} }}, condition: {condition}");
        let parsed = read(&filter("product: p", &parts));
        let codes: Vec<_> = parsed.report.diagnostics.iter().map(|d| d.code).collect();
        let expect: &[&str] = if linted { &["filter-keeps-only"] } else { &[] };
        assert_eq!(codes, expect, "{parts}");
        assert_eq!(parsed.refused, 0);
    }
}

#[test]
fn filters_say_what_is_wrong_with_them() {
    for (text, expect) in [
        (
            filter("product: p", "s: { u: x }, condition: not s"),
            vec!["3:9 missing-key"],
        ),
        (
            filter("product: p", "rules: any, s: { u: x }"),
            vec!["3:9 missing-key"],
        ),
        (
            filter(
                "product: p",
                "rules: [{ a: b }], s: { u: x }, condition: not s",
            ),
            vec!["3:19 wrong-type"],
        ),
        (
            filter("product: p", "rules: any, condition: not s"),
            vec!["3:38 unknown-selection"],
        ),
        (
            filter(
                "product: p",
                "rules: any, s: { u|re: '(' }, condition: not s",
            ),
            vec!["3:34 bad-regex"],
        ),
        (
            filter("prod: p", "rules: any, s: { u: x }, condition: not s"),
            vec!["2:12 empty-logsource", "2:14 unknown-key"],
        ),
        (
            "title: F\nfilter: { rules: any, s: { u: x }, condition: not s }\n".to_owned(),
            vec!["1:1 missing-key"],
        ),
        (
            "title: F\nlogsource: { product: p }\nfilter: x\n".to_owned(),
            vec!["3:9 wrong-type"],
        ),
        (
            format!(
                "{}detection: {{}}\ncorrelation: {{}}\n",
                filter("product: p", "rules: any, s: { u: x }, condition: not s")
            ),
            vec!["4:12 ambiguous-document", "5:14 ambiguous-document"],
        ),
    ] {
        let parsed = read(&text);
        assert_eq!(said(&parsed.report), expect, "{text}");
        assert_eq!((parsed.documents, parsed.refused), (1, 1), "{text}");
    }
}
