//! Rules and records, drawn from so little that they meet often.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

/// Modifiers that go together, and what their values are.
const LINES: [(&str, Kind); 76] = {
    use Kind::{Code, Exists, Field, Network, Number, Place, Plain, Regex, Text};
    [
        ("", Plain),
        ("|cased", Text),
        ("|neq", Plain),
        ("|all", Plain),
        ("|all|neq", Plain),
        ("|expand", Place),
        ("|expand|all", Place),
        ("|expand|neq", Place),
        ("|expand|all|neq", Place),
        ("|contains", Text),
        ("|contains|all", Text),
        ("|contains|neq", Text),
        ("|contains|cased", Text),
        ("|contains|all|neq", Text),
        ("|contains|all|cased|neq", Text),
        ("|startswith", Text),
        ("|startswith|all", Text),
        ("|startswith|neq", Text),
        ("|startswith|cased", Text),
        ("|endswith", Text),
        ("|endswith|all", Text),
        ("|endswith|neq", Text),
        ("|endswith|cased", Text),
        ("|windash", Text),
        ("|windash|all", Text),
        ("|windash|contains", Text),
        ("|contains|windash|all", Text),
        ("|windash|startswith", Text),
        ("|windash|endswith|neq", Text),
        ("|windash|expand|contains", Place),
        ("|expand|contains|all", Place),
        ("|expand|startswith", Place),
        ("|expand|endswith|cased", Place),
        ("|base64", Code),
        ("|base64|contains", Code),
        ("|base64|startswith", Code),
        ("|base64|endswith|cased", Code),
        ("|base64|neq", Code),
        ("|base64offset|contains", Code),
        ("|base64offset|contains|all", Code),
        ("|base64offset|startswith", Code),
        ("|base64offset|cased|contains", Code),
        ("|wide|base64offset|contains", Code),
        ("|utf16le|base64|contains", Code),
        ("|utf16be|base64offset|contains", Code),
        ("|utf16|base64|startswith", Code),
        ("|windash|base64|contains", Code),
        ("|expand|base64|contains", Place),
        ("|re", Regex),
        ("|re|all", Regex),
        ("|re|neq", Regex),
        ("|re|i", Regex),
        ("|re|m", Regex),
        ("|re|s", Regex),
        ("|re|i|m|s", Regex),
        ("|cidr", Network),
        ("|cidr|neq", Network),
        ("|cidr|expand", Network),
        ("|gt", Number),
        ("|gte|neq", Number),
        ("|lt", Number),
        ("|lte|all", Number),
        ("|minute", Number),
        ("|hour", Number),
        ("|hour|gte", Number),
        ("|day|neq", Number),
        ("|week", Number),
        ("|month|lt", Number),
        ("|year|gt", Number),
        ("|exists", Exists),
        ("|exists|neq", Exists),
        ("|fieldref", Field),
        ("|fieldref|neq", Field),
        ("|fieldref|cased|contains", Field),
        ("|startswith|fieldref", Field),
        ("|fieldref|endswith", Field),
    ]
};

/// What the values of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Text,
    Place,
    Code,
    Regex,
    Network,
    Number,
    Exists,
    Field,
}

/// Texts that rules and records share.
fn text() -> BoxedStrategy<String> {
    let words = vec![
        "foo",
        "FOO",
        "bar",
        "b",
        "-x",
        "/x",
        "\u{2013}x",
        "--y",
        "a-b",
        " -",
        "_-x",
        "1",
        "-1",
        "2.0",
        "5",
        "true",
        "False",
        "",
        "é",
        "É",
        "σας",
        "ΣΑΣ",
        "ſ",
        "S",
        "ı",
        "I",
        "\u{212a}",
        "k",
        "ß",
        "\n",
        "\\",
        "Zm9v",
        "YmFy",
        "ZgBvAG8A",
        "LXg=",
        "10.1.2.3",
        "::ffff:10.0.0.1",
        "192.0.2.1",
        "fe80::1%eth0",
        "::1",
        "2025-04-19T08:30:00Z",
        "2025/12/29 23:59",
        "20250419T0830",
        "20250419083059",
        "19/Apr/2025:08:30",
        "2025-02-30",
        "20250419",
        "0x5",
        "1e1",
        "%one%",
        "null",
    ];
    let words = select(words).prop_map(str::to_owned).boxed();
    prop_oneof![
        5 => words.clone(),
        2 => vec(words, 1..4).prop_map(|words| words.concat()),
        1 => "[fobarFOBAR /-]{0,5}",
    ]
    .boxed()
}

