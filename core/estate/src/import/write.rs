//! The estate that inventories came to, one thing a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use crate::{EdgePage, Pages};

use super::{
    Note, Options, SILENT, Unknown, graph_out,
    inventory::{Inventory, Ix, Rel},
    kind_word, letters, merge, needs,
};

/// How many there are of each kind.
pub type Kinds = BTreeMap<String, u64>;

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    head: (String, String),
    inventory: Inventory,
    edges: Vec<Edge>,
    services: Vec<Value>,
    steps: Vec<Value>,
    /// Nodes by kind.
    pub nodes_by_kind: Kinds,
    /// Edges by kind.
    pub edges_by_kind: Kinds,
    /// Of those, the ones that rules derived.
    pub derived_by_kind: Kinds,
    /// Of all edges, the ones that are not known to exist, by kind.
    pub unknown_by_kind: Kinds,
    /// Relations that lead nobody on by themselves, by the name that their source gives them.
    pub silent: Kinds,
    /// What was left out or is doubtful: a code, what it is, how often and one example.
    pub notes: BTreeMap<(&'static str, String), Note>,
}

/// One edge that is written.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) from: Ix,
    pub(super) to: Ix,
    pub(super) kind: &'static str,
    pub(super) rel: Rel,
    why: u32,
}

/// An edge as others see it.
pub(super) struct Written<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) kind: &'a str,
    pub(super) why: Option<&'a str>,
}

/// What a relation is to an intruder.
enum Meaning<'p> {
    Walked(String, Option<&'p EdgePage>),
    Silent,
    Unclear(String),
}

impl Imported {
    pub(super) fn new(
        inventory: Inventory,
        (services, read): (Vec<needs::Service>, usize),
        pages: &Pages,
        options: &Options,
    ) -> Self {
        let own = inventory.head.clone().unwrap_or_default();
        let given = |given: &Option<String>, own: String, usual: &str| match given {
            Some(given) => given.clone(),
            None if own.is_empty() => usual.to_owned(),
            None => own,
        };
        let mut imported = Self {
            head: (
                given(&options.name, own.0, "Imported estate"),
                given(&options.currency, own.1, "GBP"),
            ),
            edges: Vec::new(),
            services: Vec::new(),
            steps: Vec::new(),
            nodes_by_kind: Kinds::new(),
            edges_by_kind: Kinds::new(),
            derived_by_kind: Kinds::new(),
            unknown_by_kind: Kinds::new(),
            silent: Kinds::new(),
            notes: BTreeMap::new(),
            inventory,
        };
        imported.choose(pages, options, read);
        imported.count_nodes();
        imported.refer(services);
        imported.notes = std::mem::take(&mut imported.inventory.notes);
        imported
    }

