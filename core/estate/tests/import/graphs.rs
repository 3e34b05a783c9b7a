//! Graphs in BloodHound's generic form, in and out, and that the order of files changes nothing.

use std::{fs, path::PathBuf};

use cordon_estate::Imported;
use cordon_recordings::recording;
use serde_json::{Value, json};

use crate::{
    edges, estate_of, imported, known, options,
    small::{Collected, DOMAIN, ace, authority, group, user, weak},
};

fn graph(nodes: &Value, edges: &Value) -> String {
    json!({"graph": {"nodes": nodes, "edges": edges}}).to_string()
}

fn of(text: &str) -> Imported {
    imported(&[("graph.json", text)], &options())
}

fn noted(imported: &Imported, code: &str) -> u64 {
    let ours = imported.notes.iter().filter(|((own, _), _)| *own == code);
    ours.map(|(_, note)| note.count).sum()
}

#[test]
fn an_end_named_with_a_kind_is_the_one_of_that_kind() {
    let nodes = json!([
        {"id": "a", "kinds": ["User"], "properties": {"name": "anna"}},
        {"id": "g", "kinds": ["Group"], "properties": {"name": "same", "team": "x"}},
        {"id": "c", "kinds": ["Computer"], "properties": {"name": "same", "team": "x"}},
        {"id": "p", "kinds": ["GH_User", "GitHub"], "properties": {"name": "octo"}},
        {"id": "q", "kinds": ["OK_User", "Okta"], "properties": {"name": "octo"}},
    ]);
    let by_name =
        |value: &str, kind: &str| json!({"match_by": "name", "value": value, "kind": kind});
    let start = json!({"value": "a"});
    let by_property = json!({"match_by": "property", "kind": "Computer", "property_matchers": [{"key": "team", "operator": "equals", "value": "x"}]});
    let edges_in = json!([
        {"kind": "MemberOf", "start": start, "end": by_name("same", "Group")},
        {"kind": "AdminTo", "start": start, "end": by_property},
        {"kind": "Owns", "start": start, "end": by_name("octo", "GitHub")},
        {"kind": "Owns", "start": start, "end": {"match_by": "name", "value": "octo"}},
    ]);
    let imported = of(&graph(&nodes, &edges_in));
    let estate = estate_of(&imported);
    let pair = |to: &str| [("a".to_owned(), to.to_owned())].into();
    assert_eq!(known(&estate, "member-of"), pair("g"));
    assert_eq!(known(&estate, "admin-to"), pair("c"));
    assert_eq!(known(&estate, "owns"), pair("p"));
    assert_eq!(noted(&imported, "unclear-end"), 1);
}

#[test]
fn everything_left_out_of_a_graph_is_counted() {
    let nodes = json!([
        {"id": "a", "kinds": ["User"]}, {"id": "a", "kinds": ["Computer"]}, {"id": "b", "kinds": ["Group"]},
    ]);
    let edges_in = json!([
        {"kind": "Sees", "start": {"value": "a"}, "end": {"value": "b"}, "properties": {"traversable": false}},
        {"kind": "MemberOf", "start": {"value": "b"}, "end": {"value": "b"}},
        {"kind": "MemberOf", "start": {"value": "a"}, "end": {"value": "b"}},
    ]);
    let imported = of(&graph(&nodes, &edges_in));
    let counts = ["left-aside", "to-itself", "two-kinds"].map(|code| noted(&imported, code));
    assert_eq!(counts, [1, 1, 1]);
}

fn githound() -> Option<Vec<(String, String)>> {
    let folder: PathBuf = recording("inventory/opengraph-githound")?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let text = |path: &PathBuf| {
        (
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    };
    Some(paths.iter().map(text).collect())
}

#[test]
fn every_edge_of_the_published_graph_is_written_or_counted() {
    let Some(files) = githound() else { return };
    let texts: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let read: usize = files
        .iter()
        .map(|(_, text)| {
            serde_json::from_str::<Value>(text).unwrap()["graph"]["edges"]
                .as_array()
                .unwrap()
                .len()
        })
        .sum();
    let imported = imported(&texts, &options());
    let written: u64 = imported.edges_by_kind.values().sum();
    let aside: u64 = imported.silent.values().sum();
    let codes = ["to-itself", "unclear-end", "unreadable"];
    let dropped: u64 = codes.iter().map(|code| noted(&imported, code)).sum();
    let twice = u64::try_from(read).unwrap() - (written + aside + dropped);
    assert_eq!(
        noted(&imported, "repeated"),
        twice,
        "{read} read, {written} written, {aside} aside, {dropped} dropped"
    );
    assert_eq!(noted(&imported, "left-aside"), aside);
}

fn bytes(texts: &[(&str, &str)]) -> String {
    let mut text = Vec::new();
    imported(texts, &options()).write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_order_of_files_changes_no_byte() {
    let overlay = "cordon: estate/v1\nname: A\ncurrency: GBP\nnodes: [{id: zone:z, kind: zone, jewel: {loss: 5}}]\n\
                   edges: [{from: U1, to: zone:z, kind: vpn-entry, minutes: 7}]\n";
    let other = "cordon: estate/v1\nname: A\ncurrency: GBP\nnodes: [{id: zone:z, kind: zone, jewel: {loss: 6}}]\n\
                 edges: [{from: U1, to: zone:z, kind: vpn-entry, minutes: 3}]\n";
    let mut anna = user("U1");
    anna["Properties"]["name"] = json!("ANNA");
    let mut collected = authority(&weak())
        .with("users", &[anna])
        .with("groups", &[group("g", &["u1"])]);
    collected.of("domains")["Aces"] = json!([ace("G", "GetChanges"), ace("U1", "GetChangesAll")]);
    let mut texts = collected.texts();
    texts.push(("overlay.yaml", overlay.to_owned()));
    texts.push(("other.yaml", other.to_owned()));
    let mut texts: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let expect = bytes(&texts);
    for _ in 0..texts.len() {
        texts.rotate_left(1);
        assert_eq!(bytes(&texts), expect);
    }
    texts.reverse();
    assert_eq!(bytes(&texts), expect);
}

#[test]
fn the_order_of_published_files_changes_no_byte() {
    let Some(files) = githound() else { return };
    let mut texts: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let expect = bytes(&texts);
    texts.reverse();
    assert_eq!(bytes(&texts), expect);
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
    let lines = |imported: &Imported| {
        let mut text = Vec::new();
        imported.write(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&first), lines(&again));
}

#[test]
fn ends_that_nothing_has_are_told_in_words() {
    let nodes = json!([{"id": "A1", "kinds": ["User"]}]);
    let edge = |end: Value| json!({"kind": "MemberOf", "start": {"value": "A1"}, "end": end});
    let cases = [
        (
            json!({"match_by": "name", "value": "dup"}),
            "A1 MemberOf what is called dup",
        ),
        (
            json!({"match_by": "name", "value": "dup", "kind": "Group"}),
            "A1 MemberOf the Group called dup",
        ),
        (
            json!({"match_by": "property", "property_matchers": [{"key": "team", "operator": "equals", "value": "x"}]}),
            "A1 MemberOf the thing with team x",
        ),
    ];
    for (end, expect) in cases {
        let imported = of(&graph(&nodes, &json!([edge(end)])));
        let note = imported
            .notes
            .iter()
            .find(|((code, _), _)| *code == "unclear-end");
        assert_eq!(note.unwrap().1.example, expect);
    }
}