/// A value of a record that holds no others.
fn leaf() -> BoxedStrategy<Value> {
    prop_oneof![
        8 => text().prop_map(Value::from),
        1 => (-2_i64..8).prop_map(Value::from),
        1 => select(vec![json!(2.0), json!(2.5), json!(-1.0), json!(10), json!(8), json!(30)]),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
    .boxed()
}

/// A record: flat, nested and dotted fields, lists within lists.
pub(crate) fn record() -> impl Strategy<Value = Value> {
    let value = || prop_oneof![4 => leaf(), 1 => vec(leaf(), 0..3).prop_map(Value::from)];
    let some = || option::weighted(0.7, value());
    (some(), some(), some(), some(), some()).prop_map(|(f, g, i, k, flat)| {
        let h = i.map(|value| json!([{ "i": value }, ["b"], "top"]));
        let j = k.map(|value| json!({ "k": [[{ "l": value }]], "K": 1 }));
        let named = [("f", f), ("g", g), ("h", h), ("j", j), ("h.i", flat)];
        let there = named.into_iter();
        there
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    })
}

/// A value of a rule that may have wildcards.
fn wanted() -> BoxedStrategy<Value> {
    let signs = vec![
        "*", "?", r"\*", r"\?", r"\\", "foo", "b", "-x", " /x", "1", "σ", ".", "o",
    ];
    let wild = vec(select(signs), 1..5).prop_map(|signs| Value::from(signs.concat()));
    let given = leaf().prop_filter("nothing is no text", |value| !value.is_null());
    prop_oneof![3 => given, 2 => wild].boxed()
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    let strings = |texts: Vec<&'static str>| select(texts).prop_map(Value::from).boxed();
    match kind {
        Kind::Plain => prop_oneof![8 => wanted(), 1 => Just(Value::Null)].boxed(),
        Kind::Text => wanted(),
        Kind::Place => strings(vec!["%one%", "%two%", "a%two%", "%one%%two%", "*%one%", "foo", "%one%-x"]),
        Kind::Code => prop_oneof![
            5 => strings(vec!["foo", "bar", "fo", "-x", "foo-x", r"a\*", "é", "f", "", "a*", " -x -x"]),
            1 => (0_i64..20).prop_map(Value::from),
        ]
        .boxed(),
        Kind::Regex => strings(vec!["^foo", "O$", "b.r", "^b", r"\d", "[fF]o+", "x|y", "(?i)Σ", "a\\-b", "^$"]),
        Kind::Network => strings(vec![
            "10.0.0.0/8", "::ffff:10.0.0.1", "::ffff:10.0.0.0/104", "::/0", "0.0.0.0/0", "192.0.2.1", "fe80::/10",
            "::1/128", "10.1.2.3/31", "::ffff:0:0/96", "::/64",
        ]),
        Kind::Number => prop_oneof![
            4 => (-2_i64..32).prop_map(Value::from),
            1 => select(vec![json!(2.5), json!("8"), json!(2025), json!(-0.5), json!(2.0)]),
        ]
        .boxed(),
        Kind::Exists => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Field => strings(vec!["f", "g", "h.i", "j.k.l", "none"]),
    }
}

fn line() -> BoxedStrategy<(String, Value)> {
    let field = prop_oneof![
        5 => select(vec!["f", "g", "h", "h.i", "j.k.l", "j"]),
        2 => Just(""),
    ];
    (field, select(LINES.to_vec()))
        .prop_flat_map(|(field, (modifiers, kind))| {
            // Keywords have no field that could be missing or compared with.
            let fieldless = field.is_empty() && matches!(kind, Kind::Exists | Kind::Field);
            let field = if fieldless { "f" } else { field };
            let several = if kind == Kind::Exists { 1..2 } else { 1..4 };
            let keyword = field.is_empty();
            let values = vec(value(kind), several).prop_map(move |mut values| {
                if keyword {
                    for value in values.iter_mut().filter(|value| value.is_null()) {
                        *value = json!("foo");
                    }
                }
                // One alone is no list.
                if let [one] = values.as_slice() {
                    return one.clone();
                }
                Value::from(values)
            });
            values.prop_map(move |values| (format!("{field}{modifiers}"), values))
        })
        .boxed()
}

fn selection() -> BoxedStrategy<Value> {
    let map = vec(line(), 1..4).prop_map(Value::from_iter).boxed();
    let keyword = wanted();
    prop_oneof![
        5 => map.clone(),
        1 => vec(prop_oneof![2 => map, 1 => keyword.clone()], 1..4).prop_map(Value::from),
        1 => keyword,
    ]
    .boxed()
}

/// A rule for the product `p`.
pub(crate) fn rule() -> impl Strategy<Value = Value> {
    let conditions = select(vec![
        json!("sa"),
        json!("not sa"),
        json!("sa and sb or _t"),
        json!("sa and (sb or not _t)"),
        json!("not sa and not sb"),
        json!("1 of them"),
        json!("all of them"),
        json!("any of s* and not _t"),
        json!("all of s*"),
        json!("not 1 of s* or _t"),
        json!("not (sa or sb) and _t"),
        json!(["sa and sb", "_t and not sb"]),
    ]);
    (selection(), selection(), selection(), conditions).prop_map(|(sa, sb, t, condition)| {
        json!({
            "title": "t",
            "logsource": { "product": "p" },
            "detection": { "sa": sa, "sb": sb, "_t": t, "condition": condition },
        })
    })
}
