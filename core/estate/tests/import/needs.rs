//! What services need where needs are many, deep, shared, in a circle or spelled differently.

use cordon_estate::Imported;
use serde_json::{Value, json};

use crate::{imported, options};

/// What services need, as it was written.
fn needs(imported: &Imported) -> Value {
    let mut text = Vec::new();
    imported.write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut all = serde_json::Map::new();
    for service in lines.filter_map(|line| line.get("service").cloned()) {
        let id = service["id"].as_str().unwrap().to_owned();
        all.insert(id, service["needs"].clone());
    }
    Value::Object(all)
}

fn tables(dependencies: &str, relations: &str) -> Imported {
    let dependencies = format!("service,needs,group,at_least\n{dependencies}");
    let relations = format!("parent,type,child\n{relations}");
    let tables = [
        ("dependencies.csv", &*dependencies),
        ("cmdb_rel_ci.csv", &*relations),
    ];
    imported(&tables, &options())
}

fn told(imported: &Imported, code: &str) -> u64 {
    let ours = imported.notes.iter().filter(|((own, _), _)| *own == code);
    ours.map(|(_, note)| note.count).sum()
}

#[test]
fn a_chain_of_needs_may_be_as_deep_as_it_is() {
    let deep: Vec<String> = (0..20_000)
        .map(|n| format!("c{n:05},Depends on::Used by,c{:05}\n", n + 1))
        .collect();
    let needs = needs(&tables("top,c00000,,\n", &deep.concat()));
    assert_eq!(needs["top"]["all"].as_array().unwrap().len(), 20_001);
}

#[test]
fn what_is_needed_by_many_ways_is_named_once() {
    let mut rows = String::new();
    for layer in 0..24 {
        for (above, below) in ["aa", "ab", "ba", "bb"].map(|pair| pair.split_at(1)) {
            let row = format!(
                "n{layer}{above},Depends on::Used by,n{}{below}\n",
                layer + 1
            );
            rows.push_str(&row);
        }
    }
    let needs = needs(&tables("top,n0a,,\ntop,n0b,,\n", &rows));
    assert_eq!(needs["top"]["all"].as_array().unwrap().len(), 50);
}

#[test]
fn needs_are_what_follows_from_the_rows() {
    let cases = [
        // A circle of nodes stops as one, wherever it is entered.
        (
            "s,n1,,\nt,n2,,\n",
            "n1,x,n2\nn2,x,n1\nn2,x,n3\n",
            json!({"s": {"all": ["n1", "n2", "n3"]}, "t": {"all": ["n1", "n2", "n3"]}}),
            1,
        ),
        // So does one of services.
        (
            "a,b,,\nb,c,,\nc,a,,\nc,n,,\na,o,,\n",
            "",
            json!({"a": {"all": ["n", "o"]}, "b": {"all": ["n", "o"]}, "c": {"all": ["n", "o"]}}),
            1,
        ),
        (
            "a,b,,\nb,a,,\na,a,,\n",
            "",
            json!({"a": "a#runs", "b": "a#runs"}),
            1,
        ),
        // One through a node; what needs the circle needs no part of it by name.
        (
            "a,n,,\nz,a,,\n",
            "n,x,a\nn,x,m\n",
            json!({"a": {"all": ["m", "n"]}, "z": "a"}),
            1,
        ),
        // A choice that needs what it is a choice for is none.
        (
            "a,b,g,\na,x,g,\nb,a,,\nb,y,,\n",
            "",
            json!({"a": {"any": ["x"]}, "b": {"all": ["a", "y"]}}),
            1,
        ),
        (
            "a,n,g,\na,x,g,\n",
            "n,x,a\n",
            json!({"a": {"any": ["x"]}}),
            1,
        ),
        // Of two services that may stand in for each other's needs, one choice is enough to break the circle.
        (
            "a,b,g,\na,x,g,\nb,a,g,\nb,y,g,\n",
            "",
            json!({"a": {"any": ["x"]}, "b": {"any": ["a", "y"]}}),
            1,
        ),
        // Choices need what they need.
        (
            "s,n,g,2\ns,m,g,2\ns,t,g,2\nt,q,,\n",
            "n,x,p\n",
            json!({"s": {"at_least": 2, "of": ["t", "m", {"all": ["n", "p"]}]}, "t": "q"}),
            0,
        ),
    ];
    for (dependencies, relations, expect, circles) in cases {
        let imported = tables(dependencies, relations);
        assert_eq!(needs(&imported), expect, "{dependencies}{relations}");
        assert_eq!(
            told(&imported, "circle"),
            circles,
            "{dependencies}{relations}"
        );
    }
}

#[test]
fn needs_are_joined_whatever_the_case_and_by_any_name_of_a_thing() {
    let expect = json!({"web": {"all": ["SRV1", "rack1"]}});
    let items = "name,sys_class_name,fqdn\nSRV1,cmdb_ci_server,srv1.shop.example\n";
    let relations = "parent,type,child\nsrv1,Depends on::Used by,rack1\n";
    for name in ["SRV1", "Srv1", "srv1.shop.example"] {
        let dependencies = format!("service,needs,group,at_least\nweb,{name},,\n");
        let tables = [
            ("dependencies.csv", &*dependencies),
            ("rel.csv", relations),
            ("ci.csv", items),
        ];
        assert_eq!(needs(&imported(&tables, &options())), expect, "{name}");
    }
    let imported = tables("Web,till,,\nweb,SRV1,,\n", "srv1,x,rack1\n");
    let expect = json!({"Web": {"all": ["SRV1", "rack1", "till"]}});
    assert_eq!(needs(&imported), expect);
    assert_eq!(told(&imported, "needs-of-no-service"), 0);
}

#[test]
fn the_order_of_tables_changes_no_byte() {
    let dependencies = "service,needs,group,at_least\nweb,srv1,,\nweb,pay,,\nPay,b,g,\npay,a,g,\n";
    let relations = "parent,type,child\nSRV1,x,rack1\nsrv1,x,rack0\n";
    let more = "service,needs,group,at_least\nWeb,SRV1,,\nweb,db,,\n";
    let mut tables = [
        ("d.csv", dependencies),
        ("r.csv", relations),
        ("m.csv", more),
    ];
    let bytes = |tables: &[(&str, &str)]| {
        let mut text = Vec::new();
        imported(tables, &options()).write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    };
    let expect = bytes(&tables);
    for _ in 0..3 {
        tables.rotate_left(1);
        assert_eq!(bytes(&tables), expect);
        assert_eq!(bytes(&[tables[1], tables[0], tables[2]]), expect);
    }
}
