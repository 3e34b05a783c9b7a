//! Graphs of a directory and the attack edges that must follow from them, and no others: each read twice, as a
//! collector's files and as a graph.

use std::collections::BTreeSet;

use cordon_model::Estate;

use serde_json::json;

use crate::{estate, estate_of, imported, options};
use sketch::Sketch;

mod certificates;
mod relaying;
mod rights;
mod sketch;

/// Kinds that follow from others. What a collection says of itself is not looked at.
const DERIVED: [&str; 32] = [
    "adcs-esc1",
    "adcs-esc3",
    "adcs-esc4",
    "adcs-esc6a",
    "adcs-esc6b",
    "adcs-esc9a",
    "adcs-esc9b",
    "adcs-esc10a",
    "adcs-esc10b",
    "adcs-esc13",
    "adcs-esc16",
    "admin-to",
    "can-apply-gpo",
    "can-backup",
    "can-psremote",
    "can-rdp",
    "claim-special-identity",
    "coerce-and-relay-ntlm-to-adcs",
    "coerce-and-relay-ntlm-to-ldap",
    "coerce-and-relay-ntlm-to-ldaps",
    "coerce-and-relay-ntlm-to-smb",
    "coerce-to-tgt",
    "dcsync",
    "execute-dcom",
    "golden-cert",
    "gpo-applies",
    "has-trust-keys",
    "owns",
    "protect-admin-groups",
    "sync-laps-password",
    "write-owner",
    "write-owner-limited-rights",
];

#[test]
fn an_edge_that_a_graph_holds_already_is_there_once() {
    let graph = json!({"graph": {
        "nodes": [
            {"id": "1", "kinds": ["Base", "Domain"], "properties": {"objectid": "S-1-5-21-1-1-1", "domainsid": "S-1-5-21-1-1-1"}},
            {"id": "2", "kinds": ["User", "Base"], "properties": {"objectid": "U1"}},
        ],
        "edges": [
            {"kind": "GetChanges", "start": {"value": "2"}, "end": {"value": "1"}},
            {"kind": "GetChangesAll", "start": {"value": "2"}, "end": {"value": "1"}},
            {"kind": "DCSync", "start": {"value": "2"}, "end": {"value": "1"}},
        ],
    }});
    let imported = imported(&[("graph.json", &graph.to_string())], &options());
    assert_eq!(imported.edges_by_kind.get("dcsync"), Some(&1));
    assert_eq!(imported.derived_by_kind.get("dcsync"), None);
    let found = derived(&estate_of(&imported));
    assert_eq!(found, ["U1 dcsync D1".to_owned()].into());
}

/// Reads a sketch, and compares what was derived with the lines that begin with `=>`; `?` stands behind an edge that is
/// not known to exist.
fn check(text: &str) {
    let sketch = Sketch::read(text);
    let expect: BTreeSet<String> = sketch.expect.iter().cloned().collect();
    let files = sketch.collected();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    assert_eq!(derived(&estate(&files)), expect, "as collected: {text}");
    let graph = sketch.graph();
    let found = derived(&estate(&[("graph.json", &graph)]));
    assert_eq!(found, expect, "as a graph: {text}");
}

fn derived(estate: &Estate) -> BTreeSet<String> {
    let ours = estate.edges().iter();
    let ours = ours.filter(|edge| DERIVED.contains(&edge.kind.as_str()));
    let told = ours.map(|edge| {
        let [from, to] =
            [edge.from, edge.to].map(|end| sketch::short(estate.node(end).id.as_str()));
        let doubt = if edge.unknown.is_some() { " ?" } else { "" };
        format!("{from} {} {to}{doubt}", edge.kind.as_str())
    });
    told.collect()
}
