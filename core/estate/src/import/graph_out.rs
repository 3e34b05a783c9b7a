//! An imported estate as BloodHound reads it, in its generic form.
//!
//! What BloodHound knows already it knows again: accounts and hosts keep the ids of their directory, kinds and
//! names of edges are spelled as it spells them, or as the collector does that found them. Everything else is ours. Read
//! back, the graph is the one that was written, with what is not known: nothing is derived from it again. Absent on purpose: services and steps, which have no place in that form.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    choose::Edge,
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
        let kind = imported.kind_of(edge);
        let mut properties = json!({"traversable": true, OWN_KIND: kind});
        if let (Some(why), Some(map)) =
            (inventory.reason_text(edge.why), properties.as_object_mut())
        {
            map.insert(UNKNOWN.to_owned(), json!(why));
        }
        let said = inventory.said.of((edge.from, edge.to, edge.rel));
        if let (Some(said), Some(map)) = (said, properties.as_object_mut()) {
            map.insert(SAID.to_owned(), json!(said));
        }
        let kind = edge_kind(imported, edge);
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

/// What BloodHound calls a kind of edge; else what its source calls it, so that one who holds the source's graph
/// already has each edge once.
fn edge_kind(imported: &Imported, edge: &Edge) -> String {
    let kind = imported.kind_of(edge);
    if let Some(name) = imported.names.get(kind) {
        return name.clone();
    }
    let source = imported.inventory.rel_name(edge.rel);
    let fits = source.chars().all(is_plain) && super::kind_word(source) == kind;
    if fits && source.starts_with(|c: char| c.is_ascii_uppercase()) {
        return source.to_owned();
    }
    word(kind)
}

/// What BloodHound calls a kind of node.
fn node_kind(kind: &str) -> String {
    super::sharphound::word_of_kind(kind).map_or_else(|| word(kind), str::to_owned)
}

/// What collectors put before their kinds, as we write it and as they do.
const PREFIXES: [(&str, &str); 3] = [("az-", "AZ"), ("gh-", "GH_"), ("mssql-", "MSSQL_")];

/// A kind as the form wants it: letters, digits and underscores. Any other letter becomes its number.
fn word(kind: &str) -> String {
    let prefixed =
        |(ours, theirs): &(&'static str, &'static str)| Some((*theirs, kind.strip_prefix(ours)?));
    let (prefix, rest) = PREFIXES.iter().find_map(prefixed).unwrap_or(("", kind));
    let mut word = prefix.to_owned();
    for part in rest.split('-') {
        let mut chars = part.chars();
        word.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        word.extend(chars);
    }
    let plain = |c: char| {
        if is_plain(c) {
            c.to_string()
        } else {
            format!("_{:X}_", u32::from(c))
        }
    };
    word.chars().map(plain).collect()
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{super::kind_word, node_kind, word};

    #[test]
    fn a_kind_is_written_as_the_form_wants_it_and_read_as_the_same() {
        let cases = [
            ("gh-can-write-branch", "GH_CanWriteBranch"),
            ("mssql-member-of", "MSSQL_MemberOf"),
            ("az-vm-contributor", "AZVmContributor"),
            ("network-route", "NetworkRoute"),
            ("über-kind", "_FC_berKind"),
        ];
        for (kind, written) in cases {
            assert_eq!(word(kind), written);
            assert_eq!(node_kind(kind), written);
            if kind.is_ascii() {
                assert_eq!(kind_word(written), kind);
            }
        }
    }
}
