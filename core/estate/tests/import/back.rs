//! Graphs written for BloodHound: in its form and words, and read back as they were.

use cordon_estate::Imported;
use serde_json::{Value, json};

use crate::{
    directory, edges, estate_of, graphs, imported, options,
    small::{Collected, DOMAIN, ace, authority, user, weak},
};

fn of(text: &str) -> Imported {
    imported(&[("graph.json", text)], &options())
}

fn out(imported: &Imported) -> Value {
    let mut text = Vec::new();
    imported.write_opengraph(&mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn a_graph_that_was_written_is_read_back_with_what_is_not_known() {
    let mut template = weak();
    template
        .as_object_mut()
        .unwrap()
        .remove("authorizedsignatures");
    let overlay = "cordon: estate/v1\nname: A\ncurrency: GBP\nnodes: [{id: 'x:y', kind: zone}, {id: x_y, kind: zone}]\n\
                   edges: [{from: 'x:y', to: x_y, kind: network-route, unknown: nobody looked}, {from: U9, to: x_y, kind: can-ssh}]\n";
    let mut collected = authority(&template).texts();
    collected.push(("overlay.yaml", overlay.to_owned()));
    let texts: Vec<_> = collected
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let first = imported(&texts, &options());
    let written = out(&first);
    let again = of(&written.to_string());
    let (one, two) = (estate_of(&first), estate_of(&again));
    for kind in ["adcs-esc1", "network-route", "golden-cert", "contains"] {
        assert_eq!(edges(&one, kind), edges(&two, kind), "{kind}");
    }
    assert_eq!(first.edges_by_kind, again.edges_by_kind);
    assert_eq!(first.nodes_by_kind, again.nodes_by_kind);
    assert_eq!(first.unknown_by_kind, again.unknown_by_kind);
}

#[test]
fn a_graph_that_is_written_keeps_the_rules_of_the_form_and_bloodhounds_words() {
    let overlay = "cordon: estate/v1\nname: A\ncurrency: GBP\nnodes: [{id: 'x:y', kind: zone}, {id: 'x~3Ay', kind: zone}]\n\
                   edges: [{from: 'x:y', to: 'x~3Ay', kind: network-route}]\n";
    let mut collected = Collected::default()
        .with("users", &[user("U1"), user("U2")])
        .with("domains", &[json!({
            "ObjectIdentifier": DOMAIN, "Properties": {"domainsid": DOMAIN},
            "Aces": [ace("U1", "GetChanges"), ace("U1", "GetChangesAll"), ace("U9", "GenericAll")],
        })])
        .texts();
    collected.push(("overlay.yaml", overlay.to_owned()));
    let texts: Vec<_> = collected
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let written = out(&imported(&texts, &options()));
    let list = |pointer: &str| {
        written
            .pointer(pointer)
            .unwrap()
            .as_array()
            .unwrap()
            .clone()
    };
    let (nodes, edges) = (list("/graph/nodes"), list("/graph/edges"));
    let ids: std::collections::BTreeSet<&str> = nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), nodes.len(), "ids are unique");
    assert!(ids.iter().all(|id| !id.contains(':')), "{ids:?}");
    for node in &nodes {
        let kinds = node["kinds"].as_array().unwrap();
        assert!((1..=3).contains(&kinds.len()));
        assert!(
            kinds.iter().all(|kind| !kind.as_str().unwrap().is_empty()),
            "{node}"
        );
        assert!(node["properties"].get("objectid").is_none());
    }
    let word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    assert!(
        edges
            .iter()
            .all(|edge| word(edge["kind"].as_str().unwrap()))
    );
    let kinds: std::collections::BTreeSet<&str> = edges
        .iter()
        .map(|edge| edge["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains("DCSync") && kinds.contains("GenericAll"),
        "{kinds:?}"
    );
}

#[test]
fn a_graph_that_was_written_is_read_back_with_names_jewels_and_minutes() {
    let overlay = "cordon: estate/v1\nname: A\ncurrency: GBP\n\
        nodes: [{id: 'z:1', kind: zone, name: Shops, aliases: [shop, 10.0.0.1], jewel: {loss: 5, why: tills}}, {id: b, kind: zone}]\n\
        edges: [{from: 'z:1', to: b, kind: network-route, minutes: 7, likelihood: 0.5}, {from: b, to: 'z:1', kind: network-route}]\n";
    let first = imported(&[("overlay.yaml", overlay)], &options());
    let again = of(&out(&first).to_string());
    assert_eq!(lines(&first), lines(&again));
}

/// Nodes and edges as they are written, but for what edges stand on, which the form has no place for.
fn lines(imported: &Imported) -> Vec<String> {
    let mut text = Vec::new();
    imported.write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let line = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        if let Some(edge) = line.get_mut("edge").and_then(Value::as_object_mut) {
            edge.remove("grounds");
        }
        line.to_string()
    };
    text.lines().skip(1).map(line).collect()
}

