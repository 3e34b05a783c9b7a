//! Which documents are rules, what is wrong with them, and where.

use cordon_sigma::parse;
use cordon_text::Source;

/// Checks the problems of a text (`line:column code`), how many documents it has, and how many of
/// those are refused.
fn check(text: &str, problems: &[&str], documents: usize, refused: usize) {
    let parsed = parse(&Source::new("r.yml", text));
    let told = parsed.report.diagnostics.iter();
    let told: Vec<_> = told
        .map(|d| format!("{}:{} {}", d.span.line, d.span.column, d.code))
        .collect();
    assert_eq!(told, problems, "{text}\n{:#?}", parsed.report);
    assert_eq!(
        (parsed.documents, parsed.refused),
        (documents, refused),
        "{text}"
    );
    let usable = parsed.rules.len() + parsed.correlations.len();
    assert_eq!(usable + refused, documents, "{text}");
}

/// The same for a rule with this detection, which begins on line 4 with two spaces.
fn check_detection(detection: &str, problems: &[&str], refused: usize) {
    let indented = detection.replace('\n', "\n  ");
    let text = format!("title: t\nlogsource: {{ product: p }}\ndetection:\n  {indented}\n");
    check(&text, problems, 1, refused);
}

#[test]
fn all_problems_of_a_file_are_told_at_once() {
    let text = "\
title: One
level: urgent
logsource: { prodct: windows }
detection:
  sel:
    f|contain: x
    g|re: '(?=a)b'
    h|cidr: 10.0.0.0/33
  condition: sel and other
cordon: { holds: [everyone] }
---
title: Two
detection: { condition: sel }
";
    let expect = [
        "2:8 unknown-level",
        "3:12 empty-logsource",
        "3:14 unknown-key",
        "6:5 unknown-modifier",
        "7:11 bad-regex",
        "8:13 bad-cidr",
        "9:22 unknown-selection",
        "10:19 unknown-role",
        "12:1 missing-key",
        "13:25 unknown-selection",
    ];
    check(text, &expect, 2, 2);
}

#[test]
fn what_is_no_rule_is_passed_over_with_a_note() {
    check(
        "a: 1\n---\n- x\n---\nrule\n",
        &["1:1 not-a-rule", "3:1 not-a-rule", "5:1 not-a-rule"],
        0,
        0,
    );
    check("# nothing\n", &[], 0, 0);
}

#[test]
fn a_text_that_is_no_yaml_counts_as_one_refused_document() {
    let text = "title: t\nlogsource: { product: p }\ndetection: { a: { f: 1 }, condition: a }\n---\n[1, 2\n";
    check(text, &["5:1 yaml-syntax"], 2, 1);
    let twice =
        "title: t\ntitle: u\nlogsource: { product: p }\ndetection: { a: { f: 1 }, condition: a }\n";
    check(twice, &["2:1 duplicate-key"], 1, 1);
    let merged = "title: t\nlogsource: { product: p }\ndetection: { a: { <<: &x { f: 1 } }, condition: a }\n";
    check(merged, &["3:19 yaml-merge", "3:23 wrong-type"], 1, 1);
}

#[test]
fn a_document_that_is_no_yaml_costs_no_other() {
    let rule = "title: t\nlogsource: { product: p }\ndetection: { a: { f: 1 }, condition: a }\n";
    let text = format!("{rule}---\ntitle: [\n---\n{rule}---\na: 'b\n---\n{rule}");
    check(&text, &["5:8 yaml-syntax", "11:4 yaml-syntax"], 5, 2);
    let repeat = "action: repeat\ntitle: u\n";
    let text = format!("{rule}---\ntitle: [\n---\n{repeat}");
    check(&text, &["5:8 yaml-syntax", "7:9 nothing-to-repeat"], 3, 2);
}

