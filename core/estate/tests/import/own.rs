//! Our own form, as large as it comes: however it is written and ordered it says the same, and of one that is
//! broken or was cut off it is told where.

use std::error::Error as _;

use cordon_estate::{Import, Imported, Reading};
use cordon_model::Estate;
use cordon_text::{Diagnostic, Source};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{imported, options, pages};

/// Things of an estate: people and hosts by ids and by names, edges told twice and differently, a service and steps.
fn things() -> Vec<(&'static str, Value)> {
    let mut things = Vec::new();
    for number in 0..8 {
        let id = format!("S-1-5-21-1-2-3-{number}");
        let name = format!("Person{number}@shop.example");
        things.push(("node", json!({"id": id, "kind": "user", "name": name, "aliases": [format!("SHOP\\P{number}")]})));
    }
    things.push((
        "node",
        json!({"id": "dc", "kind": "host", "jewel": {"loss": 5.25, "why": "keys"}}),
    ));
    let said = [
        json!({"minutes": 10, "likelihood": 0.90, "source": "run of Monday"}),
        json!({"minutes": 5, "source": "run of Tuesday"}),
        json!({"unknown": "not collected"}),
        json!({}),
    ];
    for number in 0..24 {
        let mut edge = said[number % 4].clone();
        let from = match number % 3 {
            0 => format!("s-1-5-21-1-2-3-{}", number % 8),
            1 => format!("shop\\p{}", number % 7),
            _ => format!("PERSON{}@SHOP.EXAMPLE", number % 5),
        };
        edge["from"] = json!(from);
        edge["to"] = json!(if number == 13 { "nobody" } else { "dc" });
        edge["kind"] = json!(["admin-to", "can-rdp"][number / 4 % 2]);
        things.push(("edge", edge));
    }
    things.push((
        "service",
        json!({"id": "pay", "needs": "dc", "loss_per_hour": 40}),
    ));
    for number in 0..4 {
        let removes = json!({"nodes": [format!("SHOP\\P{number}")], "edges": [{"from": "shop\\p1", "to": "dc"}]});
        things.push(("step", json!({"id": format!("d{}", number % 3), "kind": "disable-account", "removes": removes, "cost": number})));
    }
    things
}

const HEAD: &str = r#"{"cordon":"estate/v1","name":"Made","currency":"EUR"}"#;

