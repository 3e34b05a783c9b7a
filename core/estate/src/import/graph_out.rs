//! An imported estate as BloodHound reads it, in its generic form.
//!
//! What BloodHound knows already it knows again: accounts and hosts keep the ids of their directory, kinds and
//! names of edges are spelled as it spells them. Everything else is ours. Read back, the graph is the one that was
//! written, with what is not known. Absent on purpose: services and steps, which have no place in that form.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    inventory::{Inventory, Ix},
    opengraph::{OWN_ALIASES, OWN_ID, OWN_JEWEL, OWN_KIND, SAID, UNKNOWN},
    write::Imported,
};

/// Writes nodes and edges, one a line within the document, so that its size does not matter.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(imported: &Imported, out: &mut impl Write) -> io::Result<()> {
    let inventory = &imported.inventory;
    out.write_all(b"{\"metadata\":{\"source_kind\":\"Cordon\"},\"graph\":{\"nodes\":[\n")?;
    for (place, ix) in inventory.written.iter().enumerate() {
        separate(out, place)?;
        serde_json::to_writer(&mut *out, &node(inventory, *ix))?;
    }
    out.write_all(b"\n],\"edges\":[\n")?;
    for (place, edge) in imported.edges.iter().enumerate() {
        separate(out, place)?;
        let end = |ix: Ix| json!({"match_by": "id", "value": opengraph_id(inventory.id(ix))});
        let mut properties = json!({"traversable": true});
        if let (Some(why), Some(map)) =
            (inventory.reason_text(edge.why), properties.as_object_mut())
        {
            map.insert(UNKNOWN.to_owned(), json!(why));
        }
        let said = inventory.said.of((edge.from, edge.to, edge.rel));
        if let (Some(said), Some(map)) = (said, properties.as_object_mut()) {
            map.insert(SAID.to_owned(), json!(said));
        }
        let kind = imported.kind_of(edge);
        let kind = imported
            .names
            .get(kind)
            .cloned()
            .unwrap_or_else(|| word(kind));
        let edge = json!({"kind": kind, "start": end(edge.from), "end": end(edge.to), "properties": properties});
        serde_json::to_writer(&mut *out, &edge)?;
    }
    out.write_all(b"\n]}}\n")
}

fn node(inventory: &Inventory, ix: Ix) -> Value {
    let own = inventory.id(ix);
    let kind = match inventory.kind(ix) {
        "" => "unknown",
        kind => kind,
    };
    let given = inventory.get(ix).map_or(&[][..], |object| object.kinds);
    let telling = given.iter().find(|name| super::kind_word(name) == kind);
    let name = telling.map_or_else(|| node_kind(kind), |name| (*name).to_owned());
    let mut properties = json!({"name": inventory.shown(ix), OWN_ID: own, OWN_KIND: kind});
    if let (Some(object), Some(map)) = (inventory.get(ix), properties.as_object_mut()) {
        if !object.aliases.is_empty() {
            map.insert(OWN_ALIASES.to_owned(), json!(object.aliases));
        }
        if let Some(jewel) = &object.jewel {
            map.insert(OWN_JEWEL.to_owned(), json!(jewel.to_string()));
        }
    }
    json!({"id": opengraph_id(own), "kinds": [name, "Cordon"], "properties": properties})
}

fn separate(out: &mut impl Write, place: usize) -> io::Result<()> {
    if place > 0 {
        out.write_all(b",\n")?;
    }
    Ok(())
}

/// An id as BloodHound's generic form has it: without the colons that it forbids, and no two the same.
pub fn opengraph_id(id: &str) -> String {
    id.replace('~', "~7E").replace(':', "~3A")
}

/// What BloodHound calls a kind of node.
fn node_kind(kind: &str) -> String {
    if let Some(word) = super::sharphound::word_of_kind(kind) {
        return word.to_owned();
    }
    match kind.strip_prefix("az-") {
        Some(rest) => format!("AZ{}", word(rest)),
        None => word(kind),
    }
}

/// A kind as the form wants it: letters, digits and underscores.
pub(super) fn word(kind: &str) -> String {
    let parts = kind.split('-').map(|part| {
        let mut chars = part.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    let word: String = parts.collect();
    word.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}
