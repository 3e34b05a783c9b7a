//! What cannot be read is refused or told, with its place and what to do, and never taken for something else.

use cordon_estate::{Import, ImportError, Imported};
use serde_json::json;

use crate::{estate_of, imported, options, pages};

/// Everything that could not be read.
fn places(imported: &Imported) -> Vec<String> {
    let ours = imported.notes.iter();
    let ours = ours.filter(|((code, _), _)| *code == "unreadable");
    ours.flat_map(|(_, note)| note.places.clone()).collect()
}

fn services(rows: &str) -> Imported {
    let table = format!("service,name,loss_per_hour,protected\n{rows}");
    imported(&[("services.csv", &table)], &options())
}

/// The loss of the only service, as it was read.
fn loss(imported: &Imported) -> Option<String> {
    let estate = estate_of(imported);
    let service = estate.services().first();
    service.map(|service| service.loss_per_hour.rounded())
}

#[test]
fn a_number_is_read_as_it_is_meant_or_refused() {
    let read = [
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("\"1,234\"", "1234"),
        ("\"1,234,567.25\"", "1234567.25"),
        ("1 234", "1234"),
        ("1\u{a0}234\u{202f}567", "1234567"),
    ];
    for (cell, expect) in read {
        let imported = services(&format!("pay,P,{cell},no\n"));
        assert_eq!(loss(&imported).as_deref(), Some(expect), "{cell}");
    }
    let refused = [
        "\"1234,50\"",
        "\"40,5\"",
        "\"1.234,50\"",
        "\"1234,567\"",
        "\",234\"",
        "\"1,23,456\"",
        "1.234.567",
        "12 34",
        "abc",
        "1e400",
        "\"1,\"",
    ];
    for cell in refused {
        let imported = services(&format!("pay,P,{cell},no\n"));
        assert_eq!(loss(&imported), None, "{cell}");
        let told = places(&imported);
        assert!(
            told[0].starts_with("services.csv:2: expected a number in `loss_per_hour`"),
            "{told:?}"
        );
    }
    insta::assert_snapshot!(
        places(&services("pay,P,\"1234,50\",no\n"))[0],
        @"services.csv:2: expected a number in `loss_per_hour`, found `1234,50`: a comma or space parts thousands; write decimals with a point, as in `1234.50`"
    );
}

#[test]
fn a_table_may_be_parted_by_semicolons_or_tabs_and_then_no_number_is_guessed() {
    for separator in [";", "\t"] {
        let table = "service,name,loss_per_hour\npay,P,1234\n".replace(',', separator);
        let imported = imported(&[("services.csv", &table)], &options());
        assert_eq!(loss(&imported).as_deref(), Some("1234"));
    }
    for number in ["1.234", "1,234", "1.234,50", "1234,50"] {
        let table = format!("service;name;loss_per_hour\npay;P;{number}\n");
        let imported = imported(&[("services.csv", &table)], &options());
        assert_eq!(loss(&imported), None, "{number}");
        assert_eq!(places(&imported).len(), 1, "{number}");
    }
    let relations = "parent;type;child\nPay;Depends on::Used by;SRV1\n";
    let imported = imported(&[("rel.csv", relations)], &options());
    assert_eq!(imported.nodes_by_kind["configuration-item"], 2);
}

#[test]
fn every_row_and_every_problem_in_it_is_told_with_its_place() {
    let imported = services("a,A,x,maybe\nb,B,5,no\nc,C,-5,no\n,D,5,no\n");
    let told = places(&imported);
    assert_eq!(told.len(), 3);
    for (told, begins) in
        told.iter()
            .zip(["services.csv:2: ", "services.csv:4: ", "services.csv:5: "])
    {
        assert!(told.starts_with(begins), "{told}");
    }
    assert!(
        told[0].contains("`loss_per_hour`") && told[0].contains("`protected`"),
        "{}",
        told[0]
    );
}

