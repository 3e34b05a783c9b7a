//! What is wrong with the texts of pipelines, and where; and that no text at all is a surprise.
#![expect(clippy::unwrap_used, reason = "a broken example fails the test")]

use std::sync::LazyLock;

use cordon_sigma::{is_pipeline, parse, parse_pipeline, transform};
use cordon_text::{Node, Severity, Source};
use proptest::{prelude::*, sample::Index};

/// Checks the problems of a text: `line:column code`.
fn check(text: &str, problems: &[&str]) {
    let (pipeline, report) = parse_pipeline(&Source::new("p.yml", text));
    let told = report.diagnostics.iter();
    let told: Vec<_> = told
        .map(|d| format!("{}:{} {}", d.span.line, d.span.column, d.code))
        .collect();
    assert_eq!(told, problems, "{text}\n{report:#?}");
    assert_eq!(pipeline.is_some(), !report.has_errors(), "{text}");
}

/// The same for one step, which stands on line 2 behind four characters.
fn check_step(step: &str, problems: &[&str]) {
    check(&format!("transformations:\n  - {step}\n"), problems);
}

#[test]
fn all_problems_of_a_pipeline_are_told_at_once() {
    let text = "\
name: [p]
priority: high
alowed_backends: [x]
vars: none
transformations:
  - { type: field_name_mapping }
  - { type: field_name_maping, mapping: { a: b } }
  - type: replace_string
    regex: '(?=a)'
    replacement: '\\q'
    skip_specials: true
  - { type: add_condition, conditions: { 'f|contain': x } }
  - type: drop_detection_item
    rule_conditions: [ { type: logsorce, product: p } ]
    field_name_conditions: { one: { type: include_fields, fields: [] } }
";
    let expect = [
        "1:7 wrong-type",
        "2:11 wrong-type",
        "3:1 unknown-key",
        "4:7 wrong-type",
        "6:5 missing-key",
        "7:13 unknown-type",
        "9:12 bad-regex",
        "11:5 unknown-key",
        "12:42 unknown-modifier",
        "14:32 unknown-type",
        "15:67 wrong-type",
    ];
    check(text, &expect);
}

#[test]
fn an_unknown_type_is_answered_with_the_nearest_one() {
    for (step, help) in [
        (
            "{ type: field_name_maping }",
            "did you mean `field_name_mapping`?",
        ),
        ("{ type: set_stat }", "did you mean `set_state`?"),
        (
            "{ type: drop_detection_item, rule_conditions: [ { type: tags, tag: a.b } ] }",
            "did you mean `tag`?",
        ),
    ] {
        let text = format!("transformations: [ {step} ]");
        let (_, report) = parse_pipeline(&Source::new("p.yml", text));
        assert_eq!(report.diagnostics[0].help.as_deref(), Some(help), "{step}");
    }
}

#[test]
fn nothing_is_ever_run_or_fetched() {
    for kind in ["command", "http", "file"] {
        let step = format!(
            "{{ type: {kind}_placeholders, cmd: id, url: x, path: x, allow_external_sources: true }}"
        );
        check_step(&step, &["2:5 pipeline-fetches"]);
    }
    check_step(
        "{ type: query_expression_placeholders, expression: '{field} in {id}' }",
        &["2:5 pipeline-query"],
    );
    check_step(
        "{ type: nest, items: [ { type: command_placeholders, cmd: id } ] }",
        &["2:28 pipeline-fetches"],
    );
}

#[test]
fn what_only_shapes_queries_is_noted() {
    let text = "allowed_backends: [splunk]\npostprocessing: [ { type: embed } ]\nfinalizers: [ { type: concat } ]\n";
    let note = "pipeline-without-effect";
    check(
        text,
        &[
            &format!("1:19 {note}"),
            &format!("2:17 {note}"),
            &format!("3:13 {note}"),
        ],
    );
    let (_, report) = parse_pipeline(&Source::new("p.yml", text));
    assert!(
        report
            .diagnostics
            .iter()
            .all(|d| d.severity == Severity::Note)
    );
}