    /// Chooses which relations are edges.
    fn choose(&mut self, pages: &Pages, options: &Options, read: usize) {
        let rels = 0..Rel::try_from(self.inventory.rels()).unwrap_or(Rel::MAX);
        let by_letters: BTreeMap<String, &EdgePage> = pages
            .edges()
            .map(|page| (letters(page.kind.as_str()), page))
            .collect();
        let meanings: Vec<Meaning<'_>> = rels
            .map(|rel| self.meaning(rel, pages, &by_letters))
            .collect();
        let mut known: BTreeMap<(Ix, Ix, &'static str), usize> = BTreeMap::new();
        for place in 0..self.inventory.links.len() {
            let Some(link) = self.inventory.links.get(place).copied() else {
                continue;
            };
            let (kind, unclear) = match meanings.get(usize::from(link.rel)) {
                Some(Meaning::Walked(kind, _)) => (kind, None),
                Some(Meaning::Unclear(kind)) => (kind, Some(())),
                Some(Meaning::Silent) | None => {
                    let name = self.inventory.rel_name(link.rel).trim_start_matches(SILENT);
                    *self.silent.entry(name.to_owned()).or_default() += 1;
                    continue;
                }
            };
            let kind = self.inventory.word(kind);
            let mut why = link.why;
            if unclear.is_some() && why == 0 {
                let name = self.inventory.rel_name(link.rel);
                let reason = format!("no page says whether `{name}` leads an intruder on");
                why = self.inventory.reason(&reason);
            }
            if link.from == link.to {
                continue;
            }
            if let Some(first) = known.get(&(link.from, link.to, kind)) {
                if let Some(edge) = self.edges.get_mut(*first).filter(|_| why == 0) {
                    edge.why = 0;
                }
                continue;
            }
            known.insert((link.from, link.to, kind), self.edges.len());
            let (from, to, rel) = (link.from, link.to, link.rel);
            self.edges.push(Edge {
                from,
                to,
                kind,
                rel,
                why,
            });
            if place >= read {
                *self.derived_by_kind.entry(kind.to_owned()).or_default() += 1;
            }
        }
        self.leave_out(options.unknown);
        for meaning in meanings {
            if let Meaning::Walked(kind, Some(page)) = meaning {
                self.inventory
                    .usual
                    .insert(kind, (page.minutes.clone(), page.chance.clone()));
            }
        }
    }

    /// Leaves out what is not known, if asked to, and counts the rest.
    fn leave_out(&mut self, unknown: Unknown) {
        let doubtful = self.edges.iter().filter(|edge| edge.why > 0).count();
        if unknown == Unknown::LeaveOut && doubtful > 0 {
            let what = "edges that are not known to exist and were left out as asked";
            let many = u64::try_from(doubtful).unwrap_or(u64::MAX);
            self.inventory
                .note_many("unknown-left-out", what, (many, ""));
            self.edges.retain(|edge| edge.why == 0);
        }
        for edge in &self.edges {
            *self.edges_by_kind.entry(edge.kind.to_owned()).or_default() += 1;
            if edge.why > 0 {
                *self
                    .unknown_by_kind
                    .entry(edge.kind.to_owned())
                    .or_default() += 1;
            }
        }
    }

    fn meaning<'p>(
        &self,
        rel: Rel,
        pages: &'p Pages,
        by_letters: &BTreeMap<String, &'p EdgePage>,
    ) -> Meaning<'p> {
        let name = self.inventory.rel_name(rel);
        let page = by_letters.get(&letters(name)).copied();
        let walked = self.inventory.walked.contains(name);
        match page {
            _ if name.starts_with(SILENT) => Meaning::Silent,
            Some(page) => Meaning::Walked(page.kind.to_string(), Some(page)),
            None if walked => Meaning::Walked(kind_word(name), None),
            None if pages.is_silent(name) => Meaning::Silent,
            None => Meaning::Unclear(kind_word(name)),
        }
    }

    fn count_nodes(&mut self) {
        let mut used: BTreeSet<Ix> = BTreeSet::new();
        used.extend(self.edges.iter().flat_map(|edge| [edge.from, edge.to]));
        for ix in self.inventory.indices() {
            let gone = self.inventory.united.contains_key(&ix);
            let described = self
                .inventory
                .get(ix)
                .is_some_and(|object| object.described);
            if gone || !described && !used.contains(&ix) {
                continue;
            }
            if !described {
                let what = "objects that inventories speak of and none describes";
                let id = self.inventory.id(ix).to_owned();
                self.inventory.note("not-described", what, &id);
            }
            let kind = self.inventory.kind(ix);
            let kind = if kind.is_empty() { "unknown" } else { kind };
            *self.nodes_by_kind.entry(kind.to_owned()).or_default() += 1;
            self.inventory.written.push(ix);
        }
    }

    /// Puts ids where services and steps use names.
    fn refer(&mut self, services: Vec<needs::Service>) {
        let mut steps = std::mem::take(&mut self.inventory.steps);
        let own: BTreeSet<String> = services
            .iter()
            .filter_map(|s| Some(s.get("id")?.as_str()?.to_owned()))
            .collect();
        let mut names = BTreeSet::new();
        let mut services: Vec<Value> = services.into_iter().map(Value::Object).collect();
        for service in &mut services {
            if let Some(needs) = service.get_mut("needs") {
                each_name(needs, &mut |name| names.extend([name.clone()]));
            }
        }
        for step in &mut steps {
            each_node(step, &mut |name| names.extend([name.clone()]));
        }
        let meant = merge::meanings(&self.inventory, names.iter().map(String::as_str));
        let mut missing: Vec<String> = Vec::new();
        let inventory = &self.inventory;
        let mut put = |name: &mut String| {
            if own.contains(name) {
                return;
            }
            match meant.get(name.as_str()).copied().flatten() {
                Some(ix) => inventory.id(ix).clone_into(name),
                None => missing.push(name.clone()),
            }
        };
        for service in &mut services {
            if let Some(needs) = service.get_mut("needs") {
                each_name(needs, &mut put);
            }
        }
        for step in &mut steps {
            each_node(step, &mut put);
        }
        for name in missing {
            let what = "names in services and steps that no single thing has";
            self.inventory.note("unclear-name", what, &name);
        }
        self.services = services;
        self.steps = steps;
    }

    /// Writes the estate.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (name, currency) = &self.head;
        line(
            out,
            &json!({"cordon": "estate/v1", "name": name, "currency": currency}),
        )?;
        let inventory = &self.inventory;
        for ix in &inventory.written {
            line(out, &json!({ "node": self.node(*ix) }))?;
        }
        for edge in &self.edges {
            let mut map = Map::new();
            map.insert("from".to_owned(), json!(inventory.id(edge.from)));
            map.insert("to".to_owned(), json!(inventory.id(edge.to)));
            map.insert("kind".to_owned(), json!(edge.kind));
            let said = inventory.said.get(&(edge.from, edge.to, edge.rel));
            map.extend(said.and_then(Value::as_object).cloned().unwrap_or_default());
            self.usual(edge.kind, &mut map);
            if let Some(why) = inventory.reason_text(edge.why) {
                map.insert("unknown".to_owned(), json!(why));
            }
            line(out, &json!({ "edge": map }))?;
        }
        for service in &self.services {
            line(out, &json!({ "service": service }))?;
        }
        for step in &self.steps {
            line(out, &json!({ "step": step }))?;
        }
        Ok(())
    }

    /// How long edges of a kind usually take and how surely they work, where nobody says it of this one.
    fn usual(&self, kind: &str, map: &mut Map<String, Value>) {
        let Some((minutes, chance)) = self.inventory.usual.get(kind) else {
            return;
        };
        let number = |text: String| serde_json::from_str(&text).unwrap_or(Value::Null);
        if let Some(minutes) = minutes {
            map.entry("minutes")
                .or_insert_with(|| number(minutes.rounded()));
        }
        if let Some(chance) = chance {
            map.entry("likelihood")
                .or_insert_with(|| number(chance.to_string()));
        }
    }

    fn node(&self, ix: Ix) -> Map<String, Value> {
        let inventory = &self.inventory;
        let mut map = Map::new();
        map.insert("id".to_owned(), json!(inventory.id(ix)));
        let kind = inventory.kind(ix);
        let kind = if kind.is_empty() { "unknown" } else { kind };
        map.insert("kind".to_owned(), json!(kind));
        if let Some(object) = inventory.get(ix) {
            if let Some(name) = &object.name {
                map.insert("name".to_owned(), json!(name));
            }
            if !object.aliases.is_empty() {
                map.insert("aliases".to_owned(), json!(object.aliases));
            }
            if let Some(jewel) = &object.jewel {
                map.insert("jewel".to_owned(), jewel.clone());
            }
        }
        map
    }

    /// Writes the graph in BloodHound's generic form.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_opengraph(&self, out: &mut impl Write) -> io::Result<()> {
        graph_out::write(self, out)
    }

    /// Every node: id, kind and name.
    pub(super) fn each_node(
        &self,
        visit: &mut dyn FnMut(&str, &str, &str) -> io::Result<()>,
    ) -> io::Result<()> {
        let inventory = &self.inventory;
        let mut nodes = inventory.written.iter();
        nodes.try_for_each(|ix| visit(inventory.id(*ix), inventory.kind(*ix), inventory.shown(*ix)))
    }

    /// Every edge: its ends, its kind, and why it is not known.
    pub(super) fn each_edge(
        &self,
        visit: &mut dyn FnMut(Written<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let inventory = &self.inventory;
        self.edges.iter().try_for_each(|edge| {
            let why = inventory.reason_text(edge.why);
            visit(Written {
                from: inventory.id(edge.from),
                to: inventory.id(edge.to),
                kind: edge.kind,
                why,
            })
        })
    }

    /// Steps that are written.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Services that are written.
    pub fn services(&self) -> usize {
        self.services.len()
    }
}

fn line(out: &mut impl Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Every name in an expression of needs.
fn each_name(needs: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match needs {
        Value::String(name) => visit(name),
        Value::Array(parts) => parts.iter_mut().for_each(|part| each_name(part, visit)),
        Value::Object(map) => {
            for key in ["all", "any", "of"] {
                if let Some(parts) = map.get_mut(key) {
                    each_name(parts, visit);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every name of a node in a step.
fn each_node(step: &mut Value, visit: &mut impl FnMut(&mut String)) {
    for list in ["/removes/nodes", "/takes_down"] {
        if let Some(names) = step.pointer_mut(list) {
            each_name(names, visit);
        }
    }
    let edges = step
        .pointer_mut("/removes/edges")
        .and_then(Value::as_array_mut);
    for edge in edges.into_iter().flatten() {
        for end in ["from", "to"] {
            if let Some(name) = edge.get_mut(end) {
                each_name(name, visit);
            }
        }
    }
}
