//! What rules mean where the Sigma specification is silent or engines disagree.
//!
//! Each case is a detection and a record; the verdict is that of the whole way from rule text to
//! hit, and the fast way and the plain full evaluation must agree on it.

use std::sync::Arc;

use cordon_detect::{Hit, Match, RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_sigma::parse;
use cordon_text::Source;
use serde_json::{Value, json};

fn rules(detection: &str) -> RuleSet {
    let indented = detection.replace('\n', "\n  ");
    let text = format!("title: t\nlogsource: {{ product: p }}\ndetection:\n  {indented}\n");
    let parsed = parse(&Source::new("rule.yml", text.as_str()));
    assert_eq!(parsed.rules.len(), 1, "{text}\n{:?}", parsed.report);
    RuleSet::compile(parsed.rules, parsed.correlations).0
}

fn event(fields: Value) -> Event {
    let product = Some(Arc::from("p"));
    let kind = LogKind {
        product,
        ..LogKind::default()
    };
    Event::of_fields(kind, fields)
}

fn hits(rules: &RuleSet, fields: Value) -> Vec<Hit> {
    let event = event(fields);
    let fast = Screener::new(rules).screen(&event, &|_| Vec::new());
    let full = rules.screen_in_full(&event, &|_| Vec::new());
    assert_eq!(fast, full, "the fast way and the full evaluation differ");
    fast.into_iter().flat_map(Match::into_hits).collect()
}

/// Checks a selection (YAML below `sel:`) against records and their verdicts.
fn check<const N: usize>(selection: &str, cases: [(Value, bool); N]) {
    let rules = rules(&format!("sel:\n  {selection}\ncondition: sel"));
    for (fields, expect) in cases {
        let found = !hits(&rules, fields.clone()).is_empty();
        assert_eq!(found, expect, "{selection} on {fields}");
    }
}

#[test]
fn text_is_compared_whole_and_without_case() {
    check(
        r"f: 'C:\Windows\cmd.exe'",
        [
            (json!({"f": "c:\\WINDOWS\\CMD.EXE"}), true),
            (json!({"f": "c:\\windows\\cmd.exe "}), false),
            (json!({"F": "c:\\windows\\cmd.exe"}), false),
        ],
    );
    check(
        "f|cased: Abc",
        [(json!({"f": "Abc"}), true), (json!({"f": "abc"}), false)],
    );
    check(
        "f|contains|cased: Bc",
        [(json!({"f": "aBcd"}), true), (json!({"f": "abcd"}), false)],
    );
    check(
        "f: ÉCLAIR*",
        [
            (json!({"f": "éclairs"}), true),
            (json!({"f": "eclairs"}), false),
        ],
    );
}

#[test]
fn wildcards_work_inside_anchored_values_and_cross_lines() {
    check(
        "f|startswith: 'a*c?'",
        [
            (json!({"f": "abbbcd and more"}), true),
            (json!({"f": "a\n\ncd"}), true),
            (json!({"f": "xabcd"}), false),
        ],
    );
    check(
        r"f|endswith: '\?x?z'",
        [
            (json!({"f": "why?xyz"}), true),
            (json!({"f": "why.xyz"}), false),
            (json!({"f": "why?xyz."}), false),
            (json!({"f": "why?xz"}), false),
        ],
    );
}

#[test]
fn keywords_are_sought_in_every_value() {
    let nested = json!({"a": {"b": ["x", "say HELLO now"]}, "n": 4711, "ok": true});
    check(
        "- hello",
        [(nested.clone(), true), (json!({"hello": "x"}), false)],
    );
    check("- 471", [(nested.clone(), true)]);
    check(
        "- 'w?rld'",
        [
            (json!({"m": "the world"}), true),
            (json!({"m": "the wrld"}), false),
        ],
    );
    check(
        "'|all': [hello, '4711']",
        [
            (nested, true),
            (json!({"m": "hello"}), false),
            (json!({"m": "hello 4711"}), true),
        ],
    );
    check(
        "'|re': 'w[aeiou]rld'",
        [
            (json!({"a": ["world"]}), true),
            (json!({"a": "wxrld"}), false),
        ],
    );
}

#[test]
fn all_parts_may_be_found_in_different_members_of_an_array() {
    check(
        "f|contains|all: [one, two]",
        [
            (json!({"f": "two and one"}), true),
            (json!({"f": ["one", "two"]}), true),
            (json!({"f": ["one", "three"]}), false),
        ],
    );
    check(
        "target.alternateId: admin@x",
        [
            (
                json!({"target": [{"alternateId": "u@x"}, {"alternateId": "Admin@x"}]}),
                true,
            ),
            (json!({"target.alternateId": "admin@x"}), true),
            (json!({"target": {"alternateId": "admin@x"}}), true),
            (json!({"target": [{"alternateid": "admin@x"}]}), false),
        ],
    );
}

#[test]
fn option_dashes_are_interchangeable() {
    check(
        "f|contains|windash: ' /enc '",
        [
            (json!({"f": "p -Enc x"}), true),
            (json!({"f": "p /enc x"}), true),
            (json!({"f": "p \u{2013}enc x"}), true),
            (json!({"f": "p \u{2014}enc x"}), true),
            (json!({"f": "p \u{2015}enc x"}), true),
            (json!({"f": "p +enc x"}), false),
        ],
    );
    check(
        "f|windash|contains|all: ['-set', well-known]",
        [
            (json!({"f": "/set well-known"}), true),
            (json!({"f": "/set well/known"}), false),
        ],
    );
}

#[test]
fn base64_is_sought_whole_at_three_offsets_and_over_utf16() {
    check(
        "f|base64: foobar",
        [
            (json!({"f": "Zm9vYmFy"}), true),
            (json!({"f": "foobar"}), false),
        ],
    );
    for shifted in ["aHR0cDovL3g=", "eGh0dHA6Ly94", "eHhodHRwOi8veA=="] {
        check(
            "f|base64offset|contains: 'http://'",
            [(json!({ "f": shifted }), true)],
        );
    }
    check("f|wide|base64: cmd", [(json!({"f": "YwBtAGQA"}), true)]);
    check("f|utf16le|base64: cmd", [(json!({"f": "YwBtAGQA"}), true)]);
    check("f|utf16be|base64: cmd", [(json!({"f": "AGMAbQBk"}), true)]);
    check(
        "f|utf16|base64: cmd",
        [(json!({"f": "//5jAG0AZAA="}), true)],
    );
}

#[test]
fn neq_means_none_of_them_and_holds_for_a_missing_field() {
    check(
        "f|neq: [a, b]",
        [
            (json!({"f": "c"}), true),
            (json!({"f": "A"}), false),
            (json!({"f": ["c", "b"]}), false),
            (json!({}), true),
            (json!({"f": null}), true),
        ],
    );
    check(
        "f|contains|neq: x",
        [(json!({"f": "axb"}), false), (json!({"f": "ab"}), true)],
    );
}

#[test]
fn fieldref_compares_with_another_field() {
    let same = json!({"f": "Alice", "g": "alice"});
    check(
        "f|fieldref: g",
        [
            (same.clone(), true),
            (json!({"f": "a", "g": ["b", "A"]}), true),
            (json!({"f": "a"}), false),
            (json!({"f": 5, "g": "5"}), true),
        ],
    );
    check("f|fieldref|cased: g", [(same.clone(), false)]);
    check(
        "f|fieldref|neq: g",
        [(same, false), (json!({"f": "a"}), true), (json!({}), true)],
    );
    let mail = json!({"f": "alice@corp.example", "g": "CORP.example", "h": "alice"});
    check("f|fieldref|endswith: g", [(mail.clone(), true)]);
    check("f|startswith|fieldref: h", [(mail.clone(), true)]);
    check("f|fieldref|contains: g", [(mail.clone(), true)]);
    check("f|fieldref|startswith: g", [(mail, false)]);
}

#[test]
fn null_empty_and_missing_are_told_apart() {
    let [missing, null, empty, text, none] = [
        json!({}),
        json!({"f": null}),
        json!({"f": ""}),
        json!({"f": "x"}),
        json!({"f": []}),
    ];
    let all = |verdicts: [bool; 5]| {
        let records = [&missing, &null, &empty, &text, &none];
        [0, 1, 2, 3, 4].map(|n: usize| (records[n].clone(), verdicts[n]))
    };
    check("f: null", all([true, true, false, false, false]));
    check("f: ''", all([false, false, true, false, false]));
    check("f|exists: true", all([false, true, true, true, true]));
    check("f|exists: false", all([true, false, false, false, false]));
    check("f: '*'", all([false, false, true, true, false]));
    check("f|neq: null", all([false, false, true, true, true]));
}

#[test]
fn numbers_and_booleans_match_their_spelling() {
    check(
        "f: 5",
        [
            (json!({"f": 5}), true),
            (json!({"f": 5.0}), true),
            (json!({"f": "5"}), true),
            (json!({"f": "05"}), false),
            (json!({"f": "0x5"}), false),
            (json!({"f": [4, 5]}), true),
        ],
    );
    check(
        "f: '5'",
        [(json!({"f": 5}), true), (json!({"f": "5"}), true)],
    );
    check(
        "f: true",
        [
            (json!({"f": true}), true),
            (json!({"f": "True"}), true),
            (json!({"f": "TRUE"}), true),
            (json!({"f": false}), false),
            (json!({"f": 1}), false),
        ],
    );
    check("f: 'true'", [(json!({"f": true}), true)]);
}

#[test]
fn sizes_compare_as_decimal_numbers_only() {
    check(
        "f|gt: -1.5",
        [
            (json!({"f": -1}), true),
            (json!({"f": "-1.4"}), true),
            (json!({"f": -2}), false),
            (json!({"f": "0x10"}), false),
            (json!({"f": true}), false),
            (json!({}), false),
        ],
    );
    check(
        "f|gte: 9007199254740993",
        [
            (json!({"f": 9_007_199_254_740_993_u64}), true),
            (json!({"f": 9_007_199_254_740_992_u64}), false),
        ],
    );
    check(
        "f|lt: 3",
        [(json!({"f": 2.99}), true), (json!({"f": 3}), false)],
    );
    check(
        "f|lte: 3",
        [(json!({"f": "3"}), true), (json!({"f": "3.01"}), false)],
    );
}

#[test]
fn times_are_read_as_written() {
    check(
        "f|hour: 23",
        [
            (json!({"f": "2025-04-19T23:10:00+09:00"}), true),
            (json!({"f": "2025-04-19T14:10:00Z"}), false),
        ],
    );
    check("f|hour|gte: 22", [(json!({"f": "2025-04-19 22:00"}), true)]);
    check(
        "f|month: 4",
        [
            (json!({"f": "2025-04-19"}), true),
            (json!({"f": "soon"}), false),
        ],
    );
}

#[test]
fn regular_expressions_are_sought_with_case_unless_flagged() {
    check(
        "f|re: 'A+b'",
        [(json!({"f": "xAAby"}), true), (json!({"f": "xaab"}), false)],
    );
    check("f|re|i: 'A+b'", [(json!({"f": "xaab"}), true)]);
    check("f|re: '(?i)A+b'", [(json!({"f": "xaab"}), true)]);
    check("f|re: 'a.b'", [(json!({"f": "a\nb"}), false)]);
    check("f|re|s: 'a.b'", [(json!({"f": "a\nb"}), true)]);
    check("f|re|m: '^b$'", [(json!({"f": "a\nb\nc"}), true)]);
    check("f|re: '^47\\d\\d$'", [(json!({"f": 4711}), true)]);
}

#[test]
fn networks_hold_addresses_of_both_families() {
    check(
        "f|cidr: 10.0.0.0/8",
        [
            (json!({"f": "10.1.2.3"}), true),
            (json!({"f": "::ffff:10.1.2.3"}), true),
            (json!({"f": "11.1.2.3"}), false),
            (json!({"f": "10.1.2.3.4"}), false),
            (json!({"f": ["8.8.8.8", "10.0.0.1"]}), true),
        ],
    );
    check(
        "f|cidr: ['fe80::/10', 192.0.2.7]",
        [
            (json!({"f": "FE80::1%eth0"}), true),
            (json!({"f": "192.0.2.7"}), true),
            (json!({"f": "192.0.2.8"}), false),
        ],
    );
    check(
        "f|cidr: 192.168.1.77/24",
        [(json!({"f": "192.168.1.1"}), true)],
    );
}

#[test]
fn a_list_of_maps_is_one_of_them_and_conditions_in_a_list_too() {
    let any = rules("sel:\n  - f: a\n    g: b\n  - f: c\n  - word\ncondition: sel");
    for (fields, expect) in [
        (json!({"f": "a", "g": "b"}), 1),
        (json!({"f": "a"}), 0),
        (json!({"f": "c"}), 1),
        (json!({"x": "a word"}), 1),
    ] {
        assert_eq!(hits(&any, fields.clone()).len(), expect, "{fields}");
    }
    let either = rules("a: { f: 1 }\nb: { f: 2 }\ncondition: [a, b]");
    assert_eq!(hits(&either, json!({"f": 2})).len(), 1);
    let dropped = rules("a: { f: 1 }\ncondition: a and not 1 of filter_*");
    assert_eq!(hits(&dropped, json!({"f": 1})).len(), 1);
}

#[test]
fn a_hit_shows_the_values_that_made_it() {
    let rules = rules(
        "sel: { Image|endswith: '\\cmd.exe', id: 5 }\nwords: [secret]\nother: { z: 1 }\n\
         none: { user: admin }\ncondition: sel and (words or other) and not none",
    );
    let fields = json!({"Image": "C:\\cmd.exe", "id": [4, 5], "text": "a Secret", "z": 2});
    let hits = hits(&rules, fields);
    let [hit] = hits.as_slice() else {
        panic!("expected one hit, found {hits:?}")
    };
    let shown: Vec<_> = hit
        .matched
        .iter()
        .map(|m| (m.field.as_deref(), m.value.as_str()))
        .collect();
    let expect = [
        (Some("Image"), "C:\\cmd.exe"),
        (Some("id"), "5"),
        (None, "a Secret"),
    ];
    assert_eq!(shown, expect);
    let detection = rules.detection(hit).expect("a plain rule is reported");
    assert_eq!(detection.records.len(), 1);
    assert_eq!(detection.rule.title, "t");
}