fn lines(things: &[(&str, Value)]) -> String {
    let lines = things
        .iter()
        .map(|(one, thing)| json!({ *one: thing }).to_string());
    [HEAD.to_owned()]
        .into_iter()
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The same as one document, whose lists stand in this order.
fn document(things: &[(&str, Value)], lists: [&str; 4]) -> Value {
    let mut document: Value = serde_json::from_str(HEAD).unwrap();
    for list in lists {
        let ours = things.iter().filter(|(one, _)| format!("{one}s") == list);
        document[list] = ours.map(|(_, thing)| thing.clone()).collect();
    }
    document
}

/// What is written of it, and all that was noted. Places differ with the form, and are compared elsewhere.
fn said(texts: &[(&str, &str)]) -> (String, String, String) {
    let imported = imported(texts, &options());
    let (mut estate, mut graph) = (Vec::new(), Vec::new());
    imported.write(&mut estate).unwrap();
    imported.write_opengraph(&mut graph).unwrap();
    let [estate, graph] = [estate, graph].map(|text| String::from_utf8(text).unwrap());
    let mut notes = imported.notes;
    for ((code, _), note) in &mut notes {
        if *code == "unknown-key" {
            (note.example, note.places) = (String::new(), Vec::new());
        }
    }
    (estate, graph, format!("{notes:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lines_in_any_order_and_the_document_are_one_estate(
        things in Just(things()).prop_shuffle(),
        lists in Just(["nodes", "edges", "services", "steps"]).prop_shuffle(),
        cut in 0_usize..30,
    ) {
        let plain = said(&[("made", &lines(&self::things()))]);
        prop_assert!(plain.0.contains(r#""likelihood":0.9"#), "{}", plain.0);
        prop_assert!(plain.2.contains("unclear-end"), "{}", plain.2);
        prop_assert_eq!(&said(&[("made", &lines(&things))]), &plain);
        let document = document(&things, lists);
        prop_assert_eq!(&said(&[("made", &document.to_string())]), &plain);
        prop_assert_eq!(&said(&[("made", &format!("{document:#}"))]), &plain);
        let parts = things.split_at(cut);
        let parts = [lines(parts.0), format!("{:#}", self::document(parts.1, lists))];
        prop_assert_eq!(&said(&[("one", &parts[0]), ("two", &parts[1])]), &plain);
        prop_assert_eq!(&said(&[("two", &parts[1]), ("one", &parts[0])]), &plain);
    }
}

fn unreadable(imported: &Imported) -> Vec<String> {
    told(imported, "unreadable")
}

/// Places told of one kind of note.
fn told(imported: &Imported, code: &str) -> Vec<String> {
    let notes = imported.notes.iter().filter(|((own, _), _)| *own == code);
    notes.flat_map(|(_, note)| note.places.clone()).collect()
}

/// Things with keys that the format does not have.
fn slips() -> Vec<(&'static str, Value)> {
    vec![
        (
            "node",
            json!({"id": "dc", "kind": "host", "names": "d", "jewel": {"loss": 1, "whys": "x"}}),
        ),
        ("node", json!({"id": "u", "kind": "user"})),
        (
            "edge",
            json!({"from": "u", "to": "dc", "kind": "admin-to", "likelyhood": 0.2, "weight": 3}),
        ),
        ("service", json!({"id": "pay", "needs": "dc", "loss": 40})),
        (
            "step",
            json!({"id": "d", "kind": "disable-account", "cost": 1, "removes": {"node": ["u"], "edges": [{"from": "u", "to": "dc", "kinds": "x"}]}}),
        ),
    ]
}

/// Where each of them is told, and as what.
const SLIPS: [(&str, &str); 8] = [
    ("1", "an estate has no key `zones`, did you mean `nodes`?"),
    ("node 1", "a node has no key `names`, did you mean `name`?"),
    ("node 1", "a jewel has no key `whys`, did you mean `why`?"),
    (
        "edge 1",
        "an edge has no key `likelyhood`, did you mean `likelihood`?",
    ),
    ("edge 1", "an edge has no key `weight`"),
    ("service 1", "a service has no key `loss`"),
    (
        "step 1",
        "what a step removes has no key `node`, did you mean `nodes`?",
    ),
    (
        "step 1",
        "an edge that a step removes has no key `kinds`, did you mean `kind`?",
    ),
];

#[test]
fn keys_that_the_format_does_not_have_are_told_with_their_place_and_written_on_in_every_form() {
    let things = slips();
    let lists = ["nodes", "edges", "services", "steps"];
    let mut whole = document(&things, lists);
    whole["zones"] = json!([]);
    let large = whole.to_string().replacen(
        "\"nodes\":[",
        &format!("\"nodes\":[{}", " ".repeat(1 << 26)),
        1,
    );
    let by_line = lines(&things).replacen("}\n", ",\"zones\":[]}\n", 1);
    let forms = [
        ("e.jsonl", by_line),
        ("e.json", whole.to_string()),
        ("e.yaml", format!("{whole:#}")),
        ("large.json", large),
    ];
    let line = |place: &str| match place {
        "1" => "1",
        "node 1" => "2",
        "edge 1" => "4",
        "service 1" => "5",
        _ => "6",
    };
    for (name, text) in forms {
        let imported = imported(&[(name, &text)], &options());
        let place = |place| {
            if name == "e.jsonl" {
                line(place)
            } else {
                place
            }
        };
        let mut expect: Vec<_> = SLIPS
            .iter()
            .map(|(at, why)| format!("{name}:{}: {why}", place(at)))
            .collect();
        expect.sort();
        let mut found = told(&imported, "unknown-key");
        found.sort();
        assert_eq!(found, expect);
        assert_eq!(unreadable(&imported), Vec::<String>::new());
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused(&imported).join("\n"), @"
            1: an estate has no key `zones`
            2: a jewel has no key `whys`
            2: a node has no key `names`
            4: an edge has no key `likelyhood`
            4: an edge has no key `weight`
            5: a service has no key `loss`
            6: `removes` has no key `node`
            6: an edge to remove has no key `kinds`
            ");
        }
    }
}

/// What our own reader says of the estate that was written.
fn refused(imported: &Imported) -> Vec<String> {
    let mut text = Vec::new();
    imported.write(&mut text).unwrap();
    let mut reading = Reading::new(pages());
    reading.lines("e.jsonl", text.as_slice()).unwrap();
    let report = reading.finish().err();
    let problems = report.into_iter().flat_map(|report| report.diagnostics);
    let told = |problem: Diagnostic| format!("{}: {}", problem.span.line, problem.message);
    problems.map(told).collect()
}

/// Every key of a document, each as the way to it.
fn ways(value: &Value, way: &str) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| {
                let own = format!("{way}/{key}");
                [vec![own.clone()], ways(value, &own)].concat()
            })
            .collect(),
        Value::Array(list) => (0..)
            .zip(list)
            .flat_map(|(place, one): (usize, _)| ways(one, &format!("{way}/{place}")))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[test]
fn a_slip_never_makes_a_plan_cheaper() {
    let whole = json!({
        "cordon": "estate/v1",
        "name": "Made",
        "currency": "GBP",
        "nodes": [
            {"id": "dc", "kind": "host", "name": "d", "aliases": ["D1"], "jewel": {"loss": 5, "why": "keys"}},
            {"id": "u", "kind": "user"},
        ],
        "edges": [{"from": "u", "to": "dc", "kind": "admin-to", "minutes": 5, "likelihood": 0.5, "unknown": "why", "grounds": ["u"]}],
        "services": [{"id": "pay", "name": "P", "needs": "dc", "loss_per_hour": 40, "cover": "1h", "ramp": "1h", "protected": true, "care": "none"}],
        "steps": [{"id": "d", "kind": "disable-account", "cost": 1, "minutes": 1, "undo": "x", "check": "y", "irreversible": false,
            "takes_down": ["dc"], "removes": {"nodes": ["u"], "edges": [{"from": "u", "to": "dc", "kind": "admin-to"}]}}],
    });
    let other = json!({"cordon": "estate/v1", "nodes": [{"id": "dc", "kind": "host", "jewel": {"loss": 1}}],
        "services": [{"id": "PAY", "needs": "dc", "loss_per_hour": 1}]});
    let ways = ways(&whole, "");
    assert!(ways.len() > 40, "{ways:?}");
    for way in ways.iter().filter(|way| *way != "/cordon") {
        let mut slipped = whole.clone();
        let (to, key) = way.rsplit_once('/').unwrap();
        let part = slipped.pointer_mut(to).unwrap().as_object_mut().unwrap();
        let value = part.shift_remove(key).unwrap();
        part.insert(format!("{key}z"), value);
        let texts = [slipped, other.clone()].map(|text| text.to_string());
        let imported = imported(&[("a.json", &texts[0]), ("b.json", &texts[1])], &options());
        let slip = format!("has no key `{key}z`");
        let told = told(&imported, "unknown-key");
        assert!(told.len() == 1 && told[0].contains(&slip), "{told:?}");
        let lost = unreadable(&imported);
        let refused = refused(&imported).join("\n");
        let is_lost = lost
            .iter()
            .any(|why| why.contains(&format!("a text as its `{key}`")));
        assert!(
            is_lost || refused.contains(&format!("`{key}z`")),
            "{way}: {refused}, {lost:?}"
        );
    }
}

#[test]
fn of_two_steps_with_one_id_one_is_kept_and_a_difference_told() {
    let lines = [
        HEAD,
        r#"{"node":{"id":"u","kind":"user"}}"#,
        r#"{"step":{"id":"d","kind":"disable-account","cost":1,"removes":{"nodes":["u"]}}}"#,
        r#"{"step":{"kind":"disable-account","id":"d","cost":1,"removes":{"nodes":["u"]}}}"#,
        r#"{"step":{"id":"d","kind":"disable-account","cost":2,"removes":{"nodes":["u"]}}}"#,
    ];
    let count = |lines: &[&str]| {
        let imported = imported(&[("e.jsonl", &lines.join("\n"))], &options());
        crate::estate_of(&imported);
        let notes = imported.notes.iter();
        let ours = notes.filter(|((code, _), _)| *code == "step-differs");
        let told: u64 = ours.map(|(_, note)| note.count).sum();
        (imported.steps(), told)
    };
    assert_eq!(count(&lines[..4]), (1, 0));
    assert_eq!(count(&lines), (1, 1));
}

#[test]
fn things_without_what_they_need_are_told_and_left_out() {
    let lines = [
        HEAD,
        r#"{"node":{"kind":"user"}}"#,
        r#"{"node":{"id":["u"],"kind":"user"}}"#,
        r#"{"node":{"id":"a","kind":"user","aliases":"A"}}"#,
        r#"{"edge":{"from":"u","kind":"admin-to"}}"#,
        r#"{"edge":{"from":"u","to":"v","kind":"admin-to","unknown":{}}}"#,
        r#"{"service":{"needs":"u"}}"#,
        r#"{"step":{"kind":"disable-account"}}"#,
    ];
    let imported = imported(&[("e.jsonl", &lines.join("\n"))], &options());
    insta::assert_snapshot!(unreadable(&imported).join("\n"), @"
    e.jsonl:2: a node needs a text as its `id`
    e.jsonl:3: expected a single text in `id`
    e.jsonl:4: expected a list of texts in `aliases`
    e.jsonl:5: an edge needs a text as its `to`
    e.jsonl:6: expected a single text in `unknown`
    e.jsonl:7: a service needs a text as its `id`
    e.jsonl:8: a step needs a text as its `id`
    ");
    assert_eq!(
        imported.nodes_by_kind.len() + imported.steps() + imported.services(),
        0
    );
}

#[test]
fn numbers_and_flags_are_texts_where_texts_are_asked_for() {
    let text = "cordon: estate/v1\nname: A\ncurrency: EUR\n\
        nodes: [{id: 5, kind: host, name: 12, aliases: [007, true]}, {id: 0815, kind: user}]\n\
        edges: [{from: 0815, to: 007, kind: admin-to, unknown: true}]\n";
    let estate = crate::estate(&[("e.yaml", text)]);
    let found = crate::edges(&estate, "admin-to");
    let expect = ("0815".to_owned(), "5".to_owned(), Some("true".to_owned()));
    assert_eq!(found, [expect].into());
    let host = estate
        .nodes()
        .iter()
        .find(|node| node.id.to_string() == "5");
    assert_eq!(host.unwrap().name.as_deref(), Some("12"));
}

#[test]
fn digits_behind_a_zero_are_a_number_where_one_is_asked_for() {
    let zeros = "cordon: estate/v1\nname: A\ncurrency: EUR\n\
        nodes: [{id: 007, kind: user}, {id: dc, kind: host, jewel: {loss: 050}}]\n\
        edges: [{from: 007, to: dc, kind: admin-to, minutes: 05, likelihood: 00.5}]\n\
        services: [{id: pay, needs: {at_least: 01, of: [dc, 007]}, loss_per_hour: 040}]\n\
        steps: [{id: d, kind: disable-account, cost: 010, minutes: 0, removes: {nodes: [007]}, do: {account: 007}}]\n";
    let source = Source::new("e.yaml", zeros);
    let read = cordon_estate::read(&[source], pages()).unwrap();
    let imported = crate::estate(&[("e.yaml", zeros)]);
    assert_eq!(imported.edges(), read.estate.edges());
    assert_eq!(imported.services().len(), 1);
    for (one, two) in imported.services().iter().zip(read.estate.services()) {
        assert_eq!(one.loss_per_hour, two.loss_per_hour);
    }
    let (ours, steps) = (imported.steps(), read.estate.steps());
    assert_eq!(ours, steps);
    let losses = |estate: &Estate| -> Vec<_> {
        let jewels = estate.nodes().iter().filter_map(|node| node.jewel.clone());
        jewels.map(|jewel| jewel.loss).collect()
    };
    assert_eq!(losses(&imported).len(), 1);
    assert_eq!(losses(&imported), losses(&read.estate));
}

#[test]
fn a_line_that_is_cut_off_or_broken_is_told_with_its_place_and_the_others_are_kept() {
    let whole = lines(&things());
    let broken = whole.replacen(r#"{"node":{"id":"dc""#, r#"{"node":{"id";"dc""#, 1);
    let cut = &broken[..broken.len() - 5];
    let imported = imported(&[("made.jsonl", cut)], &options());
    insta::assert_snapshot!(unreadable(&imported).join("\n"), @"
    made.jsonl:10: expected `:` at column 14
    made.jsonl:39: EOF while parsing a string at column 122
    ");
    assert_eq!(imported.nodes_by_kind["user"], 8);
    assert_eq!(imported.steps(), 3);
}

#[test]
fn a_line_longer_than_memory_is_for_is_told_and_the_next_one_is_read() {
    let long = format!(
        r#"{{"node":{{"id":"{}","kind":"user"}}}}"#,
        "x".repeat(1 << 26)
    );
    let text = format!("{HEAD}\n{long}\n{{\"node\":{{\"id\":\"u\",\"kind\":\"user\"}}}}\n");
    let imported = imported(&[("made.jsonl", &text)], &options());
    assert_eq!(
        unreadable(&imported),
        ["made.jsonl:2: expected a line of fewer than 67108864 bytes"]
    );
    assert_eq!(imported.nodes_by_kind["user"], 1);
}

#[test]
fn a_document_too_large_to_be_held_that_is_cut_off_or_broken_is_refused_with_the_place() {
    let whole = format!(
        "{:#}",
        document(&things(), ["nodes", "edges", "services", "steps"])
    );
    let whole = whole.replacen('[', &format!("[{}", " ".repeat(1 << 26)), 1);
    let texts = [
        whole[..whole.len() - 3].to_owned(),
        whole.replacen("\"kind\": \"admin-to\"", "\"kind\" \"admin-to\"", 1),
        format!("{whole} x"),
    ];
    let told = texts.map(|text| {
        let refused = Import::new(pages())
            .read("made.json", text.as_bytes())
            .unwrap_err();
        format!("{refused}: {}", refused.source().unwrap())
    });
    insta::assert_snapshot!(told.join("\n"), @"
    made.json is not JSON to its end: EOF while parsing a list at line 309 column 2
    made.json is not JSON to its end: expected `:` at line 86 column 14
    made.json is not JSON to its end: trailing characters at line 310 column 3
    ");
}
