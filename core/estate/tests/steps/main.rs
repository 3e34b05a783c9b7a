//! Steps made from estates: what is made, what is not and why, and that it reads back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test whose world cannot be built should stop"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "pages are files of this repository"
)]

mod grounds;
mod laws;
mod left_out;
mod prices;
#[path = "../shipped/mod.rs"]
mod shipped;
mod switches;

use std::fmt::Write as _;

use cordon_estate::{Asked, Made, Pages, Prices, Read, Useless, make, read};
use cordon_model::{Estate, NodeIx, Step};
use cordon_text::Source;

const HEAD: &str = "cordon: estate/v1\nname: Northgate\ncurrency: GBP\n";

/// An estate sketched by its edges, `a:kind -edge-> b:kind` a line; `!` before a node makes it a jewel.
/// The kind of a node is said where it is named first. Lines of YAML follow after one with `---`.
fn sketch(text: &str) -> Read {
    let (edges, rest) = text.split_once("---\n").unwrap_or((text, ""));
    let (mut nodes, mut list) = (Vec::<(String, String)>::new(), String::new());
    let mut node = |word: &str| {
        let (jewel, word) = match word.strip_prefix('!') {
            Some(word) => (", jewel: {loss: 1000}", word),
            None => ("", word),
        };
        let (id, kind) = word.split_once(':').unwrap_or((word, ""));
        let id = id.to_owned();
        if !nodes.iter().any(|(known, _)| *known == id) {
            nodes.push((id.clone(), format!("kind: {kind}{jewel}")));
        }
        id
    };
    for line in edges.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [from, edge, to] = words.as_slice() else {
            panic!("three words: {line}");
        };
        let kind = edge.trim_start_matches('-').trim_end_matches("->");
        let (from, to) = (node(from), node(to));
        writeln!(list, "  - {{from: {from}, to: {to}, kind: {kind}}}").unwrap();
    }
    let nodes = nodes
        .iter()
        .map(|(id, rest)| format!("  - {{id: {id}, {rest}}}\n"));
    let nodes: String = nodes.collect();
    let text = format!("{HEAD}nodes:\n{nodes}edges:\n{list}{rest}");
    let read = read(&[Source::new("e.yaml", text.as_str())], shipped::pages());
    read.unwrap_or_else(|report| panic!("{text}\n{report:#?}"))
}

fn asked() -> Asked {
    Asked {
        kinds: None,
        prices: Prices::default(),
        useless: Useless::LeaveOut,
        steps_max: 1_000,
    }
}

fn made(read: &Read) -> Made {
    made_as(read, asked())
}

fn made_as(read: &Read, asked: Asked) -> Made {
    make((&read.estate, &read.grounds), shipped::pages(), asked)
}

/// A step in one line: what it removes, takes down and costs.
fn told(step: &Step, estate: &Estate) -> String {
    let ids = |nodes: &[NodeIx]| -> Vec<String> {
        nodes
            .iter()
            .map(|n| estate.node(*n).id.to_string())
            .collect()
    };
    let edges = step.removes_edges.iter().map(|edge| {
        let kind = edge.kind.as_ref().map_or("*", |kind| kind.as_str());
        format!(
            "{} {kind} {}",
            estate.node(edge.from).id,
            estate.node(edge.to).id
        )
    });
    let removes: Vec<String> = ids(&step.removes_nodes).into_iter().chain(edges).collect();
    let down = ids(&step.takes_down).join(", ");
    format!(
        "{} | {} | {down} | {}",
        step.id,
        removes.join(", "),
        step.cost
    )
}

/// All steps that are made, one a line.
fn lines(read: &Read) -> Vec<String> {
    let made = made(read);
    made.steps
        .iter()
        .map(|step| told(step, &read.estate))
        .collect()
}

/// What was left out: kind, code and number.
fn left_out(made: &Made) -> Vec<String> {
    let told = made.left_out.iter();
    told.map(|(left, note)| format!("{} {} {}", left.kind, left.code, note.count))
        .collect()
}

/// The same for pages of one's own.
fn page(kind: &str, made: &str) -> Pages {
    let text = format!(
        "kind: {kind}\ntitle: t\ncuts: c\ntakes_down: d\nundo: u\ncheck: k\nd3fend: [D3-AL]\n\
         references: [r]\nminutes: 7\nmade:\n{made}"
    );
    let source = Source::new(format!("content/steps/{kind}.yml"), text);
    let (pages, report) = Pages::parse(&[source], &[]);
    assert_eq!(report.diagnostics, []);
    pages
}
