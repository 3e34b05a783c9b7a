//! `cordon estate show`: the graph looked at.

use std::collections::BTreeMap;

use cordon_model::{Edge, Estate, NodeIx, Step};
use cordon_report::{json::v1::Number, money};
use serde_json::{Value, json};

use super::check::counts;
use crate::{
    Failure,
    console::Console,
    estate::estate,
    failure::Problems,
    render,
    typed::{self, Format},
};

/// Prints an estate by kind, or one node of it, or its steps.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::ShowEstate, console: &mut Console) -> Result<(), Failure> {
    let estate = estate(&asked.files.all(), console)?;
    let node = asked.node.as_deref().map(|name| named(&estate, name));
    let node = node.transpose()?;
    let json = match node {
        _ if asked.steps => json!({"steps": steps(&estate)}),
        Some(node) => one(&estate, node),
        None => summary(&estate),
    };
    match console.format {
        Format::Json | Format::Jsonl => console.json_text(&format!("{json:#}\n")),
        Format::Table if asked.steps => console.result(&render::steps_of(&estate, console.look)),
        Format::Table => console.result(&match node {
            Some(node) => render::node(&estate, node, console.look),
            None => render::estate(&estate, console.look),
        }),
    }
}

fn named(estate: &Estate, name: &str) -> Result<NodeIx, Failure> {
    estate.resolve(name).ok_or_else(|| {
        let message = format!("no node has the id `{name}`, and no single one the alias");
        let help =
            "name it as the estate does; `cordon estate show` without `--node` lists the kinds";
        Failure::Input(Problems::of_arguments("--node", &message, help))
    })
}

fn summary(estate: &Estate) -> Value {
    json!({
        "format": "cordon/estate-summary/v1",
        "estate": estate.name(),
        "currency": estate.currency(),
        "counts": counts(estate),
        "nodes_by_kind": by_kind(estate.nodes().iter().map(|node| node.kind.as_str())),
        "edges_by_kind": by_kind(estate.edges().iter().map(|edge| edge.kind.as_str())),
        "steps_by_kind": by_kind(estate.steps().iter().map(|step| step.kind.as_str())),
    })
}

/// How many there are of each kind.
pub(crate) fn by_kind<'k>(kinds: impl Iterator<Item = &'k str>) -> BTreeMap<&'k str, usize> {
    let mut counts = BTreeMap::new();
    kinds.for_each(|kind| *counts.entry(kind).or_default() += 1);
    counts
}

fn one(estate: &Estate, ix: NodeIx) -> Value {
    let node = estate.node(ix);
    let edges = |edges: &[_], far: fn(&Edge) -> NodeIx| -> Vec<Value> {
        let edge = |edge: &Edge| {
            json!({
                "node": estate.node(far(edge)).id.as_str(),
                "kind": edge.kind.as_str(),
                "minutes": edge.minutes.as_ref().map(Number::minutes),
                "likelihood": Number::likelihood(&edge.likelihood),
                "unknown": edge.unknown,
            })
        };
        edges.iter().map(|e| edge(estate.edge(*e))).collect()
    };
    json!({
        "id": node.id.as_str(),
        "kind": node.kind.as_str(),
        "name": node.name,
        "aliases": node.aliases,
        "loss": node.jewel.as_ref().map(|jewel| Number::money(&jewel.loss)),
        "in": edges(estate.in_edges(ix), |edge| edge.from),
        "out": edges(estate.out_edges(ix), |edge| edge.to),
    })
}

fn steps(estate: &Estate) -> Vec<Value> {
    let ids = |nodes: &[NodeIx]| -> Vec<String> {
        let ids = nodes.iter().map(|node| estate.node(*node).id.to_string());
        ids.collect()
    };
    let step = |step: &Step| {
        let edges = step.removes_edges.iter().map(|edge| {
            json!({
                "from": estate.node(edge.from).id.as_str(),
                "to": estate.node(edge.to).id.as_str(),
                "kind": edge.kind.as_ref().map(cordon_model::EdgeKind::as_str),
            })
        });
        json!({
            "id": step.id.as_str(),
            "kind": step.kind.as_str(),
            "cost": Number::money(&step.cost),
            "cost_shown": money(&step.cost, estate.currency()),
            "minutes": step.minutes.as_ref().map(Number::minutes),
            "removes": {"nodes": ids(&step.removes_nodes), "edges": edges.collect::<Vec<_>>()},
            "takes_down": ids(&step.takes_down),
            "undo": step.undo.as_deref(),
            "check": step.check.as_deref(),
            "irreversible": step.irreversible,
        })
    };
    estate.steps().iter().map(step).collect()
}
