//! Modifiers together, and on values that are not plain texts.

use serde_json::json;

use crate::trial::check;

#[test]
fn neq_turns_the_whole_line_around() {
    check(
        "f|startswith|neq: [a, b]",
        [
            (json!({"f": "car"}), true),
            (json!({"f": "bar"}), false),
            (json!({}), true),
        ],
    );
    check(
        "f|re|neq: '^a+$'",
        [
            (json!({"f": "aa"}), false),
            (json!({"f": "ab"}), true),
            (json!({}), true),
        ],
    );
    check(
        "f|cidr|neq: [10.0.0.0/8, 192.168.0.0/16]",
        [
            (json!({"f": "192.168.1.1"}), false),
            (json!({"f": "192.0.2.1"}), true),
            (json!({"f": "no address"}), true),
        ],
    );
    check(
        "f|neq: 5",
        [
            (json!({"f": 5}), false),
            (json!({"f": "5"}), false),
            (json!({"f": "0x5"}), true),
            (json!({"f": [4, 5]}), false),
        ],
    );
    check(
        "f|neq: ''",
        [
            (json!({"f": ""}), false),
            (json!({"f": "x"}), true),
            (json!({}), true),
        ],
    );
    check("f|hour|neq: 3", [(json!({"f": "2025-04-19 03:00"}), false)]);
    check(
        "'|neq': [hello]",
        [
            (json!({"a": "say hello"}), false),
            (json!({"a": "bye"}), true),
        ],
    );
}

#[test]
fn neq_beside_all_means_not_every_one() {
    for modifiers in ["contains|all|neq", "contains|neq|all", "neq|contains|all"] {
        check(
            &format!("f|{modifiers}: [one, two]"),
            [
                (json!({"f": "one two"}), false),
                (json!({"f": ["one", "two"]}), false),
                (json!({"f": "one"}), true),
                (json!({"f": "three"}), true),
                (json!({}), true),
            ],
        );
    }
}

#[test]
fn case_counts_in_every_text_relation_where_it_is_asked_for() {
    for (item, other) in [
        ("f|startswith|cased: Ab", "abX"),
        ("f|endswith|cased: bX", "Abx"),
        ("f|cased|contains: b", "ABX"),
        ("f|cased: 'A?X'", "aBx"),
    ] {
        check(
            item,
            [(json!({"f": "AbX"}), true), (json!({ "f": other }), false)],
        );
    }
    check(
        "'|cased': Hello",
        [
            (json!({"a": "Hello you"}), true),
            (json!({"a": "hello you"}), false),
        ],
    );
}

#[test]
fn a_list_of_regular_expressions_is_any_of_them_or_with_all_every_one() {
    check(
        "f|re: ['^a', 'z$']",
        [
            (json!({"f": "abc"}), true),
            (json!({"f": "xyz"}), true),
            (json!({"f": "bcd"}), false),
        ],
    );
    check(
        "f|re|all: ['^a', 'z$']",
        [
            (json!({"f": "abz"}), true),
            (json!({"f": "abc"}), false),
            (json!({"f": ["abc", "xyz"]}), true),
        ],
    );
    check(
        "f|re|i|m|s: '^b.C$'",
        [
            (json!({"f": "a\nB\nc\nd"}), true),
            (json!({"f": "ab\nc"}), false),
        ],
    );
    for (flag, value) in [
        ("ignorecase", "AB"),
        ("multiline", "x\nab"),
        ("dotall", "ab"),
    ] {
        check(
            &format!("f|re|{flag}: '^ab'"),
            [(json!({ "f": value }), true)],
        );
    }
}

#[test]
fn case_is_what_simple_case_folding_says() {
    check(
        "f: ΣΑΣ",
        [
            (json!({"f": "σας"}), true),
            (json!({"f": "σασ"}), true),
            (json!({"f": "σαx"}), false),
        ],
    );
    for field in ["f|contains", "f|re|i"] {
        check(
            &format!("{field}: ſtraße"),
            [
                (json!({"f": "a STRAẞE"}), true),
                (json!({"f": "STRASSE"}), false),
            ],
        );
        check(&format!("{field}: ı"), [(json!({"f": "I"}), false)]);
    }
}

