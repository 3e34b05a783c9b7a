//! Which steps were made from an estate, as people read it.

use std::collections::BTreeMap;

use cordon_estate::{Made, Pages};
use cordon_model::{Estate, Step};
use cordon_report::money;

use super::{Column, Look, Tone, counted, plain, prose::wrap, table};

/// Steps by kind with what they remove and cost, what was not made, and what no step closes.
pub(crate) fn made(made: &Made, (estate, pages): (&Estate, &Pages), look: Look) -> String {
    let (own, new) = (estate.steps().len(), made.steps.len());
    let head = format!("{new} steps made, beside {own} that are written");
    let mut text = format!("{}\n\n", look.paint(Tone::Heading, &head));
    text.push_str(&kinds(made, estate, look));
    for (left, note) in &made.left_out {
        let of = match left.kind.as_str() {
            "" => String::new(),
            kind => format!("{kind}: "),
        };
        let told = format!(
            "note [{}]: {of}{} times, {}, such as {}",
            left.code, note.count, left.why, note.example
        );
        text.push_str(&wrap(&plain(&told), look.width));
    }
    if !made.unclosed.is_empty() {
        let kinds = made.unclosed.iter();
        let kinds: Vec<String> = kinds.map(|(kind, n)| format!("{n} {kind}")).collect();
        let told = format!(
            "ways on to jewels that no step closes by themselves: {}",
            kinds.join(", ")
        );
        text.push_str(&wrap(&plain(&told), look.width));
    }
    let by_hand = pages.steps().filter(|page| page.by_hand.is_some());
    let by_hand: Vec<&str> = by_hand.map(|page| page.kind.as_str()).collect();
    let told = format!("written by hand, if at all: {}", by_hand.join(", "));
    text.push_str(&wrap(&told, look.width));
    text
}

/// Steps by kind: how many, how many edges and nodes the widest removes, and what they cost.
fn kinds(made: &Made, estate: &Estate, look: Look) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in &made.steps {
        kinds.entry(step.kind.as_str()).or_default().push(step);
    }
    let columns = [
        Column::Whole("kind"),
        Column::Number("made"),
        Column::Number("widest cuts"),
        Column::Number("cost each"),
        Column::Text("such as"),
    ];
    let rows = kinds.into_iter().map(|(kind, steps)| {
        let widest = steps.iter().map(|step| cuts(step, estate)).max();
        let costs = || steps.iter().map(|step| &step.cost);
        let cost = match (costs().min(), costs().max()) {
            (Some(least), Some(most)) if least == most => money(least, estate.currency()),
            (Some(least), Some(most)) => {
                format!("{} to {}", money(least, ""), money(most, estate.currency()))
            }
            _ => String::new(),
        };
        let example = steps.first().map(|step| step.id.to_string());
        [
            kind.to_owned(),
            steps.len().to_string(),
            counted(widest.unwrap_or(0), "edge"),
            cost,
            example.unwrap_or_default(),
        ]
    });
    table(&columns, rows, look)
}

/// How many edges a step removes.
fn cuts(step: &Step, estate: &Estate) -> usize {
    let at = |node: &_| estate.in_edges(*node).len() + estate.out_edges(*node).len();
    let whole: usize = step.removes_nodes.iter().map(at).sum();
    whole + step.removes_edges.len()
}
