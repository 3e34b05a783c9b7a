//! An estate as people look at it: what it leaves open, how much of what is in it, one node of it.

use std::collections::BTreeMap;

use cordon_estate::Finding;
use cordon_model::{Edge, EdgeIx, Estate, NodeIx, Step};

use super::{
    Column, Look, Tone,
    amount::{counted, minutes},
    plain,
    prose::wrap,
    table,
};

/// Most names shown of a step's nodes.
const NAMES_MAX: usize = 3;

/// What an estate leaves open.
pub(crate) fn findings(findings: &[Finding], look: Look) -> String {
    let mut text = String::new();
    for finding in findings {
        let head = format!("open [{}]: {}", finding.code, plain(&finding.message));
        text.push_str(&wrap(&head, look.width));
        for example in &finding.examples {
            text.push_str(&line(example));
        }
        if finding.count > finding.examples.len() && !finding.code.starts_with("unknown") {
            let more = finding.count - finding.examples.len();
            text.push_str(&line(&format!("… and {more} more")));
        }
        text.push_str(&wrap(&format!("  help: {}", finding.help), look.width));
    }
    text
}

fn line(text: &str) -> String {
    format!("  {}\n", plain(text))
}

/// How large an estate is, on one line.
pub(crate) fn estate_line(estate: &Estate) -> String {
    let unknown = estate.edges().iter().filter(|e| e.unknown.is_some());
    format!(
        "{}: {}, {} ({} unknown), {}, {}\n",
        plain(estate.name()),
        counted(estate.nodes().len(), "node"),
        counted(estate.edges().len(), "edge"),
        unknown.count(),
        counted(estate.services().len(), "service"),
        counted(estate.steps().len(), "step"),
    )
}

/// How much of each kind an estate holds.
pub(crate) fn estate(estate: &Estate, look: Look) -> String {
    let mut text = look.paint(Tone::Heading, &estate_line(estate));
    let nodes = estate.nodes().iter();
    let nodes = nodes.map(|n| (n.kind.as_str(), n.jewel.is_some()));
    text.push_str(&kinds("node kind", "jewels", nodes, look));
    let edges = estate.edges().iter();
    let edges = edges.map(|e| (e.kind.as_str(), e.unknown.is_some()));
    text.push_str(&kinds("edge kind", "unknown", edges, look));
    let steps = estate.steps().iter();
    let shared = |s: &Step| s.removes_edges.len() + s.removes_nodes.len() > 1;
    let steps = steps.map(|s| (s.kind.as_str(), shared(s)));
    text.push_str(&kinds("step kind", "shared", steps, look));
    text
}

fn kinds<'k>(
    what: &'static str,
    marked: &'static str,
    all: impl Iterator<Item = (&'k str, bool)>,
    look: Look,
) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, mark) in all {
        let count = counts.entry(kind).or_default();
        count.0 += 1;
        count.1 += usize::from(mark);
    }
    if counts.is_empty() {
        return String::new();
    }
    let columns = [
        Column::Whole(what),
        Column::Number("number"),
        Column::Number(marked),
    ];
    let none_is_blank = |n: usize| if n == 0 { String::new() } else { n.to_string() };
    let rows = counts
        .into_iter()
        .map(|(kind, (all, mark))| [kind.to_owned(), all.to_string(), none_is_blank(mark)]);
    format!("\n{}", table(&columns, rows, look))
}

/// One node with its edges in and out.
pub(crate) fn node(estate: &Estate, ix: NodeIx, look: Look) -> String {
    let node = estate.node(ix);
    let name = node.name.as_deref().unwrap_or_default();
    let head = format!("{} ({}) {name}", node.id, node.kind);
    let mut text = format!("{}\n", look.paint(Tone::Heading, plain(&head).trim_end()));
    for alias in &node.aliases {
        text.push_str(&line(&format!("also {alias}")));
    }
    if let Some(jewel) = &node.jewel {
        let loss = cordon_report::money(&jewel.loss, estate.currency());
        let why = jewel.why.as_deref().unwrap_or("no reason given");
        text.push_str(&line(&format!("jewel: {loss}, {why}")));
    }
    text.push_str(&edges(
        estate,
        "from",
        (estate.in_edges(ix), |e| e.from),
        look,
    ));
    text.push_str(&edges(estate, "to", (estate.out_edges(ix), |e| e.to), look));
    text
}

fn edges(
    estate: &Estate,
    title: &'static str,
    (edges, far): (&[EdgeIx], fn(&Edge) -> NodeIx),
    look: Look,
) -> String {
    if edges.is_empty() {
        return format!("\nno edge {title} anywhere\n");
    }
    let columns = [
        Column::Whole(title),
        Column::Text("kind"),
        Column::Number("minutes"),
        Column::Number("likelihood"),
        Column::Text("not known, because"),
    ];
    let rows = edges.iter().map(|edge| {
        let edge = estate.edge(*edge);
        [
            estate.node(far(edge)).id.to_string(),
            edge.kind.to_string(),
            minutes(edge.minutes.as_ref()),
            edge.likelihood.to_string(),
            edge.unknown.clone().unwrap_or_default(),
        ]
    });
    format!("\n{}", table(&columns, rows, look))
}

/// Every step: what it cuts, what it takes down, what it costs.
pub(crate) fn steps_of(estate: &Estate, look: Look) -> String {
    let columns = [
        Column::Whole("step"),
        Column::Number("cost"),
        Column::Number("minutes"),
        Column::Text("cuts"),
        Column::Text("takes down"),
    ];
    let names = |nodes: &[NodeIx]| {
        let shown = nodes.iter().take(NAMES_MAX);
        let mut text: Vec<String> = shown.map(|n| estate.node(*n).id.to_string()).collect();
        if nodes.len() > NAMES_MAX {
            text.push(format!("{} more", nodes.len() - NAMES_MAX));
        }
        text.join(", ")
    };
    let rows = estate.steps().iter().map(|step| {
        let edges = match step.removes_edges.len() {
            0 => String::new(),
            n => counted(n, "edge"),
        };
        let cuts = [names(&step.removes_nodes), edges];
        let cuts: Vec<String> = cuts.into_iter().filter(|cut| !cut.is_empty()).collect();
        [
            step.id.to_string(),
            cordon_report::money(&step.cost, estate.currency()),
            minutes(step.minutes.as_ref()),
            cuts.join(", "),
            names(&step.takes_down),
        ]
    });
    table(&columns, rows, look)
}