#[test]
fn what_the_specification_forbids_or_leaves_open_is_linted() {
    check_detection(
        "a: { f|cidr: 10.1.2.3/8 }\ncondition: a",
        &["4:16 cidr-host-bits"],
        0,
    );
    check_detection(
        "a: { f: 1 }\nb: { f: 2 }\ncondition: a",
        &["5:3 unused-selection"],
        0,
    );
    let dropped = "a: { f: 1 }\ncondition: a and not 1 of b*";
    check_detection(dropped, &["5:24 pattern-without-selection"], 0);
    check_detection(
        "a: { f|contains|all: x }\ncondition: a",
        &["4:8 all-of-one"],
        0,
    );
    check_detection(
        "a: { f|contains|all: [x] }\ncondition: a",
        &["4:8 all-of-one"],
        0,
    );
    check_detection(
        "a: { f: [x, null] }\ncondition: a",
        &["4:15 null-in-list"],
        0,
    );
    check_detection(
        "a: { f|base64offset: text }\ncondition: a",
        &["4:24 offset-without-contains"],
        0,
    );
}

#[test]
fn what_cannot_be_done_right_is_refused_and_never_ignored() {
    for (detection, problem) in [
        (
            "a: { f|expand: '%admins%' }\ncondition: a",
            "4:18 placeholder-unresolved",
        ),
        ("a: { f|wide: x }\ncondition: a", "4:8 modifier-combination"),
        (
            "a: { f|contains|base64: x }\ncondition: a",
            "4:8 modifier-order",
        ),
        ("a: { f|base64: 'x*' }\ncondition: a", "4:18 modifier-value"),
        ("a: { f|gt: many }\ncondition: a", "4:14 modifier-value"),
        (
            "a: { f|exists: [true, false] }\ncondition: a",
            "4:18 modifier-value",
        ),
        (
            "a: { f|fieldref: 'g*' }\ncondition: a",
            "4:20 modifier-value",
        ),
        (
            "a: { f|base64offset|contains: x }\ncondition: a",
            "4:33 modifier-value",
        ),
        (
            "a: { f|exists: maybe }\ncondition: a",
            "4:18 modifier-value",
        ),
        (
            "a: { f|contains: null }\ncondition: a",
            "4:20 modifier-value",
        ),
        ("a: { f: { g: 1 } }\ncondition: a", "4:11 wrong-type"),
        ("a: { f: [] }\ncondition: a", "4:11 empty-selection"),
        ("a: {}\ncondition: a", "4:6 empty-selection"),
        (
            "a: { '|exists': true }\ncondition: a",
            "4:8 modifier-combination",
        ),
        ("a: { f: 1 }\ncondition: 1 of b*", "5:14 empty-condition"),
        (
            "a: { f: 1 }\ncondition: a | count() > 5",
            "5:16 aggregation-unsupported",
        ),
        (r"a: { f|re: '(a)\1' }", "4:14 bad-regex"),
    ] {
        let detection = if detection.contains("condition") {
            detection.to_owned()
        } else {
            format!("{detection}\ncondition: a")
        };
        let parsed = parse(&Source::new(
            "r.yml",
            format!(
                "title: t\nlogsource: {{ product: p }}\ndetection:\n  {}\n",
                detection.replace('\n', "\n  ")
            ),
        ));
        let told = parsed.report.diagnostics.iter();
        let told: Vec<_> = told
            .map(|d| format!("{}:{} {}", d.span.line, d.span.column, d.code))
            .collect();
        assert!(told.contains(&problem.to_owned()), "{detection}\n{told:?}");
        assert_eq!((parsed.documents, parsed.refused), (1, 1), "{detection}");
    }
    let timeframe = "a: { f: 1 }\ntimeframe: 5m\ncondition: a";
    check_detection(timeframe, &["5:14 aggregation-unsupported"], 1);
}

#[test]
fn log_sources_and_windows_fields_are_normalised() {
    let text = "title: t\nlogsource: { product: Windows, category: DNS Query }\n\
        detection: { a: { Threat Name: x }, condition: a }\n";
    let rule = parse(&Source::new("r.yml", text)).rules.remove(0);
    assert_eq!(rule.log_source.product.as_deref(), Some("windows"));
    assert_eq!(rule.log_source.category.as_deref(), Some("dns_query"));
    assert!(format!("{:?}", rule.selections).contains("ThreatName"));
}
