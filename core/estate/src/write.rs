//! Estates to `cordon/estate/v1`, one thing a line.
//!
//! Invariant: what is written reads as the same estate, numbers exactly. What a page gives to a step is not
//! written again.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use cordon_model::{
    Care, Edge, EdgeIx, EdgeKind, Estate, Exact, Hours, Likelihood, Minutes, Need, Node, NodeIx,
    Probe, Service, Step,
};
use serde_json::{Value, json};

use crate::{Grounds, Pages};

/// Writes the head of an estate.
///
/// # Errors
/// When it cannot be written.
pub fn write_head(estate: &Estate, out: &mut impl Write) -> io::Result<()> {
    let (name, currency) = (estate.name(), estate.currency());
    let head = json!({"cordon": "estate/v1", "name": name, "currency": currency});
    writeln!(out, "{head}")
}

/// Writes an estate with its head, all of its steps included.
///
/// # Errors
/// When it cannot be written.
pub fn write_estate(
    (estate, grounds): (&Estate, &Grounds),
    pages: &Pages,
    out: &mut impl Write,
) -> io::Result<()> {
    write_head(estate, out)?;
    for known in estate.nodes() {
        writeln!(out, "{}", node(known).of("node"))?;
    }
    for (place, known) in (0_u32..).zip(estate.edges()) {
        let on = grounds.get(&EdgeIx(place)).map_or(&[][..], Vec::as_slice);
        writeln!(out, "{}", edge(estate, known, on).of("edge"))?;
    }
    for known in estate.services() {
        writeln!(out, "{}", service(estate, known).of("service"))?;
    }
    write_steps(estate, estate.steps(), pages, out)
}

/// Writes steps of an estate.
///
/// # Errors
/// When they cannot be written.
pub fn write_steps(
    estate: &Estate,
    steps: &[Step],
    pages: &Pages,
    out: &mut impl Write,
) -> io::Result<()> {
    steps
        .iter()
        .try_for_each(|known| writeln!(out, "{}", step(estate, known, pages).of("step")))
}

/// An object being written. Numbers are kept as texts, because JSON in memory would round them.
#[derive(Default)]
struct Object(String);

impl Object {
    fn raw(mut self, key: &str, text: &str) -> Self {
        let comma = if self.0.is_empty() { "" } else { "," };
        let _never_fails = write!(self.0, "{comma}\"{key}\":{text}");
        self
    }

    fn value(self, key: &str, value: &Value) -> Self {
        self.raw(key, &value.to_string())
    }

    fn text(self, key: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.value(key, &json!(text)),
            None => self,
        }
    }

    fn number(self, key: &str, number: Option<&Exact>) -> Self {
        match number {
            Some(number) => self.raw(key, &decimal(number)),
            None => self,
        }
    }

    /// The line that says what it is.
    fn of(self, what: &str) -> String {
        format!("{{\"{what}\":{{{}}}}}", self.0)
    }
}

fn node(node: &Node) -> Object {
    let mut object = Object::default()
        .text("id", Some(node.id.as_str()))
        .text("kind", Some(node.kind.as_str()))
        .text("name", node.name.as_deref());
    if !node.aliases.is_empty() {
        object = object.value("aliases", &json!(node.aliases));
    }
    if let Some(jewel) = &node.jewel {
        let jewel = Object::default()
            .number("loss", Some(jewel.loss.exact()))
            .text("why", jewel.why.as_deref());
        object = object.raw("jewel", &format!("{{{}}}", jewel.0));
    }
    object
}

fn edge(estate: &Estate, edge: &Edge, grounds: &[NodeIx]) -> Object {
    let likelihood = edge.likelihood.exact();
    let sure = *likelihood == *Likelihood::certain().exact();
    let object = Object::default()
        .text("from", Some(estate.node(edge.from).id.as_str()))
        .text("to", Some(estate.node(edge.to).id.as_str()))
        .text("kind", Some(edge.kind.as_str()))
        .number("minutes", edge.minutes.as_ref().map(Minutes::exact))
        .number("likelihood", Some(likelihood).filter(|_| !sure))
        .text("unknown", edge.unknown.as_deref());
    if grounds.is_empty() {
        object
    } else {
        object.value("grounds", &ids(estate, grounds))
    }
}

fn service(estate: &Estate, service: &Service) -> Object {
    let mut object = Object::default()
        .text("id", Some(service.id.as_str()))
        .text("name", service.name.as_deref())
        .value("needs", &need(estate, &service.needs))
        .number("loss_per_hour", stated(service.loss_per_hour.exact()))
        .text("cover", duration(&service.cover).as_deref())
        .text("ramp", duration(&service.ramp).as_deref());
    if service.protected {
        object = object.raw("protected", "true");
    }
    if service.care == Care::Lifeline {
        object = object.text("care", Some("lifeline"));
    }
    let probe = service.probe.as_ref().map(|probe| match probe {
        Probe::Http(url) => json!({"http": url}),
        Probe::Tcp(address) => json!({"tcp": address}),
        Probe::Log(beat) => {
            let (at_least, within) = (beat.at_least, beat.within_seconds);
            let mut map = serde_json::Map::new();
            map.insert("log".to_owned(), json!(beat.log));
            map.extend(
                beat.holds
                    .as_ref()
                    .map(|holds| ("holds".to_owned(), json!(holds))),
            );
            map.insert("at_least".to_owned(), json!(at_least));
            map.insert("within_seconds".to_owned(), json!(within));
            Value::Object(map)
        }
    });
    match probe {
        Some(probe) => object.value("probe", &probe),
        None => object,
    }
}