/// Steps and what is wrong with their parameters.
const PARAMETERS: [(&str, &str); 27] = [
    ("{ type: change_logsource }", "2:5 empty-logsource"),
    (
        "{ type: field_name_mapping, mapping: { a: [] } }",
        "2:47 wrong-type",
    ),
    (
        "{ type: field_name_mapping, mapping: [a] }",
        "2:42 wrong-type",
    ),
    (
        "{ type: field_name_prefix_mapping, mapping: { ~: a } }",
        "2:51 wrong-type",
    ),
    (
        "{ type: field_name_transform, transform_func: reverse }",
        "2:51 wrong-type",
    ),
    (
        "{ type: add_condition, conditions: {} }",
        "2:40 empty-selection",
    ),
    (
        "{ type: add_condition, conditions: [a] }",
        "2:40 wrong-type",
    ),
    (
        "{ type: value_placeholders, include: [a], exclude: [b] }",
        "2:56 pipeline-value",
    ),
    ("{ type: set_value }", "2:5 missing-key"),
    ("{ type: set_value, value: [1] }", "2:31 wrong-type"),
    (
        "{ type: set_value, value: x, force_type: num }",
        "2:46 pipeline-value",
    ),
    ("{ type: case, method: title }", "2:27 wrong-type"),
    ("{ type: regex, method: none }", "2:28 wrong-type"),
    ("{ type: extract_fields, regex: '(a)' }", "2:36 bad-regex"),
    (
        "{ type: hashes_fields, valid_hash_algos: [MD5], drop_algo_prefix: true }",
        "2:5 pipeline-value",
    ),
    (
        "{ type: replace_string, regex: '(a)', replacement: '\\2' }",
        "2:56 bad-replacement",
    ),
    (
        "{ type: replace_string, regex: '(?P<n>a)', replacement: '\\g<m>' }",
        "2:61 bad-replacement",
    ),
    (
        "{ type: regex, rule_cond_op: xor }",
        "2:34 pipeline-condition",
    ),
    ("{ type: regex, rule_cond_not: perhaps }", "2:35 wrong-type"),
    (
        "{ type: regex, rule_conditions: [ { type: is_sigma_rule } ], rule_cond_expr: a }",
        "2:82 pipeline-condition",
    ),
    (
        "{ type: regex, rule_conditions: { a: { type: is_sigma_rule } }, rule_cond_expr: b }",
        "2:85 pipeline-condition",
    ),
    (
        "{ type: regex, rule_conditions: { a: { type: is_sigma_rule }, b: { type: is_sigma_rule } }, rule_cond_expr: a }",
        "2:113 pipeline-condition",
    ),
    (
        "{ type: regex, rule_conditions: { a: { type: is_sigma_rule } }, rule_cond_expr: a, rule_cond_op: or }",
        "2:102 pipeline-condition",
    ),
    (
        "{ type: regex, rule_conditions: [ { type: rule_attribute, attribute: detection, value: 1 } ] }",
        "2:74 pipeline-condition",
    ),
    (
        "{ type: regex, rule_conditions: [ { type: tag, tag: T1 } ] }",
        "2:57 malformed-tag",
    ),
    (
        "{ type: regex, detection_item_conditions: [ { type: match_string, pattern: a } ] }",
        "2:49 missing-key",
    ),
    (
        "{ type: regex, field_name_conditions: [ { type: include_fields, fields: ['('], mode: re } ] }",
        "2:78 bad-regex",
    ),
];

#[test]
fn parameters_are_checked_before_any_rule_is_met() {
    for (step, problem) in PARAMETERS {
        check_step(step, &[problem]);
    }
}

