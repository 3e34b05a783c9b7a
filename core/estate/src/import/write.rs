//! The estate that inventories came to, one thing a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use crate::Pages;

use super::{
    Note, Options,
    choose::Edge,
    graph_out, grounds,
    inventory::{Inventory, Ix, Standing, Step},
    letters, merge, needs,
};

/// How many there are of each kind.
pub type Kinds = BTreeMap<String, u64>;

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    head: (String, String),
    pub(super) inventory: Inventory,
    pub(super) edges: Vec<Edge>,
    /// Kinds of edges, in order.
    pub(super) kinds: Vec<&'static str>,
    /// What BloodHound calls kinds of edges.
    pub(super) names: BTreeMap<String, String>,
    services: Vec<Value>,
    steps: Vec<Step>,
    /// What edges stand on, by their ends and the letters of their kind.
    grounds: BTreeMap<(Ix, Ix, String), BTreeSet<Ix>>,
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
            kinds: Vec::new(),
            names: pages
                .edges()
                .filter_map(|page| Some((page.kind.to_string(), page.bloodhound.clone()?)))
                .collect(),
            services: Vec::new(),
            steps: Vec::new(),
            grounds: grounds::of(&inventory, pages, read),
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

    fn count_nodes(&mut self) {
        let mut used = vec![false; self.inventory.objects.len()];
        for end in self.edges.iter().flat_map(|edge| [edge.from, edge.to]) {
            if let Some(used) = used.get_mut(end as usize) {
                *used = true;
            }
        }
        for ix in self.inventory.indices() {
            let gone = self.inventory.united.contains_key(&ix);
            let object = self.inventory.get(ix);
            let standing = object.map_or(Standing::Spoken, |object| object.standing);
            let used = used.get(ix as usize).copied().unwrap_or(false);
            if gone || standing == Standing::Spoken && !used {
                continue;
            }
            if standing < Standing::Described {
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
        let own: BTreeSet<String> = services
            .iter()
            .filter_map(|s| Some(s.get("id")?.as_str()?.to_owned()))
            .collect();
        let mut steps = std::mem::take(&mut self.inventory.steps);
        let inventory = &self.inventory;
        let meanings = merge::Meanings::new(inventory);
        let mut missing: Vec<String> = Vec::new();
        let mut put = |name: &mut String| {
            if own.contains(name) {
                return;
            }
            match meanings.of(inventory, name) {
                Some(ix) => inventory.id(ix).clone_into(name),
                None => missing.push(name.clone()),
            }
        };
        let mut services: Vec<Value> = services.into_iter().map(Value::Object).collect();
        for service in &mut services {
            if let Some(needs) = service.get_mut("needs") {
                each_name(needs, &mut put);
            }
        }
        for step in &mut steps {
            if let Ok(mut whole) = serde_json::from_str(&step.text) {
                each_node(&mut whole, &mut put);
                step.text = whole.to_string().into();
            }
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
        let inventory = &self.inventory;
        let mut head = json!({"cordon": "estate/v1", "name": name, "currency": currency});
        if let Some(head) = head.as_object_mut() {
            head.extend(inventory.strange.entries());
        }
        line(out, &head)?;
        for ix in &inventory.written {
            line(out, &json!({ "node": self.node(*ix) }))?;
        }
        for edge in &self.edges {
            let mut map = Map::new();
            map.insert("from".to_owned(), json!(inventory.id(edge.from)));
            map.insert("to".to_owned(), json!(inventory.id(edge.to)));
            let kind = self.kind_of(edge);
            map.insert("kind".to_owned(), json!(kind));
            let said = inventory.said.of((edge.from, edge.to, edge.rel));
            let said = said.and_then(|said| serde_json::from_str::<Map<_, _>>(said).ok());
            map.extend(said.unwrap_or_default());
            self.usual(kind, &mut map);
            if let Some(why) = inventory.reason_text(edge.why) {
                map.insert("unknown".to_owned(), json!(why));
            }
            self.stands_on(edge, &mut map);
            line(out, &json!({ "edge": map }))?;
        }
        for service in &self.services {
            line(out, &json!({ "service": service }))?;
        }
        for step in &self.steps {
            writeln!(out, "{{\"step\":{}}}", step.text)?;
        }
        Ok(())
    }

    /// What an edge stands on. What an overlay says of that goes by the ids that the nodes had there, and is left out.
    fn stands_on(&self, edge: &Edge, map: &mut Map<String, Value>) {
        map.shift_remove("grounds");
        if self.grounds.is_empty() {
            return;
        }
        let key = (edge.from, edge.to, letters(self.kind_of(edge)));
        if let Some(on) = self.grounds.get(&key) {
            let ids = on.iter().map(|ix| self.inventory.id(*ix));
            map.insert("grounds".to_owned(), ids.collect());
        }
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
                map.insert("jewel".to_owned(), (**jewel).clone());
            }
            map.extend(object.strange.iter().flat_map(|strange| strange.entries()));
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
