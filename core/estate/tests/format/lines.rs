//! The form with one thing a line.

use cordon_estate::{Read, Reading, is_by_line};
use cordon_text::Report;
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::{HEAD, pages, read_all, told};

const HEAD_LINE: &str = r#"{"cordon": "estate/v1", "name": "Northgate", "currency": "GBP"}"#;

fn by_line(text: &str) -> Result<Read, Report> {
    let pages = pages();
    let mut reading = Reading::new(&pages);
    reading.lines("e.jsonl", text.as_bytes()).unwrap();
    reading.finish()
}

#[test]
fn lines_in_any_order_say_what_a_document_says() {
    let lines = [
        HEAD_LINE,
        r#"{"edge": {"from": "a", "to": "b", "kind": "admin-to", "minutes": 2.5, "likelihood": 0.5, "unknown": "w\u0068y"}}"#,
        r#"{"step": {"id": "x", "kind": "disable-account", "cost": 1e3, "removes": {"nodes": ["a"], "edges": [{"from": "a", "to": "b"}]}, "takes_down": ["b"], "do": {"connector": "ad", "n": [1, null]}}}"#,
        r#"{"service": {"id": "s", "needs": {"any": ["t", "a"]}, "loss_per_hour": 10}}"#,
        r#"{"service": {"id": "t", "needs": "b", "protected": true}}"#,
        "",
        r#"{"node": {"id": "a", "kind": "host", "aliases": ["A1", "A2"], "name": "caf\u00e9"}}"#,
        r#"{"node": {"id": "b", "kind": "host", "jewel": {"loss": 0.10, "why": "w"}}}"#,
        r#"{"edge": {"from": "a", "to": "b", "kind": "admin-to", "likelihood": 0.5, "unknown": "why"}}"#,
    ];
    let document = format!(
        "{HEAD}nodes: [{{id: a, kind: host, aliases: [A1, A2], name: café}}, {{id: b, kind: host, jewel: {{loss: 0.1, why: w}}}}]
edges: [{{from: a, to: b, kind: admin-to, minutes: 2.5, likelihood: 0.5, unknown: why}}]
services: [{{id: s, needs: {{any: [t, a]}}, loss_per_hour: 10}}, {{id: t, needs: b, protected: true}}]
steps: [{{id: x, kind: disable-account, cost: 1000, removes: {{nodes: [a], edges: [{{from: a, to: b}}]}}, takes_down: [b], do: {{connector: ad, n: [1, null]}}}}]
"
    );
    let expect = read_all(&[("e.yaml", &document)]).unwrap();
    for ending in ["\n", "\r\n", "\n\n"] {
        let read = by_line(&lines.join(ending)).unwrap_or_else(|r| panic!("{}", told(&r)));
        assert_eq!(told(&read.lints), "");
        assert_eq!(read.estate, expect.estate);
    }
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    let lines = [
        HEAD_LINE,
        r#"{"node": {"id": "a", "kind": "host"}}"#,
        r#"{"node": {"id": "a", "kind": "host"}}"#,
        r#"{"node": {"id": "", "kind": "host"}}"#,
        r#"{"node": {"id": "b", "knd": "host"}}"#,
        r#"{"edge": {"from": "a", "to": "bb", "kind": "admin-to", "minutes": "5"}}"#,
        r#"{"edge": {"from": "a", "to": "zz", "kind": "admin-to"}}"#,
        r#"{"edge": {"from": "a", "to": "s", "kind": "admin-to"}}"#,
        r#"{"step": {"id": "x", "kind": "disable-account", "cost": -1}}"#,
        r#"{"step": {"id": "y", "kind": "disable-account", "cost": 1, "cost": 2}}"#,
        r#"{"service": {"id": "s", "needs": "s"}}"#,
    ];
    assert_snapshot!(told(&by_line(&lines.join("\n")).unwrap_err()), @r#"
    e.jsonl:3:1 error duplicate-id: `a` is the id of a node already
      it was given at e.jsonl:2; nodes and services share their ids, so rename one of them
    e.jsonl:4:17 error empty-text: expected an id, found an empty text
      write it, or leave the key out
    e.jsonl:5:10 error missing-key: a node needs the key `kind`
      add `kind: …`
    e.jsonl:5:22 error unknown-key: a node has no key `knd`
      did you mean `kind`?
    e.jsonl:6:30 error unknown-id: no node has the id `bb`
      add it, or correct the id; ids are compared whole
    e.jsonl:6:67 error wrong-type: expected a number of minutes, found the text "5"
      write a decimal number without quotes, such as `12` or `0.5`
    e.jsonl:7:1 error unknown-id: no node has the id `zz`
      add it, or correct the id; ids are compared whole
    e.jsonl:8:1 error service-not-allowed: an edge names nodes only, and `s` is a service
      name the nodes that the service needs
    e.jsonl:9:17 warning idle-step: the step `x` removes nothing and takes nothing down
      add `removes`, or leave the step out: no plan will choose it
    e.jsonl:9:57 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    e.jsonl:10:17 warning idle-step: the step `y` removes nothing and takes nothing down
      add `removes`, or leave the step out: no plan will choose it
    e.jsonl:10:60 error duplicate-key: the key `cost` stands twice in this mapping
      remove one of them; neither would silently win
    e.jsonl:11:13 error service-cycle: services need each other in a circle: s → s
      remove one of these needs: none of them could ever start
    "#);
}

#[test]
fn a_line_that_cannot_be_read_hides_no_other_and_nothing_seems_missing() {
    let lines = [
        HEAD_LINE,
        r#"{"node": {"id": "a", "kind": "host"}"#,
        r#"{"edge": {"from": "a", "to": "a", "kind": "admin-to", "minutes": -5}}"#,
        r#"{"nodes": []}"#,
        r#"{"node": {"id": "c", "kind": "host"}, "edge": {}}"#,
        "7",
    ];
    let mut text = lines.join("\n").into_bytes();
    text.extend(b"\n{\"node\": {\"id\": \"\xff\"}}\n");
    let pages = pages();
    let mut reading = Reading::new(&pages);
    reading.lines("e.jsonl", text.as_slice()).unwrap();
    assert_snapshot!(told(&reading.finish().unwrap_err()), @r#"
    e.jsonl:2:1 error yaml-syntax: while parsing a flow mapping, did not find expected ',' or '}'
      check the indentation and the quotes just before this place
    e.jsonl:3:66 error negative: expected a number that is not negative, found `-5`
      money, times and losses begin at 0; leave the sign out
    e.jsonl:4:2 error unknown-key: a line has no key `nodes`
      did you mean `node`?
    e.jsonl:5:1 error unclear-line: expected one of `node`, `edge`, `service` and `step`
      write each on a line of its own, as in `{"node": {…}}`
    e.jsonl:6:1 error wrong-type: expected a line, a mapping of keys, found `7`
      write keys and their values here, as in `key: …`
    e.jsonl:7:18 error not-utf8: expected text in UTF-8, found the byte 0xff
      save the file as UTF-8: an editor offers that where it saves under another name
    "#);
}

#[test]
fn a_text_without_a_head_is_refused() {
    assert_snapshot!(told(&by_line("{\"node\": {\"id\": \"a\", \"kind\": \"host\"}}\n{}").unwrap_err()), @r#"
    e.jsonl:1:1 error missing-key: an estate needs the key `cordon`
      begin it with `cordon: estate/v1`
    e.jsonl:2:1 error unclear-line: expected one of `node`, `edge`, `service` and `step`
      write each on a line of its own, as in `{"node": {…}}`
    "#);
    assert_snapshot!(told(&by_line("").unwrap_err()), @r#"
    e.jsonl:1:1 error empty-text: expected an estate, found an empty text
      begin it with the line `{"cordon": "estate/v1"}`
    "#);
}

#[test]
fn the_form_is_told_from_one_document_by_how_it_begins() {
    for (text, expect) in [
        ("{\"cordon\": \"estate/v1\"}\n{\"node\": {}}\n", true),
        ("\u{feff}{\"cordon\": \"estate/v1\"} \r\n\n  {\"no", true),
        ("{\"cordon\": \"estate/v1\"}\n", false),
        ("{\"cordon\": \"estate/v1\"}", false),
        ("{\n  \"cordon\": \"estate/v1\"\n}\n", false),
        ("cordon: estate/v1\n", false),
        ("", false),
    ] {
        assert_eq!(is_by_line(text), expect, "{text:?}");
    }
}

/// Things of a line with all that is allowed in them, and some that is not.
fn things() -> impl Strategy<Value = String> {
    let id = prop::sample::select(vec!["\"a\"", "\"b\"", "\"c\"", "\"A\"", "7", "\"\""]);
    let kind = prop::sample::select(vec![
        "\"admin-to\"",
        "\"admin_to\"",
        "\"disable-account\"",
        "null",
    ]);
    let number = prop::sample::select(vec!["1", "0.5", "-1", "\"1\"", "null", "1e2", "2"]);
    let more = prop::sample::select(vec![
        "",
        ", \"aliases\": [\"x\", \"A\"]",
        ", \"name\": \"n\"",
        ", \"do\": {\"k\": [1, 2.5, \"t\"]}",
        ", \"do\": {\"k\": 1, \"k\": 2}",
        ", \"irreversible\": true",
        ", \"jewel\": {\"loss\": 1}",
        ", \"zebra\": 1",
    ]);
    (0..3, id.clone(), id, kind, (number, more)).prop_map(|(what, a, b, kind, (number, more))| {
        match what {
            0 => format!("'node': {{\"id\": {a}, \"kind\": {kind}{more}}}"),
            1 => format!("'edge': {{\"from\": {a}, \"to\": {b}, \"kind\": {kind}, \"minutes\": {number}}}"),
            _ => format!(
                "'step': {{\"id\": {a}, \"kind\": {kind}, \"cost\": {number}, \"removes\": {{\"nodes\": [{b}], \"edges\": [{{\"from\": {a}, \"to\": {b}}}]}}{more}}}"
            ),
        }
    })
}

/// Problems without their columns, which are the whole line's where it was read the short way.
fn by_line_and_code(report: &Report) -> Vec<(u32, &'static str, String)> {
    let place = |d: &cordon_text::Diagnostic| (d.span.line, d.code, d.message.clone());
    let mut all: Vec<_> = report.diagnostics.iter().map(place).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_short_way_reads_what_the_other_way_reads(things in prop::collection::vec(things(), 0..8)) {
        let lines = things.iter().map(|thing| format!("{{{thing}}}"));
        // Single quotes are YAML and no JSON.
        let long: Vec<String> = [HEAD_LINE.to_owned()].into_iter().chain(lines).collect();
        let short: Vec<String> = long.iter().map(|line| line.replace('\'', "\"")).collect();
        match (by_line(&long.join("\n")), by_line(&short.join("\n"))) {
            (Ok(long), Ok(short)) => {
                prop_assert_eq!(long.estate, short.estate);
                prop_assert_eq!(by_line_and_code(&long.lints), by_line_and_code(&short.lints));
            }
            (Err(long), Err(short)) => {
                prop_assert_eq!(by_line_and_code(&long), by_line_and_code(&short));
            }
            (long, short) => prop_assert!(false, "{long:?} against {short:?}"),
        }
    }
}
