//! Inventories of other tools to estates.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be built should stop"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "pages are files of this repository, and recordings files beside it"
)]

mod azure;
mod azure_expected;
mod azure_ways;
mod back;
mod directory;
mod expected;
mod graphs;
mod missing;
mod needs;
mod own;
mod plain;
mod relayed;
mod rights;
mod rules;
#[path = "../shipped/mod.rs"]
mod shipped;
mod small;
mod tables;
mod unreadable;
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use cordon_estate::{Direction, Import, Imported, Options, Read, Reading, Unknown};
use cordon_model::Estate;

use shipped::pages;

fn options() -> Options {
    Options {
        name: None,
        currency: None,
        direction: Some(Direction::ParentNeedsChild),
        by_relation: BTreeMap::new(),
        unknown: Unknown::Mark,
    }
}

fn imported(texts: &[(&str, &str)], options: &Options) -> Imported {
    let pages = pages();
    let mut import = Import::new(pages);
    for (name, text) in texts {
        let read = import.read(name, text.as_bytes());
        read.unwrap_or_else(|why| panic!("{name}: {why}: {:?}", std::error::Error::source(&why)));
    }
    import
        .finish(options)
        .unwrap_or_else(|why| panic!("{why:?}"))
}

/// The estate as our own reader reads it.
fn estate_of(imported: &Imported) -> Estate {
    let pages = pages();
    let mut text = Vec::new();
    imported.write(&mut text).unwrap();
    let mut reading = Reading::new(pages);
    reading.lines("imported", text.as_slice()).unwrap();
    let Read { estate, .. } = reading
        .finish()
        .unwrap_or_else(|report| panic!("{report:#?}"));
    estate
}

fn estate(texts: &[(&str, &str)]) -> Estate {
    estate_of(&imported(texts, &options()))
}

/// Edges of a kind, by ids, with the reason why one is not known.
fn edges(estate: &Estate, kind: &str) -> BTreeSet<(String, String, Option<String>)> {
    let ours = estate
        .edges()
        .iter()
        .filter(|edge| edge.kind.as_str() == kind);
    let id = |node| estate.node(node).id.to_string();
    ours.map(|edge| (id(edge.from), id(edge.to), edge.unknown.clone()))
        .collect()
}

/// The same without reasons, none of which there may be.
fn known(estate: &Estate, kind: &str) -> BTreeSet<(String, String)> {
    let edges = edges(estate, kind).into_iter();
    edges
        .map(|(from, to, why)| {
            assert_eq!(why, None, "{kind}: {from} -> {to}");
            (from, to)
        })
        .collect()
}
