//! What pipelines make of rules: cases as data, each a pipeline, rules, and a sketch of the result.
//!
//! The sketches were compared with what pySigma 1.5.0 makes of the same pipelines and rules. A case
//! with `differs` is one where Cordon means something else, and says why.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken case or a broken rule fails the test"
)]

use std::{collections::BTreeMap, sync::Arc};

use cordon_sigma::{
    Body, Comparison, Correlation, Expr, FieldRelation, Item, Part, Pattern, Pipeline,
    Placeholders, Quantifier, Rule, Test, apply_filters, parse_pipeline, parse_with, transform,
};
use cordon_text::{Node, Source};

const FILES: [(&str, &str); 5] = [
    ("fields.yml", include_str!("pipelines/fields.yml")),
    ("values.yml", include_str!("pipelines/values.yml")),
    ("rules.yml", include_str!("pipelines/rules.yml")),
    ("conditions.yml", include_str!("pipelines/conditions.yml")),
    (
        "correlations.yml",
        include_str!("pipelines/correlations.yml"),
    ),
];

#[test]
fn every_case_becomes_what_it_says() {
    let mut wrong = Vec::new();
    for (file, text) in FILES {
        let (cases, report) = cordon_text::parse(&Source::new(file, text));
        assert_eq!(report.diagnostics, [], "{file}");
        for case in &cases {
            let name = case.get("name").and_then(Node::text).unwrap();
            let expect = case.get("expect").and_then(Node::text).unwrap();
            let found = sketch(case);
            if found.join("\n") != expect.trim_end() {
                wrong.push(format!("{file}: {name}\n  {}", found.join("\n  ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the pipelines of a case make of its rules, a line for each.
fn sketch(case: &Node) -> Vec<String> {
    let pipelines = case.get("pipelines").unwrap();
    let texts = pipelines
        .sequence()
        .unwrap_or(std::slice::from_ref(pipelines));
    let pipelines: Vec<Pipeline> = texts.iter().map(pipeline).collect();
    let rules = case.get("rules").and_then(Node::text).unwrap();
    let open = Placeholders::none().left_open();
    let parsed = parse_with(&Source::new("r.yml", rules), &open);
    assert_eq!(parsed.refused, 0, "{rules}\n{:?}", parsed.report);
    let filtered = apply_filters(parsed.rules, &parsed.filters, &parsed.correlations);
    let done = transform(&pipelines, filtered.rules, parsed.correlations);
    assert_eq!(done.refused > 0, done.report.has_errors());
    let mut lines: Vec<String> = done.rules.iter().flat_map(rule).collect();
    lines.extend(done.correlations.iter().map(correlation));
    lines.extend(
        done.report
            .diagnostics
            .iter()
            .map(|d| format!("refused {}", d.code)),
    );
    lines
}

#[test]
fn what_a_pipeline_leaves_unsaid_is_told_where_it_stands() {
    let rules = "\
title: t
id: t
logsource: { product: p }
detection:
  a: { f|expand: ['%A%', 'x%B%'] }
  b: { g|expand|re: '%C%', h|expand|base64: '%D%' }
  condition: a or b
";
    let filter = "\
title: f
logsource: { product: p }
filter:
  rules: any
  f:
    u|expand: '%E%'
  condition: not f
";
    let added = "\
vars: { D: [d] }
transformations:
  - { type: value_placeholders }
  - { type: add_condition, conditions: { x|expand: '%F%' } }
";
    let open = Placeholders::none().left_open();
    let parsed = parse_with(&Source::new("r.yml", rules), &open);
    let filters = parse_with(&Source::new("f.yml", filter), &open).filters;
    let filtered = apply_filters(parsed.rules, &filters, &parsed.correlations);
    let (pipeline, _) = parse_pipeline(&Source::new("p.yml", added));
    for (pipelines, more) in [(vec![], true), (vec![pipeline.unwrap()], false)] {
        let done = transform(&pipelines, filtered.rules.clone(), Vec::new());
        let told = done.report.diagnostics.iter();
        let told: Vec<_> = told
            .map(|d| {
                let name = d.message.split('%').nth(1).unwrap();
                format!("{}:{}:{} {name}", d.file, d.span.line, d.span.column)
            })
            .collect();
        let mut expect = vec![
            "f.yml:6:15 E",
            "r.yml:5:19 A",
            "r.yml:5:26 B",
            "r.yml:6:21 C",
        ];
        if more {
            expect.push("r.yml:6:45 D");
        } else {
            // What a pipeline added has no place in the rule.
            expect.insert(1, "r.yml:1:1 F");
        }
        assert_eq!(
            (done.refused, told.as_slice()),
            (
                1,
                &expect.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()[..]
            )
        );
    }
}

fn pipeline(node: &Node) -> Pipeline {
    let text = node.text().unwrap();
    let (pipeline, report) = parse_pipeline(&Source::new("p.yml", text));
    pipeline.unwrap_or_else(|| panic!("{text}\n{report:?}"))
}

/// A line for each condition of a rule.
fn rule(rule: &Rule) -> Vec<String> {
    let source = &rule.log_source;
    let part = |part: &Option<Arc<str>>| part.as_deref().unwrap_or("-").to_owned();
    let source = [&source.product, &source.category, &source.service]
        .map(part)
        .join("/");
    let conditions = rule.conditions.iter();
    conditions
        .map(|c| format!("{source}: {}", expr(c, rule)))
        .collect()
}

fn expr(expr_: &Expr, rule: &Rule) -> String {
    let each = |parts: &[Expr]| parts.iter().map(|part| expr(part, rule)).collect();
    match expr_ {
        Expr::Selection(place) => body(&rule.selections[*place].body),
        Expr::Not(inner) => format!("not({})", expr(inner, rule)),
        Expr::And(parts) => joined("and", each(parts)),
        Expr::Or(parts) => joined("or", each(parts)),
    }
}

fn body(body_: &Body) -> String {
    match body_ {
        Body::All(parts) => joined("and", parts.iter().map(body).collect()),
        Body::Any(parts) => joined("or", parts.iter().map(body).collect()),
        Body::Item(one) => item(one),
    }
}

fn item(item: &Item) -> String {
    let tests = item
        .tests
        .iter()
        .map(|t| test(item.field.as_deref(), t))
        .collect();
    match item.quantifier {
        Quantifier::Any => joined("or", tests),
        Quantifier::All => joined("and", tests),
        Quantifier::None => format!("not({})", joined("or", tests)),
        Quantifier::NotAll => format!("not({})", joined("and", tests)),
    }
}

fn joined(join: &str, mut parts: Vec<String>) -> String {
    match parts.len() {
        1 => parts.remove(0),
        _ => format!("{join}({})", parts.join(", ")),
    }
}

fn test(field: Option<&str>, asked: &Test) -> String {
    let value = match asked {
        Test::OneOf(tests) => {
            return joined("or", tests.iter().map(|t| test(field, t)).collect());
        }
        Test::Text(pattern) => text(pattern),
        Test::Number { text, .. } => text.clone(),
        Test::Bool(value) => value.to_string(),
        Test::Null => "null".to_owned(),
        Test::Exists(wanted) => format!("exists:{wanted}"),
        Test::Regex(regex) => format!("/{}/", regex.0.as_str()),
        Test::Cidr { address, prefix } => format!("cidr:{address}/{prefix}"),
        Test::Compare(comparison, number) => {
            let sign = match comparison {
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
                Comparison::Greater => ">",
                Comparison::AtLeast => ">=",
                Comparison::Equal | Comparison::NotEqual => "?",
            };
            format!("{sign}{number:?}")
                .replace("Integer(", "")
                .replace(')', "")
        }
        Test::Time(..) => "time".to_owned(),
        Test::Field {
            field, relation, ..
        } => {
            let sign = match relation {
                FieldRelation::Equals => "",
                FieldRelation::Contains => "~",
                FieldRelation::StartsWith => "^",
                FieldRelation::EndsWith => "$",
            };
            format!("@{sign}{field}")
        }
    };
    field.map_or(value.clone(), |field| format!("{field}={value}"))
}

fn text(pattern: &Pattern) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::AnyRun => "<*>".to_owned(),
        Part::AnyChar => "<?>".to_owned(),
        Part::Dash => "<->".to_owned(),
    };
    let parts: String = pattern.parts.iter().map(part).collect();
    format!("\"{parts}\"{}", if pattern.cased { "c" } else { "" })
}

fn correlation(correlation: &Correlation) -> String {
    let counted = correlation.kind.fields().join(",");
    let alias = |(alias, fields): (&Arc<str>, _)| {
        let fields: &BTreeMap<_, Arc<str>> = fields;
        let each = fields.iter().map(|(rule, field)| format!("{rule}:{field}"));
        format!("{alias}={}", each.collect::<Vec<_>>().join(","))
    };
    let aliases: Vec<_> = correlation.aliases.iter().map(alias).collect();
    format!(
        "correlation: by {} | of {counted} | aliases {}",
        correlation.group_by.join(","),
        aliases.join(";")
    )
    .trim_end()
    .to_owned()
}
