//! Explanations of single lines, and the laws that their parts obey.

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_sigma::{Part, Pattern, Rule, parse};
use cordon_text::Source;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asks, Explanation, JudgedBody, JudgedLine, NearMiss, Seen, explain, wanted::spell};

fn rule(detection: &str) -> Rule {
    let text = format!(
        "title: t\nlogsource: {{ product: windows, category: process_creation }}\n\
         detection:\n  {}\n",
        detection.replace('\n', "\n  ")
    );
    let mut parsed = parse(&Source::new("rule.yml", text.as_str()));
    assert_eq!(parsed.rules.len(), 1, "{:?}", parsed.report);
    parsed.rules.remove(0)
}

fn event(fields: Value) -> Event {
    let kind = LogKind {
        product: Some(Arc::from("windows")),
        service: Some(Arc::from("sysmon")),
        categories: vec![Arc::from("process_creation")],
    };
    Event::of_fields(kind, fields)
}

fn explained(detection: &str, fields: Value) -> Explanation {
    explain(&rule(detection), &event(fields))
}

/// The lines of all selections, in order.
fn lines(explanation: &Explanation) -> Vec<&JudgedLine> {
    fn walk<'j>(body: &'j JudgedBody, lines: &mut Vec<&'j JudgedLine>) {
        match &body.asks {
            Asks::All(parts) | Asks::Any(parts) => {
                for part in parts {
                    walk(part, lines);
                }
            }
            Asks::Line(line) => lines.push(line),
        }
    }
    let mut found = Vec::new();
    for selection in &explanation.selections {
        walk(&selection.body, &mut found);
    }
    found
}

#[test]
fn each_line_says_what_is_wanted_and_what_the_event_has() {
    let told = explained(
        "sel:\n  Image|endswith: ['\\cmd.exe', '\\powershell.exe']\n  User: null\n  Id|gte: 5\n  \
         Path|re: '^a.c'\n  Ip|cidr: 10.0.0.0/8\n  X|fieldref|cased: Y\n  Z|exists: true\n  \
         W|windash|contains|all: [' -a', ' -b']\ncondition: sel",
        json!({"Image": "C:\\cmd.exe", "User": null, "Id": 4, "Ip": [], "X": {"a": 1}}),
    );
    assert!(!told.holds);
    let shown: Vec<_> = lines(&told)
        .into_iter()
        .map(|line| {
            let key = line.field.as_deref().unwrap_or_default();
            let wanted: Vec<_> = line.values.iter().map(|v| v.wanted.as_str()).collect();
            let key = format!("{key}|{}: {}", line.modifiers.join("|"), wanted.join(", "));
            let held = line.values.iter().map(|v| u8::from(v.holds).to_string());
            (key, held.collect::<String>(), line.seen.clone())
        })
        .collect();
    let values = |texts: &[&str]| Seen::Values(texts.iter().map(|t| (*t).to_owned()).collect());
    let expect = [
        (
            "Image|endswith: \\cmd.exe, \\powershell.exe",
            "10",
            values(&["C:\\cmd.exe"]),
        ),
        ("User|: null", "1", values(&["null"])),
        ("Id|gte: 5", "0", values(&["4"])),
        ("Path|re: ^a.c", "0", Seen::Missing),
        ("Ip|cidr: 10.0.0.0/8", "0", Seen::Nothing),
        ("X|fieldref|cased: Y", "0", values(&["{…}"])),
        ("Z|exists: true", "0", Seen::Missing),
        ("W|contains|windash|all:  -a,  -b", "00", Seen::Missing),
    ];
    let expect: Vec<_> = expect
        .into_iter()
        .map(|(key, held, seen)| (key.to_owned(), held.to_owned(), seen))
        .collect();
    assert_eq!(shown, expect);
}

