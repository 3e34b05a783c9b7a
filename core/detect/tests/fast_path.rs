//! The law of the fast way: it finds exactly what evaluating every rule in full finds.
//!
//! `CORDON_PAIRS` asks for a number of rule × record pairs; without it a short run.

use std::{
    cell::Cell,
    sync::{Arc, LazyLock},
};

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_model::Layouts;
use cordon_sigma::{Pipeline, parse, parse_pipeline, transform};
use cordon_text::Source;
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

/// Pairs of a run that nobody asked for more of.
const PAIRS_USUAL: u64 = 60_000;

/// Texts as rules and records may have them: few different letters and words, so that they meet
/// often; short ones and such as are long enough for every way of looking for them.
fn text() -> impl Strategy<Value = String> {
    let words = select(vec![
        "powershell",
        "\\cmd.exe",
        "-enc",
        "/enc",
        "sekurlsa::",
        "İstanbul",
        "KELVIN\u{212a}",
        "Ⱥbc",
        "\n",
        "10.0.0.7",
        "2025-04-19T08:30:00Z",
        "true",
        "null",
        "aaaaaaaaaaaa",
        "abababab",
        "é",
        " ",
        "*",
        "?",
        "\\",
        "\"",
    ]);
    prop_oneof![
        4 => "[aAbBéÉ /-]{0,4}",
        2 => "[abAB]{4,12}",
        2 => vec(words, 0..4).prop_map(|words| words.concat()),
    ]
}

/// A value as a rule or a record may have it.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => text().prop_map(Value::from),
        1 => (-3_i64..3).prop_map(Value::from),
        1 => select(vec![json!(5e15), json!(2.5), json!("-1"), json!("TRUE"), json!(2.0)]),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// A value of a rule: wildcards, and no null, which few modifiers take.
fn wanted() -> impl Strategy<Value = Value> {
    let pattern = "[aAbBéÉ*?/ -]{0,4}|[abAB?]{4,9}".prop_map(Value::from);
    prop_oneof![3 => pattern, 2 => scalar().prop_filter("null", |value| !value.is_null())]
}

fn line() -> impl Strategy<Value = (String, Value)> {
    let modifiers = vec![
        "",
        "",
        "|contains",
        "|contains",
        "|startswith",
        "|endswith",
        "|contains|all",
        "|neq",
        "|contains|neq",
        "|cased",
        "|contains|cased",
        "|windash|contains",
        "|base64offset|contains",
        "|wide|base64offset|contains",
        "|re",
        "|re|i",
        "|fieldref",
        "|fieldref|contains",
        "|all",
        "|exists",
        "|gt",
        "|lte",
        "|cidr",
        "|hour",
        "|startswith|all",
        "|startswith|cased",
        "|startswith|neq",
        "|base64|startswith",
        "|base64|endswith",
        "|windash|endswith",
    ];
    let field = select(vec!["f", "g", "h.i", "h", "j.k.l", ""]);
    (field, select(modifiers), vec(wanted(), 1..12)).prop_map(|(field, modifiers, values)| {
        (format!("{field}{modifiers}"), fitting(modifiers, values))
    })
}

/// Values that a modifier takes.
fn fitting(modifiers: &str, values: Vec<Value>) -> Value {
    let number = |value: &Value| json!(value.to_string().len() % 7);
    let network = |value: &Value| json!(format!("10.0.0.0/{}", 8 + value.to_string().len() % 24));
    let plain = |value: &Value| match value.as_str() {
        Some(text) => Value::from(text.replace(['*', '?', '\\'], "b")),
        None => value.clone(),
    };
    match modifiers {
        "|exists" => Value::from(values.len().is_multiple_of(2)),
        "|gt" | "|lte" | "|hour" => values.first().map(number).unwrap_or_default(),
        "|cidr" => values.iter().map(network).collect(),
        "|re" | "|re|i" => values.iter().map(plain).collect(),
        _ if modifiers.contains("base64") => values.iter().map(plain).collect(),
        _ => Value::from(values),
    }
}

