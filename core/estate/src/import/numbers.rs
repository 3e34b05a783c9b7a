//! What nodes of graphs go by: the id that a document gives them, and the one of their source beside it.
//!
//! Graphs that were cut out of BloodHound number their nodes, each from 1, and keep the id of the directory as a
//! property. An end of an edge is found in its own document first, wherever the nodes stand there. What no node of the
//! document claims is found among all documents once everything was read, and among two nothing is chosen.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{
    inventory::{Inventory, Ix},
    named::{Name, Named, Told},
};

/// Ids of documents, and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Those of the document being read.
    own: Claims,
    /// Nodes of it that have no other id.
    plain: BTreeSet<Ix>,
    /// Edges of it with an end that no node had claimed yet.
    waiting: Named,
    /// Those of all documents.
    all: Claims,
}

/// Ids in capitals, each with what it stands for; nothing if that is two things.
#[derive(Debug, Default)]
struct Claims(BTreeMap<String, Option<String>>);

impl Claims {
    /// Adds what one says; nothing if it says two things itself.
    fn add(&mut self, number: String, id: Option<String>) {
        match self.0.entry(number) {
            Entry::Vacant(free) => drop(free.insert(id)),
            Entry::Occupied(mut known) => {
                let one = known.get().as_deref().map(str::to_uppercase);
                if one.is_none() || one != id.map(|id| id.to_uppercase()) {
                    known.insert(None);
                }
            }
        }
    }
}

/// Says that a node of this document stands for what has another id.
pub(super) fn stands_for(inventory: &mut Inventory, number: &str, id: &str) {
    let claims = &mut inventory.graph.own;
    claims.add(number.to_uppercase(), Some(id.to_owned()));
}

/// Says that a node of this document has no other id.
pub(super) fn stands_for_itself(inventory: &mut Inventory, ix: Ix) {
    inventory.graph.plain.insert(ix);
}

/// Relates two ends, now if their document says already what both are.
pub(super) fn relate(inventory: &mut Inventory, ends: [Name<'_>; 2], told: &Told<'_>) {
    let [from, to] = ends.map(|end| within(inventory, end));
    let open = |name: &Name<'_>| matches!(name, Name::Number(_));
    let said = inventory.said_of(told);
    if open(&from) || open(&to) {
        inventory.graph.waiting.add((&from, &to), told, said);
    } else {
        put(inventory, (&from, &to), told, said);
    }
}

/// Ends a document: what no node of it claims is left for all of them.
pub(super) fn close(inventory: &mut Inventory) {
    let (edges, words) = std::mem::take(&mut inventory.graph.waiting).into_parts();
    for edge in edges {
        let ends = (words.name(edge.from), words.name(edge.to));
        if let (Some(from), Some(to)) = ends {
            let [from, to] = [from, to].map(|end| within(inventory, end));
            let told = words.told(&edge);
            put(inventory, (&from, &to), &told, edge.said);
        }
    }
    let graph = &mut inventory.graph;
    graph.plain.clear();
    for (number, id) in std::mem::take(&mut graph.own.0) {
        graph.all.add(number, id);
    }
}

/// What an end is by its own document.
fn within<'t>(inventory: &Inventory, end: Name<'t>) -> Name<'t> {
    let Name::Number(number) = &end else {
        return end;
    };
    let graph = &inventory.graph;
    let itself = inventory.find(number);
    let itself = itself.is_some_and(|ix| graph.plain.contains(&ix));
    match graph.own.0.get(&number.to_uppercase()) {
        Some(Some(id)) if !itself => Name::Id(id.clone().into()),
        None if itself => Name::Id(number.clone()),
        Some(_) | None => end,
    }
}

/// The object that an end is by all documents; none if it may be two.
pub(super) fn among_all(inventory: &mut Inventory, number: &str) -> Option<Ix> {
    let itself = inventory.find(number);
    let itself = itself.filter(|ix| inventory.is_described(*ix));
    match inventory.graph.all.0.get(&number.to_uppercase()).cloned() {
        Some(id) => id
            .filter(|_| itself.is_none())
            .map(|id| inventory.object(&id)),
        None => Some(inventory.object(number)),
    }
}

fn put(inventory: &mut Inventory, (from, to): (&Name<'_>, &Name<'_>), told: &Told<'_>, said: u32) {
    if let (Name::Id(from), Name::Id(to), 0) = (from, to, said) {
        let ends = (inventory.object(from), inventory.object(to));
        inventory.relate(ends, told.name, (told.walked, told.why));
        return;
    }
    for name in [from, to] {
        if let Name::Id(id) = name {
            inventory.object(id);
        }
    }
    inventory.wanted.add((from, to), told, said);
}