#[test]
fn a_list_of_values_open_at_different_sides_is_written_with_wildcards() {
    let told = explained(
        "sel: { F: ['a*', '*b', 'c\\*d'] }\ncondition: sel",
        json!({}),
    );
    let line = lines(&told)[0];
    let wanted: Vec<_> = line.values.iter().map(|v| v.wanted.as_str()).collect();
    assert_eq!(
        (line.modifiers.as_slice(), wanted),
        (&[][..], vec!["a*", "*b", "c\\*d"])
    );
}

#[test]
fn near_misses_name_the_field_or_the_place_where_the_text_is() {
    let near = |selection: &str, fields: Value| {
        let told = explained(&format!("sel: {{ {selection} }}\ncondition: sel"), fields);
        lines(&told)[0].near.clone()
    };
    let owned = str::to_owned;
    let (field, value, text) = (
        owned("process.image"),
        owned("C:\\x\\cmd.exe"),
        owned("\\cmd.exe"),
    );
    assert_eq!(
        near(
            "Image|endswith: '\\cmd.exe'",
            json!({"process": {"image": value}})
        ),
        [NearMiss::OtherName {
            field,
            value: value.clone()
        }]
    );
    let field = owned("CommandLine");
    assert_eq!(
        near(
            "Image|endswith: '\\cmd.exe'",
            json!({"Image": "a", "CommandLine": value})
        ),
        [NearMiss::OtherField {
            field,
            text: text.clone(),
            value: value.clone()
        }]
    );
    assert_eq!(
        near("Image: '\\cmd.exe'", json!({"Image": value})),
        [NearMiss::OtherPlace {
            text,
            value: value.clone()
        }]
    );
    assert_eq!(
        near(
            "User: SYSTEM",
            json!({"User": "a", "Image": "C:\\System32"})
        ),
        []
    );
    let (text, value) = (owned(" -enc"), owned("pwsh /enc foo"));
    assert_eq!(
        near("F|contains|all: [' -enc', 'foo']", json!({"F": value})),
        [NearMiss::OtherDash { text, value }]
    );
    assert_eq!(near("Image: ab", json!({"Image": "cab", "X": "ab"})), []);
    assert_eq!(near("Image|neq: 'abc'", json!({"Image": "abc"})), []);
}

#[test]
fn a_log_that_does_not_fit_is_named_part_by_part() {
    let mut event = event(json!({"F": 1}));
    let rule = rule("sel: { F: 1 }\ncondition: sel");
    assert!(explain(&rule, &event).matched());
    Arc::make_mut(&mut event.kind).categories = vec![Arc::from("network_connection")];
    let told = explain(&rule, &event);
    assert!(told.holds && !told.matched());
    let parts: Vec<_> = told
        .log
        .parts
        .iter()
        .map(|part| (part.part, part.fits()))
        .collect();
    assert_eq!(parts, [("product", true), ("category", false)]);
}

proptest! {
    #[test]
    fn a_log_fits_exactly_if_each_part_given_does(
        product in proptest::option::of("[ab]"),
        service in proptest::option::of("[ab]"),
        categories in proptest::collection::vec("[ab]", 0..3),
    ) {
        let text = "title: t\nlogsource: { product: a, category: b, service: a }\n\
                    detection: { s: { F: 1 }, condition: s }\n";
        let parsed = parse(&Source::new("r", text));
        let mut event = event(json!({}));
        event.kind = Arc::new(LogKind {
            product: product.map(Arc::from),
            service: service.map(Arc::from),
            categories: categories.into_iter().map(Arc::from).collect(),
        });
        let log = explain(&parsed.rules[0], &event).log;
        prop_assert_eq!(log.fits, log.parts.iter().all(super::LogPart::fits));
    }

    #[test]
    fn a_pattern_spelled_out_reads_as_the_same_pattern(text in r"[a*?\\]{0,8}") {
        let pattern = Pattern::parse(&text);
        prop_assert_eq!(Pattern::parse(&spell(&pattern.parts)), pattern);
    }
}

#[test]
fn a_backslash_before_a_wildcard_stays_a_backslash() {
    let parts = [Part::Text("a\\".to_owned()), Part::AnyRun];
    assert_eq!(spell(&parts), "a\\\\*");
}
