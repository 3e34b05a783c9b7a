//! The fast way against the careful one.

use cordon_model::{Layouts, NameHash, Record, Value};
use proptest::prelude::*;

use super::{scan, scan_value};
use crate::json;

/// What the fast way reads, which must be what the careful way reads without any loss.
fn check(bytes: &[u8]) -> Option<Record> {
    check_after(&mut Layouts::default(), bytes)
}

/// The same where other records were read before.
fn check_after(layouts: &mut Layouts, bytes: &[u8]) -> Option<Record> {
    let mut record = Record::from(&serde_json::json!({"left": "over"}));
    scan(str::from_utf8(bytes).ok()?, &mut record, layouts)?;
    let careful = json::parse(bytes);
    let careful = careful.unwrap_or_else(|why| {
        panic!("{why:?} refuses {}", String::from_utf8_lossy(bytes));
    });
    let rounded = |degraded| degraded == crate::Degradation::NumberRounded;
    assert!(careful.degraded.into_iter().all(rounded), "{record}");
    let (found, careful) = (record.to_value(), careful.value);
    assert!(same(&found, &careful), "{found} is not {careful}");
    Some(record)
}

/// Whether two values are the same, decimals as nearly as `serde_json` reads them: a record keeps
/// their digits.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= a.abs() * 1e-12
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let mut pairs = a.iter().zip(b);
            a.len() == b.len() && pairs.all(|((x, a), (y, b))| x == y && same(a, b))
        }
        (_, _) => left == right,
    }
}

#[test]
fn plain_records_are_read_the_fast_way() {
    for text in [
        "{}",
        " { \"a\" : [ ] , \"b\" : { } } ",
        r#"{"a":"C:\\Windows\\System32","b":"\u00e9\ud83d\ude00 \"\/\b\f\n\r\t"}"#,
        r#"{"a":[1,-2,0.5,1e3,-0,true,false,null,[{}]],"b":{"c":{"d":"x"}}}"#,
        "{\"a\":\"twelve chars and more, with é and 😀\"}",
    ] {
        assert!(check(text.as_bytes()).is_some(), "{text}");
    }
}

#[test]
fn what_is_out_of_the_ordinary_is_left_to_the_careful_way() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70));
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":1,"c":2,"b":3}}"#,
        r#"{"a":"\ud83d"}"#,
        r#"{"a":"\ud83dA"}"#,
        r#"{"a":"\u12g4"}"#,
        "{\"a\":\"tab\tinside\"}",
        "{\"a\":01}",
        "{\"a\":1e400}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":--1}",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{\"a\":tru}",
        "[1]",
        "\"text\"",
        "",
        &deep,
    ] {
        assert_eq!(check(text.as_bytes()), None, "{text}");
    }
    assert_eq!(check(b"{\"a\":\"\xff\"}"), None);
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // `serde_json` itself does not always give back the decimal it wrote.
        prop::sample::select(vec![0.5, -2.25, 1e30, 1e-7]).prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[a\\\\\"\n\u{1f}é😀]{0,20}".prop_map(Value::from),
        "[a-zé\\\\]{40,70}".prop_map(Value::from),
        // As a text of JSON begins, so that it is taken apart by blocks.
        "[{\\[][a-c\"\\\\\né]{0,200}".prop_map(Value::from),
        "\\{[a-z]{50,70}[\"\\\\é]{1,30}[a-z]{0,30}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-d]{0,12}", inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_object_that_serde_writes_is_read_the_fast_way(
        fields in prop::collection::btree_map("[a-z]{0,9}", values(), 0..30),
    ) {
        let value = Value::Object(fields.into_iter().collect());
        prop_assert!(check(value.to_string().as_bytes()).is_some());
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert!(check(pretty.as_bytes()).is_some());
    }

    #[test]
    fn damaged_text_is_never_read_differently(
        value in values(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = serde_json::json!({"a": value, "b": 1}).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        check(&bytes);
        bytes.remove(at);
        check(&bytes);
    }

    #[test]
    fn names_that_are_foreseen_change_nothing(records in prop::collection::vec(texts(), 0..20)) {
        let (mut layouts, mut of_values) = (Layouts::default(), Layouts::default());
        for text in records {
            let whole = format!("{{\"n\":{text}}}");
            for text in [&text, &whole] {
                let alone = check(text.as_bytes());
                let mut found = check_after(&mut layouts, text.as_bytes());
                prop_assert_eq!(&found, &alone);
                // How far it was followed is where it would be by itself.
                let (Some(found), Some(mut alone)) = (&mut found, alone) else {
                    continue;
                };
                alone.unfollow();
                for record in [&mut alone, found] {
                    layouts.find(record);
                    layouts.find(record);
                }
                let number = |record: &Record| record.layout().map(|layout| layout.number());
                prop_assert_eq!(number(found), number(&alone));
            }
            let [mut remembered, mut record] = [Record::new(), Record::new()];
            let name = NameHash::of("n");
            let value = scan_value((name, &text), &mut remembered, &mut of_values);
            let alone = scan_value((name, &text), &mut record, &mut Layouts::default());
            prop_assert_eq!((value, remembered), (alone, record));
        }
    }
}

/// Objects in JSON, of few names, some of them twice in one.
fn texts() -> impl Strategy<Value = String> {
    let single = ["1", "\"a\"", "\"\"", "true", "null", "[]", "{}", "[1]"];
    let single = prop::sample::select(single.to_vec()).prop_map(str::to_owned);
    let inner = single.prop_recursive(3, 12, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        let list = list.prop_map(|all| format!("[{}]", all.join(",")));
        prop_oneof![list, objects(inner)]
    });
    objects(inner)
}

fn objects(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "", "a\\\"", "é", "\\u0061", "names"]);
    prop::collection::vec((name, value), 0..4).prop_map(|fields| {
        let fields = fields
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    })
}