#[test]
fn an_address_of_ipv4_within_ipv6_is_one_of_ipv4() {
    for network in ["10.0.0.0/8", "'::ffff:10.0.0.0/104'"] {
        check(
            &format!("f|cidr: {network}"),
            [
                (json!({"f": "10.1.2.3"}), true),
                (json!({"f": "::ffff:10.1.2.3"}), true),
                (json!({"f": "11.1.2.3"}), false),
                (json!({"f": "::ffff:11.1.2.3"}), false),
            ],
        );
    }
    check(
        "f|cidr: '::ffff:10.0.0.1'",
        [
            (json!({"f": "10.0.0.1"}), true),
            (json!({"f": "10.0.0.2"}), false),
        ],
    );
    check(
        "f|cidr: '::/0'",
        [
            (json!({"f": "fe80::1"}), true),
            (json!({"f": "10.0.0.1"}), false),
            (json!({"f": "::ffff:10.0.0.1"}), false),
        ],
    );
}

#[test]
fn every_dash_of_an_option_may_be_any_dash() {
    let dashes = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];
    for first in dashes {
        for second in dashes {
            for third in dashes {
                check(
                    &format!("f|windash|contains: ' {first}a {second}b'"),
                    [(json!({"f": format!("x {third}A {first}B y")}), true)],
                );
            }
        }
    }
    check(
        "f|windash: -1",
        [
            (json!({"f": "/1"}), true),
            (json!({"f": -1}), true),
            (json!({"f": "+1"}), false),
        ],
    );
    check(
        "f|contains|windash: '-x-ray'",
        [
            (json!({"f": "/x-ray"}), true),
            (json!({"f": "/x/ray"}), false),
        ],
    );
}

#[test]
fn dashes_may_be_interchanged_before_encoding() {
    // "p -enc" and "p /enc" in base64.
    check(
        "f|windash|base64: 'p -enc'",
        [
            (json!({"f": "cCAtZW5j"}), true),
            (json!({"f": "cCAvZW5j"}), true),
            (json!({"f": "cCArZW5j"}), false),
        ],
    );
}

#[test]
fn encodings_are_sought_at_every_offset_and_width() {
    // "IEX (x)" in UTF-16, little end first, behind zero, one and two other characters.
    for shifted in [
        "SQBFAFgAIAAoAHgAKQA=",
        "eABJAEUAWAAgACgAeAApAA==",
        "eAB4AEkARQBYACAAKAB4ACkA",
    ] {
        check(
            "f|wide|base64offset|contains: 'IEX ('",
            [(json!({ "f": shifted }), true)],
        );
        check(
            "f|utf16le|base64offset|contains: 'IEX ('",
            [(json!({ "f": shifted }), true)],
        );
    }
    check(
        "f|utf16be|base64offset|contains: 'IEX ('",
        [
            (json!({"f": "AEkARQBYACAAKAB4ACk="}), true),
            (json!({"f": "SQBFAFgAIAAoAHgAKQA="}), false),
        ],
    );
    check(
        "f|utf16|base64: a",
        [
            (json!({"f": "//5hAA=="}), true),
            (json!({"f": "YQA="}), false),
        ],
    );
    check(
        "f|base64|contains: 5",
        [(json!({"f": "xNQ=="}), true), (json!({"f": 5}), false)],
    );
}

#[test]
fn sizes_and_lists_of_them_compare_numbers_only() {
    check(
        "f|gt: [10, 100]",
        [(json!({"f": 11}), true), (json!({"f": 10}), false)],
    );
    check(
        "f|gte|all: [10, 100]",
        [(json!({"f": 100}), true), (json!({"f": 99}), false)],
    );
    check(
        "f|lt: 16",
        [
            (json!({"f": "0x5"}), false),
            (json!({"f": "5 "}), false),
            (json!({"f": ""}), false),
            (json!({"f": null}), false),
            (json!({"f": "-5.5e0"}), true),
            (json!({"f": [20, 5]}), true),
        ],
    );
    check("f|lt: '16'", [(json!({"f": "15.9"}), true)]);
}

