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
    // Beyond what is held, one thing is read at a time.
    let blanks = "          \n".repeat(6_200_000);
    assert_eq!(written(&format!("{json:#}{blanks}")), written(yaml));
    assert!(written(yaml).contains("5.25"));
    let large = |text: &str| format!("{text}{blanks}");
    let seven =
        r#"{ "cordon": "estate/v1", "nodes": [{"id": "u", "kind": "user"}, 7], "steps": null }"#;
    let broken = imported(&[("made.json", &large(seven))], &options());
    assert_eq!(
        places(&broken),
        ["made.json:node 2: expected a mapping for each node, found `7`"]
    );
    let no_list = r#"{ "cordon": "estate/v1", "edges": {"from": "u"} }"#;
    let twice = r#"{ "cordon": "estate/v1", "nodes": [], "nodes": [] }"#;
    for (text, why) in [
        (no_list, "expected a list in `edges`"),
        (twice, "the key `nodes` stands twice"),
    ] {
        let refused = Import::new(pages()).read("made.json", large(text).as_bytes());
        let cause = std::error::Error::source(&refused.unwrap_err()).map(ToString::to_string);
        assert!(cause.unwrap().contains(why), "{why}");
    }
}

#[test]
fn a_document_of_ours_that_is_held_is_read_as_exactly_as_yaml() {
    let loss = "12345678901234567890.5";
    let document = |nodes: &str| {
        format!(r#"{{"cordon": "estate/v1", name: N, "currency": "GBP", "nodes": [{nodes}]}}"#)
    };
    let node = format!(r#"{{"id": "a", "kind": "user", "jewel": {{"loss": {loss}}}}}"#);
    let mut out = Vec::new();
    let read = imported(&[("made.json", &document(&node))], &options());
    read.write(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains(loss), "{out}");
}

#[test]
fn yaml_beyond_what_memory_is_for_is_refused_and_not_cut_short() {
    let text = format!("cordon: estate/v1\n{}", "# nothing\n".repeat(7_000_000));
    let refused = Import::new(pages()).read("made.yaml", text.as_bytes());
    assert!(matches!(refused, Err(ImportError::TooLarge { .. })));
}

#[test]
fn a_column_that_is_probably_a_slip_is_told_as_one_and_any_other_as_unread() {
    let tables = [
        "service,loss_per_hour,protectd\na,5,yes\n",
        "service,need\na,h1\n",
        "service,Loss per hours,owner,,\na,5,me,,\n",
        "service,needs,protected\na,h1,yes\n",
        "service,cover,cover\na,1h,2h\n",
        "service;ramp;care\na;1h;none\n",
    ];
    let told = tables.map(|table| {
        let imported = imported(&[("t.csv", table)], &options());
        let unread = imported
            .notes
            .iter()
            .find(|((code, _), _)| *code == "unread-column");
        let unread = unread.map(|(_, note)| note.example.clone());
        [places(&imported), unread.into_iter().collect()]
            .concat()
            .join(" | ")
    });
    insta::assert_snapshot!(told.join("\n"), @r#"
    t.csv:1: unknown column `protectd`: did you mean `protected`?
    t.csv:1: unknown column `need`: did you mean `needs`?
    t.csv:1: unknown column `loss_per_hours`: did you mean `loss_per_hour`? | `owner` of t.csv
    t.csv:1: `protected` beside `needs`: what services are and what they need are two tables
    t.csv:1: a second column `cover`: of which is it read?
    "#);
}

#[test]
fn a_quote_left_open_and_a_cell_too_many_are_told_and_take_no_row_with_them_unsaid() {
    let tables = [
        "service,loss_per_hour\n\"web,5\nb,6\n",
        "service,name,notes\nweb,Web,\"open\nb,B,x\n",
        "service,name,notes\nweb,Web,\"closed\nb,B,x\"\n",
        "service,name,notes\nweb,Web,\"closed\nb,B,x\"",
        "service,name,loss_per_hour\nweb,Shop, online,5\nb,B,6,,\n",
        "name,sys_class_name\n\"Pay,cmdb_ci_service\nsrv1,cmdb_ci_server\n",
        "parent,child,type\nPay,\"srv\n1\",Runs on::Runs\n",
    ];
    let told = tables.map(|table| places(&imported(&[("t.csv", table)], &options())).join(" | "));
    insta::assert_snapshot!(told.join("\n"), @r#"
    t.csv:2: nothing closes a quote that begins here, and 2 lines are one cell
    t.csv:2: nothing closes a quote that begins here, and 2 lines are one cell


    t.csv:2: 4 cells for 3 columns: put what holds the separator in quotes
    t.csv:2: nothing closes a quote that begins here, and 2 lines are one cell
    t.csv:2: a line break in `child`: is a quote left open?
    "#);
}

#[test]
fn a_reference_in_a_catalogue_that_is_none_is_told_and_the_others_count() {
    let catalogue = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: b}
spec: {dependsOn: ['resource:DB', 5, ''], consumesApis: null}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: c}
spec: {dependsOn: [{any: x}], system: {name: s}}
";
    let imported = imported(&[("bs.yaml", catalogue)], &options());
    insta::assert_snapshot!(places(&imported).join("\n"), @r#"
    bs.yaml:1: component:default/b: expected a reference such as `resource:default/orders` in `dependsOn`, found `5`; expected a reference such as `resource:default/orders` in `dependsOn`, found `""`
    bs.yaml:6: component:default/c: expected a reference such as `resource:default/orders` in `dependsOn`, found `{"any":"x"}`; expected a reference such as `resource:default/orders` in `system`, found `{"name":"s"}`
    "#);
    assert_eq!(imported.services(), 2);
    assert_eq!(
        imported.nodes_by_kind["configuration-item"], 1,
        "the resource"
    );
}

/// A text in UTF-16 behind its mark.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    marked.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn tables_and_documents_in_utf16_are_read_behind_their_mark() {
    let table = "service,name\r\npay,Café\r\n";
    let estate = "cordon: estate/v1\nservices: [{id: pay, name: Café, needs: till}]\n";
    let lines = "{\"cordon\":\"estate/v1\"}\n{\"service\":{\"id\":\"pay\",\"name\":\"Café\",\"needs\":\"till\"}}\n";
    for text in [table, estate, lines] {
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let mut import = Import::new(pages());
            import.read("x", utf16(text, bytes).as_slice()).unwrap();
            let imported = import.finish(&options()).unwrap();
            let mut out = Vec::new();
            imported.write(&mut out).unwrap();
            assert!(String::from_utf8(out).unwrap().contains("Café"), "{text}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_or_told_with_their_line() {
    let refused = |bytes: &[u8]| {
        let mut import = Import::new(pages());
        import.read("x", bytes).unwrap_err().to_string()
    };
    let half = [utf16("service\na", u16::to_le_bytes), vec![0x00, 0xd8]].concat();
    let cases = [
        refused(b"service,loss_per_hour\na,1\nCaf\xe9,5\n"),
        refused(&half),
    ];
    insta::assert_snapshot!(cases.join("\n"), @r#"
    x:3: expected text in UTF-8; save it so (spreadsheets call it "CSV UTF-8")
    x:2: expected text in UTF-16, found half a character
    "#);
    let mut import = Import::new(pages());
    let lines = b"{\"cordon\":\"estate/v1\"}\n{\"node\":{\"id\":\"caf\xe9\"}}\n";
    import.read("x", lines.as_slice()).unwrap();
    let told = places(&import.finish(&options()).unwrap());
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("x:2: expected text in UTF-8"),
        "{told:?}"
    );
}

#[test]
fn what_has_a_blank_id_or_kind_is_told_and_nothing_that_is_refused_is_written() {
    let graph = json!({"graph": {
        "nodes": [{"id": " ", "kinds": ["User"]}, {"id": "a", "kinds": [" "]}, {"id": "b", "kinds": ["User"]}],
        "edges": [
            {"kind": "", "start": {"value": "a"}, "end": {"value": "b"}},
            {"kind": "AdminTo", "start": {"value": "  "}, "end": {"value": "b"}},
        ],
    }});
    let people = json!({"meta": {"type": "users"}, "data": [
        {"ObjectIdentifier": "  "},
        {"ObjectIdentifier": "S-1-5-21-1-2-3-4", "Aces": [{"PrincipalSID": "  ", "RightName": "GenericAll"}]},
    ]});
    let tenant =
        json!({"meta": {"type": "azure"}, "data": [{"kind": "AZUser", "data": {"id": " "}}]});
    let records = "{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"User\"]}\n{\"type\":\"node\",\"id\":\"2\",\"labels\":[\"\"]}\n\
                   {\"type\":\"relationship\",\"label\":\" \",\"start\":{\"id\":\"1\"},\"end\":{\"id\":\"2\"}}\n";
    let own = "cordon: estate/v1\nnodes: [{id: x, kind: '  '}]\n";
    let texts = [graph, people, tenant].map(|text| text.to_string());
    let texts = [
        ("graph.json", &*texts[0]),
        ("people.json", &*texts[1]),
        ("tenant.json", &*texts[2]),
        ("records.json", records),
        ("own.yaml", own),
    ];
    let imported = imported(&texts, &options());
    estate_of(&imported);
    insta::assert_snapshot!(places(&imported).join("\n"), @"
    records.json:3: a relationship without a label
    graph.json:node 1: a node without an id
    graph.json:edge 1: an edge without a kind
    graph.json:edge 2: an end without a value
    people.json:object 1: an object without `ObjectIdentifier`
    tenant.json:object 1: AZUser without an id
    ");
    let nameless = imported
        .notes
        .iter()
        .filter(|((code, _), note)| *code == "unreadable" && note.places.is_empty());
    let nameless: Vec<_> = nameless.map(|(_, note)| note.example.clone()).collect();
    assert_eq!(nameless, ["`  ` `GenericAll` `S-1-5-21-1-2-3-4`"]);
}

#[test]
fn what_a_collection_says_of_itself_never_keeps_it_from_being_read() {
    let cases = [
        (json!({"type": "users", "count": -1, "version": 6}), 1),
        (json!({"type": "users", "count": "1", "version": "6"}), 0),
        (json!({"type": "users", "count": "3", "version": "6"}), 1),
        (json!({"type": "users", "count": 1.5, "version": 7}), 2),
        (json!({"type": "users", "count": [1], "version": {}}), 2),
        (json!({"type": "users"}), 0),
        (json!({"type": 5, "count": 1}), 1),
        (json!("users"), 1),
    ];
    for (meta, told) in cases {
        let text = json!({"meta": meta, "data": [{"ObjectIdentifier": "S-1-5-21-1-2-3-4"}]});
        let imported = imported(&[("users.json", &text.to_string())], &options());
        assert_eq!(imported.nodes_by_kind.values().sum::<u64>(), 1, "{meta}");
        let codes = ["wrong-count", "other-version", "unknown-type"];
        let notes = imported.notes.keys();
        assert_eq!(
            notes.filter(|(code, _)| codes.contains(code)).count(),
            told,
            "{meta}"
        );
    }
}
