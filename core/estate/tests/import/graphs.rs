//! Graphs in BloodHound's generic form, and that the order of files changes nothing.

use std::{collections::BTreeSet, fs, path::PathBuf};

use cordon_estate::Imported;
use cordon_recordings::recording;
use serde_json::{Value, json};

use crate::{
    estate_of, imported, known, options,
    small::{ace, authority, group, user, weak},
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

pub(crate) fn githound() -> Option<Vec<(String, String)>> {
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

fn numbered(number: &str, id: &str, kind: &str) -> Value {
    json!({"id": number, "kinds": ["Base", kind], "properties": {"objectid": id}})
}

fn member(from: &str, to: &str) -> Value {
    json!([{"kind": "MemberOf", "start": {"value": from}, "end": {"value": to}}])
}

fn members(texts: &[&str]) -> (BTreeSet<(String, String)>, u64) {
    let texts: Vec<_> = texts.iter().map(|text| ("graph.json", *text)).collect();
    let imported = imported(&texts, &options());
    let unclear = noted(&imported, "unclear-end");
    (known(&estate_of(&imported), "member-of"), unclear)
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect()
}

#[test]
fn numbers_of_nodes_count_in_their_own_document_wherever_its_edges_stand() {
    let one = json!([numbered("n1", "ALICE", "User"), numbered("2", "G", "Group")]);
    let two = json!([numbered("N1", "BOB", "User"), numbered("2", "H", "Group")]);
    let plain = json!([{"id": "n1", "kinds": ["User"]}, {"id": "X", "kinds": ["Group"]}]);
    let (edges_in, plain_edges) = (member("N1", "2"), member("n1", "X"));
    let first = graph(&one, &edges_in);
    let edges_first = format!(r#"{{"graph": {{"edges": {edges_in}, "nodes": {two}}}}}"#);
    let third = graph(&plain, &plain_edges);
    let all = pairs(&[("ALICE", "G"), ("BOB", "H"), ("n1", "X")]);
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let texts = order.map(|place| [&first, &edges_first, &third][place].as_str());
        assert_eq!(members(&texts), (all.clone(), 0), "{order:?}");
    }
}

#[test]
fn an_edge_in_another_document_than_its_nodes_is_found_if_no_two_may_be_meant() {
    let one = json!([numbered("1", "ALICE", "User"), numbered("2", "G", "Group")]);
    let two = json!([numbered("1", "BOB", "User")]);
    let plain = json!([{"id": "1", "kinds": ["User"]}]);
    let none = json!([]);
    let edges_in = graph(&none, &member("1", "2"));
    let nodes = graph(&one, &none);
    let found = pairs(&[("ALICE", "G")]);
    assert_eq!(members(&[&edges_in, &nodes]), (found.clone(), 0));
    assert_eq!(members(&[&nodes, &edges_in]), (found, 0));
    for other in [two, plain] {
        let other = graph(&other, &none);
        let unclear = (BTreeSet::new(), 1);
        assert_eq!(members(&[&edges_in, &nodes, &other]), unclear);
        assert_eq!(members(&[&other, &nodes, &edges_in]), unclear);
    }
}