fn need(estate: &Estate, needs: &Need) -> Value {
    let all = |needs: &[Need]| -> Vec<Value> { needs.iter().map(|n| need(estate, n)).collect() };
    match needs {
        Need::Node(node) => json!(estate.node(*node).id.as_str()),
        Need::Service(service) => json!(estate.service(*service).id.as_str()),
        Need::All(needs) => json!({"all": all(needs)}),
        Need::Any(needs) => json!({"any": all(needs)}),
        Need::AtLeast { k, of } => json!({"at_least": k, "of": all(of)}),
    }
}

fn step(estate: &Estate, step: &Step, pages: &Pages) -> Object {
    let page = pages.step(step.kind.as_str());
    let edges = step.removes_edges.iter().map(|edge| {
        Object::default()
            .text("from", Some(estate.node(edge.from).id.as_str()))
            .text("to", Some(estate.node(edge.to).id.as_str()))
            .text("kind", edge.kind.as_ref().map(EdgeKind::as_str))
    });
    let edges: Vec<String> = edges.map(|edge| format!("{{{}}}", edge.0)).collect();
    let mut removes = Object::default();
    if !step.removes_nodes.is_empty() {
        removes = removes.value("nodes", &ids(estate, &step.removes_nodes));
    }
    if !edges.is_empty() {
        removes = removes.raw("edges", &format!("[{}]", edges.join(",")));
    }
    let mut object = Object::default()
        .text("id", Some(step.id.as_str()))
        .text("kind", Some(step.kind.as_str()))
        .raw("removes", &format!("{{{}}}", removes.0));
    if !step.takes_down.is_empty() {
        object = object.value("takes_down", &ids(estate, &step.takes_down));
    }
    let own = |own: Option<&str>, pages: Option<&str>| {
        own.filter(|own| pages != Some(*own)).map(str::to_owned)
    };
    let undo = own(step.undo.as_deref(), page.and_then(|p| p.undo.as_deref()));
    let check = own(step.check.as_deref(), page.map(|p| p.check.as_str()));
    object = object
        .number("cost", Some(step.cost.exact()))
        .number("minutes", step.minutes.as_ref().map(Minutes::exact))
        .text("undo", undo.as_deref())
        .text("check", check.as_deref());
    if step.irreversible || page.is_some_and(|page| page.irreversible) {
        object = object.raw(
            "irreversible",
            if step.irreversible { "true" } else { "false" },
        );
    }
    let action = step.action.as_deref();
    match action.filter(|own| page.and_then(|page| page.action.as_ref()) != Some(own)) {
        Some(action) => object.value("do", action),
        None => object,
    }
}

fn ids(estate: &Estate, nodes: &[NodeIx]) -> Value {
    let ids = nodes.iter().map(|node| estate.node(*node).id.as_str());
    ids.collect()
}

/// A number that is not what is left out.
fn stated(number: &Exact) -> Option<&Exact> {
    (*number != Exact::default()).then_some(number)
}

/// A duration exactly, in minutes: a third of an hour is no decimal.
fn duration(hours: &Hours) -> Option<String> {
    let minutes = hours.exact() * Exact::from_integer(60.into());
    stated(&minutes).map(|minutes| format!("{}m", decimal(minutes)))
}

/// A number exactly as a decimal. Every quantity was read from one, a duration from one of minutes.
fn decimal(value: &Exact) -> String {
    let ten = Exact::from_integer(10.into());
    let (mut scaled, mut places) = (value.clone(), 0);
    while !scaled.is_integer() && places < PLACES_MAX {
        scaled *= &ten;
        places += 1;
    }
    let digits = scaled.to_integer().to_string();
    let padded = format!("{digits:0>width$}", width = places + 1);
    if padded.len() > DIGITS_MAX {
        let plain = digits.trim_end_matches('0');
        let zeros = digits.len() - plain.len();
        let by = if places > zeros { "-" } else { "" };
        return format!("{plain}e{by}{}", places.abs_diff(zeros));
    }
    match padded.split_at(padded.len() - places) {
        (whole, "") => whole.to_owned(),
        (whole, fraction) => format!("{whole}.{fraction}"),
    }
}

/// More decimal places than any quantity that can be read has, by its digits and its exponent.
const PLACES_MAX: usize = 100;

/// Most digits that are read without an exponent.
const DIGITS_MAX: usize = 40;