#[test]
fn an_object_of_a_list_is_told_by_its_number() {
    let graph = json!({"graph": {
        "nodes": [{"id": "a", "kinds": ["User"]}, {"kinds": 5}],
        "edges": [{"kind": "Owns", "start": {"value": "a"}, "end": {}}],
    }});
    let table = json!({"result": [{"sys_id": "a", "name": "x", "sys_class_name": "cmdb_ci_server"}, {"sys_id": "b"}]});
    let texts = [
        ("graph.json", graph.to_string()),
        ("table.json", table.to_string()),
    ];
    let texts: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    insta::assert_snapshot!(places(&imported(&texts, &options())).join("\n"), @r"
    graph.json:node 2: invalid type: integer `5`, expected a sequence
    graph.json:edge 1: an end without a value
    table.json:record 2: neither `parent` and `child` nor `name` and `sys_class_name`
    ");
}

fn refused(text: &str) -> String {
    let mut import = Import::new(pages());
    let why = import.read("x", text.as_bytes()).unwrap_err();
    assert!(matches!(why, ImportError::Form { .. }), "{why:?}");
    let why = why.to_string();
    why.split(';').next().unwrap().to_owned()
}

#[test]
fn what_is_of_no_known_form_is_refused_with_what_was_found() {
    let cases = [
        "{\"foo\":1,\"bar\":[]}",
        "{}",
        "a,b,c\n1,2,3\n",
        "hello\n",
        "",
        "\u{7f}elf,\u{2},\u{3}\n",
    ];
    insta::assert_snapshot!(cases.map(refused).join("\n"), @r"
    x has no known form: it is a JSON object with `bar`, `foo`
    x has no known form: it is a JSON object with no keys
    x has no known form: a table has `service`, or `parent` and `child`, or `name` and `sys_class_name`, and this one `a`, `b`, `c`
    x has no known form: it is text of some other form
    x has no known form: it is empty
    x has no known form: it is no text
    ");
}

#[test]
fn a_document_of_another_form_among_others_is_told_with_its_line() {
    let catalogue = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web}
---
kind: Component
metadata: {name: pay}
---
apiVersion: backstage.io/v1alpha1
kind: Component
---
services: {web: {image: nginx}}
";
    let lines = "{\"cordon\":\"estate/v1\"}\n{\"nodee\":{\"id\":\"a\"}}\n";
    let texts = [("catalog-info.yaml", catalogue), ("estate.jsonl", lines)];
    insta::assert_snapshot!(places(&imported(&texts, &options())).join("\n"), @r"
    catalog-info.yaml:5: neither an entity of a catalogue, which has `apiVersion: backstage.io/…`, nor a part of an estate
    catalog-info.yaml:8: an entity without `metadata.name`, of kind `Component`
    catalog-info.yaml:11: expected a list in `services`
    estate.jsonl:2: neither an entity of a catalogue, which has `apiVersion: backstage.io/…`, nor a part of an estate
    ");
}

#[test]
fn our_own_format_as_one_json_document_is_read_as_its_yaml_is() {
    let yaml = "cordon: estate/v1\nname: Made\ncurrency: GBP\nnodes:\n- {id: u, kind: user}\n- {id: dc, kind: host, \
                jewel: {loss: 5.25}}\nedges:\n- {from: u, to: dc, kind: admin-to, minutes: 10, likelihood: 0.9}\nservices:\n\
                - {id: pay, needs: dc, loss_per_hour: 40}\nsteps:\n- {id: d, kind: disable-account, removes: {nodes: [u]}, cost: 1}\n";
    let json = json!({"cordon": "estate/v1", "name": "Made", "currency": "GBP",
        "nodes": [{"id": "u", "kind": "user"}, {"id": "dc", "kind": "host", "jewel": {"loss": 5.25}}],
        "edges": [{"from": "u", "to": "dc", "kind": "admin-to", "minutes": 10, "likelihood": 0.9}],
        "services": [{"id": "pay", "needs": "dc", "loss_per_hour": 40}],
        "steps": [{"id": "d", "kind": "disable-account", "removes": {"nodes": ["u"]}, "cost": 1}]});
    let written = |text: &str| {
        let mut out = Vec::new();
        imported(&[("made", text)], &options())
            .write(&mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(&format!("{json:#}")), written(yaml));
    assert!(written(yaml).contains("5.25"));
    let broken = imported(
        &[(
            "made.json",
            r#"{ "cordon": "estate/v1", "nodes": [{"id": "u", "kind": "user"}, 7], "steps": null }"#,
        )],
        &options(),
    );
    assert_eq!(
        places(&broken),
        ["made.json:node 2: expected a mapping for each node, found `7`"]
    );
    let no_list = r#"{ "cordon": "estate/v1", "edges": {"from": "u"} }"#;
    let refused = Import::new(pages()).read("made.json", no_list.as_bytes());
    let cause = std::error::Error::source(&refused.unwrap_err()).map(ToString::to_string);
    assert!(cause.unwrap().contains("expected a list in `edges`"));
}

#[test]
fn yaml_beyond_what_memory_is_for_is_refused_and_not_cut_short() {
    let text = format!("cordon: estate/v1\n{}", "# nothing\n".repeat(7_000_000));
    let refused = Import::new(pages()).read("made.yaml", text.as_bytes());
    assert!(matches!(refused, Err(ImportError::TooLarge { .. })));
}