fn rule() -> impl Strategy<Value = String> {
    let conditions = vec![
        "a and b",
        "a or b",
        "a and not b",
        "not a",
        "1 of them",
        "not (a or b)",
        "all of them",
        "a or not b",
        "b",
    ];
    let selection = || vec(line(), 1..4).prop_map(Value::from_iter);
    (selection(), selection(), select(conditions)).prop_map(|(a, b, condition)| {
        json!({
            "title": "t",
            "logsource": {"product": "p"},
            "detection": {"a": a, "b": [b], "condition": condition},
        })
        .to_string()
    })
}

fn record() -> impl Strategy<Value = Value> {
    let value = || prop_oneof![3 => scalar(), 1 => vec(scalar(), 0..3).prop_map(Value::from)];
    let fields = (
        option::of(value()),
        option::of(value()),
        option::of(value()),
        option::of(value()),
        option::of(value()),
    );
    fields.prop_map(|(f, g, i, l, flat)| {
        let h = i.map(|value| json!([{ "i": value }, "b"]));
        let j = l.map(|value| json!({"k": [{"l": value}], "K": 1}));
        let named = [("f", f), ("g", g), ("h", h), ("j", j), ("h.i", flat)];
        let there = named.into_iter();
        there
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    })
}

/// A pipeline with a step, and without effect.
fn idle_pipeline() -> &'static [Pipeline] {
    static IDLE: LazyLock<Option<Pipeline>> = LazyLock::new(|| {
        let text = "transformations: [ { type: set_state, key: k, val: v } ]";
        parse_pipeline(&Source::new("p", text)).0
    });
    IDLE.as_slice()
}

fn pairs_wanted() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "a long run is asked for from outside"
    )]
    let asked = std::env::var("CORDON_PAIRS");
    let number = |pairs: String| pairs.parse();
    asked.map_or(Ok(PAIRS_USUAL), number).unwrap_or(PAIRS_USUAL)
}

#[test]
#[expect(clippy::print_stderr, reason = "how much was compared is the result")]
fn the_fast_way_finds_exactly_what_the_full_evaluation_finds() {
    let wanted = pairs_wanted();
    let so_far = Cell::new((0_u64, 0_u64));
    let strategy = (vec(rule(), 1..24), vec(record(), 1..48));
    while so_far.get().0 < wanted {
        let config = Config {
            cases: 200,
            failure_persistence: None,
            ..Config::default()
        };
        let verdict = TestRunner::new(config).run(&strategy, |(texts, records)| {
            let (pairs, matches) = compare(&texts, records)?;
            let before = so_far.get();
            so_far.set((before.0 + pairs, before.1 + matches));
            Ok(())
        });
        verdict.unwrap_or_else(|difference| panic!("{difference}"));
    }
    let (pairs, matches) = so_far.get();
    eprintln!("{pairs} pairs of a rule and a record, {matches} matches, no difference");
    assert!(
        matches > pairs / 50,
        "pairs that never match compare nothing"
    );
}

/// Compares all rules on all records; how many pairs that were, and how many matched.
fn compare(texts: &[String], records: Vec<Value>) -> Result<(u64, u64), TestCaseError> {
    let parsed = texts
        .iter()
        .flat_map(|text| parse(&Source::new("r", text.as_str())).rules);
    let rules: Vec<_> = parsed.collect();
    let unchanged = transform(idle_pipeline(), rules.clone(), Vec::new());
    prop_assert_eq!(&unchanged.rules, &rules, "a pipeline that changes nothing");
    let (set, _) = RuleSet::compile(&rules, []);
    let mut screener = Screener::new(&set);
    let (mut pairs, mut matches) = (0, 0);
    let mut layouts = Layouts::default();
    for (nth, fields) in records.into_iter().enumerate() {
        let kind = LogKind {
            product: Some(Arc::from("p")),
            ..LogKind::default()
        };
        let mut event = Event::of_fields(kind, fields);
        // A layout is known from its second record on.
        if nth.is_multiple_of(3) {
            layouts.find(&mut event.fields.clone());
            layouts.find(&mut event.fields);
            prop_assert!(event.fields.layout().is_some());
        }
        let fast = screener.screen(&event, &|_| Vec::new());
        let full = set.screen_in_full(&event, &|_| Vec::new());
        prop_assert_eq!(&fast, &full, "{:?} on {}", texts, event.fields);
        pairs += rules.len() as u64;
        matches += fast.map_or(0, |found| found.rules.len() as u64);
    }
    Ok((pairs, matches))
}
