//! What an import came to, as people read it.

use std::collections::BTreeSet;

use cordon_estate::{Imported, Note, Undirected};

use super::{Column, Look, Tone, plain, prose::wrap, table};

/// What an import came to: nodes and edges by kind, and what was left out.
pub(crate) fn import(imported: &Imported, look: Look) -> String {
    let nodes: u64 = imported.nodes_by_kind.values().sum();
    let edges: u64 = imported.edges_by_kind.values().sum();
    let head = format!(
        "{nodes} nodes, {edges} edges, {} services, {} steps",
        imported.services(),
        imported.steps()
    );
    let mut text = format!("{}\n\n", look.paint(Tone::Heading, &head));
    let columns = [Column::Whole("node kind"), Column::Number("number")];
    let rows = imported.nodes_by_kind.iter();
    text.push_str(&table(
        &columns,
        rows.map(|(kind, n)| [kind.clone(), n.to_string()]),
        look,
    ));
    let columns = [
        Column::Whole("edge kind"),
        Column::Number("number"),
        Column::Number("derived"),
        Column::Number("unknown"),
    ];
    let kinds: BTreeSet<&String> = imported.edges_by_kind.keys().collect();
    let rows = kinds.into_iter().map(|kind| {
        let of = |counts: &cordon_estate::Kinds| {
            counts.get(kind).map(u64::to_string).unwrap_or_default()
        };
        [
            kind.clone(),
            of(&imported.edges_by_kind),
            of(&imported.derived_by_kind),
            of(&imported.unknown_by_kind),
        ]
    });
    text.push('\n');
    text.push_str(&table(&columns, rows, look));
    for ((code, what), note) in &imported.notes {
        let example = if !note.places.is_empty() {
            ":".to_owned()
        } else if note.example.is_empty() {
            String::new()
        } else {
            format!(", such as {}", note.example)
        };
        let told = plain(&format!("note [{code}]: {} {what}{example}", note.count));
        text.push_str(&wrap(&told, look.width));
        places(&mut text, note, look);
    }
    text
}

/// Places told of one kind of thing that could not be read; all that were kept are in the JSON.
const PLACES_TOLD_MAX: usize = 20;

fn places(text: &mut String, note: &Note, look: Look) {
    for place in note.places.iter().take(PLACES_TOLD_MAX) {
        text.push_str(&wrap(&plain(&format!("- {place}")), look.width));
    }
    let told = note.places.len().min(PLACES_TOLD_MAX);
    let more = note.count - u64::try_from(told).unwrap_or(u64::MAX).min(note.count);
    if more > 0 && told > 0 {
        text.push_str(&wrap(
            &format!("- and {more} more, which `--out FILE --format json` lists"),
            look.width,
        ));
    }
}

/// Pairs of a configuration database, read both ways.
pub(crate) fn pairs(undirected: &Undirected, look: Look) -> String {
    let head = format!(
        "{} pairs, and no word about which side needs the other. Of these:",
        undirected.count
    );
    let mut text = wrap(&head, look.width);
    let columns = [
        Column::Text("relation"),
        Column::Text("parent-needs-child"),
        Column::Text("child-needs-parent"),
    ];
    let rows = undirected.examples.iter().map(|pair| {
        [
            pair.relation.clone(),
            format!("{} stops if {} does", pair.parent, pair.child),
            format!("{} stops if {} does", pair.child, pair.parent),
        ]
    });
    text.push_str(&table(&columns, rows, look));
    let say = "Which column is true? Say it with `--needs parent-needs-child` or `--needs child-needs-parent`; where types \
               differ, for one with `--needs 'TYPE=parent-needs-child'`, and `neither` where nothing stops.";
    text.push_str(&wrap(say, look.width));
    text
}
