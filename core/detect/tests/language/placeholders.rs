//! Values for placeholders, in rules that match with them.

use cordon_detect::RuleSet;
use cordon_sigma::{Placeholders, parse_pipeline, parse_with, transform};
use cordon_text::Source;
use serde_json::json;

use crate::trial::{rules, titles};

#[test]
fn a_placeholder_stands_for_any_of_its_values_and_wildcards_in_them_work() {
    let mut known = Placeholders::none();
    known.set("Admins", vec!["root".to_owned(), "adm-*".to_owned()]);
    known.set("Net", vec!["10.0.0.0/8".to_owned(), "fe80::/10".to_owned()]);
    for (item, value, expect) in [
        ("f|expand: '%Admins%'", "ROOT", true),
        ("f|expand: '%Admins%'", "adm-7", true),
        ("f|expand: '%Admins%'", "%Admins%", false),
        (
            "f|contains|expand: 'as %Admins%!'",
            "runs as adm-x! now",
            true,
        ),
        (
            "f|contains|expand: ['%Admins%', plain]",
            "a plain one",
            true,
        ),
        ("f|neq|expand: '%Admins%'", "root", false),
        ("f|neq|expand: '%Admins%'", "eve", true),
        ("f|cidr|expand: '%Net%'", "10.9.8.7", true),
        ("f|cidr|expand: '%Net%'", "fe80::1", true),
        ("f|cidr|expand: '%Net%'", "192.0.2.1", false),
        ("f|re|expand: '^%Admins%$'", "root", true),
        ("f|expand|contains|all: ['%Admins%', z]", "a zroot", true),
        ("f|expand|contains|all: ['%Admins%', z]", "zadm-1", true),
        ("f|expand|contains|all: ['%Admins%', z]", "z root", true),
        ("f|expand|contains|all: ['%Admins%', z]", "root", false),
        (
            "f|expand|contains|all|neq: ['%Admins%', z]",
            "z root",
            false,
        ),
        ("f|expand|contains|all|neq: ['%Admins%', z]", "root", true),
        ("f: '%Admins%'", "root", false),
        ("f: '%Admins%'", "%admins%", true),
    ] {
        let text = format!(
            "title: t\nlogsource: {{ product: p }}\ndetection: {{ s: {{ {item} }}, condition: s }}\n"
        );
        for rules in [rules(&text, &known), piped(&text)] {
            let found = !titles(&rules, json!({ "f": value })).is_empty();
            assert_eq!(found, expect, "{item} on {value}");
        }
    }
}

/// The rules of a text that get the same values from a pipeline.
fn piped(text: &str) -> RuleSet {
    let pipeline = "
vars:
  Admins: [root, 'adm-*']
  Net: [10.0.0.0/8, 'fe80::/10']
transformations: [ { type: value_placeholders } ]
";
    let (pipeline, report) = parse_pipeline(&Source::new("p.yml", pipeline));
    let open = Placeholders::none().left_open();
    let parsed = parse_with(&Source::new("rule.yml", text), &open);
    let pipelines = Vec::from_iter(pipeline);
    let done = transform(&pipelines, parsed.rules, Vec::new());
    assert_eq!(
        (done.refused, report.has_errors()),
        (0, false),
        "{:?}",
        done.report
    );
    RuleSet::compile(done.rules, []).0
}
