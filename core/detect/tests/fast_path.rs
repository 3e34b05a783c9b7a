//! The law of the index: it finds exactly what the full evaluation finds.

use std::sync::Arc;

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_sigma::parse;
use cordon_text::Source;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

/// A value as a rule or a record may have it: few letters, so that they meet often.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => "[aAbBéÉ /-]{0,4}".prop_map(Value::from),
        1 => (-3_i64..3).prop_map(Value::from),
        1 => select(vec![json!(5e15), json!(2.5), json!("-1"), json!("TRUE"), json!(2.0)]),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// A value of a rule: wildcards, and no null, which few modifiers take.
fn wanted() -> impl Strategy<Value = Value> {
    let pattern = "[aAbBéÉ*?/ -]{0,4}".prop_map(Value::from);
    prop_oneof![3 => pattern, 1 => scalar().prop_filter("null", |value| !value.is_null())]
}

fn line() -> impl Strategy<Value = (String, Value)> {
    let modifiers = vec![
        "",
        "|contains",
        "|startswith",
        "|endswith",
        "|contains|all",
        "|neq",
        "|contains|neq",
        "|contains|all|neq",
        "|cased",
        "|windash|contains",
        "|base64offset|contains",
        "|re",
        "|fieldref",
        "|all",
    ];
    let field = select(vec!["f", "g", "h.i", ""]);
    (field, select(modifiers), vec(wanted(), 1..4)).prop_map(|(field, modifiers, values)| {
        let plain = modifiers.contains("base64") || modifiers == "|re";
        let values: Vec<_> = values
            .into_iter()
            .map(|value| match value.as_str() {
                Some(text) if plain => Value::from(text.replace(['*', '?'], "b")),
                Some(_) | None => value,
            })
            .collect();
        (format!("{field}{modifiers}"), Value::from(values))
    })
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
    let selection = || vec(line(), 1..3).prop_map(Value::from_iter);
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
    let value = prop_oneof![3 => scalar(), 1 => vec(scalar(), 0..3).prop_map(Value::from)];
    (
        option::of(value.clone()),
        option::of(value.clone()),
        option::of(value),
    )
        .prop_map(|(f, g, i)| {
            let h = i.map(|value| json!([{ "i": value }, "b"]));
            let fields = [("f", f), ("g", g), ("h", h)].into_iter();
            fields
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_fast_way_finds_exactly_what_the_full_evaluation_finds(
        texts in vec(rule(), 1..12),
        records in vec(record(), 1..8),
    ) {
        let parsed = texts.iter().flat_map(|text| parse(&Source::new("r", text.as_str())).rules);
        let rules: Vec<_> = parsed.collect();
        let (set, _) = RuleSet::compile(&rules, []);
        let mut screener = Screener::new(&set);
        for fields in records {
            let kind = LogKind { product: Some(Arc::from("p")), ..LogKind::default() };
            let event = Event::of_fields(kind, fields);
            let fast = screener.screen(&event, &|_| Vec::new());
            let full = set.screen_in_full(&event, &|_| Vec::new());
            prop_assert_eq!(&fast, &full, "{:?} on {}", texts, event.fields);
        }
    }
}