/// Whether nodes and edges of inventories are the same once they were written and read again.
fn come_back(texts: &[(&str, &str)]) {
    let first = imported(texts, &options());
    let again = of(&out(&first).to_string());
    let (first, again) = (lines(&first), lines(&again));
    let missing: Vec<_> = first
        .iter()
        .filter(|line| !again.contains(line))
        .take(3)
        .collect();
    let added: Vec<_> = again
        .iter()
        .filter(|line| !first.contains(line))
        .take(3)
        .collect();
    assert_eq!((missing, added), (vec![], vec![]));
    assert_eq!(first, again);
}

#[test]
fn nothing_is_derived_again_from_a_graph_that_was_written() {
    let of_unit = |blocks: Value| {
        json!({"ObjectIdentifier": "OU1", "Properties": {"name": "TILLS", "blocksinheritance": blocks},
               "ChildObjects": [{"ObjectIdentifier": "U1", "ObjectType": "User"}]})
    };
    for blocks in [json!(true), json!(null)] {
        let domain = json!({
            "ObjectIdentifier": DOMAIN, "Properties": {"domainsid": DOMAIN, "name": "N"},
            "ChildObjects": [{"ObjectIdentifier": "OU1", "ObjectType": "OU"}],
            "Links": [{"GUID": "GPO1", "IsEnforced": false}],
            "Aces": [ace("U1", "GetChanges"), ace("U1", "GetChangesAll")],
        });
        let gpo = json!({"ObjectIdentifier": "GPO1", "Properties": {"name": "P"}});
        let collected = Collected::default()
            .with("users", &[user("U1")])
            .with("domains", &[domain])
            .with("ous", &[of_unit(blocks)])
            .with("gpos", &[gpo])
            .texts();
        let texts: Vec<_> = collected
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        come_back(&texts);
    }
}

#[test]
fn records_of_a_database_come_back_with_no_edge_more() {
    let node = |id: u32, kind: &str, own: &str| json!({"type": "node", "id": id.to_string(), "labels": ["Base", kind], "properties": {"objectid": own, "name": own}});
    let edge = |label: &str, from: u32, to: u32| json!({"type": "relationship", "label": label, "start": {"id": from.to_string()}, "end": {"id": to.to_string()}});
    let records = [
        node(0, "Domain", "S-1-5-21-1"),
        node(1, "OU", "OU1"),
        node(2, "User", "U1"),
        node(3, "GPO", "P1"),
        edge("Contains", 0, 1),
        edge("Contains", 1, 2),
        edge("GpLink", 3, 0),
    ];
    let records = records.map(|record| record.to_string()).join("\n");
    come_back(&[("records.json", &records)]);
}

#[test]
fn published_graphs_and_collections_come_back_as_they_were() {
    for files in [graphs::githound(), directory::files()]
        .into_iter()
        .flatten()
    {
        let texts: Vec<_> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        come_back(&texts);
    }
}

#[test]
fn kinds_of_edges_keep_the_words_of_the_collector_that_found_them() {
    let nodes = json!([{"id": "a", "kinds": ["GH_User"]}, {"id": "b", "kinds": ["GH_Branch"], "properties": {"name": "b"}}]);
    let ends = json!({"start": {"value": "a"}, "end": {"value": "b"}});
    let kinds = ["GH_CanWriteBranch", "GH_HasRole", "Foo_bar", "AdminTo"];
    let edges_in: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            let mut edge = ends.clone();
            edge["kind"] = json!(kind);
            edge
        })
        .collect();
    let text = json!({"graph": {"nodes": nodes, "edges": edges_in}}).to_string();
    let first = of(&text);
    let words = |imported: &Imported| -> std::collections::BTreeSet<String> {
        let edges = out(imported)["graph"]["edges"].clone();
        let edges = edges.as_array().unwrap().iter();
        edges
            .map(|edge| edge["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(words(&first), kinds.map(str::to_owned).into());
    come_back(&[("graph.json", &text)]);
    let foreign = "cordon: estate/v1\nnodes: [{id: a, kind: über}, {id: b, kind: zone}]\n\
        edges: [{from: a, to: b, kind: über-kind}, {from: a, to: b, kind: gh-can-write-branch}]\n";
    let foreign = [("overlay.yaml", foreign)];
    let written = words(&imported(&foreign, &options()));
    assert_eq!(
        written,
        ["GH_CanWriteBranch", "_FC_berKind"]
            .map(str::to_owned)
            .into()
    );
    come_back(&foreign);
}