#[test]
fn nesting_ends_somewhere() {
    let deep = (0..40).fold("{ type: regex }".to_owned(), |inner, _| {
        format!("{{ type: nest, items: [ {inner} ] }}")
    });
    let (pipeline, report) = parse_pipeline(&Source::new(
        "p.yml",
        format!("transformations: [ {deep} ]"),
    ));
    assert!(pipeline.is_none());
    assert_eq!(report.diagnostics[0].code, "pipeline-depth");
}

#[test]
fn a_file_holds_one_pipeline_and_is_told_from_rules() {
    check("name: a\n---\nname: b\n", &["3:1 pipeline-document"]);
    check("- a\n", &["1:1 wrong-type"]);
    check("", &["1:1 pipeline-document"]);
    check("name: [a\n", &["1:7 yaml-syntax"]);
    for (text, is) in [
        ("transformations: []", true),
        ("name: x\npostprocessing: []", true),
        ("title: t\ndetection: {}", false),
        ("- transformations", false),
        ("", false),
    ] {
        assert_eq!(is_pipeline(&Source::new("p.yml", text)), is, "{text}");
    }
}

/// Every case of the other tests, as texts to be broken.
const CASES: [&str; 5] = [
    include_str!("pipelines/fields.yml"),
    include_str!("pipelines/values.yml"),
    include_str!("pipelines/rules.yml"),
    include_str!("pipelines/conditions.yml"),
    include_str!("pipelines/correlations.yml"),
];

/// The pipeline and the rules of each case.
static TEXTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let nodes = CASES
        .iter()
        .flat_map(|text| cordon_text::parse(&Source::new("c.yml", *text)).0);
    let first = |case: &Node, key: &str| {
        let node = case.get(key).unwrap();
        let node = node.sequence().map_or(node, |list| list.first().unwrap());
        node.text().unwrap().to_owned()
    };
    nodes
        .map(|case| (first(&case, "pipelines"), first(&case, "rules")))
        .collect()
});

fn case(index: Index) -> (String, String) {
    index.get(&TEXTS).clone()
}

/// Puts a piece of a text in place of another one.
fn spliced(text: &str, from: Index, to: Index, length: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (from, to) = (from.index(chars.len()), to.index(chars.len()));
    let piece = chars.iter().skip(from).take(length);
    let rest = chars.iter().skip(to + length);
    chars.iter().take(to).chain(piece).chain(rest).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A broken pipeline is told what is wrong, or changes rules in some way; a rule is either
    /// changed or refused with a reason.
    #[test]
    fn no_text_of_a_pipeline_is_a_surprise(
        index: Index,
        other: Index,
        splices in prop::collection::vec((any::<Index>(), any::<Index>(), 0_usize..30), 0..4),
    ) {
        let (mut text, _) = case(index);
        for (from, to, length) in splices {
            text = spliced(&text, from, to, length);
        }
        let (pipeline, report) = parse_pipeline(&Source::new("p.yml", text));
        prop_assert_eq!(pipeline.is_some(), !report.has_errors());
        let Some(pipeline) = pipeline else { return Ok(()) };
        for rules in [case(index).1, case(other).1] {
            let parsed = parse(&Source::new("r.yml", rules));
            let count = parsed.rules.len() + parsed.correlations.len();
            let done = transform(std::slice::from_ref(&pipeline), parsed.rules, parsed.correlations);
            prop_assert_eq!(done.rules.len() + done.correlations.len() + done.refused, count);
            prop_assert_eq!(done.refused, done.report.diagnostics.len());
        }
    }

    #[test]
    fn a_pipeline_without_steps_changes_nothing(index: Index) {
        let (_, rules) = case(index);
        let parsed = parse(&Source::new("r.yml", rules));
        let (pipeline, _) = parse_pipeline(&Source::new("p.yml", "name: none"));
        let done = transform(&[pipeline.unwrap()], parsed.rules.clone(), parsed.correlations.clone());
        prop_assert_eq!(done.rules, parsed.rules);
        prop_assert_eq!(done.correlations, parsed.correlations);
    }
}