#[test]
fn hexadecimal_is_text_whether_quoted_or_not() {
    for value in ["0x10", "'0x10'"] {
        check(
            &format!("f: {value}"),
            [
                (json!({"f": "0X10"}), true),
                (json!({"f": 16}), false),
                (json!({"f": "16"}), false),
            ],
        );
    }
}

#[test]
fn a_number_keeps_the_spelling_of_its_rule() {
    check(
        "f: 00000429",
        [
            (json!({"f": "00000429"}), true),
            (json!({"f": "429"}), false),
            (json!({"f": 429}), true),
        ],
    );
    check(
        "f|contains: 00000429",
        [
            (json!({"f": "x00000429y"}), true),
            (json!({"f": "x429y"}), false),
        ],
    );
    check(
        "f: yes",
        [(json!({"f": "Yes"}), true), (json!({"f": true}), false)],
    );
}

#[test]
fn fieldref_takes_lists_arrays_and_the_fields_of_other_fields() {
    check(
        "f|fieldref: [g, h.i]",
        [
            (json!({"f": "x", "g": "y", "h": {"i": "X"}}), true),
            (json!({"f": "x", "g": "y"}), false),
            (json!({"f": null, "g": null}), false),
        ],
    );
    check(
        "f|fieldref|all: [g, h]",
        [
            (json!({"f": "x", "g": "x", "h": "x"}), true),
            (json!({"f": "x", "g": "x", "h": "y"}), false),
        ],
    );
    check(
        "f|fieldref|neq: [g, h]",
        [
            (json!({"f": "x", "g": "y", "h": "z"}), true),
            (json!({"f": "x", "g": "y", "h": "x"}), false),
        ],
    );
}

#[test]
fn null_beside_values_is_any_of_them() {
    check(
        "f: [x, null]",
        [
            (json!({"f": "x"}), true),
            (json!({"f": null}), true),
            (json!({}), true),
            (json!({"f": "y"}), false),
        ],
    );
}

#[test]
fn exists_asks_for_the_field_and_not_for_its_value() {
    check(
        "f|exists|neq: true",
        [(json!({}), true), (json!({"f": null}), false)],
    );
    check(
        "a.b|exists: true",
        [
            (json!({"a": {"b": null}}), true),
            (json!({"a.b": 1}), true),
            (json!({"a": [{"c": 1}, {"b": []}]}), true),
            (json!({"a": {"c": 1}}), false),
        ],
    );
}

#[test]
fn maps_and_keywords_in_one_list_are_any_of_them() {
    check(
        "- f: a\n  g: [b, c]\n- hello\n- '|all': [one, two]\n- h|contains|all: [x, y]",
        [
            (json!({"f": "a", "g": "c"}), true),
            (json!({"f": "a"}), false),
            (json!({"z": "say hello"}), true),
            (json!({"y": "one", "z": 2, "w": "two"}), true),
            (json!({"y": "one"}), false),
            (json!({"h": ["x", "y"]}), true),
        ],
    );
}

#[test]
fn keywords_take_the_modifiers_of_values() {
    check(
        "'|startswith': he",
        [(json!({"a": "hello"}), true), (json!({"a": "the"}), false)],
    );
    check(
        "'|cidr': 10.0.0.0/8",
        [
            (json!({"a": {"b": ["x", "10.1.1.1"]}}), true),
            (json!({"a": "11.1.1.1"}), false),
        ],
    );
    check(
        "'|base64offset': 'http://'",
        [(json!({"a": "xx aHR0cDovL3g= xx"}), true)],
    );
    check(
        "'|gt': 10",
        [(json!({"a": "x", "b": 11}), true), (json!({"a": 9}), false)],
    );
}

#[test]
fn a_dotted_name_may_cross_arrays_and_end_in_one() {
    check(
        "a.b|contains|all: [x, y]",
        [
            (json!({"a": [{"b": "x"}, {"b": "y"}]}), true),
            (json!({"a": [{"b": ["x", "y"]}]}), true),
            (json!({"a": [{"b": "x"}, {"c": "y"}]}), false),
            (json!({"a": {"b": "x"}, "a.b": "y"}), true),
        ],
    );
}
